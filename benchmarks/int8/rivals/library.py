"""Gives the library a checkpoint in the layout that GLiNER.from_pretrained reads, and exports it by the library itself.

    python library.py CHECKPOINT EXPORT OUT [--onnx]

EXPORT is this project's export of CHECKPOINT: a checkpoint that has only spm.model takes tokenizer.json from there. OUT gets
gliner_config.json, tokenizer.json and model.safetensors; with --onnx also model.onnx, by export_to_onnx, and model_quantized.onnx, by
quantize_dynamic of ONNX Runtime with int8 weights and a scale for each output.
"""

import argparse
import json
import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from gliner import GLiNER
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import PreTrainedTokenizerFast

SPECIAL = {name: f"[{name[:-6].upper()}]" for name in ("pad_token", "cls_token", "sep_token", "unk_token", "mask_token")}
WORDS = "token_rep_layer.bert_layer.model.embeddings.word_embeddings.weight"


def write_weights(checkpoint: Path, out: Path) -> int:
    """The weights as floats, which the library reads; returns the rows of the vocabulary."""
    source, target = checkpoint / "model.safetensors", out / "model.safetensors"
    with safe_open(source, framework="pt") as file:
        rows = file.get_slice(WORDS).get_shape()[0]
        scales = [name for name in file.keys() if name.endswith(".scale")]
    target.unlink(missing_ok=True)
    if scales:
        tensors = load_file(source)
        for name in scales:
            weight, scale = name.removesuffix(".scale"), tensors.pop(name)
            tensors[weight] = tensors[weight].float() * scale[:, None]
        save_file(tensors, target, metadata={"format": "pt"})
    else:
        target.symlink_to(source.resolve())
    return rows


def write_layout(checkpoint: Path, export: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    rows = write_weights(checkpoint, out)
    found = next(place / "tokenizer.json" for place in (checkpoint, export) if (place / "tokenizer.json").exists())
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(found), model_max_length=512, **SPECIAL)
    tokenizer.save_pretrained(out)
    config = json.loads((checkpoint / "gliner_config.json").read_text())
    if "encoder_config" not in config:
        config["encoder_config"] = json.loads((checkpoint / "encoder_config.json").read_text())
    config["vocab_size"] = config["encoder_config"]["vocab_size"] = rows
    config["class_token_index"] = tokenizer.convert_tokens_to_ids("<<ENT>>")
    (out / "gliner_config.json").write_text(json.dumps(config, indent=1))


def write_onnx(out: Path) -> None:
    model = GLiNER.from_pretrained(str(out), map_location="cpu")
    model.eval()
    scratch = out / "onnx"
    model.export_to_onnx(save_dir=str(scratch), onnx_filename="model.onnx", opset=19)
    del model
    quantize_dynamic(scratch / "model.onnx", scratch / "model_quantized.onnx", per_channel=True, weight_type=QuantType.QInt8)
    for name in ("model_quantized.onnx", "model.onnx"):
        shutil.move(scratch / name, out / name)
    shutil.rmtree(scratch)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("export", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--onnx", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(2)
    write_layout(options.checkpoint, options.export, options.out)
    if options.onnx:
        write_onnx(options.out)


if __name__ == "__main__":
    main()
