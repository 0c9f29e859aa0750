"""Compares recipes for int8 on a model as it is and with planted outliers; see README.md.

    python study.py EXPORT --samples SAMPLES --texts TEXTS [--count 150] [--plants none,all-60] [--recipes token] --out RESULT
"""

import argparse
import dataclasses
import json
import time
from pathlib import Path

import numpy as np

import recipes
from calibration import of_products
from measure import answers, compare
from model import load
from plant import Plant, plant, strengths
from rows import Rows, batches, lines, samples

EVERYTHING = ("off-grid", "mixed", "context", "sinks", "steady")
PLANTS = [Plant("none", (), 0), Plant("off-grid", ("off-grid",), 0)]
PLANTS += [Plant(f"{kind}-60", (kind,), 60) for kind in ("scaled", "offset", "mixed", "context", "sinks", "steady")]
PLANTS += [Plant(f"all-{strength}", EVERYTHING, strength) for strength in (20, 60, 100)]
LABELS = ["person", "organization", "location"]
RARE = 0.95


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plants", default=",".join(p.name for p in PLANTS))
    parser.add_argument("--recipes", default=",".join([r.__name__ for r in recipes.ALL]))
    parser.add_argument("--random-weights", action="store_true", help="the threshold makes one score in twenty an entity")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    maker = Rows(options.export)
    texts = lines(options.texts)[: options.count]
    rows = [maker.row(text["text"], text.get("labels", LABELS)) for text in texts]
    study = Study(
        load(options.export),
        rows,
        [maker.row(*sample) for sample in samples(options.samples)],
        maker.special,
        options,
    )
    result = {"export": options.export.name, "texts": options.texts.name, "count": len(rows), "seed": options.seed}
    result["rows"] = study.run(lambda found: options.out.write_text(json.dumps(result | {"rows": found}, indent=1) + "\n"))
    options.out.write_text(json.dumps(result, indent=1) + "\n")


class Study:
    def __init__(self, model, rows, sample_rows, special, options):
        self.model, self.rows, self.sample_rows, self.special, self.options = model, rows, sample_rows, special, options
        self.batches, self.calibration = batches(rows), batches(sample_rows)

    def answers(self, model):
        return answers(model, self.rows, self.batches)

    def run(self, save) -> list:
        plain = self.answers(self.model)
        middle = np.quantile(np.concatenate([x.ravel() for x in plain]), RARE) if self.options.random_weights else 0.0
        found = []
        for planned in PLANTS:
            if planned.name in self.options.plants.split(","):
                self._planted(planned, plain, middle, found, save)
        return found

    def _planted(self, planned, plain, middle, found, save) -> None:
        model = plant(self.model, planned, self.options.seed, self.calibration, self.special)
        exact = self.answers(model)
        calibration = of_products(model, self.calibration)
        ratios = strengths(model, calibration)
        about = {
            "plant": planned.name,
            "strongest channel": round(max(mean for mean, _ in ratios)),
            "strongest value": round(max(most for _, most in ratios)),
        }
        measure = lambda changed: of_products(changed, self.calibration)
        self._note(about, "float32, planted", compare(plain, exact, middle), 0.0, found, save)
        for name in self.options.recipes.split(","):
            start = time.monotonic()
            rounded = model.copy()
            if name == "mixed":
                self._mixed(rounded)
            else:
                getattr(recipes, name)(rounded, calibration, measure)
            self._note(about, name, compare(exact, self.answers(rounded), middle), time.monotonic() - start, found, save)

    def _mixed(self, model) -> None:
        answer = lambda changed: answers(changed, self.sample_rows, self.calibration)
        recipes.mixed(model, recipes.by_sensitivity(model, answer(model), answer))

    def _note(self, about, recipe, difference, seconds, found, save) -> None:
        found.append(about | {"recipe": recipe} | dataclasses.asdict(difference))
        d = difference
        print(
            f"{about['plant']:11} {recipe:17} mean {d.mean:.2e}  99.9 % {d.p999:.3f}  max {d.largest:.3f}  "
            f"crossed {d.crossed:4}  agreement {d.agreement:.4f} of {d.entities}, decided {d.decided:.4f} of {d.decided_entities}"
            f"  ({seconds:.0f} s)",
            flush=True,
        )
        save(found)


if __name__ == "__main__":
    main()
