"""Writes the table of word characters and spaces that WordSplitter reads.

The reference splits words with Python's re module; the classes \\w and \\s of Python 3.11 (Unicode 14.0) are taken over code point by
code point, so that no other Unicode version decides. Run with Python 3.11:

    python3.11 word_characters.py > ../resources/io/nuner/model/text/word-characters.txt

With --digest it prints instead the SHA-256 of one letter per code point (w word, s space, o other), which WordCharactersTest holds.
"""

import hashlib
import re
import sys
import unicodedata

CODE_POINTS = 0x110000


def letter(code_point: int) -> str:
    character = chr(code_point)
    if re.fullmatch(r"\w", character):
        return "w"
    return "o" if re.fullmatch(r"\S", character) else "s"


def print_ranges(letters: str) -> None:
    for match in re.finditer(r"w+|s+", letters):
        kind = "word" if match.group()[0] == "w" else "space"
        print(f"{kind} {match.start():X} {match.end() - 1:X}")


def main() -> None:
    assert unicodedata.unidata_version == "14.0.0", "run with Python 3.11"
    letters = "".join(letter(code_point) for code_point in range(CODE_POINTS))
    if "--digest" in sys.argv:
        print(hashlib.sha256(letters.encode("ascii")).hexdigest())
        return
    print("# Python 3.11, Unicode 14.0: kind, first and last code point. Made by word_characters.py; do not edit.")
    print_ranges(letters)


if __name__ == "__main__":
    main()
