"""The results of study.py and cost.py as tables: python table.py RESULT... > recipes.md"""

import json
import sys
from pathlib import Path


def table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def study(result) -> str:
    cells = {(row["plant"], row["recipe"]): row for row in result["rows"]}
    plants = list(dict.fromkeys(row["plant"] for row in result["rows"]))
    names = list(dict.fromkeys(row["recipe"] for row in result["rows"] if row["recipe"] != "float32, planted"))
    some = result["rows"][0]

    def of(form):
        return lambda name: [name, *(form(cells[(p, name)]) if (p, name) in cells else "" for p in plants)]

    def each(form):
        return table(["", *plants], [of(form)(name) for name in names])

    strongest = [cells[(p, "float32, planted")] for p in plants]
    return "\n\n".join(
        [
            f"## {result['export']}: {result['count']} texts of {result['texts']}, {some['scores']} scores,"
            f" {some['entities']} entities, {some['decided_entities']} of them decided",
            "Strongest channel, and strongest single value, over the median of the input of a product; change by planting itself:",
            table(
                ["", *plants],
                [
                    ["channel", *(f"{row['strongest channel']}" for row in strongest)],
                    ["value", *(f"{row['strongest value']}" for row in strongest)],
                    ["mean difference of float32", *(f"{row['mean']:.0e}" for row in strongest)],
                ],
            ),
            "Mean difference of probabilities from float32, in thousandths:",
            each(lambda row: f"{1e3 * row['mean']:.2f}"),
            "99.9th percentile, and largest difference:",
            each(lambda row: f"{row['p999']:.3f}, {row['largest']:.2f}"),
            "Scores that cross the threshold:",
            each(lambda row: row["crossed"]),
            "Entities that agree, in percent: all, and decided ones:",
            each(lambda row: f"{100 * row['agreement']:.1f}, {100 * row['decided']:.1f}"),
        ]
    )


def cost(result) -> str:
    def cell(found):
        return f"{found['median']:.2f} ({found['least']:.2f} to {found['most']:.2f})"

    return "\n\n".join(
        [
            f"## Cost: {result['export']}, {result['batches']} batches of {result['batch']}",
            f"Speed over float32 and over token, CPU time of one thread, medians of {result['rounds']} rounds with sides in turn, least and"
            f" most; {result['columns']} columns of {result['inputs']} in {result['products']} products.",
            table(
                ["", "over float32", "over token"],
                [[name, cell(found), cell(result["over token"][name])] for name, found in result["over float32"].items()],
            ),
        ]
    )


def stability(result) -> str:
    rows = [
        [p["samples"], p["tokens"], p["columns"], p["shared with all"], f"{1e3 * p['mean']:.2f}", f"{100 * p['decided']:.1f}"]
        for p in result["parts"]
    ]
    head = ["sample texts", "tokens", "columns", "shared with all", "mean difference, thousandths", "decided entities that agree, %"]
    return f"## Columns chosen from parts of the samples: {result['export']}, {result['plant']}\n\n" + table(head, rows)


def section(result) -> str:
    form = study if "rows" in result else stability if "parts" in result else cost
    return form(result)


def main() -> None:
    print("# Recipes for int8, compared\n\nWritten by `benchmarks/int8/recipes.sh`; what the words mean: `benchmarks/int8/README.md`. Empty: not run.\n")
    parts = [json.loads(Path(name).read_text()) for name in sys.argv[1:]]
    print("\n\n".join(section(part) for part in parts))


if __name__ == "__main__":
    main()
