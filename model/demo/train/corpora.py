"""Reads the training corpora in their own formats and yields examples of one form.

An example is (words, spans): words are (start, end) character offsets found by GLiNER's own splitter in a text, spans are
(first word, last word, type). Types keep the corpus's own names; prompts.py turns them into words.
"""

import csv
import json
import random
import re
from collections import namedtuple
from pathlib import Path

WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")
MARKUP = re.compile(r"\[\[([^\[\]|]+)\|([^\[\]|]+)\|([^\[\]|]+)\]\]")
MAX_WORDS = 96

Example = namedtuple("Example", "corpus words spans")


def from_characters(corpus, text, ranges):
    """An example from a text and its (start, end, type) character ranges; ranges that touch no word are dropped."""
    found = list(WORD.finditer(text))
    spans = []
    for start, end, kind in ranges:
        inside = [i for i, w in enumerate(found) if w.start() < end and w.end() > start]
        if inside:
            spans.append((inside[0], inside[-1], kind))
    return Example(corpus, [w.group() for w in found], spans)


def from_tokens(corpus, tokens, tagged):
    """An example from tokens joined by blanks and (first token, last token, type)."""
    starts, position = [], 0
    for token in tokens:
        starts.append(position)
        position += len(token) + 1
    ranges = [(starts[a], starts[b] + len(tokens[b]), kind) for a, b, kind in tagged]
    return from_characters(corpus, " ".join(tokens), ranges)


def spans_of_tags(tags):
    """(first, last, type) of BIO or IOB1 tags; a change of type starts a new span."""
    spans, start, kind = [], None, None
    for i, tag in enumerate(list(tags) + ["O"]):
        prefix, _, name = tag.partition("-")
        if start is not None and (prefix != "I" or name != kind):
            spans.append((start, i - 1, kind))
            start = None
        if prefix in ("B", "I") and start is None:
            start, kind = i, name
    return spans


def sentences(path):
    """The sentences of a file with one token a line: for each token, its columns."""
    rows = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() + [""]:
        columns = line.split()
        if len(columns) >= 2 and columns[0] != "-DOCSTART-":
            rows.append(columns)
        elif rows:
            yield rows
            rows = []


def conll(corpus, path, rename=None):
    """Examples of a file with the token in the first column and its tag in the last."""
    for rows in sentences(path):
        tags = []
        for columns in rows:
            prefix, _, kind = columns[-1].partition("-")
            tags.append(f"{prefix}-{(rename or {}).get(kind, kind)}" if kind else prefix)
        yield from_tokens(corpus, [columns[0] for columns in rows], spans_of_tags(tags))


def find(root, suffix):
    """The files below root whose path ends with the suffix, in a stable order."""
    return sorted(p for p in Path(root).rglob("*") if p.is_file() and str(p).endswith(suffix))


def one(root, suffix):
    """The one file below root whose path ends with the suffix."""
    found = find(root, suffix)
    if not found:
        raise FileNotFoundError(f"{suffix} below {root}")
    return found[0]


# --- one reader a corpus; each takes the root of that corpus -----------------------------------------------------------


def broad_twitter(root):
    yield from conll("broad-twitter", one(root, "btc.train"))


def wnut17(root):
    names = {"loc": "location"}
    yield from conll("wnut17", one(root, "wnut17train.conll"), rename=names)
    yield from conll("wnut17", one(root, "emerging.dev.conll"), rename=names)


def tweebank(root):
    for sentence in json.loads(one(root, "en_tweet.train.json").read_text(encoding="utf-8")):
        yield from_tokens("tweebank", [t["text"] for t in sentence], spans_of_tags([t["ner"] for t in sentence]))


def sec_filings(root):
    yield from conll("sec-filings", one(root, "train/FIN5.txt"))


def cyner(root):
    yield from conll("cyner", one(root, "mitre/train.txt"))


def wetlab(root):
    for path in find(root, "_conll.txt"):
        if "train_data" in str(path):
            yield from conll("wetlab", path)


