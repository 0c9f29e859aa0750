"""Compares runs of `nuner bench` with plans of the same traces: python plan_compare.py DIRECTORY ROUNDS > JSON."""

import json
import os
import statistics
import sys

TRACES = ("short", "long", "mixed")
LATENCIES = (("p50", "p50Millis"), ("p90", "p90Millis"), ("p99", "p99Millis"), ("p999", "p999Millis"))


def load(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8") as file:
        return json.load(file)


def run(directory, name):
    """One run and its plan."""
    measured = load(directory, name + ".bench.json")["steps"][0]
    planned = load(directory, name + ".plan.json")["needed"]
    row = {"offered": round(measured["rates"]["offered"], 2), "calls": measured["latencyMillis"]["count"]}
    row["lagP99Millis"] = round(measured["lagMillis"]["p99"], 2)
    for bench, plan in LATENCIES:
        row[bench] = {"measured": round(measured["latencyMillis"][bench], 2), "planned": round(planned[plan], 2)}
    row["rows"] = {"measured": round(measured["batches"]["rows"], 2), "planned": round(planned["meanRows"], 2)}
    row["busyPlanned"] = round(planned["utilization"], 3)
    return row


def medians(runs):
    figures = {}
    for name in [bench for bench, _ in LATENCIES] + ["rows"]:
        measured = statistics.median(row[name]["measured"] for row in runs)
        planned = statistics.median(row[name]["planned"] for row in runs)
        off = round(100 * (planned / measured - 1), 1)
        figures[name] = {"measured": measured, "planned": planned, "plannedOffPercent": off}
    return figures


def main():
    directory, rounds = sys.argv[1], int(sys.argv[2])
    traces = {}
    for trace in TRACES:
        runs = [run(directory, f"{trace}-{number}") for number in range(1, rounds + 1)]
        traces[trace] = {"medians": medians(runs), "runs": runs}
    server = load(directory, "mixed-1.plan.json")
    report = {
        "command": "benchmarks/plan.sh",
        "curve": os.environ.get("CURVE", ""),
        "cores": os.cpu_count(),
        "loadAverageAtEnd": os.getloadavg()[0],
        "engine": server["server"],
        "assumed": server["assumed"],
        "traces": traces,
    }
    print(json.dumps(report, indent=2))


main()
