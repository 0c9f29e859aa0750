"""Exports a checkpoint with the Python reference's own ONNX exporter (gliner, `export_to_onnx`, opset 19).

The result is the baseline of the encoder benchmark: the same weights, exported the way the reference does it.

    python -m venv env && env/bin/pip install -r requirements.txt --no-deps   (and their own dependencies)
    env/bin/python export_reference.py CHECKPOINT OUT

CHECKPOINT holds gliner_config.json, encoder_config.json, model.safetensors and tokenizer.json (an exported model
directory has one made from spm.model: copy it). OUT receives model.onnx.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from gliner import GLiNER
from safetensors import safe_open
from transformers import PreTrainedTokenizerFast


def head_layout(checkpoint: Path, target: Path) -> None:
    """Writes the checkpoint in the layout of gliner 0.2: encoder config inside, tokenizer beside."""
    config = json.loads((checkpoint / "gliner_config.json").read_text())
    encoder = json.loads((checkpoint / "encoder_config.json").read_text())
    config["encoder_config"] = encoder
    with safe_open(checkpoint / "model.safetensors", framework="pt") as weights:
        rows = weights.get_slice("token_rep_layer.bert_layer.model.embeddings.word_embeddings.weight").get_shape()[0]
    config["vocab_size"] = encoder["vocab_size"] = rows
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(checkpoint / "tokenizer.json"),
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
        mask_token="[MASK]",
    )
    config["class_token_index"] = tokenizer.convert_tokens_to_ids("<<ENT>>")
    tokenizer.save_pretrained(target)
    (target / "gliner_config.json").write_text(json.dumps(config))
    shutil.copy(checkpoint / "model.safetensors", target / "model.safetensors")


def main() -> None:
    checkpoint, out = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        head_layout(checkpoint, Path(scratch))
        model = GLiNER.from_pretrained(scratch, load_tokenizer=True, map_location="cpu")
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    model.export_to_onnx(save_dir=str(out), onnx_filename="model.onnx", opset=19)
    print(f"wrote {out / 'model.onnx'}")


if __name__ == "__main__":
    main()