def skillspan(root):
    for part in ("tech", "house"):
        for rows in sentences(one(root, f"skillspan_{part}_train.conll")):
            skills = spans_of_tags([f"{r[1]}-skill" if r[1] != "O" else "O" for r in rows])
            knowledge = spans_of_tags([f"{r[2]}-knowledge" if r[2] != "O" else "O" for r in rows])
            yield from_tokens("skillspan", [r[0] for r in rows], skills + knowledge)


def snips(root):
    for path in find(root, ".json"):
        if not path.name.startswith("train_") or not path.name.endswith("_full.json"):
            continue
        for utterances in json.loads(path.read_text(encoding="utf-8", errors="replace")).values():
            for utterance in utterances:
                text, ranges = "", []
                for piece in utterance["data"]:
                    if "entity" in piece:
                        ranges.append((len(text), len(text) + len(piece["text"]), piece["entity"]))
                    text += piece["text"]
                yield from_characters("snips", text, ranges)


def home_assistant(root):
    for path in find(root, ".json"):
        if "KFold_1" not in path.parts or "annotated" not in path.parts:
            continue
        for utterances in json.loads(path.read_text(encoding="utf-8")).values():
            for u in utterances:
                yield from_characters(
                    "home-assistant", u["text"], [(e["start"], e["end"] + 1, e["entity"]) for e in u["entities"]])


