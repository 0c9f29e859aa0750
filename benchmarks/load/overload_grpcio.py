"""An independent open-loop client: the figures of `nuner bench` must agree with those of this one, written in Python on grpcio.

    python -m venv env && env/bin/pip install -r requirements.txt
    env/bin/python overload_grpcio.py --target localhost:8001 --rate 20,40,80 --duration 30

Calls arrive as a Poisson process fixed by the seed, and latency counts from the time a call should have started. Prints JSON.
Stubs are generated from proto/ into a temporary directory. One process sends a few hundred calls a second; --processes adds more.
"""

import argparse
import collections
import json
import math
import multiprocessing
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROTOS = HERE.parent.parent / "proto" / "src" / "main" / "protobuf"
TEXTS = HERE / "src" / "main" / "resources" / "io" / "nuner" / "load" / "texts.jsonl"
LABELS = ["person", "organization", "location", "date", "product", "event", "country", "city", "company", "song", "book", "film"]
GRACE_SECONDS = 2.0
PERCENTILES = {"p50": 50, "p90": 90, "p99": 99, "p999": 99.9}


def stubs():
    """The generated modules: messages, stubs."""
    import grpc_tools
    from google.rpc import status_pb2
    from grpc_tools import protoc

    out = tempfile.mkdtemp(prefix="nuner-stubs-")
    google_rpc = Path(status_pb2.__file__).resolve().parent.parent.parent
    well_known = Path(grpc_tools.__file__).resolve().parent / "_proto"
    arguments = ["protoc", f"-I{PROTOS}", f"-I{google_rpc}", f"-I{well_known}", f"--python_out={out}", f"--grpc_python_out={out}"]
    if protoc.main([*arguments, "nuner/v1/ner_service.proto"]) != 0:
        raise SystemExit(f"cannot generate stubs from {PROTOS}")
    sys.path.insert(0, out)
    from nuner.v1 import ner_service_pb2, ner_service_pb2_grpc

    return ner_service_pb2, ner_service_pb2_grpc


