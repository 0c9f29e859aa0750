"""Checks the marks of written lines, [[text|coarse|fine]]; prints what is wrong and a summary."""

import sys
from collections import Counter

from corpora import MARKUP
from prompts import COARSE

KINDS = {*COARSE, "other"}


def problems(line):
    """What is wrong with a line."""
    rest = MARKUP.sub("", line)
    if not line.strip():
        yield "blank line"
    if "[[" in rest or "]]" in rest or "|" in rest:
        yield "broken mark"
    for mark in MARKUP.finditer(line):
        surface, coarse, fine = mark.groups()
        before = line[mark.start() - 1:mark.start()] if mark.start() else " "
        if coarse not in KINDS:
            yield f"unknown coarse type: {mark[0]}"
        if surface != surface.strip():
            yield f"blank at an edge: {mark[0]}"
        if fine != fine.lower() or len(fine.split()) > 4:
            yield f"not a type name: {mark[0]}"
        if before.isalnum() or line[mark.end():mark.end() + 1].isalnum():
            yield f"mark within a word: {mark[0]}"


def main():
    lines, wrong, types = 0, 0, Counter()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.rstrip("\n")
                lines += 1
                types.update(mark[3] for mark in MARKUP.finditer(line))
                for problem in problems(line):
                    wrong += 1
                    print(f"{path}:{number}: {problem}")
    print(f"{lines} lines, {sum(types.values())} marks, {len(types)} types, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
