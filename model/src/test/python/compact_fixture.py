"""Makes the weights of the real_vocab fixture small enough to keep in git.

Sets every row of the word embedding that no case of expected.json reads to zero and writes the result gzipped, byte for byte the
same on every run. Special tokens keep their rows.

    python3 compact_fixture.py <real_vocab directory with model.safetensors and expected.json> <model.safetensors.gz>
"""

import gzip
import json
import pathlib
import struct
import sys

EMBEDDING = "token_rep_layer.bert_layer.model.embeddings.word_embeddings.weight"
SPECIAL = {0, 1, 2, 3, 128000, 128001, 128002, 128003}


def used_ids(expected: pathlib.Path) -> set[int]:
    cases = json.loads(expected.read_text(encoding="utf-8"))
    return SPECIAL | {token for case in cases for token in case["input_ids"]}


def compact(checkpoint: bytes, keep: set[int]) -> bytes:
    header_size = struct.unpack("<Q", checkpoint[:8])[0]
    tensor = json.loads(checkpoint[8 : 8 + header_size])[EMBEDDING]
    rows, columns = tensor["shape"]
    first = 8 + header_size + tensor["data_offsets"][0]
    width = columns * 4
    data = bytearray(checkpoint)
    for row in set(range(rows)) - keep:
        data[first + row * width : first + (row + 1) * width] = bytes(width)
    return bytes(data)


def main(source: pathlib.Path, target: pathlib.Path) -> None:
    checkpoint = (source / "model.safetensors").read_bytes()
    small = compact(checkpoint, used_ids(source / "expected.json"))
    target.write_bytes(gzip.compress(small, compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
