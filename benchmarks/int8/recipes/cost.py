"""What the recipes cost: integer graphs as they would be exported, timed in ONNX Runtime; see README.md.

    python cost.py EXPORT --samples SAMPLES --texts TEXTS [--batch 8] [--batches 4] [--rounds 9] --out RESULT

One thread, and its CPU time, which other work on the machine disturbs little. Sides take turns batch by batch; the ratio of a
round is float32's time over the side's, medians over rounds are told, and the least and most of them.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np
from onnx import helper

from calibration import of_products
from model import load
from plant import Plant, plant
from recipes import OUTLIER
from rows import Rows, batches, lines, samples
from study import LABELS
from transform import block_rotation, largest_block, norm_sites, outlier_columns, plain_sites


def integer(model, columns=None, tensor=False, rotated=False):
    """The graph with products of bytes. One scale a row: divide by the largest magnitude, round to fixed steps, multiply back."""
    model = model.copy()
    step, middle = model.constant("step", np.float32(1 / 127)), model.constant("middle", np.uint8(128))
    tiny, last = model.constant("tiny", np.float32(1e-30)), model.constant("last", np.asarray([-1], np.int64))
    inputs = {}
    for product in list(model.products()):
        value, weight = product.input[0], model.constants[product.input[1]]
        found = (columns or {}).get(product.name, np.zeros(0, np.int64))
        weight = weight.copy()
        outer = np.ascontiguousarray(weight[:, found])
        weight[:, found] = 0
        key = (value, found.tobytes())
        if key not in inputs:
            inputs[key] = _rounded(model, product, value, found, (step, middle, tiny, last), tensor, rotated)
        rounded, largest = inputs[key]
        scale = (np.maximum(np.abs(weight).max(axis=1), 1e-12) / 127).astype(np.float32)
        turned = np.ascontiguousarray(np.rint(weight / scale[:, None]).astype(np.int8).T)
        table = model.constant("w", turned)
        if tensor:  # DynamicQuantizeMatMul when ONNX Runtime has fused it
            values, step_of_all, zero = rounded
            whole = model.add("MatMulInteger", [values, table, zero], product)
            by = model.add("Mul", [step_of_all, model.constant("s", scale)], product)
            multiplied = model.add("Mul", [model.add("Cast", [whole], product, to=1), by], product)
        else:
            parts = [table, model.constant("s", scale), model.constant("z", np.zeros(len(scale), np.int8))]
            multiplied = model.add("MatMul", [rounded, model.add("DequantizeLinear", parts, product, axis=1)], product)
        if largest is not None:
            multiplied = model.add("Mul", [multiplied, largest], product)
        bias = product.input[2] if len(product.input) > 2 else None
        if len(found):
            chosen = model.add("Gather", [value, model.constant("columns", found.astype(np.int64))], product, axis=1)
            parts = [chosen, model.constant("outer", outer)] + ([bias] if bias else [])
            bias = model.add("Gemm", parts, product, transB=1)
        place = next(i for i, node in enumerate(model.nodes) if node is product)
        behind = ("Add", [multiplied, bias]) if bias else ("Identity", [multiplied])
        model.nodes[place] = helper.make_node(*behind, [product.output[0]], name=product.name)
    return model


def _rounded(model, product, value, found, constants, tensor, rotated):
    step, middle, tiny, last = constants
    size = model.constants[product.input[1]].shape[1]
    if rotated:
        block = largest_block(size)
        shape = model.constant("blocks", np.asarray([-1, block], np.int64))
        back = model.constant("whole", np.asarray([-1, size], np.int64))
        turned = model.add(
            "MatMul", [model.add("Reshape", [value, shape], product), model.constant("h", block_rotation(block, block))], product
        )
        value = model.add("Reshape", [turned, back], product)
    if tensor:
        model.counter += 1
        names = [f"study/dynamic{part}~{model.counter}" for part in ("", "scale", "zero")]
        place = next(i for i, node in enumerate(model.nodes) if node is product)
        model.nodes.insert(place, helper.make_node("DynamicQuantizeLinear", [value], names, name=names[0]))
        return names, None
    measured = value
    if len(found):
        inner = np.ones(size, np.float32)
        inner[found] = 0
        measured = model.add("Mul", [value, model.constant("inner", inner)], product)
    largest = model.add("ReduceMax", [model.add("Abs", [measured], product), last], product, keepdims=1)
    largest = model.add("Max", [largest, tiny], product)
    rounded = model.add("QuantizeLinear", [model.add("Div", [value, largest], product), step, middle], product)
    return model.add("DequantizeLinear", [rounded, step, middle], product), largest


def scaled_norms(model):
    model = model.copy()
    for site in norm_sites(model):
        site.scale(np.full(len(model.constants[site.node.input[1]]), 2, np.float32))
    return model


def scaled_gelus(model):
    model = scaled_norms(model)
    for site in plain_sites(model, ("Gelu",)):
        site.scale(np.full(model.constants[site.products[0].input[1]].shape[1], 2, np.float32))
    return model


def keep_words_of(model, work) -> None:
    """Cuts the table of embeddings to the tokens that occur, as every side would hold all of it."""
    used = np.unique(np.concatenate([inputs["token_ids"] for inputs in work]))
    name = "encoder/embeddings/words"
    model.constants[name] = model.constants[name][used]
    for inputs in work:
        inputs["token_ids"] = np.searchsorted(used, inputs["token_ids"]).astype(np.int32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--batches", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    model = load(options.export)
    maker = Rows(options.export)
    texts = [maker.row(text["text"], LABELS) for text in lines(options.texts)[: options.batch * options.batches]]
    work = [inputs for _, inputs in batches(texts, options.batch)]
    sample = batches([maker.row(*pair) for pair in samples(options.samples)])
    planted = plant(model, Plant("all-60", ("mixed", "context", "steady"), 60), 1, sample, maker.special)
    columns = outlier_columns(model, of_products(planted, sample), OUTLIER)
    keep_words_of(model, work)
    del planted
    sides = {
        "float32": model,
        "tensor": integer(model, tensor=True),
        "token": integer(model),
        "columns": integer(model, columns=columns),
        "smooth": integer(scaled_norms(model)),
        "smooth_all": integer(scaled_gelus(model)),
        "rotated": integer(model, rotated=True),
    }
    sessions = {name: side.session(["logits"]) for name, side in sides.items()}
    times = {name: [0.0] * options.rounds for name in sides}
    for name, session in sessions.items():
        _run(session, work[0])
    for turn in range(options.rounds):
        for inputs in work:
            for name, session in sessions.items():
                times[name][turn] += _run(session, inputs)
    result = {
        "export": options.export.name,
        "batch": options.batch,
        "batches": options.batches,
        "rounds": options.rounds,
        "columns": sum(map(len, columns.values())),
        "inputs": sum(model.constants[product.input[1]].shape[1] for product in model.products()),
        "products": len(columns),
        "over float32": {name: _ratios(times["float32"], spent) for name, spent in times.items()},
        "over token": {name: _ratios(times["token"], spent) for name, spent in times.items()},
    }
    print(json.dumps(result, indent=1))
    options.out.write_text(json.dumps(result, indent=1) + "\n")


def _ratios(one, other):
    found = [a / b for a, b in zip(one, other)]
    return {"median": round(statistics.median(found), 3), "least": round(min(found), 3), "most": round(max(found), 3)}


def _run(session, inputs) -> float:
    wanted = {i.name for i in session.get_inputs()}
    fed = {name: value for name, value in inputs.items() if name in wanted}
    start = time.thread_time()
    session.run(["logits"], fed)
    return time.thread_time() - start


if __name__ == "__main__":
    main()
