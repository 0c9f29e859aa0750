"""Counts the training examples that share eight words in a row with a test text of WikiGold or CrossNER."""

import sys

import corpora
from evaluate import test_sets

LENGTH = 8


def runs(words):
    """All runs of LENGTH alphanumeric words, lower-cased."""
    words = [w.lower() for w in words if w.isalnum()]
    return {tuple(words[i:i + LENGTH]) for i in range(len(words) - LENGTH + 1)}


def main():
    data, written = sys.argv[1:]
    tested = set()
    for name, (sentences, _, _) in test_sets(data).items():
        if name == "wikigold" or name.startswith("crossner"):
            for text, _, _ in sentences:
                tested |= runs(corpora.WORD.findall(text))
    shared = total = 0
    for name, (_, train, held) in corpora.load(data, written, 7).items():
        for example in train + held:
            total += 1
            if runs(example.words) & tested:
                shared += 1
                print(f"{name}: {' '.join(example.words)}")
    print(f"{shared} of {total} training examples share {LENGTH} words in a row with a test text")


if __name__ == "__main__":
    main()
