"""Writes what the Python library answers for real texts, for the test that compares the server with it.

Each line: text, labels, and the entities before merging as [start, end, label index, score]. Texts come from WikiGold and the test split of
the Broad Twitter Corpus (both CC BY 4.0).
"""

import argparse
import json
import logging
import random
import warnings
from pathlib import Path

import torch

from evaluate import test_sets

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

LABEL_SETS = [
    ["person", "organization", "location"],
    ["person", "organization", "location", "date", "product", "event", "creative work"],
    ["city", "country", "politician", "company", "film"],
    ["sports team", "athlete", "competition"],
    ["band", "album", "song", "musician", "record label", "year"],
    ["place", "human being", "thing that can be bought"],
    ["university", "scientist", "award", "book"],
    ["nationality", "language", "river", "building", "number"],
]


def main():
    from gliner import GLiNER

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a checkpoint as checkpoint.py unpack writes it")
    parser.add_argument("--data", required=True)
    parser.add_argument("--texts", type=int, default=600)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(2)
    model = GLiNER.from_pretrained(options.model, local_files_only=True).eval()
    rng = random.Random(20261122)
    sets = test_sets(options.data)
    texts = []
    for name in ("wikigold", "broad-twitter"):
        found = [text for text, _, _ in sets[name][0] if len(text) > 20]
        texts += rng.sample(found, options.texts // 2)
    with options.out.open("w", encoding="utf-8") as out:
        for i, text in enumerate(texts):
            labels = LABEL_SETS[i % len(LABEL_SETS)]
            answer = model.inference([text], labels, flat_ner=True, threshold=0.5)[0]
            entities = [[e["start"], e["end"], labels.index(e["label"]), round(e["score"], 6)] for e in answer]
            out.write(json.dumps({"text": text, "labels": labels, "entities": entities}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
