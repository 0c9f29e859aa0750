"""Texts and labels as the inputs of the graphs, and scores as spans."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")
MOST_TOKENS = 400


@dataclass
class Row:
    """One text with its labels: tokens, and the places of words and labels among them."""

    tokens: list
    words: list
    labels: list


class Rows:
    """Makes rows as the server does: opening, marker and tokens of each label, end of the prompt, words, end."""

    def __init__(self, directory: Path):
        self.tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.opening, self.end = self._id("[CLS]"), self._id("[SEP]")
        self.marker, self.prompt_end = self._id("<<ENT>>"), self._id("<<SEP>>")
        self.special = [self.opening, self.end, self.prompt_end]
        self.cache = {}

    def _id(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise SystemExit(f"the tokenizer has no {token}")
        return found

    def _pieces(self, word: str):
        if word not in self.cache:
            self.cache[word] = self.tokenizer.encode(word, add_special_tokens=False).ids
        return self.cache[word]

    def row(self, text: str, labels) -> Row:
        tokens, label_places = [self.opening], []
        for label in labels:
            label_places.append(len(tokens))
            tokens.append(self.marker)
            for word in label.split():
                tokens += self._pieces(word)
        tokens.append(self.prompt_end)
        word_places = []
        for word in WORD.findall(text):
            pieces = self._pieces(word)
            if len(tokens) + len(pieces) >= MOST_TOKENS:
                break
            word_places.append(len(tokens) if pieces else -1)
            tokens += pieces
        return Row(tokens + [self.end], word_places, label_places)


def batches(rows, size: int = 8):
    """Rows of like length together: (numbers of the rows, inputs)."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].tokens))
    return [(part, feeds([rows[i] for i in part])) for part in (order[i : i + size] for i in range(0, len(order), size))]


def feeds(rows) -> dict:
    """The inputs of both graphs for a batch: GraphNames in the module engine."""
    longest = max(len(row.tokens) for row in rows)
    most_words = max(len(row.words) for row in rows)
    most_labels = max(len(row.labels) for row in rows)
    pad = np.zeros((len(rows), longest), np.int32)
    word_pad = np.zeros((len(rows), most_words), np.int32)
    labels = np.zeros((len(rows), most_labels), np.int32)
    tokens, unpad, needed, word_index, word_unpad, words_left = [], [], [], [], [], []
    without_token = []
    for r, row in enumerate(rows):
        start = len(tokens)
        pad[r, : len(row.tokens)] = range(start, start + len(row.tokens))
        unpad += range(r * longest, r * longest + len(row.tokens))
        for c, place in enumerate(row.labels):
            labels[r, c] = len(needed)
            needed.append(start + place)
        for w, place in enumerate(row.words):
            word_pad[r, w] = len(word_index)
            word_unpad.append(w * len(rows) + r)
            words_left.append(len(row.words) - 1 - w)
            if place < 0:
                without_token.append(len(word_index))
                word_index.append(-1)
            else:
                word_index.append(len(needed))
                needed.append(start + place)
        tokens += row.tokens
    for word in without_token:
        word_index[word] = len(needed)
    as_int = lambda values: np.asarray(values, np.int32)
    return {
        "token_ids": as_int(tokens),
        "pad_index": pad,
        "unpad_index": as_int(unpad),
        "row_lengths": as_int([len(row.tokens) for row in rows]),
        "needed_tokens": as_int(needed),
        "word_index": as_int(word_index),
        "word_pad_index": word_pad,
        "word_unpad_index": as_int(word_unpad),
        "words_left": as_int(words_left),
        "word_counts": as_int([len(row.words) for row in rows]),
        "label_index": labels,
    }


def spans(scores: np.ndarray, threshold: float):
    """Entities of a text from its scores {@code [words, labels]}: the best label of each word, neighbours merged."""
    found, open_label, start = [], -1, 0
    best = np.where(scores.max(axis=1) > threshold, scores.argmax(axis=1), -1)
    for word, label in enumerate([*best, -1]):
        if label != open_label:
            if open_label >= 0:
                found.append((start, word, int(open_label)))
            open_label, start = label, word
    return found


def samples(path: Path):
    """The texts that ship with the program: pairs of text and labels."""
    read = json.loads(path.read_text(encoding="utf-8"))
    text = lambda sample: sample["text"] if "text" in sample else " ".join(text(read[i]) for i in sample["of"])
    return [(text(sample), sample["labels"]) for sample in read]


def lines(path: Path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
