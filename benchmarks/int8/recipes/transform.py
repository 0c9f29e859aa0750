"""Changes of a graph that leave its float32 function as it is, and the rounding that does not.

A site is a place from which products read: behind a layer norm, between values and the output of attention, behind a Relu.
At a site channels can be moved: divided by a factor that the columns of the products take, or shifted by an amount that
their biases take.
"""

import numpy as np

from model import FOLLOWED

EPSILON = np.float32(1e-12)


# Sites


class NormSite:
    """Behind a layer norm. Gain and bias take the change; whoever is no product, as the residual, gets the old values back."""

    kind = "norm"

    def __init__(self, model, node):
        self.model, self.node = model, node
        self.value = node.output[0]
        self.products, self.branches, self.rest = model.product_readers(self.value)

    def scale(self, factor: np.ndarray) -> None:
        """x becomes x / factor."""
        self._split()
        if self.rest:
            self._restore("Mul", factor)
        for index in (1, 2):
            self.model.set_constant(self.node, index, self.model.constants[self.node.input[index]] / factor)
        self._scale_columns(factor)

    def _scale_columns(self, factor) -> None:
        for product in self.products:
            self.model.set_constant(product, 1, self.model.constants[product.input[1]] * factor)

    def shift(self, amount: np.ndarray) -> None:
        """x becomes x - amount."""
        self._split()
        if self.rest:
            self._restore("Add", amount)
        self.model.set_constant(self.node, 2, self.model.constants[self.node.input[2]] - amount)
        for product in self.products:
            weight = self.model.constants[product.input[1]].astype(np.float64)
            self.model.set_bias(product, (self.model.bias(product) + weight @ amount).astype(np.float32))
        for branch in self.branches:
            if branch.op_type == "Concat":  # words without a token read zeros, which must stay zeros of the old values
                at = next(i for i, name in enumerate(branch.input) if name != self.value)
                self.model.set_constant(branch, at, self.model.constants[branch.input[at]] - amount)

    def _split(self) -> None:
        self.products, self.branches, self.rest = self.model.product_readers(self.value)

    def _restore(self, kind: str, operand) -> None:
        constant = self.model.constant("study/restore", np.asarray(operand, np.float32))
        old = self.model.add_behind(kind, [self.value, constant], self.node)
        for node in self.rest:
            node.input[:] = [old if name == self.value else name for name in node.input]


class ValueSite:
    """Between the values and the output product of attention. The rows of the values take the factor: exact and free."""

    kind = "context"

    def __init__(self, model, projections, output):
        self.model, self.projections, self.output = model, projections, output
        self.value, self.products = output.input[0], [output]

    def scale(self, factor: np.ndarray) -> None:
        rows = np.concatenate([np.ones(2 * len(factor)), 1 / factor]).astype(np.float32)
        weight = self.model.constants[self.projections.input[1]]
        self.model.set_constant(self.projections, 1, weight * rows[:, None])
        self.model.set_bias(self.projections, self.model.bias(self.projections) * rows)
        self.model.set_constant(self.output, 1, self.model.constants[self.output.input[1]] * factor)

    def shift(self, amount: np.ndarray) -> None:
        """The weights of attention add up to one, so a shift of the values is one of the context."""
        rows = np.concatenate([np.zeros(2 * len(amount)), amount])
        self.model.set_bias(self.projections, (self.model.bias(self.projections) - rows).astype(np.float32))
        weight = self.model.constants[self.output.input[1]].astype(np.float64)
        self.model.set_bias(self.output, (self.model.bias(self.output) + weight @ amount).astype(np.float32))


class ReluSite:
    """Behind a Relu that follows a product. Relu keeps positive factors, so the rows of that product take them: free."""

    kind = "relu"

    def __init__(self, model, before, value, products):
        self.model, self.before, self.value, self.products = model, before, value, products

    def scale(self, factor: np.ndarray) -> None:
        weight = self.model.constants[self.before.input[1]]
        self.model.set_constant(self.before, 1, weight / factor[:, None].astype(np.float32))
        self.model.set_bias(self.before, self.model.bias(self.before) / factor)
        for product in self.products:
            self.model.set_constant(product, 1, self.model.constants[product.input[1]] * factor)


class PlainSite:
    """Any value that products read. A factor costs a product with a vector in front of them."""

    kind = "plain"

    def __init__(self, model, value, products):
        self.model, self.value, self.products = model, value, products

    def scale(self, factor: np.ndarray) -> None:
        by = self.model.constant("study/by", (1 / factor).astype(np.float32))
        scaled = self.model.add("Mul", [self.value, by], self.products[0])
        for product in self.products:
            product.input[0] = scaled
            self.model.set_constant(product, 1, self.model.constants[product.input[1]] * factor)


