"""Ways to write the attention of an encoder layer, timed against the exported one; docs/adr/0028 has the figures.

    python variants.py EXPORT --texts ../data/sentences.jsonl [--batch 8] [--batches 4] [--rounds 7] [--layers 4] [--float32]
    python variants.py EXPORT --texts ../data/sentences.jsonl --cut 4        one run of a batch against two: the 4 shortest rows, the others

Needs ../int8/requirements.txt, with onnxruntime of the version in the root pom.xml. EXPORT is any export with the tokenizer that gives
the texts their lengths (as `nuner export` writes it). The layers are DeBERTa's at the width of NuNER Zero, with random weights, written
operator by operator as model/export/graph does. One thread, and its CPU time; sides take turns batch by batch; the ratio of a round is the
first side's time over the side's, medians over rounds are told, and the least and most of them.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, str(Path(__file__).parent.parent / "int8" / "recipes"))
from rows import Rows, lines  # noqa: E402

LABELS = ["person", "organization", "location", "date", "product"]
WIDTH, HEADS, SIZE = 1024, 16, 64
BUCKETS, FARTHEST = 256, 512
SIDES = {
    "exported": "as model/export/graph writes it",
    "again": "the same once more: how far apart equal sides are",
    "norms": "one operator for each norm and its sums, as the engine makes it",
    "norms_gelu": "the same, bias and Gelu apart",
    "operator": "ONNX's Attention for scores, softmax and values; [B, h, S, d]",
    "operator_rows": "the same on [B, S, h * d]; heads gathered for positions only",
    "rows": "tokens gathered whole, heads turned inside the products",
    "table_rows": "rows of the position tables gathered whole, turned inside the products",
    "head_major": "[h, B, S, d], so that a head's rows meet a position table in one product",
    "packed": "products with positions on tokens without padding, padded behind",
    "packed_head_major": "both",
    "halves": "products with positions in two halves of a row, which need 1.5 S columns in place of 2 S",
    "elements": "GatherElements in place of a slice, a slice and a turn",
}


class Graph:
    """A graph under construction. Weights depend on their names alone, so that all sides compute the same."""

    def __init__(self, side: str, rounded: bool):
        self.side, self.rounded = side, rounded
        self.nodes, self.weights, self.constants = [], [], {}

    def add(self, operator, *inputs, domain="", **attributes):
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, value, kind=np.int32):
        value = np.asarray(value, kind)
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self.constants:
            self.constants[key] = self.weight(f"constant_{len(self.constants)}", value)
        return self.constants[key]

    def longs(self, *values):
        return self.constant(values, np.int64)

    def real(self, value):
        return self.constant(value, np.float32)

    def weight(self, name, value):
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def reshape(self, x, *shape):
        return self.add("Reshape", x, self.longs(*shape))

    def gather(self, x, indices, axis=0):
        return self.add("Gather", x, indices, axis=axis)

    def turn(self, x, *order):
        return self.add("Transpose", x, perm=list(order))

    def unsqueeze(self, x, *axes):
        return self.add("Unsqueeze", x, self.longs(*axes))

    def cut(self, x, start, end, axis):
        return self.add("Slice", x, start, end, self.longs(axis))

    def joined(self, *parts):
        return self.add("Concat", *parts, axis=0)

    def linear(self, name, x, out, inner):
        weight, bias = random(name, (out, inner), inner**-0.5), self.weight(name + "_bias", random(name + "b", (out,), 0.02))
        if not self.rounded:
            return self.add("Gemm", x, self.weight(name, weight), bias, transB=1)
        factors = (np.abs(weight).max(axis=1) / 127).astype(np.float32)
        whole = np.ascontiguousarray(np.rint(weight / factors[:, None]).astype(np.int8).T)
        parts = [self.weight(name, whole), self.weight(name + "_scale", factors), self.weight(name + "_zero", np.zeros(out, np.int8))]
        step, middle = self.real(1 / 127), self.constant(128, np.uint8)
        largest = self.add("ReduceMax", self.add("Abs", x), self.longs(-1), keepdims=1)
        largest = self.add("Max", largest, self.real(np.finfo(np.float32).tiny))
        bytes_ = self.add("QuantizeLinear", self.add("Div", x, largest), step, middle)
        values = self.add("DequantizeLinear", *parts, axis=1)
        product = self.add("MatMul", self.add("DequantizeLinear", bytes_, step, middle), values)
        return self.add("Add", self.add("Mul", product, largest), bias)

    def norm_of_sum(self, name, x, residual):
        gain = self.weight(name + "_gain", np.ones(WIDTH, np.float32))
        shift = self.weight(name + "_shift", np.zeros(WIDTH, np.float32))
        if not self.side.startswith("norms"):
            return self.add("LayerNormalization", self.add("Add", x, residual), gain, shift, axis=-1, epsilon=1e-7)
        inputs = [x, residual, gain, shift]
        if self.rounded:
            added = self.nodes.pop()  # the bias of the product
            inputs = [added.input[0], residual, gain, shift, added.input[1]]
        return self.add("SkipLayerNormalization", *inputs, domain="com.microsoft", epsilon=1e-7)


def random(name, shape, scale):
    return np.random.default_rng([ord(c) for c in name]).standard_normal(shape, np.float32) * np.float32(scale)


class Encoder:
    """Layers over packed tokens x."""

    def __init__(self, side: str, rounded: bool, layers: int):
        self.side, self.graph = side, Graph(side, rounded)
        self.head_major = side in ("head_major", "packed_head_major")
        self.packed = side in ("packed", "packed_head_major")
        self.operator = side in ("operator", "operator_rows")
        self._indices()
        self._distances()
        x = "x"
        for layer in range(layers):
            x = self._layer(f"layer{layer}/", x)
        self.graph.nodes.append(helper.make_node("Identity", [x], ["y"]))

    def _scalar(self, x, axis):
        g = self.graph
        size = g.add("Shape", x, start=axis, end=axis + 1)
        return size, g.add("Squeeze", g.add("Cast", size, to=TensorProto.INT32), g.longs(0))

    def _indices(self):
        g = self.graph
        self.width, self.longest = self._scalar("pad_index", 1)
        self.rows, rows = self._scalar("pad_index", 0)
        _, tokens = self._scalar("x", 0)
        row = g.add("Div", "unpad_index", self.longest)
        place = g.add("Sub", "unpad_index", g.add("Mul", row, self.longest))
        heads = g.constant(range(HEADS))
        by_head = (lambda x: g.unsqueeze(x, 0)) if self.head_major else (lambda x: g.unsqueeze(x, 1))
        head_of = g.unsqueeze(heads, 1, 2) if self.head_major else g.unsqueeze(heads, 1)
        first = g.add("Add", by_head(g.add("Mul", "pad_index", g.constant(3 * HEADS))), head_of)
        self.padded_heads = [first if not part else g.add("Add", first, g.constant(part * HEADS)) for part in range(3)]
        self.packed_rows = g.add("Add", by_head("pad_index"), g.add("Mul", head_of, tokens))
        if self.head_major:
            stride = g.add("Mul", rows, self.longest)
            self.unpadded = g.add("Add", g.unsqueeze("unpad_index", 1), g.add("Mul", heads, stride))
        else:
            before = g.add("Add", g.unsqueeze(g.add("Mul", row, g.constant(HEADS)), 1), heads)
            self.unpadded = g.add("Add", g.add("Mul", before, self.longest), g.unsqueeze(place, 1))
        places = g.add("Range", g.constant(0), self.longest, g.constant(1))
        is_token = g.add("Less", places, g.unsqueeze("row_lengths", 1))
        mask = g.add("Where", is_token, g.real(0), g.real(-1e4))
        self.mask = g.unsqueeze(mask, 0, 2) if self.head_major else g.unsqueeze(mask, 1, 2)
        self.lengths = g.add("Cast", "row_lengths", to=TensorProto.INT64)
        of_tokens = g.add("Mul", g.add("Range", g.constant(0), tokens, g.constant(1)), g.constant(3))
        self.token_parts = [g.add("Add", of_tokens, g.constant(part)) for part in range(3)]
        turned = g.add("Mul", g.turn("pad_index", 1, 0) if self.side == "rows" else "pad_index", g.constant(3))
        self.padded_parts = [g.add("Add", turned, g.constant(part)) for part in range(3)]

    def _distances(self):
        """As DistanceColumns."""
        g = self.graph
        columns = g.add("Range", g.constant(0), g.add("Add", self.longest, self.longest), g.constant(1))
        last = g.add("Sub", self.longest, g.constant(1))
        self.of_queries = self._table_rows(g.add("Sub", last, columns))
        self.of_keys = self._table_rows(g.add("Sub", columns, last))
        shorter = g.add("Sub", g.add("Add", self.width, self.width), g.longs(1))
        self.run = self._run(self.width, self.width, shorter)
        self.run_shape = g.joined(g.longs(0, 0), self.width, shorter)
        if self.side == "halves":
            half = g.add("Div", self.longest, g.constant(2))
            columns = g.add("Range", g.constant(0), g.add("Add", self.longest, half), g.constant(1))
            starts = g.unsqueeze(g.add("Mul", g.constant([0, 1]), half), 1)
            distances = g.add("Sub", g.add("Add", starts, g.add("Sub", half, g.constant(1))), columns)
            self.of_queries = self._table_rows(g.reshape(distances, -1))
            self.of_keys = self._table_rows(g.reshape(g.add("Neg", distances), -1))
            half = g.add("Div", self.width, g.longs(2))
            wide = g.add("Add", self.width, half)
            shorter = g.add("Sub", wide, g.longs(1))
            self.run = self._run(half, half, shorter)
            self.run_shape = g.joined(g.longs(0, 0, 0), half, shorter)
            self.split = g.joined(g.longs(0, 0, 2), half, g.longs(SIZE))
            self.split_table = g.joined(g.longs(0, 2), wide, g.longs(SIZE))
            self.whole = g.joined(g.longs(0, 0), self.width, self.width)
        if self.side == "elements":
            places = g.add("Range", g.constant(0), self.longest, g.constant(1))
            apart = g.add("Add", g.add("Sub", g.unsqueeze(places, 1), g.unsqueeze(places, 0)), last)
            self.apart = g.add("Expand", apart, g.joined(self.rows, g.longs(HEADS), self.width, self.width))

    def _run(self, start, rows, columns):
        g = self.graph
        begin = g.add("Sub", start, g.longs(1))
        return begin, g.add("Add", begin, g.add("Mul", rows, columns))

    def _table_rows(self, distances):
        g = self.graph
        near = g.add("Max", g.add("Min", distances, g.constant(FARTHEST)), g.constant(-FARTHEST))
        return g.gather(g.constant(buckets()), g.add("Add", near, g.constant(FARTHEST)))

    def _align(self, products):
        g = self.graph
        if self.side == "halves":
            run = g.cut(g.reshape(products, 0, 0, 0, -1), *self.run, 3)
            return g.add("Reshape", g.cut(g.add("Reshape", run, self.run_shape), g.longs(0), self.width, 4), self.whole)
        if self.head_major and not self.packed:
            doubled = g.add("Add", self.width, self.width)
            flat = g.add("Reshape", products, g.joined(g.longs(HEADS), self.rows, g.add("Mul", self.width, doubled)))
        else:
            flat = g.reshape(products, 0, 0, -1)
        return g.cut(g.add("Reshape", g.cut(flat, *self.run, 2), self.run_shape), g.longs(0), self.width, 3)

    def _table(self, name, rows, scale):
        """Rows of a position table, ready for the right side of a product."""
        g = self.graph
        values = random(name, (2 * BUCKETS, HEADS, SIZE), scale)
        if self.side in ("rows", "table_rows"):
            taken = g.gather(g.weight(name, values.reshape(-1, WIDTH)), rows)
            if self.side == "rows":
                return g.turn(g.reshape(taken, 0, 1, HEADS, SIZE), 1, 2, 3, 0)
            return g.turn(g.reshape(taken, 0, HEADS, SIZE), 1, 2, 0)
        taken = g.gather(g.weight(name, np.ascontiguousarray(values.transpose(1, 0, 2))), rows, 1)
        if self.side == "halves":
            return g.turn(g.add("Reshape", taken, self.split_table), 0, 1, 3, 2)
        return g.turn(taken, 0, 2, 1)

    def _bias(self, name, parts, query, key):
        g = self.graph
        sides = (query, self.of_queries, "keys", 1.0), (key, self.of_keys, "queries", (3 * SIZE) ** -0.5)
        products = []
        for part, (heads, rows, table, scale) in enumerate(sides):
            if self.side == "elements" and part == 1:
                values = np.ascontiguousarray(random(name + table, (2 * BUCKETS, HEADS, SIZE), scale).transpose(1, 0, 2))
                taken = g.gather(g.weight(name + table, values), rows, 1)
                product = g.add("MatMul", taken, g.turn(heads, 0, 1, 3, 2))
                return g.add("Add", self._align(products[0]), g.add("GatherElements", product, self.apart, axis=2))
            if self.packed:
                tokens = g.reshape(g.gather(parts, self.token_parts[part]), 0, HEADS, SIZE)
                product = g.add("MatMul", g.turn(tokens, 1, 0, 2), self._table(name + table, rows, scale))
                flat = g.joined(g.longs(-1), g.add("Add", self.width, self.width))
                products.append(g.gather(g.add("Reshape", product, flat), self.packed_rows))
                continue
            if self.head_major:
                heads = g.reshape(heads, 0, -1, SIZE)
            if self.side == "halves":
                heads = g.add("Reshape", heads, self.split)
            products.append(g.add("MatMul", heads, self._table(name + table, rows, scale)))
        return g.add("Add", self._align(products[0]), g.turn(self._align(products[1]), 0, 1, 3, 2))

    def _attend(self, name, x):
        g = self.graph
        projected = g.linear(name + "qkv", x, 3 * WIDTH, WIDTH)
        parts, heads = g.reshape(projected, -1, WIDTH), g.reshape(projected, -1, SIZE)
        if self.side == "rows":
            rows = [g.reshape(g.gather(parts, index), 0, 0, HEADS, SIZE) for index in self.padded_parts]
            query, key, value = (g.turn(part, 1, 2, 0, 3) for part in rows)
            turned = g.turn(rows[1], 1, 2, 3, 0)
        else:
            query, key = (g.gather(heads, index) for index in self.padded_heads[:2])
            turned = None if self.operator else g.turn(key, 0, 1, 3, 2)
            value = None if self.side == "operator_rows" else g.gather(heads, self.padded_heads[2])
        bias = self._bias(name, parts, query, key)
        if self.side == "operator_rows":
            inputs = [g.gather(parts, index) for index in self.padded_parts]
            context = g.add("Attention", *inputs, bias, "", "", self.lengths, q_num_heads=HEADS, kv_num_heads=HEADS, scale=1.0)
            return g.gather(g.reshape(context, -1, WIDTH), "unpad_index")
        if self.operator:
            context = g.add("Attention", query, key, value, bias, "", "", self.lengths, scale=1.0)
        else:
            scores = g.add("Add", g.add("MatMul", query, turned), g.add("Add", bias, self.mask))
            context = g.add("MatMul", g.add("Softmax", scores, axis=-1), value)
        return g.reshape(g.gather(g.reshape(context, -1, SIZE), self.unpadded), 0, WIDTH)

    def _layer(self, name, x):
        g = self.graph
        attended = g.linear(name + "attended", self._attend(name, x), WIDTH, WIDTH)
        middle = g.norm_of_sum(name + "attention_norm", attended, x)
        inner = g.add("Gelu", g.linear(name + "inner", middle, 4 * WIDTH, WIDTH))
        return g.norm_of_sum(name + "output_norm", g.linear(name + "outer", inner, WIDTH, 4 * WIDTH), middle)

    def session(self):
        g = self.graph
        whole = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.INT32, shape)
        real = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ("T", WIDTH))
        inputs = [real("x"), whole("pad_index", "B", "S"), whole("unpad_index", "T"), whole("row_lengths", "B")]
        graph = helper.make_graph(g.nodes, "encoder", inputs, [real("y")], g.weights)
        sets = [helper.make_opsetid("", 24 if self.operator else 20), helper.make_opsetid("com.microsoft", 1)]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        if self.side == "norms_gelu":
            options.add_session_config_entry("optimization.disable_specified_optimizers", "BiasGeluFusion")
        model = helper.make_model(graph, opset_imports=sets, ir_version=10).SerializeToString()
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def buckets():
    """As RelativePositions."""
    middle = BUCKETS // 2
    distances = np.arange(-FARTHEST, FARTHEST + 1)
    apart = np.maximum(np.abs(distances), 1)
    far = np.ceil(np.log(apart / middle) / np.log((FARTHEST - 1) / middle) * (middle - 1)) + middle
    bucket = np.where(apart <= middle, distances, np.sign(distances) * far)
    return np.clip(bucket + BUCKETS, 0, 2 * BUCKETS - 1)


def feeds(lengths, even: bool):
    longest = max(lengths) + (max(lengths) % 2 if even else 0)
    pad, unpad, first = np.zeros((len(lengths), longest), np.int32), [], 0
    for row, length in enumerate(lengths):
        pad[row, :length] = range(first, first + length)
        unpad += range(row * longest, row * longest + length)
        first += length
    return {
        "x": random("x", (first, WIDTH), 1),
        "pad_index": pad,
        "unpad_index": np.asarray(unpad, np.int32),
        "row_lengths": np.asarray(lengths, np.int32),
    }


def seconds(session, inputs):
    start = time.thread_time()
    session.run(None, inputs)
    return time.thread_time() - start


def cut_in_two(session, batches, cut, rounds):
    """The time of one run over that of two, for each round."""
    work = [(feeds(rows, False), feeds(rows[:cut], False), feeds(rows[cut:], False)) for rows in map(sorted, batches)]
    ratios = []
    for turn in range(rounds):
        whole = parts = 0.0
        for number, (all_rows, short, long) in enumerate(work):
            for place in (0, 1):
                if (place + turn + number) % 2:
                    whole += seconds(session, all_rows)
                else:
                    parts += seconds(session, short) + seconds(session, long)
        ratios.append(whole / parts)
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--sides", default=",".join(SIDES), help="; ".join(f"{name}: {what}" for name, what in SIDES.items()))
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--batches", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--cut", type=int, default=0)
    options = parser.parse_args()

    maker = Rows(options.export)
    texts = lines(options.texts)[: options.batch * options.batches]
    lengths = [len(maker.row(text["text"], LABELS).tokens) for text in texts]
    work = [lengths[i : i + options.batch] for i in range(0, len(lengths), options.batch)]
    kind = "float32" if options.float32 else "int8"
    if options.cut:
        session = Encoder("norms", not options.float32, options.layers).session()
        ratios = cut_in_two(session, work, options.cut, options.rounds)
        print(f"{kind}, batches of {options.batch} cut behind {options.cut}: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
        return
    names = options.sides.split(",")
    sessions = {name: Encoder(name, not options.float32, options.layers).session() for name in names}
    inputs = {name: [feeds(batch, name == "halves") for batch in work] for name in names}
    expected = sessions[names[0]].run(None, inputs[names[0]][0])[0]
    apart = {name: float(np.abs(sessions[name].run(None, inputs[name][0])[0] - expected).max()) for name in names}
    times = {name: [0.0] * options.rounds for name in names}
    for turn in range(options.rounds):
        for number in range(len(work)):
            for place in range(len(names)):
                name = names[(place + turn + number) % len(names)]
                times[name][turn] += seconds(sessions[name], inputs[name][number])
    print(f"{kind}, batches of {options.batch}, {sum(lengths)} tokens, {options.rounds} rounds, ONNX Runtime {onnxruntime.__version__}")
    for name in names:
        ratios = [first / spent for first, spent in zip(times[names[0]], times[name])]
        print(f"{name:18} {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f}), {apart[name]:.1g} apart")


if __name__ == "__main__":
    main()