class Books:
    """What became of the calls of one step. Any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.statuses = collections.Counter()
        self.ok, self.refused, self.lag = [], [], []
        self.good = self.sent = self.finished = self.pushback = self.retry_info = 0
        self.last_good = 0.0

    def took(self, call, seconds, now, deadline):
        """A call has ended."""
        import grpc

        code = call.code()
        refused = code in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE)
        trailers = {} if code == grpc.StatusCode.OK else dict(call.trailing_metadata() or ())
        with self.lock:
            self.finished += 1
            self.statuses[code.name] += 1
            if code == grpc.StatusCode.OK:
                self.ok.append(seconds)
                if seconds <= deadline:
                    self.good += 1
                    self.last_good = max(self.last_good, now)
            if refused:
                self.refused.append(seconds)
            self.pushback += "grpc-retry-pushback-ms" in trailers
            self.retry_info += has_retry_info(trailers)

    def plain(self):
        return {name: value for name, value in vars(self).items() if name != "lock"}


def has_retry_info(trailers):
    from google.rpc import error_details_pb2, status_pb2

    details = trailers.get("grpc-status-details-bin")
    if details is None:
        return False
    return any(detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for detail in status_pb2.Status.FromString(details).details)


def send(options, rate, seed, results):
    """Sends one step and puts its books into a queue."""
    import grpc

    messages, services = stubs()
    no_retries = [("grpc.enable_retries", 0)]
    # a subchannel is shared by channels with equal options, so that they must differ to be different connections
    channels = [grpc.insecure_channel(options.target, [*no_retries, ("nuner.connection", i)]) for i in range(options.connections)]
    for channel in channels:
        grpc.channel_ready_future(channel).result(timeout=10)
    calls = [services.NerServiceStub(channel).Extract for channel in channels]
    requests = draw(messages, options, random.Random(seed))
    gaps = random.Random(seed + 1)
    books = Books()
    start = time.monotonic()
    at = gaps.expovariate(rate)
    while at < options.duration:
        request = next(requests)
        wait = start + at - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        intended = start + at
        now = time.monotonic()
        books.lag.append(now - intended)
        call = calls[books.sent % len(calls)].future(request, timeout=max(0.001, options.deadline - (now - intended)))
        books.sent += 1
        call.add_done_callback(ended(books, intended, options.deadline))
        at += gaps.expovariate(rate)
    limit = time.monotonic() + options.deadline + GRACE_SECONDS
    while books.finished < books.sent and time.monotonic() < limit:
        time.sleep(0.01)
    with books.lock:
        plain = books.plain()
    plain["seconds"] = max(options.duration, plain["last_good"] - start)
    results.put(plain)


def ended(books, intended, deadline):
    def callback(call):
        now = time.monotonic()
        books.took(call, now - intended, now, deadline)

    return callback


def draw(messages, options, chance):
    """Requests without end."""
    texts = [json.loads(line)["text"] for line in Path(options.texts).read_text(encoding="utf-8").splitlines() if line.strip()]
    truncate = messages.ExtractOptions(long_text=messages.LONG_TEXT_POLICY_TRUNCATE)
    given = [label.strip() for label in options.labels.split(",")] if options.labels else None
    while True:
        labels = given or chance.sample(LABELS, chance.randint(1, len(LABELS)))
        yield messages.ExtractRequest(text=chance.choice(texts), labels=labels, options=truncate)


def millis(seconds):
    """A distribution in milliseconds; percentiles are values that were measured."""
    if not seconds:
        return {"count": 0}
    ordered = sorted(seconds)
    at = {name: ordered[max(0, math.ceil(p / 100 * len(ordered)) - 1)] for name, p in PERCENTILES.items()}
    values = {"mean": sum(ordered) / len(ordered), **at, "max": ordered[-1]}
    return {"count": len(ordered), **{name: round(1000 * value, 3) for name, value in values.items()}}


def step(options, rate, index):
    """Runs one step in all processes and adds up."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    seeds = [options.seed * 1000 + index * 100 + 2 * i for i in range(options.processes)]
    workers = [context.Process(target=send, args=(options, rate / options.processes, seed, results)) for seed in seeds]
    for worker in workers:
        worker.start()
    books = [results.get(timeout=options.duration + options.deadline + 60) for _ in workers]
    for worker in workers:
        worker.join()
    total = {name: sum(book[name] for book in books) for name in ("sent", "finished", "good", "pushback", "retry_info")}
    every = {name: [value for book in books for value in book[name]] for name in ("ok", "refused", "lag")}
    latency, refused, lag = (millis(every[name]) for name in ("ok", "refused", "lag"))
    judged = latency if latency["count"] else refused
    return {
        "rate": rate,
        "offered": total["sent"] / options.duration,
        "goodput": total["good"] / max(book["seconds"] for book in books),
        **total,
        "hung": total["sent"] - total["finished"],
        "statuses": dict(sum((book["statuses"] for book in books), collections.Counter())),
        "latencyMillis": latency,
        "refusedMillis": refused,
        "lagMillis": lag,
        "void": judged["count"] > 0 and lag["p99"] > 0.1 * judged["p99"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="localhost:8001", metavar="HOST:PORT")
    parser.add_argument("--rate", required=True, metavar="R[,R...]", help="calls per second, one step each")
    parser.add_argument("--duration", type=float, default=30, metavar="SECONDS", help="of each step")
    parser.add_argument("--deadline", type=float, default=10, metavar="SECONDS", help="of each call")
    parser.add_argument("--labels", default="", help="separated by commas; default: 1 to 12 of a dozen")
    parser.add_argument("--texts", default=str(TEXTS), metavar="FILE", help="lines of JSON with a member text")
    parser.add_argument("--connections", type=int, default=4, metavar="N", help="of each process")
    parser.add_argument("--processes", type=int, default=1, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args()
    rates = [float(rate) for rate in options.rate.split(",")]
    if not all(0 < rate <= 100_000 for rate in rates):
        parser.error("--rate must be above 0 and at most 100000")
    steps = [step(options, rate, index) for index, rate in enumerate(rates)]
    print(json.dumps({"options": vars(options), "steps": steps}, indent=2))


if __name__ == "__main__":
    main()
