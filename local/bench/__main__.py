"""Measure and print one line for each figure: `python -m bench`."""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from bench.backend import World, backend, child, offline
from output import run

COLD_RATIO, PLANNING_S, PEAK_MB, OVER_RATE, THROTTLED_PERCENT = 1.45, 2.0, 200.0, 1.15, 5.0
_WIDTHS = (58, 14, 14)

# A start does not wait, so CPU time is its time, without the effect of other load.
_CLOCK = """
import json, time
started = time.process_time()
{}
print(json.dumps({{"cold": time.process_time() - started}}))
"""

BARE = _CLOCK.format("""
import boto3
from aws_lambda_powertools import Logger, Metrics
Logger(service="bench")
Metrics(namespace="bench", service="bench")
boto3.client("lightsail", region_name="us-east-1")
""")

OURS = _CLOCK.format("""
from snapshotter.handler import Clients, Deadline, known_regions, new_session
session = new_session()
known_regions(session)
Clients(session, Deadline(lambda: 900_000)).prepare(["us-east-1"])
""")


class Figure(NamedTuple):
    """One figure; with a goal where it should be below a limit."""

    what: str
    value: float
    unit: str = ""
    limit: float | None = None

    def __str__(self) -> str:
        digits = 0 if self.value >= 100 else 2
        found = f"{self.value:,.{digits}f} {self.unit}"
        if self.limit is None:
            goal, verdict = "", ""
        else:
            goal = f"below {self.limit:g}"
            verdict = "met" if self.value < self.limit else "MISSED"
        cells = (
            f"{text:<{width}}"
            for text, width in zip((self.what, found, goal), _WIDTHS, strict=True)
        )
        return f"{''.join(cells)}{verdict}".rstrip()


def start(times: int = 11) -> Iterator[Figure]:
    """Cold starts, measured alternately after a first one of each that writes byte code."""
    environment = offline()
    turns = [
        [child("-c", code, environment=environment)["cold"] for code in (BARE, OURS)]
        for _ in range(times + 1)
    ][1:]
    bare, ours = (median(each) for each in zip(*turns, strict=True))
    yield Figure("start: a bare boto3 client and Powertools", bare * 1000, "ms CPU")
    yield Figure("start: the function, until its first request", ours * 1000, "ms CPU")
    yield Figure("start: as a multiple of the bare one", ours / bare, "", COLD_RATIO)


def planning(instances: int = 1_000, nights: int = 40) -> Iterator[Figure]:
    """Read a fleet from the backend, and plan a run over it several times."""
    with backend(World(instances=instances, nights=nights)) as lightsail:
        found = child("-m", "bench.child", "plan", environment=lightsail.environment())
    what = f"planning: {found['resources']:,} resources, {found['snapshots']:,} snapshots"
    yield Figure(what, found["planning_s"], "s CPU", PLANNING_S)
    yield Figure("planning: memory, with all that was read", found["peak_mb"], "MB", PEAK_MB)


def large_run(instances: int = 1_000, nights: int = 40) -> Iterator[Figure]:
    """A nightly run that takes a snapshot of every instance, and deletes one of each."""
    with backend(World(instances=instances, nights=nights)) as lightsail:
        environment = lightsail.environment(RETENTION=f"daily={nights - 1}")
        found = child("-m", "bench.child", "run", environment=environment)
    did = found["summary"]
    what = f"large run: {did['created']:,} created, {did['deleted']:,} deleted"
    yield Figure(what, found["seconds"], "s")
    yield Figure("large run: CPU", found["cpu_s"], "s CPU")
    yield Figure("large run: memory", found["peak_mb"], "MB", PEAK_MB)


def rate_limit(instances: int = 200, rate: float = 10) -> Iterator[Figure]:
    """A run at a request rate that the function does not know; a burst of one second is allowed."""
    with backend(
        World(instances=instances, latency_ms=100, rate=rate, page_size=1_000)
    ) as lightsail:
        found = child("-m", "bench.child", "run", environment=lightsail.environment())
        requests, throttled = lightsail.count()
    admitted = requests - throttled
    yield Figure(
        f"rate limit: {instances} instances at {rate:g} requests a second", found["seconds"], "s"
    )
    what = f"rate limit: as a multiple of {admitted} requests ÷ {rate:g}"
    yield Figure(what, found["seconds"] / (admitted / rate), "", OVER_RATE)
    what = "rate limit: of all requests, throttled"
    yield Figure(what, 100 * throttled / requests, "%", THROTTLED_PERCENT)


def main() -> int:
    """Print every figure. A busy machine misses some goals, so the status is 0 also then."""
    for measure in (start, planning, large_run, rate_limit):
        for figure in measure():
            print(figure, flush=True)
    return 0


if __name__ == "__main__":
    run(main)
