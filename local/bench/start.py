"""Imports and time of a cold start; time and memory of a large scheduled run."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median

from bench.backend import backend, child, offline
from bench.server import World
from bench.table import Row, Table, below

COLD_RATIO = 1.5
MORE_REGIONS_RATIO = 0.25
PEAK_MB = 200.0

# A start does not wait, so CPU time is its time, without the effect of other load.
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
_PYDANTIC = (
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_inspection",
    "typing_extensions",
)
_PYTHON = "Python's own"
_OWNER = {
    **dict.fromkeys((*_BOTO, "certifi"), "boto3"),
    **dict.fromkeys(_PYDANTIC, "pydantic"),
    "aws_lambda_powertools": "Powertools",
    "snapshotter": "our own",
}
_NOT_SCHEDULED = ("snapshotter.restore", "snapshotter.drill")


def start(*, times: int = 11, instances: int = 1_000, nights: int = 40) -> Table:
    """Measure cold starts alternately, then one scheduled run over a large fleet.

    times: cold starts of each, after a first one that writes byte code.
    """
    return Table(
        "Start: from the import to the first request, and a large run",
        [*_start(times), *_large_run(instances, nights)],
        [
            "A bare start is import boto3, Logger, Metrics and one client. Both have their byte "
            "code, like the deployed function, and are measured alternately, without the start of "
            "the interpreter. Imports are traced, which makes them slower.",
            "The large run keeps 39 of 40 nights (daily=39): it takes a snapshot of every "
            "instance and deletes one of each.",
        ],
    )


def _start(times: int) -> Iterator[Row]:
    environment = offline()
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
    """List the handler's imports by the package that needs them, and unexpected ones by name."""
    took, modules = defaultdict[str, float](float), defaultdict[str, list[str]](list)
    for module, milliseconds in _traced(environment):
        owner = _owner(module)
        took[owner] += milliseconds
        modules[owner].append(module)
    for owner in sorted({_PYTHON, *_OWNER.values()}, key=lambda each: -took[each]):
        yield Row(f"  imported, {owner}: {len(modules[owner])} modules", f"{took[owner]:.0f} ms")
    unexpected = sorted(set(took) - {_PYTHON, *_OWNER.values()})
    unused = [module for module in modules["our own"] if module.startswith(_NOT_SCHEDULED)]
    yield _none("  imported, by other packages", unexpected)
    yield _none("  imported, of restores and drills", unused)


def _none(what: str, found: list[str]) -> Row:
    """A row for imports of which there should be none."""
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
    """Each module that the handler imports, with the milliseconds of its own code."""
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


def _owner(module: str) -> str:
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names or root.startswith("_sysconfigdata"):
        return _PYTHON
    return _OWNER.get(root, root)
