"""Throughput and latency of servers of the same model, one at a time; see ../README.md.

    python served.py --model NAME=FLOAT32,INT8,LIBRARY ... --nuner PATH --work DIR --out RESULT [options]

In each round each server gets three closed loops and one open loop at 80 % of the most that these reached. Servers that wait for their
turn are stopped by SIGSTOP; Ray's, which does not stand that, is started for each turn.
"""

import argparse
import json
import socket
import sys
from pathlib import Path

import http_load
from common import LABELS, TEXTS, THREADS, Program, end_in_order, heading, machine, output_of, spread, table, told, write

CALLS = (1, 8, 32)
SHARE = 0.8
OPEN = f"open, {SHARE:.0%}"
BASE = "fastapi"
HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server of one model, and how it is asked."""

    stands_pauses = True

    def __init__(self, name, work):
        self.name, self.work, self.program, self.target = name, work, None, None

    def begin(self, options):
        """Starts it, and lets it answer uncounted calls; or lets it go on."""
        if self.program:
            self.program.resume()
            return
        command, ready = self.command()
        self.program = Program(command, self.work / f"served-{self.name}.log")
        self.target = self.address(self.program.await_line(ready))
        self.load(options, ["--concurrency", CALLS[-1]], 1)

    def end(self):
        if self.stands_pauses:
            self.program.pause()
        else:
            self.stop()

    def stop(self):
        if self.program:
            self.program.stop()
            self.program = None

    def load(self, options, words, seed):
        """What a load of this form gave, in the words of http_load."""
        return self.figures(json.loads(output_of([*self.client(), *words, *self.times(options), "--seed", seed])))


class Ours(Server):
    """`nuner serve` with its defaults, asked by `nuner bench`."""

    def __init__(self, name, work, nuner, model):
        super().__init__(name, work)
        self.nuner, self.model = nuner, model

    def command(self):
        return [self.nuner, "serve", "--model", self.model, "--port", 0, "--no-metrics", "--drain-notice", "0s"], r"serving on \S+:(\d+)"

    def address(self, ready):
        return f"localhost:{ready.group(1)}"

    def client(self):
        return [self.nuner, "bench", "--target", self.target, "--texts", TEXTS, "--labels", ",".join(LABELS), "--json", "-"]

    def times(self, options):
        return ["--duration", f"{round(1000 * options.seconds)}ms", "--warm-up", f"{round(1000 * options.warm_up)}ms"]

    def figures(self, report):
        step = report["steps"][0]
        return {
            "calls": step["latencyMillis"]["count"],
            "failures": step["calls"]["sent"] - step["calls"]["good"],
            "a second": step["rates"]["goodput"],
            "p50": step["latencyMillis"]["p50"],
            "p99": step["latencyMillis"]["p99"],
            "lag p99": step["lagMillis"]["p99"],
            "client, cores": step["generatorCpuSeconds"] / step["rates"]["seconds"],
        }


class Http(Server):
    """A server that takes {"text", "labels"} at /gliner."""

    def __init__(self, name, work, command, ready):
        super().__init__(name, work)
        self.words, self.ready, self.port = command, ready, free_port()

    def command(self):
        return [*self.words, self.port], self.ready

    def address(self, ready):
        return f"http://127.0.0.1:{self.port}/gliner"

    def client(self):
        return [sys.executable, http_load.__file__, self.target]

    def times(self, options):
        return ["--seconds", options.seconds, "--warm-up", options.warm_up]

    def figures(self, report):
        return report


class Ray(Http):
    stands_pauses = False


def servers(options, float32, int8, library):
    serve = [sys.executable, "-m", "gliner.serve", "--model", library, "--device", "cpu", "--num-gpus-per-replica", 0]
    serve += ["--max-span-width", 1, "--tokenizer-threads", THREADS, *options.ray_options.split(), "--port"]
    found = [
        Ours("ours-float32", options.work, options.nuner, float32),
        Ours("ours-int8", options.work, options.nuner, int8),
        Http("fastapi", options.work, [sys.executable, HERE / "app.py", library], "Uvicorn running"),
        Ray("ray", options.work, serve, "GLiNER server running"),
    ]
    return [server for server in found if server.name in options.sides]


def turn(server, options, seed):
    """All loads of one server."""
    found = {f"closed, {calls}": server.load(options, ["--concurrency", calls], seed) for calls in CALLS}
    most = max(figures["a second"] for figures in found.values())
    found[OPEN] = server.load(options, ["--rate", max(0.5, round(SHARE * most, 2))], seed)
    return found


def measure(name, options, paths):
    """Rounds of one model: what each server gave in each."""
    sides, rounds = servers(options, *paths), []
    try:
        for number in range(options.rounds):
            shift = number % len(sides)
            found = {}
            for server in sides[shift:] + sides[:shift]:
                server.begin(options)
                found[server.name] = turn(server, options, number + 1)
                server.end()
                print(f"{name}, round {number + 1} of {options.rounds}: {server.name}", file=sys.stderr)
            rounds.append(found)
    finally:
        for server in sides:
            server.stop()
    return rounds


def summary(rounds):
    found = {}
    for side in rounds[0]:
        found[side] = {}
        for load in rounds[0][side]:
            turns = [turn[side][load] for turn in rounds]
            figures = {figure: spread(turn[figure] for turn in turns) for figure in turns[0]}
            if BASE in rounds[0]:
                bases = [turn[BASE][load]["a second"] for turn in rounds]
                figures["times fastapi"] = spread(turn["a second"] / base for turn, base in zip(turns, bases))
            found[side][load] = figures
    return found


def text_of(result):
    parts = [
        heading("Served", result["machine"]),
        f"{result['rounds']} rounds, {result['seconds']} s of each load behind a warm-up of {result['warm-up']} s. Medians over rounds, least and"
        f" most; a percentile is one round's. {OPEN}: arrivals at {SHARE:.0%} of what the closed loops of the round reached at most.",
    ]
    for name, model in result["models"].items():
        head = ["", "load", "texts a second", "times fastapi", "p50, ms", "p99, ms", "sent late, p99, ms", "calls", "failures", "client, % of a core"]
        rows = [
            [
                side,
                load,
                told(figures["a second"], 1),
                told(figures.get("times fastapi"), 2),
                told(figures["p50"], 1),
                told(figures["p99"], 1),
                told(figures["lag p99"], 1),
                told(figures["calls"]),
                f"{figures['failures']['most']:.0f}",
                f"{100 * figures['client, cores']['median']:.0f}",
            ]
            for side, loads in model["sides"].items()
            for load, figures in loads.items()
        ]
        parts += [f"## {name}", table(head, rows)]
    return "\n\n".join(parts)


def model_of(text):
    name, _, paths = text.partition("=")
    return name, [Path(path) for path in paths.split(",")]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=model_of, action="append", required=True, help="NAME=FLOAT32,INT8,LIBRARY")
    parser.add_argument("--nuner", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="for logs")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="of each load")
    parser.add_argument("--warm-up", type=float, default=1)
    parser.add_argument("--sides", type=lambda text: text.split(","), default=["ours-float32", "ours-int8", "fastapi", "ray"])
    parser.add_argument("--ray-options", default="--no-compile", help="further options of gliner.serve")
    options = parser.parse_args()
    end_in_order()
    place = machine()
    models = {name: measure(name, options, paths) for name, paths in options.model}
    result = {
        "machine": place,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "warm-up": options.warm_up,
        "ray options": options.ray_options,
        "models": {name: {"sides": summary(rounds), "rounds": rounds} for name, rounds in models.items()},
    }
    write(options.out, result, text_of(result))


if __name__ == "__main__":
    main()
