"""Plants outliers of the kinds that trained transformers have into a model, from a seed.

Every kind leaves the float32 function as it is, up to rounding; only 'sinks' and 'steady' replace the least used inner channels of each
feed-forward. A strength is the mean magnitude of an outlier channel over the median magnitude of all values of the tensor.
"""

from dataclasses import dataclass

import numpy as np

from calibration import Calibration
from transform import norm_sites, value_sites

CHANNELS = 4
FLUCTUATION = 0.25
SINK_TIMES = 10


@dataclass(frozen=True)
class Plant:
    """What is planted.

    scaled: channels behind every layer norm are multiplied, and the columns that read them divided
    offset: a constant is added to them, and taken from the biases that read them
    mixed: both, so that a channel has a large mean and fluctuates by a quarter of it
    context: channels of the values in attention are multiplied
    sinks: inner channels of the feed-forwards fire at the special tokens only, ten times as strongly
    steady: inner channels of the feed-forwards fire at every token
    off-grid: weights move by up to half a step of int8, as the demo model's are stored as int8 and would not be rounded otherwise
    """

    name: str
    kinds: tuple
    strength: float


def plant(model, plan: Plant, seed: int, batches, special):
    """A copy of the model with the outliers; what is measured for it comes from the batches."""
    random = np.random.default_rng(seed)
    model = model.copy()
    hidden = len(model.constants[norm_sites(model)[0].node.input[1]])
    channels = random.choice(hidden, CHANNELS, replace=False)
    signs = random.choice([-1.0, 1.0], CHANNELS)
    for kind in plan.kinds:
        if kind in ("scaled", "offset", "mixed"):
            _plant_norms(model, kind, channels, signs, plan.strength, batches)
        elif kind == "off-grid":
            _move_off_grid(model, random)
        elif kind == "context":
            _plant_context(model, random, plan.strength, batches)
        else:
            _plant_inner(model, kind, random, plan.strength, batches, special)
    return model


def _plant_norms(model, kind, channels, signs, strength, batches) -> None:
    sites = norm_sites(model)
    calibration = Calibration(model, batches, [site.value for site in sites])
    for site in sites:
        values = calibration.values[site.value]
        wanted = strength * np.median(np.abs(values))
        chosen = values[:, channels]
        factor, amount = np.ones(values.shape[1], np.float32), np.zeros(values.shape[1], np.float32)
        if kind == "scaled":
            factor[channels] = np.abs(chosen).mean(axis=0) / wanted
        if kind == "mixed":
            factor[channels] = chosen.std(axis=0) / (FLUCTUATION * wanted)
        if kind in ("mixed", "offset"):
            amount[channels] = (chosen / factor[channels]).mean(axis=0) - signs * wanted
        if kind != "offset":
            site.scale(factor)
        if kind != "scaled":
            site.shift(amount)


def _move_off_grid(model, random) -> None:
    moved = {}
    for product in model.products():
        name = product.input[1]
        if name not in moved:
            weight = model.constants[name]
            step = np.abs(weight).max(axis=1, keepdims=True) / 127
            model.set_constant(product, 1, weight + step * random.uniform(-0.5, 0.5, weight.shape))
            moved[name] = product.input[1]
        product.input[1] = moved[name]


def _plant_context(model, random, strength, batches) -> None:
    sites = value_sites(model)
    calibration = Calibration(model, batches, [site.value for site in sites])
    for site in sites:
        size = np.abs(calibration.values[site.value])
        channels = random.choice(size.shape[1], CHANNELS, replace=False)
        factor = np.ones(size.shape[1], np.float32)
        factor[channels] = size[:, channels].mean(axis=0) / (strength * np.median(size))
        site.scale(factor)


def _plant_inner(model, kind, random, strength, batches, special) -> None:
    """Two inner channels of each feed-forward fire alike; opposite columns of the second product cancel them."""
    pairs = _feed_forwards(model)
    names = [first.input[0] for first, _ in pairs] + [second.input[0] for _, second in pairs]
    calibration = Calibration(model, batches, names)
    tokens = np.concatenate([inputs["token_ids"] for _, inputs in batches])
    needed = _needed_tokens(batches)
    for first, second in pairs:
        x, inner = calibration.values[first.input[0]], np.abs(calibration.values[second.input[0]])
        weight, out = model.constants[first.input[1]].copy(), model.constants[second.input[1]].copy()
        bias = model.bias(first).copy()
        used = inner.mean(axis=0) * np.abs(out).max(axis=0)
        pair = np.argsort(used)[:2]
        height = strength * np.median(inner)
        if kind == "steady":
            direction, offset = _steady(random, x, height)
        else:
            is_sink = np.isin(tokens if len(x) == len(tokens) else tokens[needed], special)
            if not is_sink.any():
                continue  # the last layer reads words and labels only
            direction, offset = _detector(x, is_sink, SINK_TIMES * height)
        weight[pair], bias[pair] = direction, offset
        column = random.normal(0, out.std(), out.shape[0]).astype(np.float32)
        out[:, pair[0]], out[:, pair[1]] = column, -column
        model.set_constant(first, 1, weight)
        model.set_bias(first, bias)
        model.set_constant(second, 1, out)


def _needed_tokens(batches):
    parts, start = [], 0
    for _, inputs in batches:
        parts.append(inputs["needed_tokens"] + start)
        start += len(inputs["token_ids"])
    return np.concatenate(parts)


def _feed_forwards(model):
    products = model.products()
    return [
        (products[i], products[i + 1])
        for i, product in enumerate(products)
        if product.input[1].endswith("feed_forward_in") or "feed_forward_in~" in product.input[1]
    ]


def _steady(random, x, height):
    """About `height` everywhere, fluctuating by a quarter of it."""
    direction = random.normal(0, 1, x.shape[1])
    projected = x @ direction
    factor = FLUCTUATION * height / projected.std()
    return (factor * direction).astype(np.float32), np.float32(height - factor * projected.mean())


def _detector(x, is_sink, height):
    """A linear function that is about `height` at sinks and below zero elsewhere (ridge regression)."""
    mean = x.mean(axis=0)
    centred = (x - mean).astype(np.float64)
    weights = np.where(is_sink, 0.5 / is_sink.mean(), 0.5 / (1 - is_sink.mean()))[:, None]
    gram = (centred * weights).T @ centred
    gram += 1e-2 * np.trace(gram) / len(gram) * np.eye(len(gram))
    direction = np.linalg.solve(gram, (centred * weights).T @ np.where(is_sink, 1.0, -1.0))
    score = centred @ direction
    least = score[~is_sink].max()
    gap = max(np.median(score[is_sink]) - least, 0.1 * score.std())
    factor = height / gap
    return (factor * direction).astype(np.float32), np.float32(-factor * (mean @ direction + least))


def strengths(model, calibration) -> list:
    """Of the input of each product: the largest mean magnitude of a channel, and the largest value, over the median magnitude."""
    found = []
    for product in model.products():
        size = np.abs(calibration.values[product.input[0]])
        median = np.median(size[size > 0])
        found.append((size.mean(axis=0).max() / median, size.max() / median))
    return found
