"""Entity F1 (exact merged spans) and token F1 of a checkpoint with the Python library, on the official test sets.

Texts are the corpus's tokens joined by blanks; prompts hold all types of the test set; neighbouring words of one label merge by the rule of
NuNER Zero's model card. The same figures over gRPC: ./nuner eval.
"""

import argparse
import json
import logging
import warnings
from collections import Counter
from pathlib import Path

import corpora
import torch

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

DOMAINS = ("ai", "literature", "music", "politics", "science")
NEWSWIRE = {"PER": "person", "ORG": "organization", "LOC": "location"}
# As docs/evaluation/crossner.map has it; all other types are asked by their own names.
CROSSNER = {
    "politicalparty": "political party", "musicalartist": "musical artist", "musicgenre": "music genre",
    "astronomicalobject": "astronomical object", "literarygenre": "literary genre", "chemicalcompound": "chemical compound",
    "academicjournal": "academic journal", "chemicalelement": "chemical element", "programlang": "programming language",
    "musicalinstrument": "musical instrument"}


def whole_handles(tokens, tags):
    """The Broad Twitter Corpus cuts "@name" into two tokens and marks each as an entity of its own; here they are one."""
    joined = list(tags)
    for i in range(1, len(tokens)):
        if tokens[i - 1] == "@" and joined[i].startswith("B-") and tags[i - 1][2:] == tags[i][2:]:
            joined[i] = "I-" + tags[i][2:]
    return joined


def gold(path, mend=lambda tokens, tags: tags):
    """(text, tokens with offsets, spans as (start, end, type)) of a file with one token a line."""
    for rows in corpora.sentences(path):
        tokens, tags = [r[0] for r in rows], [r[-1] for r in rows]
        starts, at = [], 0
        for token in tokens:
            starts.append(at)
            at += len(token) + 1
        ends = [s + len(t) for s, t in zip(starts, tokens)]
        spans = corpora.spans_of_tags(mend(tokens, tags))
        yield " ".join(tokens), list(zip(starts, ends)), [(starts[a], ends[b], k) for a, b, k in spans]


def merged(text, entities):
    """The model card's merge: same label and a gap of no or one character."""
    result = []
    for e in entities:
        if result and result[-1][2] == e["label"] and e["start"] - result[-1][1] in (0, 1):
            result[-1] = (result[-1][0], e["end"], e["label"])
        else:
            result.append((e["start"], e["end"], e["label"]))
    return result


def f1(right, said, there):
    return 2 * right / (said + there) if said + there else 0.0


def score(model, data, names, threshold, drop=()):
    """Micro entity and token F1 and the entity F1 of each type."""
    kinds = sorted({k for _, _, spans in data for _, _, k in spans} - set(drop))
    asked = {k: names.get(k, k) for k in kinds}
    labels = list(dict.fromkeys(asked.values()))
    counts = {n: Counter() for n in ("right", "said", "there", "token right", "token said", "token there")}
    texts = [d[0] for d in data]
    answers = []
    for i in range(0, len(texts), 32):
        answers += model.inference(texts[i:i + 32], labels, flat_ner=True, threshold=threshold, batch_size=32)
    for (text, offsets, spans), answer in zip(data, answers):
        there = {(a, b, asked[k]) for a, b, k in spans if k in asked}
        found = set(merged(text, answer))
        for name, entities in (("right", there & found), ("said", found), ("there", there)):
            counts[name].update(k for _, _, k in entities)
        words = [{(i, k) for i, (s, e) in enumerate(offsets) for a, b, k in entities if s < b and e > a} for entities in (there, found)]
        for name, pairs in (("token right", words[0] & words[1]), ("token said", words[1]), ("token there", words[0])):
            counts[name].update(k for _, k in pairs)
    total = {n: sum(c.values()) for n, c in counts.items()}
    return {
        "texts": len(data), "entities": total["there"], "entity_f1": round(100 * f1(total["right"], total["said"], total["there"]), 2),
        "precision": round(100 * total["right"] / max(1, total["said"]), 2), "recall": round(100 * total["right"] / max(1, total["there"]), 2),
        "token_f1": round(100 * f1(total["token right"], total["token said"], total["token there"]), 2),
        "by_type": {k: round(100 * f1(counts["right"][k], counts["said"][k], counts["there"][k]), 2) for k in labels}}


def test_sets(data):
    """name: (sentences, names of its types, types left out)"""
    data = Path(data)
    tweets = corpora.one(data / "broad-twitter-corpus", "btc.test")
    sets = {
        "wikigold": (list(gold(corpora.one(data / "wikigold", "wikigold.conll.txt"))), NEWSWIRE, {"MISC"}),
        "broad-twitter": (list(gold(tweets)), NEWSWIRE, set()),
        "broad-twitter, whole handles": (list(gold(tweets, whole_handles)), NEWSWIRE, set()),
        "wnut17": (list(gold(corpora.one(data / "wnut17", "emerging.test.annotated"))), {"creative-work": "creative work"}, set())}
    for domain in DOMAINS:
        sets["crossner-" + domain] = (list(gold(corpora.one(data / "crossner", f"{domain}/test.txt"))), CROSSNER, set())
    return sets


def main():
    from gliner import GLiNER

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a checkpoint as checkpoint.py unpack writes it")
    parser.add_argument("--data", required=True)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", help="names of test sets, semicolon between")
    parser.add_argument("--json")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = GLiNER.from_pretrained(options.model, local_files_only=True).eval()
    report = {}
    for name, (texts, names, drop) in test_sets(options.data).items():
        if options.only and name not in options.only.split(";"):
            continue
        report[name] = score(model, texts, names, options.threshold, drop)
        print(name, {k: v for k, v in report[name].items() if k != "by_type"}, flush=True)
        print("   ", report[name]["by_type"], flush=True)
    crossner = [report["crossner-" + d]["entity_f1"] for d in DOMAINS if "crossner-" + d in report]
    if len(crossner) == len(DOMAINS):
        report["crossner average"] = round(sum(crossner) / len(crossner), 2)
        print("crossner average", report["crossner average"])
    if options.json:
        Path(options.json).write_text(json.dumps({"threshold": options.threshold, "sets": report}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
