"""Examples and prompts to padded tensors."""

import random

import torch


class Encoder:
    """Words and labels to ids, word by word, remembering what it has seen."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.known = {}
        self.cls, self.sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        self.ent, self.end = tokenizer.token_to_id("<<ENT>>"), tokenizer.token_to_id("<<SEP>>")

    def ids(self, word):
        found = self.known.get(word)
        if found is None:
            found = self.tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False).ids
            self.known[word] = found
        return found

    def row(self, labels, words):
        """ids, the place of each label's marker, the place of each word's first subtoken (0 where it has none)."""
        ids, label_places, word_places = [self.cls], [], []
        for label in labels:
            label_places.append(len(ids))
            ids += [self.ent] + self.ids(label)
        ids.append(self.end)
        for word in words:
            pieces = self.ids(word)
            word_places.append(len(ids) if pieces else 0)
            ids += pieces
        return ids + [self.sep], label_places, word_places


def recase(words, rng):
    """Now and then a text without its capitals, or in capitals only."""
    chance = rng.random()
    if chance < 0.12:
        return [w.lower() for w in words]
    return [w.upper() for w in words] if chance < 0.14 else words


def targets(labels, word_count):
    """Words x labels, 1 where a word lies in a span of the label."""
    matrix = torch.zeros(word_count, len(labels))
    for column, (_, spans) in enumerate(labels):
        for first, last in spans:
            matrix[first:last + 1, column] = 1
    return matrix


def collate(rows):
    """Padded tensors of rows (ids, label places, word places, target)."""
    tokens, words = max(len(r[0]) for r in rows), max(len(r[2]) for r in rows)
    labels = max(len(r[1]) for r in rows)
    ids = torch.zeros(len(rows), tokens, dtype=torch.long)
    mask = torch.zeros(len(rows), tokens, dtype=torch.long)
    label_places = torch.zeros(len(rows), labels, dtype=torch.long)
    word_places = torch.zeros(len(rows), words, dtype=torch.long)
    target = torch.full((len(rows), words, labels), -1.0)
    for i, (row, at_labels, at_words, matrix) in enumerate(rows):
        ids[i, :len(row)] = torch.tensor(row)
        mask[i, :len(row)] = 1
        label_places[i, :len(at_labels)] = torch.tensor(at_labels)
        word_places[i, :len(at_words)] = torch.tensor(at_words)
        target[i, :matrix.shape[0], :matrix.shape[1]] = matrix
    counts = torch.tensor([len(r[2]) for r in rows])
    return ids, mask, word_places, counts, label_places, target


def stream(loaded, prompts, encoder, budget, seed, pool=768):
    """Endless batches of at most budget padded tokens, rows of like length together, corpora in their shares."""
    rng = random.Random(seed)
    names = [n for n in loaded if loaded[n][1]]
    shares = [loaded[n][0] for n in names]
    order = {n: [] for n in names}
    while True:
        rows = []
        for name in rng.choices(names, shares, k=pool):
            if not order[name]:
                order[name] = list(loaded[name][1])
                rng.shuffle(order[name])
            example = order[name].pop()
            labels = prompts.prompt(example)
            if not labels or (not example.spans and rng.random() < 0.6):
                continue
            shown = [n if rng.random() > 0.08 else n.title() for n, _ in labels]
            ids, at_labels, at_words = encoder.row(shown, recase(example.words, rng))
            if len(ids) <= 320:
                rows.append((ids, at_labels, at_words, targets(labels, len(example.words))))
        rows.sort(key=lambda r: len(r[0]))
        groups, group = [], []
        for row in rows:
            if group and len(row[0]) * (len(group) + 1) > budget:
                groups.append(group)
                group = []
            group.append(row)
        groups.append(group)
        rng.shuffle(groups)
        for group in groups:
            yield collate(group)
