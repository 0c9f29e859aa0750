"""What flows into the products on sample texts."""

import numpy as np


class Calibration:
    """Values of some tensors on some batches, row by row: {@code values[name]} is {@code [tokens, channels]}."""

    def __init__(self, model, batches, names):
        names = list(dict.fromkeys(names))
        session = model.session(names)
        parts = {name: [] for name in names}
        wanted = {i.name for i in session.get_inputs()}
        for _, inputs in batches:
            for name, value in zip(names, session.run(names, {k: v for k, v in inputs.items() if k in wanted})):
                parts[name].append(value.reshape(-1, value.shape[-1]))
        self.values = {name: np.concatenate(value) for name, value in parts.items()}

    def magnitude(self, name: str) -> np.ndarray:
        """The largest magnitude of each channel."""
        return np.abs(self.values[name]).max(axis=0)


def of_products(model, batches) -> Calibration:
    """What products read, and what layer norms give, which some products read only after its rows were moved."""
    norms = [node.output[0] for node in model.nodes_of("LayerNormalization")]
    return Calibration(model, batches, [node.input[0] for node in model.products()] + norms)
