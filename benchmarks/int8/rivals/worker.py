"""A side of the comparison that is not ours: finds the entities of batches that rivals.py sends, a line of JSON each.

    python worker.py torch-float32|torch-bfloat16|onnx-float32|onnx-int8|fast-gliner MODEL

From texts and labels to entities, by the calls that the program documents. The first line of output is {}, when the model is open.
"""

import json
import os
import sys
import time

from common import THREADS


def library(model, runtime, dtype=None, file=None):
    """The library: inference() with all texts as one batch."""
    import onnxruntime
    import torch
    from gliner import GLiNER

    torch.set_num_threads(THREADS)
    if runtime == "torch":
        gliner = GLiNER.from_pretrained(model, map_location="cpu", dtype=dtype)
    else:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        gliner = GLiNER.from_pretrained(model, load_onnx_model=True, onnx_model_file=file, session_options=options)
    return lambda texts, labels: gliner.inference(texts, labels, batch_size=len(texts), threshold=0.5)


def rust(model):
    """The Rust port. It has no option for threads and for the threshold: 4, and 0.5."""
    from fast_gliner import FastGLiNER

    return FastGLiNER.from_pretrained(model, onnx_path="model.onnx", execution_provider="cpu").predict_entities


SIDES = {
    "torch-float32": lambda model: library(model, "torch"),
    "torch-bfloat16": lambda model: library(model, "torch", dtype="bfloat16"),
    "onnx-float32": lambda model: library(model, "onnx", file="model.onnx"),
    "onnx-int8": lambda model: library(model, "onnx", file="model_quantized.onnx"),
    "fast-gliner": rust,
}


def main() -> None:
    results = os.fdopen(os.dup(1), "w")  # the library prints
    os.dup2(2, 1)
    find = SIDES[sys.argv[1]](sys.argv[2])
    print("{}", file=results, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        labels = asked["labels"]
        start = time.perf_counter_ns()
        found = find(asked["texts"], labels)
        nanos = time.perf_counter_ns() - start
        entities = [
            [{"start": e["start"], "end": e["end"], "label": labels.index(e["label"]), "score": float(e["score"])} for e in text]
            for text in found
        ]
        print(json.dumps({"nanos": nanos, "entities": entities}), file=results, flush=True)


if __name__ == "__main__":
    main()