def norm_sites(model):
    sites = [NormSite(model, node) for node in model.nodes_of("LayerNormalization")]
    return [site for site in sites if site.products]


def value_sites(model):
    products = model.products()
    return [
        ValueSite(model, products[i - 1], product)
        for i, product in enumerate(products)
        if "/attention_output" in product.input[1]
    ]


def relu_sites(model):
    sites = []
    for node in model.nodes_of("Relu"):
        before = model.producer(node.input[0])
        readers = model.consumers(node.output[0])
        if before.op_type == "Gemm" and readers and all(reader.op_type == "Gemm" for reader in readers):
            if len(model.consumers(before.output[0])) == 1:
                sites.append(ReluSite(model, before, node.output[0], readers))
    return sites


def plain_sites(model, kinds):
    """Values behind operators of these kinds that products read directly."""
    sites = []
    for node in model.nodes:
        if node.op_type in kinds:
            readers = [reader for reader in model.consumers(node.output[0]) if reader.op_type == "Gemm"]
            if readers:
                sites.append(PlainSite(model, node.output[0], readers))
    return sites


# Choice of factors and amounts


def column_magnitude(model, products) -> np.ndarray:
    return np.max([np.abs(model.constants[product.input[1]]).max(axis=0) for product in products], axis=0)


def migration(model, site, calibration, alpha: float, least: float = 0.0) -> np.ndarray:
    """SmoothQuant's factors: magnitude of a channel to alpha, over magnitude of its columns to 1 - alpha; their median is 1.

    least: channels less than this many times the median magnitude keep the factor 1.
    """
    channel = calibration.magnitude(site.value)
    column = column_magnitude(model, site.products)
    channel = np.maximum(channel, 1e-5 * channel.max())
    column = np.maximum(column, 1e-5 * column.max())
    factor = channel**alpha / column ** (1 - alpha)
    factor /= np.median(factor)
    if least:
        factor = np.where(channel > least * np.median(channel), np.maximum(factor, 1), 1)
    return factor.astype(np.float32)


def centre(site, calibration, least: float = 0.0) -> np.ndarray:
    """The median of each channel; 0 where it is within `least` medians of the magnitudes of channels."""
    middle = np.median(calibration.values[site.value], axis=0)
    if least:
        middle = np.where(np.abs(middle) > least * np.median(calibration.magnitude(site.value)), middle, 0)
    return middle.astype(np.float32)


def hadamard(size: int) -> np.ndarray:
    matrix = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return (matrix / np.sqrt(size)).astype(np.float32)


def block_rotation(size: int, block: int) -> np.ndarray:
    return np.kron(np.eye(size // block, dtype=np.float32), hadamard(block)).astype(np.float32)


def largest_block(size: int, most: int = 128) -> int:
    block = 1
    while size % (2 * block) == 0 and 2 * block <= most:
        block *= 2
    return block


# Rounding


def rounded_weight(weight: np.ndarray) -> np.ndarray:
    """Symmetric int8, one scale an output."""
    scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), EPSILON) / np.float32(127)
    return np.rint(weight / scale) * scale


def _scalar(model, value) -> str:
    return model.constant("study/scalar", np.asarray(value, np.float32))


ONE_SIDED = {"Gelu": 37, "Relu": 0}  # steps below zero, of 255


def rounded_activation(model, value: str, form: str, before) -> str:
    """The value as int8 would give it.

    form: 'tensor' u8 from least to most of all rows; 'token' symmetric with a scale a row; 'sided' as 'token', but behind Gelu and
    Relu u8 with a fixed zero point, as there is little or nothing below zero
    """
    below = ONE_SIDED.get(model.producer(value).op_type) if form == "sided" else None
    if below is not None:
        axes = model.constant("study/axes", np.asarray([-1], np.int64))
        most = model.add("ReduceMax", [value, axes], before, keepdims=1)
        scale = model.add("Div", [most, _scalar(model, 255 - below)], before)
        if below:
            least = model.add("ReduceMin", [value, axes], before, keepdims=1)
            scale = model.add("Max", [scale, model.add("Div", [least, _scalar(model, -below)], before)], before)
        scale = model.add("Max", [scale, _scalar(model, EPSILON)], before)
        return model.add("Mul", [model.add("Round", [model.add("Div", [value, scale], before)], before), scale], before)
    if form in ("token", "sided"):
        size = model.add("Abs", [value], before)
        axes = model.constant("study/axes", np.asarray([-1], np.int64))
        most = model.add("ReduceMax", [size, axes], before, keepdims=1)
        most = model.add("Max", [most, _scalar(model, EPSILON)], before)
        scale = model.add("Div", [most, _scalar(model, 127)], before)
        return model.add("Mul", [model.add("Round", [model.add("Div", [value, scale], before)], before), scale], before)
    zero = _scalar(model, 0)
    most = model.add("Max", [model.add("ReduceMax", [value], before, keepdims=0), zero], before)
    least = model.add("Min", [model.add("ReduceMin", [value], before, keepdims=0), zero], before)
    scale = model.add("Div", [model.add("Sub", [most, least], before), _scalar(model, 255)], before)
    scale = model.add("Max", [scale, _scalar(model, EPSILON)], before)
    offset = model.add("Round", [model.add("Div", [model.add("Neg", [least], before), scale], before)], before)
    steps = model.add("Add", [model.add("Round", [model.add("Div", [value, scale], before)], before), offset], before)
    steps = model.add("Clip", [steps, zero, _scalar(model, 255)], before)
    return model.add("Mul", [model.add("Sub", [steps, offset], before), scale], before)


