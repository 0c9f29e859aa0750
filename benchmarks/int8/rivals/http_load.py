"""Load on an HTTP server, by the rules of `nuner bench` (benchmarks/load): prints what happened as JSON.

    python http_load.py URL --concurrency N | --rate R [--seconds S] [--warm-up S] [--seed N]

A rate is an open loop: Poisson arrivals by seed, latency from the time a call should have started. Calls of the warm-up do not count.
"""

import argparse
import asyncio
import json
import math
import random
import time

import aiohttp
from common import LABELS, read_texts

PATIENCE = 30


class Load:
    """Calls, and the latencies of those that count."""

    def __init__(self, options, session):
        self.options = options
        self.session = session
        self.chance = random.Random(options.seed)
        self.texts = read_texts()
        self.latencies, self.lags = [], []
        self.failures = 0
        self.last = self.first = 0.0

    async def call(self, intended):
        body = {"text": self.chance.choice(self.texts), "labels": LABELS}
        try:
            async with self.session.post(self.options.url, json=body) as answer:
                await answer.read()
                good = answer.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            good = False
        now = time.monotonic()
        if self.first and intended >= self.first:
            self.last = now
            if good:
                self.latencies.append(now - intended)
            else:
                self.failures += 1

    async def caller(self, end):
        while time.monotonic() < end:
            await self.call(time.monotonic())

    async def closed(self, seconds):
        end = time.monotonic() + seconds
        await asyncio.gather(*(self.caller(end) for _ in range(self.options.concurrency)))

    async def open(self, seconds):
        start, at, calls = time.monotonic(), self.chance.expovariate(self.options.rate), []
        while at < seconds:
            await asyncio.sleep(max(0.0, start + at - time.monotonic()))
            if self.first:
                self.lags.append(time.monotonic() - start - at)
            calls.append(asyncio.create_task(self.call(start + at)))
            at += self.chance.expovariate(self.options.rate)
        await asyncio.gather(*calls)

    async def run(self):
        loop = self.open if self.options.rate else self.closed
        await loop(self.options.warm_up)
        self.first = time.monotonic()
        processor = time.process_time()
        await loop(self.options.seconds)
        took = max(self.last - self.first, 1e-9)
        return {
            "calls": len(self.latencies),
            "failures": self.failures,
            "a second": len(self.latencies) / took,
            "p50": percentile(self.latencies, 50),
            "p99": percentile(self.latencies, 99),
            "lag p99": percentile(self.lags, 99),
            "client, cores": (time.process_time() - processor) / took,
        }


def percentile(seconds, percent):
    """In milliseconds; a value that was measured."""
    ordered = sorted(seconds)
    return 1e3 * ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)] if ordered else 0.0


async def run(options):
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(PATIENCE)) as session:
        return await Load(options, session).run()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--concurrency", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--warm-up", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    print(json.dumps(asyncio.run(run(parser.parse_args()))))


if __name__ == "__main__":
    main()
