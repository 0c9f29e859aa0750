"""Clones every corpus of sources.json at its commit, into DIRECTORY/NAME."""

import json
import subprocess
import sys
from pathlib import Path


def git(*arguments):
    subprocess.run(["git", *arguments], check=True)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python fetch_sources.py DIRECTORY")
    for source in json.loads((Path(__file__).parent / "sources.json").read_text(encoding="utf-8")):
        folder = Path(sys.argv[1]) / source["name"]
        if not folder.exists():
            git("clone", "--quiet", source["repository"], str(folder))
        git("-C", str(folder), "checkout", "--quiet", source["commit"])
        print(source["name"], source["commit"])


if __name__ == "__main__":
    main()
