"""Whether the choice of columns depends on the sample texts: columns chosen from parts of them, on all-60; see README.md.

    python stability.py EXPORT --samples SAMPLES --texts TEXTS [--count 150] --out RESULT
"""

import argparse
import dataclasses
import json
from pathlib import Path

from calibration import of_products
from measure import answers, compare
from model import load
from plant import plant
from recipes import OUTLIER
from rows import Rows, batches, lines, samples
from study import LABELS, PLANTS
from transform import outlier_columns, quantize

PLANTED = "all-60"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    maker = Rows(options.export)
    rows = [maker.row(text["text"], LABELS) for text in lines(options.texts)[: options.count]]
    work = batches(rows)
    every = [maker.row(*sample) for sample in samples(options.samples)]
    single = every[:16]  # the others are made of these
    planned = next(p for p in PLANTS if p.name == PLANTED)
    model = plant(load(options.export), planned, 1, batches(every), maker.special)
    exact = answers(model, rows, work)
    parts = {"all": every, "even": single[::2], "odd": single[1::2], "first 8": single[:8], "first 4": single[:4]}
    found, reference = [], None
    for name, part in parts.items():
        columns = outlier_columns(model, of_products(model, batches(part)), OUTLIER)
        chosen = {(product, int(column)) for product, some in columns.items() for column in some}
        reference = reference or chosen
        rounded = model.copy()
        quantize(rounded, "token", columns=columns)
        found.append(
            {
                "samples": name,
                "tokens": sum(len(row.tokens) for row in part),
                "columns": len(chosen),
                "shared with all": len(chosen & reference),
            }
            | dataclasses.asdict(compare(exact, answers(rounded, rows, work)))
        )
        print(json.dumps(found[-1]), flush=True)
    options.out.write_text(json.dumps({"export": options.export.name, "plant": PLANTED, "parts": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
