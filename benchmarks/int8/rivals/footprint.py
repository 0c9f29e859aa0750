"""Memory, start and export of our server in float32 and int8; see ../README.md.

    python footprint.py --model NAME=CHECKPOINT ... --nuner PATH --work DIR --out RESULT [options]

Each round exports each model in each type, starts a server from the checkpoint, whose export is in the cache since before the first
round, reads its memory when it is ready, puts load on it and reads its memory meanwhile. Types alternate.
"""

import argparse
import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path

from common import LABELS, TEXTS, Program, end_in_order, heading, machine, memory, output_of, spread, surroundings, table, told, write

TYPES = ("float32", "int8")
CALLS = 8
FIGURES = {
    "export, s": 1,
    "export, processor, s": 1,
    "export, peak, MB": 0,
    "export on disk, MB": 0,
    "start to ready, s": 2,
    "ready, RSS, MB": 0,
    "ready, PSS, MB": 0,
    "load, highest RSS, MB": 0,
    "load, highest PSS, MB": 0,
    "after load, RSS, MB": 0,
    "texts a second under load": 1,
}


def run(command, log):
    """Runs it to its end: seconds, processor time, highest resident size."""
    begin = time.monotonic()
    with open(log, "wb") as file:
        pid = os.posix_spawnp(
            str(command[0]),
            list(map(str, command)),
            surroundings(),
            file_actions=[(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)],
        )
    _, status, used = os.wait4(pid, 0)
    took = time.monotonic() - begin
    if status:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {status}: {log}\n{Path(log).read_text()[-2000:]}")
    return {"export, s": took, "export, processor, s": used.ru_utime + used.ru_stime, "export, peak, MB": used.ru_maxrss * 1024 / 1e6}


class Meter(threading.Thread):
    """The highest memory of a process, looked at four times a second."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.highest, self.ended = pid, {"rss": 0.0, "pss": 0.0}, threading.Event()

    def run(self):
        while not self.ended.wait(0.25):
            try:
                sizes = memory(self.pid)
            except OSError:  # it has ended
                return
            self.highest = {name: max(self.highest[name], size) for name, size in sizes.items()}

    def stop(self):
        self.ended.set()
        self.join()
        return self.highest


def export(options, checkpoint, type_, log):
    out = options.work / "footprint-export"
    shutil.rmtree(out, ignore_errors=True)
    words = options.export_options.split() if type_ == "int8" else []
    found = run([options.nuner, "export", "--checkpoint", checkpoint, "--weights", type_, *words, "--out", out], log)
    found["export on disk, MB"] = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
    shutil.rmtree(out)
    return found


def serve(options, checkpoint, type_, log):
    words = options.serve_options.split() if type_ == "int8" else []
    words += ["--cache", options.work / "footprint-cache", "--port", 0, "--no-metrics", "--drain-notice", "0s"]
    return Program([options.nuner, "serve", "--model", checkpoint, "--weights", type_, *words], log)


def served(options, checkpoint, type_, log):
    server = serve(options, checkpoint, type_, log)
    try:
        ready = server.await_line(r"serving on \S+:(\d+)")
        found = {"start to ready, s": time.monotonic() - server.start}
        time.sleep(1)
        found.update({f"ready, {name.upper()}, MB": size for name, size in memory(server.pid).items()})
        meter = Meter(server.pid)
        meter.start()
        load = [options.nuner, "bench", "--target", f"localhost:{ready.group(1)}", "--concurrency", CALLS, "--texts", TEXTS]
        load += ["--labels", ",".join(LABELS), "--duration", f"{round(1000 * options.seconds)}ms", "--warm-up", "2s", "--json", "-"]
        report = json.loads(output_of(load))
        found.update({f"load, highest {name.upper()}, MB": size for name, size in meter.stop().items()})
        found["after load, RSS, MB"] = memory(server.pid)["rss"]
        found["texts a second under load"] = report["steps"][0]["rates"]["goodput"]
    finally:
        server.stop()
    return found


def measure(name, checkpoint, options):
    """What each type used in each round."""
    rounds = {type_: [] for type_ in TYPES}
    for type_ in TYPES:  # the export goes to the cache
        first = serve(options, checkpoint, type_, options.work / f"footprint-{name}-{type_}-first.log")
        first.await_line("serving on", 900)
        first.stop()
    for number in range(options.rounds):
        for type_ in TYPES if number % 2 == 0 else TYPES[::-1]:
            log = options.work / f"footprint-{name}-{type_}"
            found = served(options, checkpoint, type_, f"{log}-serve.log")
            if number < options.exports:
                found.update(export(options, checkpoint, type_, f"{log}-export.log"))
            rounds[type_].append(found)
            print(f"{name}, round {number + 1} of {options.rounds}: {type_}", file=sys.stderr)
    return rounds


def summary(rounds):
    return {
        type_: {figure: spread(turn[figure] for turn in turns if figure in turn) for figure in FIGURES if figure in turns[0]}
        for type_, turns in rounds.items()
    }


def text_of(result):
    parts = [
        heading("Memory, start and export", result["machine"]),
        f"{result['rounds']} rounds, exports in the first {result['exports']} of them; medians, least and most. Load: {CALLS} calls at a"
        f" time for {result['seconds']} s.",
    ]
    for name, model in result["models"].items():
        rows = [
            [figure, *(told(model["types"][type_].get(figure), digits) for type_ in TYPES)] for figure, digits in FIGURES.items()
        ]
        parts += [f"## {name}", table(["", *TYPES], rows)]
    return "\n\n".join(parts)


def model_of(text):
    name, _, checkpoint = text.partition("=")
    return name, Path(checkpoint)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=model_of, action="append", required=True, help="NAME=CHECKPOINT")
    parser.add_argument("--nuner", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="for logs, exports and a cache")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--exports", type=int, default=3, help="rounds that export, too")
    parser.add_argument("--seconds", type=float, default=5, help="of load")
    parser.add_argument("--export-options", default="", help="further options of nuner export --weights int8")
    parser.add_argument("--serve-options", default="", help="further options of nuner serve --weights int8")
    options = parser.parse_args()
    end_in_order()
    place = machine()
    models = {name: measure(name, checkpoint, options) for name, checkpoint in options.model}
    result = {
        "machine": place,
        "rounds": options.rounds,
        "exports": min(options.exports, options.rounds),
        "seconds": options.seconds,
        "models": {name: {"types": summary(rounds), "rounds": rounds} for name, rounds in models.items()},
    }
    write(options.out, result, text_of(result))


if __name__ == "__main__":
    main()
