"""Speed of a run compared with its limits: round trip, request rate, slowest region."""

from statistics import median
from time import sleep
from typing import Any

from bench.backend import Backend, backend, child
from bench.server import Count, World
from bench.table import Row, Table, below

REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-2")

SHARE_OF_LOOP = 1 / 8
OVER_RATE = 1.15
THROTTLED_PERCENT = 5.0
OVER_SLOWEST = 1.2

# One page for each list: this measures writes.
_PAGE = 1_000


def speed(
    *,
    instances: int = 200,
    latency_ms: float = 100,
    rate: float = 10,
    regions: tuple[str, ...] = REGIONS,
    instances_of_each: int = 60,
    times: int = 3,
) -> Table:
    """Take a snapshot of every instance, against a backend with a round trip time.

    rate: requests a second and region. instances_of_each: in each of the regions.
    times: runs without a limit, of which the median is shown.
    """
    return Table(
        f"Speed: {instances} instances, a round trip of {latency_ms:g} ms",
        [
            *_without_rate_limit(instances, latency_ms, times),
            *_with_rate_limit(instances, latency_ms, rate),
            *_regions_at_once(regions, instances_of_each, latency_ms, rate),
        ],
        [
            "The loop is plain boto3 and only creates; a run also reads and plans. The backend is "
            "Python on the same machine: its own time for each call, and its highest request "
            "rate, limit the speed of a run without a rate limit.",
            "The backend's rate limit allows a burst of one second, so factors can be below 1.",
        ],
    )


def _without_rate_limit(instances: int, latency_ms: float, times: int) -> list[Row]:
    with backend(World(instances=1)) as lightsail:
        most = _child(lightsail, "flood", str(2 * instances))["per_second"]
    with backend(World(instances=instances, latency_ms=latency_ms, page_size=_PAGE)) as lightsail:
        runs = [_run(lightsail) for _ in range(times)]
        loop_s = _child(lightsail, "loop", str(instances))["seconds"]
    run_s = median(seconds for seconds, _ in runs)
    added = loop_s / instances * 1000 - latency_ms
    return [
        Row("calibration: time that the backend adds to each call", f"{added:.1f} ms"),
        Row("calibration: requests that it can answer a second", f"{most:.0f}"),
        Row("plain boto3, one request after the other", f"{loop_s:.1f} s"),
        Row(f"a run without rate limit, median of {times}", f"{run_s:.2f} s"),
        below("  as a share of the loop's time", run_s / loop_s, SHARE_OF_LOOP, digits=3),
    ]


def _with_rate_limit(instances: int, latency_ms: float, rate: float) -> list[Row]:
    world = World(instances=instances, latency_ms=latency_ms, rate=rate, page_size=_PAGE)
    with backend(world) as lightsail:
        seconds, requests = _run(lightsail)
    refused = 100 * requests.throttled / requests.requests
    return [
        Row(f"a run at a limit of {rate:g} requests a second", f"{seconds:.1f} s"),
        below(
            f"  as a multiple of {requests.admitted} requests ÷ {rate:g}",
            seconds / (requests.admitted / rate),
            OVER_RATE,
        ),
        below("  of its requests, throttled", refused, THROTTLED_PERCENT, "%", digits=1),
    ]


def _regions_at_once(
    regions: tuple[str, ...], instances: int, latency_ms: float, rate: float
) -> list[Row]:
    world = World(
        instances=instances, regions=regions, latency_ms=latency_ms, rate=rate, page_size=_PAGE
    )
    with backend(world) as lightsail:
        alone = max(_run(lightsail, region)[0] for region in regions)
        sleep(1)  # every region can burst again
        together, _ = _run(lightsail, *regions)
    return [
        Row(
            f"{instances} instances, the slowest of {len(regions)} regions alone", f"{alone:.2f} s"
        ),
        Row(f"the {len(regions)} regions at once", f"{together:.2f} s"),
        below("  as a multiple of the slowest alone", together / alone, OVER_SLOWEST),
    ]


def _run(lightsail: Backend, *regions: str) -> tuple[float, Count]:
    """Invoke the function once; returns its seconds and its requests."""
    lightsail.count()
    figures = _child(lightsail, "run", "{}", REGIONS=",".join(regions))
    return figures["seconds"], lightsail.count()


def _child(lightsail: Backend, *arguments: str, **settings: str) -> dict[str, Any]:
    return child("-m", "bench.child", *arguments, environment=lightsail.environment(**settings))
