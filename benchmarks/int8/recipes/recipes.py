"""The recipes that are compared: each turns a float32 graph into one that rounds as its int8 form would.

A recipe gets the graph, what flows into its products on the sample texts, and a function that measures that anew.
"""

import numpy as np

from transform import (
    centre,
    expected_magnitudes,
    largest,
    migration,
    norm_sites,
    outlier_columns,
    plain_sites,
    quantize,
    relu_sites,
    value_sites,
)

ALPHA = 0.5
OUTLIER = 3  # medians from which on a channel is one
FLOAT_SHARE = 0.1  # of the work of all products, in mixed precision


def tensor(model, calibration, measure):
    """Plain int8: u8 activations with one scale for all rows, int8 weights with one scale an output."""
    quantize(model, "tensor")


def token(model, calibration, measure):
    """int8 activations with one scale a row."""
    quantize(model, "token")


def sided(model, calibration, measure):
    """token, but u8 with a fixed zero point behind Gelu and Relu."""
    quantize(model, "sided")


def shift(model, calibration, measure):
    """token, after what costs no operator: norms are shifted (the residual takes it into a bias), values and Relus scaled."""
    _shift(model, calibration, measure)
    quantize(model, "token")


def _shift(model, calibration, measure):
    for site in norm_sites(model):
        site.shift(centre(site, calibration, OUTLIER))
    calibration = measure(model)
    for site in value_sites(model) + relu_sites(model):
        site.scale(migration(model, site, calibration, ALPHA))


def smooth(model, calibration, measure):
    """token, after SmoothQuant at norms, values and Relus: a product with a vector for each residual."""
    for site in norm_sites(model) + value_sites(model) + relu_sites(model):
        site.scale(migration(model, site, calibration, ALPHA))
    quantize(model, "token")


def smooth_all(model, calibration, measure, alpha=ALPHA):
    """The same at Gelus too: a product with a vector for each of them."""
    for site in norm_sites(model) + value_sites(model) + relu_sites(model) + plain_sites(model, ("Gelu",)):
        site.scale(migration(model, site, calibration, alpha))
    quantize(model, "token")


def smooth_all_03(model, calibration, measure):
    smooth_all(model, calibration, measure, 0.3)


def smooth_all_07(model, calibration, measure):
    smooth_all(model, calibration, measure, 0.7)


def columns(model, calibration, measure):
    """token, with channels of outliers in float32."""
    quantize(model, "token", columns=outlier_columns(model, calibration, OUTLIER))


def expected_columns(model, calibration, measure):
    """columns, chosen from the weights alone."""
    quantize(model, "token", columns=largest(expected_magnitudes(model), OUTLIER))


def tensor_columns(model, calibration, measure):
    """tensor, with channels of outliers in float32."""
    quantize(model, "tensor", columns=outlier_columns(model, calibration, OUTLIER))


def shift_columns(model, calibration, measure):
    """shift, and what is still an outlier in float32."""
    _shift(model, calibration, measure)
    quantize(model, "token", columns=outlier_columns(model, measure(model), OUTLIER))


def smooth_columns(model, calibration, measure):
    """smooth, and what is still an outlier in float32: that is behind Gelus."""
    for site in norm_sites(model) + value_sites(model) + relu_sites(model):
        site.scale(migration(model, site, calibration, ALPHA))
    quantize(model, "token", columns=outlier_columns(model, measure(model), OUTLIER))


def rotated(model, calibration, measure):
    """token, with every input of a product rotated when the graph runs, blocks of at most 128 channels."""
    quantize(model, "token", rotated={product.name for product in model.products()})


ALL = (tensor, token, sided, shift, smooth, smooth_all, columns, expected_columns, tensor_columns, shift_columns, rotated)


def by_sensitivity(model, exact, answer) -> list:
    """Names of products, the most sensitive first: mean difference of logits with one product rounded, over its work."""
    found = []
    for product in model.products():
        single = model.copy()
        quantize(single, "token", kept={other.name for other in model.products()} - {product.name})
        change = np.mean([np.abs(a - b).mean() for a, b in zip(exact, answer(single))])
        found.append((change / model.constants[product.input[1]].size, product.name))
    return [name for _, name in sorted(found, reverse=True)]


def mixed(model, order):
    """token, with the most sensitive products in float32 up to a share of the work."""
    work = {product.name: model.constants[product.input[1]].size for product in model.products()}
    kept, room = set(), FLOAT_SHARE * sum(work.values())
    for name in order:
        if work[name] <= room:
            kept.add(name)
            room -= work[name]
    quantize(model, "token", kept=kept)
