"""The code that is measured, each in a new process.

    python -m bench.child run     one invocation of the function
    python -m bench.child plan    read everything, then plan several times

Prints one line of JSON. The environment variables are the function's.
"""

import json
import os
import resource
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from invoke.context import Context

Figures = dict[str, Any]
MEGABYTE = 1 << 20


def run() -> Figures:
    """Invoke the function; its log is written to the null device."""
    with Path(os.devnull).open("w") as null, redirect_stdout(null):
        # The logger keeps the standard output of the time of its import.
        from snapshotter.handler import lambda_handler

        started, cpu = perf_counter(), process_time()
        answer = lambda_handler({}, Context())  # type: ignore[arg-type]
    return {
        "seconds": perf_counter() - started,
        "cpu_s": process_time() - cpu,
        "peak_mb": peak_mb(),
        "summary": answer["summary"],
    }


def plan(repeats: int = 5) -> Figures:
    """Read the account, then assess and plan it several times; the CPU time is the median."""
    from snapshotter.inputs.event import SnapshotEvent, parse_event
    from snapshotter.inputs.settings import from_env
    from snapshotter.lightsail.clients import Clients, known_regions, new_session
    from snapshotter.lightsail.inventory import take_inventory
    from snapshotter.lightsail.pacing import Deadline
    from snapshotter.plan.planning import make_plan
    from snapshotter.plan.situation import assess

    session = new_session()
    settings = from_env(os.environ, known_regions(session))
    request = parse_event({}, now=datetime.now(UTC), settings=settings)
    assert isinstance(request, SnapshotEvent)
    clients = Clients(session, Deadline(Context().get_remaining_time_in_millis))
    inventory = take_inventory(
        clients, settings.kinds_read, home=request.regions, policy=settings.policy_name
    )
    took = []
    for _ in range(repeats):
        cpu = process_time()
        make_plan(assess(inventory, settings, request))
        took.append(process_time() - cpu)
    regions = inventory.regions.values()
    return {
        "resources": sum(len(read.resources) for read in regions),
        "snapshots": sum(len(read.snapshots) for read in regions),
        "planning_s": median(took),
        "peak_mb": peak_mb(),
    }


def peak_mb() -> float:
    """The peak memory of this process.

    On Linux a child inherits the peak that getrusage returns, so /proc is read instead.
    """
    status = Path("/proc/self/status")
    if status.exists():
        words = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(words["VmHWM"].split()[0]) * 1024 / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


if __name__ == "__main__":
    print(json.dumps({"run": run, "plan": plan}[sys.argv[1]]()))
