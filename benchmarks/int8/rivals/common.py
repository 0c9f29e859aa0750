"""What the comparisons share: processes and what they use, figures, tables, results."""

import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TEXTS = ROOT / "benchmarks" / "data" / "sentences.jsonl"
LABELS = ["person", "organization", "location", "date", "product"]
THREADS = 2
PACKAGES = ("gliner", "torch", "transformers", "onnxruntime", "fast-gliner", "ray", "fastapi", "uvicorn")


def read_texts(path=TEXTS) -> list[str]:
    return [json.loads(line)["text"] for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def surroundings() -> dict[str, str]:
    """The environment of a process that is measured: so many threads, nothing from the network."""
    threads = {name: str(THREADS) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "PYTHONWARNINGS": "ignore", "DO_NOT_TRACK": "1"}
    return {**os.environ, **threads, **quiet, "ORT_DISABLE_TELEMETRY": "1", "RAY_USAGE_STATS_ENABLED": "0"}


class Program:
    """A program that is measured, with its log; it leads a group of processes, so that all of them end."""

    def __init__(self, command, log, **pipes):
        self.log = Path(log)
        self.start = time.monotonic()
        with open(log, "wb") as file:
            streams = {"stdout": file, "stderr": file, **pipes}
            self.process = subprocess.Popen(list(map(str, command)), env=surroundings(), start_new_session=True, **streams)

    @property
    def pid(self) -> int:
        return self.process.pid

    def signal(self, number) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass

    def pause(self) -> None:
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def await_line(self, pattern, seconds=300):
        """The first line of the log with this regular expression."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, self.log.read_text(errors="replace"))
            if found:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit(f"no line like {pattern!r} within {seconds} s: {self.log}\n" + self.log.read_text(errors="replace")[-2000:])

    def stop(self, seconds=15) -> None:
        """Ends it, and whatever it started."""
        started = descendants(self.pid)
        self.resume()
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        self.signal(signal.SIGKILL)
        self.process.wait()
        for pid, begin in started.items():
            if begin_of(pid) == begin:
                os.kill(pid, signal.SIGKILL)


def output_of(command, tries=5) -> str:
    """What a command printed, when it has ended well. `nuner bench` is given another chance if its first call was not answered in
    time, which happens while the machine is busy; nothing was measured then."""
    command = list(map(str, command))
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True)
    if done.returncode and tries > 1 and "did not answer in time" in done.stderr:
        return output_of(command, tries - 1)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def begin_of(pid) -> str | None:
    """When a process began, which tells it from a later one with its number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def descendants(pid) -> dict[int, str | None]:
    """The processes that a process started, and those that they started, with the time when each began."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, left = {}, list(children.get(pid, []))
    while left:
        child = left.pop()
        found[child] = begin_of(child)
        left += children.get(child, [])
    return found


def cpu_seconds(pid) -> float:
    """Processor time of all threads of a process, from the kernel's clock of it."""
    return time.clock_gettime((~pid << 3) | 2)


def memory(pid) -> dict[str, float]:
    """Resident and proportional size of one process, in MB."""
    sizes = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M))
    return {name.lower(): int(size) * 1024 / 1e6 for name, size in sizes.items()}


def spread(values) -> dict[str, float]:
    """Median, least and most."""
    values = list(values)
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def told(found, digits=0, unit="") -> str:
    """A spread as text."""
    if found is None:
        return ""
    return "{median:.{d}f}{unit} ({least:.{d}f} to {most:.{d}f})".format(**found, d=digits, unit=unit)


def table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def end_in_order() -> None:
    """Makes SIGTERM end this process like an error, so that what it started ends, too."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def installed(name) -> str:
    try:
        return version(name)
    except ImportError:
        return ""


def machine() -> dict:
    """Where and with what a measurement is made."""
    about = dict(re.findall(r"^(model name|cpu family|model)\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M))
    kind = "{model name} (family {cpu family}, model {model})"  # clouds hide the name; family 25 is Zen 3 and 4, 26 Zen 5
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": commit,
        "processor": kind.format(**about) if len(about) == 3 else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": {name: installed(name) for name in PACKAGES},
    }


def heading(title, place) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in place["packages"].items() if number)
    return (
        f"# {title}\n\n{place['date']}, commit {place['commit']}: {place['cores']} cores of {place['processor']},"
        f" load of the machine before {place['load before']}. Python {place['python']}: {packages}."
        " What the words mean: `benchmarks/int8/README.md`."
    )


def write(out, result, text) -> None:
    """NAME.json and NAME.md; the table is printed, too."""
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
    out.with_suffix(".md").write_text(text + "\n")
    print(text)
