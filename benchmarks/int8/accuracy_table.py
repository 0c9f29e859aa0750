"""One table of several reports of nuner eval --compare; differences are of B minus A, in points of a percentage."""

import argparse
import json
import math
from pathlib import Path


def row(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    a, b, difference = report["a"], report["b"], report["difference"]
    return {
        "set": path.stem, "file": Path(a["data"]["file"]).name, "sha256": a["data"]["sha256"], "texts": a["data"]["texts"],
        "support": a["entities"]["micro"]["support"],
        "a": {k: a["entities"]["micro"][k] for k in ("precision", "recall", "f1")},
        "b": {k: b["entities"]["micro"][k] for k in ("precision", "recall", "f1")},
        "entities": difference["entities"]["micro"], "tokens": difference["tokens"]["micro"], "agreement": report["agreement"]}


def mean(differences):
    """The mean, and its interval as if those of the sets, which share no text, were of independent normal deviations."""
    value = sum(d["value"] for d in differences) / len(differences)
    half = math.sqrt(sum(((d["high"] - d["low"]) / 2) ** 2 for d in differences)) / len(differences)
    return {"value": value, "low": value - half, "high": value + half}


def together(agreements):
    total = {k: sum(a[k] for a in agreements) for k in ("equal", "onlyA", "onlyB", "textsThatDiffer")}
    either = total["equal"] + total["onlyA"] + total["onlyB"]
    return {**total, "share": total["equal"] / either if either else 1.0}


def side(report):
    model, server = report["model"], report["server"]
    return f"{model['name']} {model['sha256'][:12]}, server {server['version']}, {server['engine']} {server['engineVersion']} on {server['device']}"


def shown(difference):
    return f"{100 * difference['value']:+.2f} ({100 * difference['low']:+.2f} to {100 * difference['high']:+.2f})"


def table(summary):
    line = "{:<20} {:>6} {:>9} {:>7} {:>7}  {:<26}  {:<26}  {:>9}  {:>6}"
    yield line.format("", "", "", "A", "B", "entities, B - A", "tokens, B - A", "same", "texts")
    yield line.format("set", "texts", "entities", "F1", "F1", "F1 (95 % interval)", "F1 (95 % interval)", "entities", "differ")
    for r in summary["sets"]:
        yield line.format(
            r["set"], r["texts"], r["support"], f"{100 * r['a']['f1']:.2f}", f"{100 * r['b']['f1']:.2f}", shown(r["entities"]),
            shown(r["tokens"]), f"{100 * r['agreement']['share']:.2f} %", r["agreement"]["textsThatDiffer"])
    m, all_sets = summary["mean"], summary["agreement"]
    yield line.format(
        "mean; all texts", summary["texts"], summary["support"], f"{100 * m['a']:.2f}", f"{100 * m['b']:.2f}", shown(m["entities"]),
        shown(m["tokens"]), f"{100 * all_sets['share']:.2f} %", all_sets["textsThatDiffer"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--json", required=True, type=Path)
    options = parser.parse_args()
    sets = [row(path) for path in options.reports]
    first = json.loads(options.reports[0].read_text(encoding="utf-8"))
    summary = {
        "date": first["b"]["date"], "a": first["a"]["model"], "b": first["b"]["model"], "server": first["a"]["server"],
        "settings": first["a"]["settings"], "sets": sets, "texts": sum(r["texts"] for r in sets), "support": sum(r["support"] for r in sets),
        "mean": {
            "a": sum(r["a"]["f1"] for r in sets) / len(sets), "b": sum(r["b"]["f1"] for r in sets) / len(sets),
            "entities": mean([r["entities"] for r in sets]), "tokens": mean([r["tokens"] for r in sets])},
        "agreement": together([r["agreement"] for r in sets])}
    options.json.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    equal = summary["agreement"]
    twice = 2 * equal["equal"] / max(1, 2 * equal["equal"] + equal["onlyA"] + equal["onlyB"])
    print(f"A  {side(first['a'])}\nB  {side(first['b'])}\n")
    print(*table(summary), sep="\n")
    print(f"\n{equal['equal']} entities found by both, {equal['onlyA']} by A alone, {equal['onlyB']} by B alone, in {summary['texts']} texts;"
          f"\ntwice the common ones are {100 * twice:.2f} % of those of both, which is how ADR 26 counts."
          "\nThe interval of a mean takes the sets, which share no text, for independent.")


if __name__ == "__main__":
    main()
