"""Texts and tokens a second of several programs with the same weights, from texts to entities; see ../README.md.

    python rivals.py --shape NAME --float32 EXPORT --int8 EXPORT --library DIR --classes PATH --work DIR --out RESULT [options]

Each side is a process that answers batches. All but the one whose turn it is are stopped by SIGSTOP, so that threads that spin disturb
nobody. Each batch goes to all sides, in an order drawn anew; the texts of a round are others than those of the round before.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

import worker
from common import LABELS, THREADS, Program, cpu_seconds, end_in_order, heading, machine, memory, read_texts, spread, table, told, write

OURS = ("ours-float32", "ours-int8")
SIDES = (*OURS, *worker.SIDES)
BAR = "onnx-int8"
JUDGE = "torch-float32"
BATCHES = {"tiny": "1:4,8:2,16:1", "large": "1:4,8:2,16:1", "small": "1:12,8:6,16:3"}
ORDERS = ("as they come", "sorted")


class Side:
    """A program that answers batches; stopped while it is not asked."""

    def __init__(self, name, command, work):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.name = name
        self.program = Program(command, work / f"{name}.log", **pipes)
        self.read()
        self.program.pause()

    def read(self):
        line = self.program.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended: {self.program.log}\n{self.program.log.read_text()[-2000:]}")
        return json.loads(line)

    def ask(self, texts):
        """The answer, and the processor time from question to answer."""
        question = json.dumps({"texts": texts, "labels": LABELS}) + "\n"
        self.program.resume()
        before = cpu_seconds(self.program.pid)
        self.program.process.stdin.write(question.encode())
        self.program.process.stdin.flush()
        answer = self.read()
        answer["cpu"] = cpu_seconds(self.program.pid) - before
        self.program.pause()
        return answer


def commands(options):
    java = ["env", "MALLOC_ARENA_MAX=2", "java", "-Xmx2g", "-cp", options.classes, "io.nuner.micro.rivals.ExtractionWorker"]
    exports = dict(zip(OURS, (options.float32, options.int8)))
    python = [sys.executable, Path(worker.__file__)]
    return {
        name: [*java, exports[name], THREADS] if name in OURS else [*python, name, options.library] for name in options.sides
    }


def cases(texts, sizes, rounds):
    """Batches by size of batch, order and round."""
    found = {}
    for size, count in sizes.items():
        for order in ORDERS if size > 1 else ORDERS[:1]:
            ordered = texts if order == ORDERS[0] else sorted(texts, key=len)
            cut = [ordered[i : i + size] for i in range(0, len(ordered) - size + 1, size)]
            if order != ORDERS[0]:
                random.Random(7).shuffle(cut)  # short and long ones in every round
            found[size, order] = [[cut[(turn * count + i) % len(cut)] for i in range(count)] for turn in range(rounds)]
    return found


def warm_up(sides, texts, seconds):
    for side in sides:
        spent, asked = 0, 0
        while spent < seconds * 1e9 or asked < 3:
            spent += side.ask([texts[asked % len(texts)]])["nanos"]
            asked += 1


def spans(text):
    return {(e["start"], e["end"], e["label"]): e["score"] for e in text}


def agreement(sides, texts):
    """Entities that a side and the library in float32 have in common, and how much their scores differ."""
    asked = [text for text in texts if text.isascii()][:16]  # programs count characters differently
    answers = {side.name: [spans(e) for i in (0, 8) for e in side.ask(asked[i : i + 8])["entities"]] for side in sides}
    judge = answers.get(JUDGE) or answers[sides[0].name]
    found = {}
    for name, answer in answers.items():
        both = [(a[key], b[key]) for a, b in zip(answer, judge) for key in a.keys() & b.keys()]
        total = sum(map(len, answer)) + sum(map(len, judge))
        differences = [abs(a - b) for a, b in both]
        found[name] = {
            "entities": sum(map(len, answer)),
            "agreement": 2 * len(both) / total if total else 1.0,
            "largest difference": max(differences, default=0.0),
            "mean difference": sum(differences) / max(1, len(differences)),
        }
    return found


def measure(sides, batches, chance):
    """Seconds of wall and processor for each side over these batches, and their tokens."""
    spent = {side.name: {"wall": 0.0, "cpu": 0.0} for side in sides}
    tokens = 0
    for batch in batches:
        counted = 0
        for side in chance.sample(sides, len(sides)):
            answer = side.ask(batch)
            spent[side.name]["wall"] += answer["nanos"] / 1e9
            spent[side.name]["cpu"] += answer["cpu"]
            counted = answer.get("tokens", counted)
        tokens += counted
    return {"texts": sum(map(len, batches)), "tokens": tokens, "seconds": spent}


def summary(rounds):
    """The spreads of a case over its rounds."""
    found = {}
    for name in rounds[0]["seconds"]:
        wall = [turn["seconds"][name]["wall"] for turn in rounds]
        cpu = [turn["seconds"][name]["cpu"] for turn in rounds]
        found[name] = {
            "texts a second": spread(turn["texts"] / t for turn, t in zip(rounds, wall)),
            "tokens a second": spread(turn["tokens"] / t for turn, t in zip(rounds, wall)),
            "milliseconds of processor a text": spread(1e3 * t / turn["texts"] for turn, t in zip(rounds, cpu)),
        }
        if BAR in rounds[0]["seconds"]:
            bar = [turn["seconds"][BAR] for turn in rounds]
            found[name]["times the bar"] = spread(b["wall"] / t for b, t in zip(bar, wall))
            found[name]["times the bar, processor"] = spread(b["cpu"] / t for b, t in zip(bar, cpu))
    return found


def text_of(result):
    def cell(case, name, figure, digits):
        return told(case["sides"][name].get(figure), digits)

    def figures(figure, digits):
        columns = result["cases"]
        head = ["", *(f"{case['batch']}, {case['order']}" for case in columns)]
        return table(head, [[name, *(cell(case, name, figure, digits) for case in columns)] for name in result["sides"]])

    parts = [
        heading(f"From texts to entities: {result['shape']}", result["machine"]),
        f"{result['rounds']} rounds; medians, least and most. {len(LABELS)} labels, {THREADS} threads; columns: texts of a batch, their order.",
        f"Times as fast as {BAR}, by the clock, in the same round:",
        figures("times the bar", 2),
        "Tokens a second:",
        figures("tokens a second", 0),
        "Texts a second:",
        figures("texts a second", 1),
        "Processor time of a text, in milliseconds:",
        figures("milliseconds of processor a text", 1),
        f"Entities of 16 texts, in batches of 8, beside those of {JUDGE}; and resident memory at the end, in MB:",
        table(
            ["", "entities", "agree, %", "mean difference of scores", "largest", "MB"],
            [
                [
                    name,
                    found["entities"],
                    f"{100 * found['agreement']:.1f}",
                    f"{found['mean difference']:.1e}",
                    f"{found['largest difference']:.1e}",
                    f"{result['memory'][name]['rss']:.0f}",
                ]
                for name, found in result["agreement"].items()
            ],
        ),
    ]
    return "\n\n".join(parts)


def sizes_of(text):
    return {int(size): int(count) for size, count in (part.split(":") for part in text.split(","))}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", required=True)
    parser.add_argument("--float32", type=Path, required=True, help="our export in float32")
    parser.add_argument("--int8", type=Path, required=True, help="our export in int8")
    parser.add_argument("--library", type=Path, required=True, help="what library.py wrote")
    parser.add_argument("--classes", required=True, help="class path of nuner-micro")
    parser.add_argument("--work", type=Path, required=True, help="for logs")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--warm-up", type=float, default=3, help="seconds of each side, and three texts at least")
    parser.add_argument("--batches", type=sizes_of, help="SIZE:COUNT,... of a round")
    parser.add_argument("--sides", type=lambda text: text.split(","), default=list(SIDES))
    options = parser.parse_args()
    if not set(options.sides) <= set(SIDES) or not set(options.sides) & set(OURS):
        parser.error(f"--sides takes some of {', '.join(SIDES)}, and one of ours, which count tokens")
    sizes = options.batches or sizes_of(BATCHES[options.shape])

    end_in_order()
    place, texts, sides = machine(), read_texts(), []
    try:
        for name, command in commands(options).items():
            print(f"opening {name}", file=sys.stderr)
            sides.append(Side(name, command, options.work))
        warm_up(sides, texts, options.warm_up)
        agreed = agreement(sides, texts)
        chance = random.Random(7)
        plan = cases(texts, sizes, options.rounds)
        rounds = {key: [] for key in plan}
        for turn in range(options.rounds):
            for key, batches in plan.items():
                rounds[key].append(measure(sides, batches[turn], chance))
            print(f"round {turn + 1} of {options.rounds}", file=sys.stderr)
        sizes_in_memory = {side.name: memory(side.program.pid) for side in sides}
    finally:
        for side in sides:
            side.program.stop(1)
    result = {
        "machine": place,
        "shape": options.shape,
        "rounds": options.rounds,
        "sides": options.sides,
        "agreement": agreed,
        "memory": sizes_in_memory,
        "cases": [
            {"batch": size, "order": order, "sides": summary(turns), "rounds": turns} for (size, order), turns in rounds.items()
        ],
    }
    write(options.out, result, text_of(result))


if __name__ == "__main__":
    main()