def quantize(model, form: str, columns=None, kept=(), rotated=()) -> None:
    """Rounds weights and inputs of all products.

    columns: for the name of a product, the channels that stay in float32
    kept: names of products that stay in float32 altogether
    rotated: names of products whose inputs are rotated in front of the rounding, and their columns with them
    """
    inputs = {}
    for product in list(model.products()):
        if product.name in kept:
            continue
        weight = model.constants[product.input[1]]
        value = product.input[0]
        outliers = (columns or {}).get(product.name)
        key = (value, product.name in rotated, None if outliers is None else outliers.tobytes())
        if product.name in rotated and outliers is not None and len(outliers):
            raise ValueError("one of both")
        if product.name in rotated:
            rotation = block_rotation(weight.shape[1], largest_block(weight.shape[1]))
            weight = weight @ rotation.T
            if key not in inputs:
                turned = model.add("MatMul", [value, model.constant("study/rotation", rotation.T.copy())], product)
                inputs[key] = rounded_activation(model, turned, form, product)
        elif outliers is not None and len(outliers):
            keep = np.zeros(weight.shape[1], np.float32)
            keep[outliers] = 1
            if key not in inputs:
                rest = model.add("Mul", [value, model.constant("study/inner", 1 - keep)], product)
                exact = model.add("Mul", [value, model.constant("study/outer", keep)], product)
                inputs[key] = model.add("Add", [rounded_activation(model, rest, form, product), exact], product)
            weight = rounded_weight(weight * (1 - keep)) + weight * keep
            model.set_constant(product, 1, weight)
            product.input[0] = inputs[key]
            continue
        elif key not in inputs:
            inputs[key] = rounded_activation(model, value, form, product)
        model.set_constant(product, 1, rounded_weight(weight))
        product.input[0] = inputs[key]


def outlier_columns(model, calibration, times: float, most: float = 1 / 16) -> dict:
    """For each product the channels whose magnitude is over this many times the median's, at most a share of all."""
    return largest({p.name: calibration.magnitude(p.input[0]) for p in model.products()}, times, most)


def largest(magnitudes, times: float, most: float = 1 / 16) -> dict:
    found = {}
    for name, channel in magnitudes.items():
        order = np.argsort(-channel)[: int(most * len(channel))]
        found[name] = np.sort(order[channel[order] > times * np.median(channel)])
    return found


DEVIATIONS = 4


def expected_magnitudes(model) -> dict:
    """The magnitude of each channel of the inputs of products as their weights let one expect, without any text.

    Behind a layer norm a channel has the norm's bias for its mean and its gain for its deviation. Channels are taken as
    independent, so a product's outputs have means and deviations too. Words behind the LSTM are within one, and get no entry.
    """
    moments, found = {}, {}
    for node in model.nodes:
        if node.op_type == "LayerNormalization":
            gain, bias = (model.constants[name].astype(np.float64) for name in node.input[1:3])
            moments[node.output[0]] = (bias, np.abs(gain))
        elif node.op_type == "Gemm":
            source = node.input[0]
            if source in moments:
                mean, deviation = moments[source]
                found[node.name] = np.abs(mean) + DEVIATIONS * deviation
                weight = model.constants[node.input[1]].astype(np.float64)
                moments[node.output[0]] = (weight @ mean + model.bias(node), np.sqrt(weight**2 @ deviation**2))
        elif node.op_type in ("Gelu", "Relu") and node.input[0] in moments:
            mean, deviation = moments[node.input[0]]
            most = np.maximum(mean + DEVIATIONS * deviation, 0)
            moments[node.output[0]] = (most / 2, most / (2 * DEVIATIONS))
        elif node.op_type in FOLLOWED and node.input[0] in moments:
            moments[node.output[0]] = moments[node.input[0]]
    for site in value_sites(model):
        mean, deviation = (part[2 * len(part) // 3 :] for part in moments[site.projections.output[0]])
        found[site.output.name] = np.abs(mean) + DEVIATIONS * deviation
    return found
