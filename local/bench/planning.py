"""CPU time of planning, and memory for everything that was read."""

from bench.backend import backend, child
from bench.server import World
from bench.table import Row, Table, below

CPU_S = 2.0
PEAK_MB = 200.0


def planning(*, instances: int = 1_000, nights: int = 40) -> Table:
    """Read a fleet from the backend in another process, and plan a run over it."""
    with backend(World(instances=instances, nights=nights)) as lightsail:
        figures = child("-m", "bench.child", "plan", environment=lightsail.environment())
        requests = lightsail.count().requests
    return Table(
        f"Plan: {figures['resources']:,} resources with {figures['snapshots']:,} snapshots",
        [
            below(
                "planning: assess and make_plan, median of 5", figures["planning_s"], CPU_S, "s CPU"
            ),
            Row(
                f"reading it over HTTP: {requests:,} requests", f"{figures['reading_s']:.2f} s CPU"
            ),
            below(
                "peak memory, all of it read and planned",
                figures["peak_mb"],
                PEAK_MB,
                "MB",
                digits=0,
            ),
        ],
        [
            f"Planned: {figures['creates']:,} creates and {figures['deletes']:,} deletes, under "
            "daily=7 weekly=4. Lists have 100 items a page."
        ],
    )
