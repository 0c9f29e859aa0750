"""Draws what `nuner bench --json` measured, as SVG.

    python -m venv env && env/bin/pip install -r requirements.txt
    env/bin/python charts.py --out DIR [--format svg|png] [NAME=]bench.json ...

Makes three charts over the offered load, a line for each file: latency (p50 and p99 of answered calls), goodput, and batches
(fill and padding). Void steps are drawn hollow. Several files of one NAME make one line, in the order of their load.
"""

import argparse
import collections
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "nuner"  # equal figures, equal file

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, PercentFormatter

# Okabe and Ito: told apart with any eyes
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
INK, FAINT = "#222222", "#d8d8d8"


def read(arguments):
    """Steps by name of the line, each list ordered by offered load."""
    lines = collections.defaultdict(list)
    for argument in arguments:
        name, _, file = argument.rpartition("=")
        report = json.loads(Path(file).read_text(encoding="utf-8"))
        if report["mode"] != "open-loop":
            raise SystemExit(f"{file}: a closed loop has no offered load to draw over")
        lines[name or Path(file).stem].extend(report["steps"])
    return {name: sorted(steps, key=offered) for name, steps in lines.items()}


def offered(step):
    return step["rates"]["offered"]


def figure(title, ylabel):
    fig, axes = plt.subplots(figsize=(7.2, 4.2), layout="constrained")
    fig.set_facecolor("white")  # stands in a light and in a dark page
    axes.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold")
    axes.set_xlabel("offered load, calls per second", color=INK)
    axes.set_ylabel(ylabel, color=INK)
    axes.grid(True, color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(INK)
    axes.tick_params(colors=INK)
    return fig, axes


def draw(axes, steps, value, color, label, style="-"):
    """A line through all steps that have the value, hollow where a step is void."""
    points = [(offered(step), value(step), step["void"]) for step in steps]
    points = [point for point in points if point[1] is not None]
    if not points:
        return
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], style, color=color, linewidth=1.8, label=label)
    for x, y, void in points:
        axes.plot([x], [y], "o", color=color, markersize=5, markerfacecolor="white" if void else color)


def percentile(name):
    return lambda step: step["latencyMillis"][name] if step["latencyMillis"]["count"] else None


def positive(*path):
    def value(step):
        for name in path:
            step = step[name]
        return step or None  # 0: the server does not say

    return value


def styled(lines):
    return [(name, steps, COLORS[i % len(COLORS)]) for i, (name, steps) in enumerate(lines.items())]


def latency(lines):
    fig, axes = figure("Latency of answered calls", "milliseconds, from the intended start")
    for name, steps, color in styled(lines):
        draw(axes, steps, percentile("p99"), color, f"{name}, p99")
        draw(axes, steps, percentile("p50"), color, f"{name}, p50", "--")
    axes.set_yscale("log")
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_major_formatter(plain)
    axes.yaxis.set_minor_formatter(plain)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlim(left=0)
    return fig, axes


def goodput(lines):
    fig, axes = figure("Goodput", "answers within their deadline, per second")
    most = max(offered(step) for steps in lines.values() for step in steps)
    axes.plot([0, most], [0, most], ":", color="#888888", linewidth=1.4, label="all that is offered")
    for name, steps, color in styled(lines):
        draw(axes, steps, lambda step: step["rates"]["goodput"], color, name)
    axes.set_xlim(left=0)
    best = max(step["rates"]["goodput"] for steps in lines.values() for step in steps)
    axes.set_ylim(0, 1.25 * best)
    return fig, axes


def batches(lines):
    fig, axes = figure("Batches", "fill: rows over the most a batch may have")
    padding = axes.twinx()
    for side in ("top", "left"):
        padding.spines[side].set_visible(False)
    padding.set_ylabel("padding: tokens as attention sees them over real ones", color=INK)
    padding.tick_params(colors=INK)
    for name, steps, color in styled(lines):
        draw(axes, steps, positive("batches", "fill"), color, f"{name}, fill")
        draw(padding, steps, positive("batches", "padding"), color, f"{name}, padding", "--")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    padding.set_ylim(1, max(1.1, padding.get_ylim()[1]))
    handles = [*axes.get_legend_handles_labels()[0], *padding.get_legend_handles_labels()[0]]
    axes.legend(handles=handles, frameon=False, loc="upper left", fontsize=9, labelcolor=INK)
    return fig, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", metavar="[NAME=]FILE", help="JSON of nuner bench, with the name of its line")
    parser.add_argument("--out", default=".", metavar="DIR", help="where the charts go (default: here)")
    parser.add_argument("--format", default="svg", choices=["svg", "png"])
    parser.add_argument("--prefix", default="", help="put before the names of the files")
    options = parser.parse_args()
    lines = read(options.files)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for chart in (latency, goodput, batches):
        fig, axes = chart(lines)
        if axes is not None:
            axes.legend(frameon=False, loc="best", fontsize=9, labelcolor=INK)
        file = out / f"{options.prefix}{chart.__name__}.{options.format}"
        fig.savefig(file, dpi=160, metadata={"Date": None} if options.format == "svg" else None)
        plt.close(fig)
        print(file)


if __name__ == "__main__":
    main()
