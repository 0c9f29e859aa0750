"""Packs a trained model into the checkpoint that is committed, and unpacks that checkpoint for the Python library.

pack:   matrices become int8 rows (value = int8 * scale of the row, the scale in a tensor NAME.scale), the rest stays float.
unpack: the same checkpoint in float32, as gliner reads it.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from transformers import BertConfig

from network import MARKERS, case_tokenizer, gliner_config

EMBEDDED_PLACES = ("position_embeddings", "token_type_embeddings")


def int8_rows(matrix):
    """int8 rows and their scales; a row's largest magnitude becomes 127."""
    scale = np.abs(matrix).max(axis=1).astype(np.float32) / 127
    scale[scale == 0] = 1
    return np.rint(matrix / scale[:, None]).astype(np.int8), scale


def packed(state, quantize):
    tensors = {}
    for name, value in state.items():
        value = value.float().numpy()
        if any(part in name for part in EMBEDDED_PLACES):
            tensors[name] = value.astype(np.float16)
        elif quantize and value.ndim == 2:
            tensors[name], tensors[name + ".scale"] = int8_rows(value)
        else:
            tensors[name] = value.astype(np.float32)
    return tensors


def pack(state_file, encoder_directory, out, quantize):
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = case_tokenizer(encoder_directory)
    config = BertConfig.from_json_file(Path(encoder_directory) / "config.json")
    config.vocab_size = tokenizer.get_vocab_size()
    state = torch.load(state_file, weights_only=True)
    save_file(packed(state, quantize), out / "model.safetensors", metadata={"format": "pt"})
    (out / "gliner_config.json").write_text(gliner_config(config, tokenizer.token_to_id(MARKERS[1])), encoding="utf-8")
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]",
        "unk_token": "[UNK]", "mask_token": "[MASK]"}, indent=2) + "\n", encoding="utf-8")


def unpack(directory, out):
    out.mkdir(parents=True, exist_ok=True)
    stored = load_file(directory / "model.safetensors")
    plain = {}
    for name, value in stored.items():
        if name.endswith(".scale"):
            continue
        scale = stored.get(name + ".scale")
        value = value.astype(np.float32)
        plain[name] = value * scale[:, None] if scale is not None else value
    save_file(plain, out / "model.safetensors", metadata={"format": "pt"})
    for name in ("gliner_config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(directory / name, out / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("pack")
    one.add_argument("--state", type=Path, required=True)
    one.add_argument("--encoder", type=Path, required=True)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--float", action="store_true", help="keep float32, for comparison")
    two = commands.add_parser("unpack")
    two.add_argument("--checkpoint", type=Path, required=True)
    two.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.command == "pack":
        pack(options.state, options.encoder, options.out, not options.float)
    else:
        unpack(options.checkpoint, options.out)


if __name__ == "__main__":
    main()