def recipes(root):
    with one(root, "TASTEset.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entities = json.loads(row["ingredients_entities"])
            yield from_characters("recipes", row["ingredients"].replace("\n", " ").rstrip(),
                                  [(e["start"], e["end"], e["type"]) for e in entities])


def brat(corpus, root, drop=(), folders=None):
    """Sentences (by line, then by full stop) of brat's .txt and .ann files, of all folders or of those named."""
    for annotations in find(root, ".ann"):
        if folders and annotations.parent.name not in folders:
            continue
        source = annotations.with_suffix(".txt")
        if not source.exists():
            continue
        text = source.read_text(encoding="utf-8", errors="replace")
        ranges = []
        for line in annotations.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("T"):
                kind, start, *_, end = re.split(r"[ ;]", line.split("\t")[1])
                if kind not in drop:
                    ranges.append((int(start), int(end), kind))
        for sentence in re.finditer(r"[^\n]+?(?:[.!?](?=\s+[A-Z])|\n|$)", text):
            a, b = sentence.span()
            inside = [(s - a, e - a, k) for s, e, k in ranges if s >= a and e <= b]
            yield from_characters(corpus, sentence.group(), inside)


def materials(root):
    yield from brat("materials", root, drop={"Property-Misc", "Condition-Misc", "Amount-Misc"})


def software(root):
    folders = {"Creation_sentences", "PLoS_methods", "PLoS_sentences", "Pubmed_fulltext"}
    yield from brat("software", root, {"SoftwareCoreference_Deposition", "Citation"}, folders)


def fuel_cells(root):
    """Tokens are character ranges within a sentence's text."""
    for tags in find(root, ".csv"):
        if tags.parent.name != "entity_types_and_slots":
            continue
        by_sentence = {}
        for row in csv.reader(tags.open(encoding="utf-8"), delimiter="\t"):
            by_sentence.setdefault(row[0], []).append(row)
        texts = find(tags.parents[2], f"texts/{tags.stem}.txt")
        if not texts:
            continue
        text = texts[0].read_text(encoding="utf-8")
        bounds = {r[2] if len(r) > 4 else r[0]: r for r in csv.reader(
            (tags.parents[1] / "sentences" / tags.name).open(encoding="utf-8"), delimiter="\t")}
        for number, rows in by_sentence.items():
            if number not in bounds:
                continue
            start = int(bounds[number][-2])
            tokens = [text[start + int(r[2]):start + int(r[3])] for r in rows]
            if all(tokens):
                yield from_tokens("fuel-cells", tokens, spans_of_tags([r[4] for r in rows]))


def restaurants(root):
    for item in json.loads(one(root, "restaurant8k/train_0.json").read_text(encoding="utf-8")):
        ranges = []
        for label in item.get("labels", []):
            where = label.get("valueSpan")
            if where:
                ranges.append((where.get("startIndex", 0), where["endIndex"], label["slot"]))
        yield from_characters("restaurants", item["userInput"]["text"], ranges)


def looks_like_a_name(tokens):
    """A proper name: capitalised at its ends, nothing but small function words uncapitalised within."""
    words = [t for t in tokens if t[:1].isalnum()]
    if not words or len(tokens) > 9:
        return False
    return (words[0][0].isupper() and words[-1][0].isupper() or words[0][0].isdigit() and words[-1][0].isupper()) and all(
        w[0].isupper() or w[0].isdigit() or w in ("of", "the", "and", "for", "de", "la", "von", "van", "in") for w in words)


def named_only(tokens, spans, kinds, sentence_start_too):
    """Of spans over mentions of all sorts, those that are names; articles in front are cut off."""
    kept = []
    for a, b, kind in spans:
        while a < b and tokens[a].lower() in ("the", "a", "an", "mr", "mrs", "ms", "dr", ".", "'"):
            a += 1
        if kind not in kinds or not looks_like_a_name(tokens[a:b + 1]):
            continue
        if a == 0 and a == b and not sentence_start_too:
            continue
        kept.append((a, b, kind))
    widest = sorted(set(kept), key=lambda s: (s[0], -s[1]))
    flat = []
    for span in widest:
        if not flat or span[0] > flat[-1][1]:
            flat.append(span)
    return flat


def gum_news(root):
    """GUM's CC-BY genres: mentions of all sorts, of which the names (and times) are kept."""
    kinds = {"person", "organization", "place", "event", "time"}
    for path in find(root, ".tsv"):
        if path.name.split("_")[1] not in ("academic", "court", "interview", "news"):
            continue
        tokens, open_spans, spans = [], {}, []
        for line in path.read_text(encoding="utf-8").splitlines() + ["#Text="]:
            if line.startswith("#Text=") and tokens:
                every = [(v[0], v[1], v[2]) for v in open_spans.values()]
                times = [s for s in every if s[2] == "time" and any(any(c.isdigit() for c in t) for t in tokens[s[0]:s[1] + 1])
                         and s[1] - s[0] < 6]
                names = named_only(tokens, every, kinds - {"time"}, sentence_start_too=True)
                taken = {i for a, b, _ in names for i in range(a, b + 1)}
                spans = names + [t for t in times if not taken & set(range(t[0], t[1] + 1))]
                yield from_tokens("gum", tokens, spans)
                tokens, open_spans = [], {}
            columns = line.split("\t")
            if len(columns) > 4 and re.fullmatch(r"\d+-\d+", columns[0]):
                tokens.append(columns[2])
                for mark in columns[3].split("|"):
                    match = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", mark)
                    if match and mark != "_":
                        key = match[2] or f"{columns[0]}"
                        first = open_spans.get(key, (len(tokens) - 1,))[0]
                        open_spans[key] = (first, len(tokens) - 1, match[1])


def litbank(root):
    """LitBank's outermost mentions, of which the names are kept."""
    names = {"PER": "person", "LOC": "location", "GPE": "geopolitical place", "FAC": "facility", "ORG": "organization",
             "VEH": "vehicle"}
    for path in find(root, "_brat.tsv"):
        rows, sentences = [], []
        for line in path.read_text(encoding="utf-8").splitlines() + [""]:
            columns = line.split("\t")
            if len(columns) >= 5:
                rows.append(columns)
            elif rows:
                sentences.append(rows)
                rows = []
        for rows in sentences:
            tokens = [r[0] for r in rows]
            every = [s for layer in range(1, 5) for s in spans_of_tags([r[layer] if r[layer] else "O" for r in rows])]
            kept = named_only(tokens, every, set(names), sentence_start_too=True)
            yield from_tokens("litbank", tokens, [(a, b, names[k]) for a, b, k in kept])


def nuner_sample(root):
    """Sentences with «surface <> type» pairs; each surface is looked up, and examples with one not found are dropped."""
    with one(root, "nuner-sample-1k.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pairs = re.findall(r"""(['"])(.*?) <> (.*?)\1(?=, ['"]|\])""", row["output"])
            text, ranges, whole = row["input"], [], True
            for _, surface, kind in pairs:
                places = [m.start() for m in re.finditer(r"(?<!\w)" + re.escape(surface) + r"(?!\w)", text, re.I)]
                whole &= bool(places)
                ranges += [(p, p + len(surface), kind.strip().lower()) for p in places]
            if whole:
                yield from_characters("nuner", text, ranges)


def written(root):
    """The sentences written for this model, with [[text|coarse|fine]] marks; a type is «coarse|fine»."""
    for path in find(root, ".txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            text, ranges, last = "", [], 0
            for mark in MARKUP.finditer(line):
                text += line[last:mark.start()]
                ranges.append((len(text), len(text) + len(mark[1]), f"{mark[2]}|{mark[3]}"))
                text += mark[1]
                last = mark.end()
            yield from_characters("written", text + line[last:], ranges)


# corpus folder, reader, share of the examples drawn
CORPORA = [
    ("broad-twitter-corpus", broad_twitter, 0.09),
    ("wnut17", wnut17, 0.05),
    ("tweebank-ner", tweebank, 0.02),
    ("gum", gum_news, 0.07),
    ("litbank", litbank, 0.03),
    ("sec-filings", sec_filings, 0.01),
    ("cyner", cyner, 0.015),
    ("nuner-sample-1k", nuner_sample, 0.12),
    ("snips-nlu", snips, 0.04),
    ("nlu-evaluation-data", home_assistant, 0.03),
    ("polyai-span", restaurants, 0.01),
    ("tasteset", recipes, 0.01),
    ("wetlab-wnut2020", wetlab, 0.015),
    ("skillspan", skillspan, 0.01),
    ("materials-syntheses", materials, 0.01),
    ("somesci", software, 0.015),
    ("sofc-exp", fuel_cells, 0.01),
    ("written", written, 0.55),
]


def load(data_root, written_root, seed):
    """All corpora as {name: (share, training examples, held-out examples)}; one in twenty is held out."""
    loaded = {}
    for folder, reader, share in CORPORA:
        root = Path(written_root) if folder == "written" else Path(data_root) / folder
        examples = [e for e in reader(root) if 1 <= len(e.words) <= 3 * MAX_WORDS]
        examples = [piece for e in examples for piece in cut(e)]
        random.Random(f"{seed} {folder}").shuffle(examples)
        held = max(1, len(examples) // 20)
        loaded[folder] = (share, examples[held:], examples[:held])
    return loaded


def cut(example):
    """Pieces of at most MAX_WORDS words, never within a span."""
    if len(example.words) <= MAX_WORDS:
        return [example]
    inside = {i for a, b, _ in example.spans for i in range(a + 1, b + 1)}
    pieces, start = [], 0
    while start < len(example.words):
        end = min(start + MAX_WORDS, len(example.words))
        while end < len(example.words) and end > start + 1 and end in inside:
            end -= 1
        spans = [(a - start, b - start, k) for a, b, k in example.spans if a >= start and b < end]
        pieces.append(Example(example.corpus, example.words[start:end], spans))
        start = end
    return pieces


if __name__ == "__main__":
    import sys

    for name, (share, train, held) in load(sys.argv[1], sys.argv[2], 1).items():
        kinds = {k for e in train for _, _, k in e.spans}
        print(f"{name:24} {len(train):6} + {len(held):4} examples, {sum(len(e.words) for e in train):8} words, "
              f"{sum(len(e.spans) for e in train):6} spans, {len(kinds):5} types")
