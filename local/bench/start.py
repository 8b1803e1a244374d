"""What a cold start imports and how long it takes; what a large scheduled run needs."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median
from tempfile import TemporaryDirectory

from bench.backend import backend, child, sealed
from bench.server import World
from bench.table import Row, Table, below

COLD_RATIO = 1.5
MORE_REGIONS_RATIO = 0.25
PEAK_MB = 200.0

# Nothing waits in a start, so its CPU time is its time, but for what the machine's other work adds.
_CLOCK = """
import json, time
started = time.process_time()
{}
print(json.dumps({{"cold": time.process_time() - started, **more}}))
"""

BARE = _CLOCK.format("""
import boto3
from aws_lambda_powertools import Logger, Metrics
Logger(service="bench")
Metrics(namespace="bench", service="bench")
boto3.client("lightsail", region_name="us-east-1")
more = {}
""")

OURS = _CLOCK.format("""
from snapshotter.handler import Clients, Deadline, known_regions, new_session
session = new_session()
known_regions(session)
clients = Clients(session, Deadline(lambda: 900_000))
clients.prepare(["us-east-1"])
ready = time.process_time()
clients.prepare(["us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-2"])
more = {"more": time.process_time() - ready}
started += more["more"]
""")

_IMPORTS = """
import json, sys
before = set(sys.modules)
import snapshotter.handler
print(json.dumps(sorted(set(sys.modules) - before - {"__mp_main__"})))
"""

_BOTO = ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil", "six")
_PARSER = ("pydantic", "pydantic_core", "annotated_types", "typing_inspection", "typing_extensions")
_PYTHON = "Python's own"
_BROUGHT_BY = {
    **dict.fromkeys((*_BOTO, "certifi"), "boto3"),
    **dict.fromkeys(_PARSER, "Parser"),
    "aws_lambda_powertools": "Powertools",
    "snapshotter": "our own",
}
_NOT_SCHEDULED = ("snapshotter.restore", "snapshotter.drill")


def start(*, times: int = 11, instances: int = 1_000, nights: int = 40) -> Table:
    """Measure cold starts by turns, then one scheduled run over a fleet that is there.

    times: cold starts of each, after a first one that writes byte code.
    """
    return Table(
        "Start: what comes before the first request, and what a large run needs",
        [*_start(times), *_large_run(instances, nights)],
        [
            "A bare start is import boto3, Logger, Metrics and one client. Both have their byte "
            "code, as what is deployed has, and are measured by turns, without the "
            "interpreter's own start. Imports are traced, which makes them slower.",
            "The large run keeps 39 of 40 nights (daily=39): it takes a snapshot of every "
            "instance and deletes one of each.",
        ],
    )


def _start(times: int) -> Iterator[Row]:
    with TemporaryDirectory() as byte_code:
        environment = {**sealed(), "PYTHONPYCACHEPREFIX": byte_code}
        yield from _cold(times, environment)
        yield from _imports(environment)


def _cold(times: int, environment: Mapping[str, str]) -> Iterator[Row]:
    turns = [
        (child("-c", BARE, environment=environment), child("-c", OURS, environment=environment))
        for _ in range(times + 1)
    ][1:]
    bare = median(bare["cold"] for bare, _ in turns)
    ours = median(ours["cold"] for _, ours in turns)
    more = median(ours["more"] for _, ours in turns)
    what = f"bare boto3 client and Powertools, median of {len(turns)}"
    yield Row(what, f"{bare * 1000:.0f} ms CPU")
    yield Row("the function, until its first client is ready", f"{ours * 1000:.0f} ms CPU")
    yield below("  as a multiple of the bare start", ours / bare, COLD_RATIO, digits=3)
    what = "  4 more regions' clients, as a share of it"
    yield below(what, more / bare, MORE_REGIONS_RATIO)


def _imports(environment: Mapping[str, str]) -> Iterator[Row]:
    """Say who brings what the handler imports; who is not expected is named."""
    took, modules = defaultdict[str, float](float), defaultdict[str, list[str]](list)
    for module, milliseconds in _traced(environment):
        who = _brought_by(module)
        took[who] += milliseconds
        modules[who].append(module)
    for who in sorted({_PYTHON, *_BROUGHT_BY.values()}, key=lambda each: -took[each]):
        yield Row(f"  imported, {who}: {len(modules[who])} modules", f"{took[who]:.0f} ms")
    strangers = sorted(set(took) - {_PYTHON, *_BROUGHT_BY.values()})
    idle = [module for module in modules["our own"] if module.startswith(_NOT_SCHEDULED)]
    yield _none("  imported, from anybody else", strangers)
    yield _none("  imported, of restores and drills", idle)


def _none(what: str, found: list[str]) -> Row:
    """Name what there should not be, as far as there is room."""
    if not found:
        return Row(what, "none", "none", met=True)
    return Row(f"{what}: {', '.join(found)}"[:56], f"{len(found)} modules", "none", met=False)


def _large_run(instances: int, nights: int) -> Iterator[Row]:
    with backend(World(instances=instances, nights=nights)) as lightsail:
        environment = lightsail.environment(RETENTION=f"daily={nights - 1}")
        figures = child("-m", "bench.child", "run", "{}", environment=environment)
    did = figures["summary"]
    yield Row(
        f"a scheduled run over {instances * nights:,} snapshots",
        f"{figures['seconds']:.0f} s, {figures['cpu_s']:.0f} s CPU",
    )
    yield Row("  snapshots created and deleted", f"{did['created']:,} and {did['deleted']:,}")
    yield below("  its peak memory", figures["peak_mb"], PEAK_MB, "MB", digits=0)


def _traced(environment: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Each module that the handler imports, with the milliseconds of its own body."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-X", "importtime", "-c", _IMPORTS],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines()]
    own = {module.strip(): int(self) for self, _, module in lines if self.strip().isdigit()}
    for module in json.loads(done.stdout):
        yield module, own.get(module, 0) / 1000


def _brought_by(module: str) -> str:
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names or root.startswith("_sysconfigdata"):
        return _PYTHON
    return _BROUGHT_BY.get(root, root)
