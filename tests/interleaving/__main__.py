"""Explore all worlds, or replay one schedule.

python -m tests.interleaving                     every world, with its numbers
python -m tests.interleaving "WORLD" "SCHEDULE"  one schedule of one world
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.interleaving.explore import Violation, exploring, parsed
from tests.interleaving.worlds import WORLDS, summary, world

LEGEND = """
schedules: from the beginning to their ends; states: of the account; steps: requests and deaths.
Requests whose answer never changes are no steps. No world is cut off."""


def explore(name: str) -> tuple[str, tuple[int, ...]]:
    """Explore one world; returns its numbers and the seconds that it took."""
    began = time.monotonic()
    with exploring(world(name)) as explorer:
        numbers = explorer.explore()
    return name, (*numbers, round(time.monotonic() - began))


def replay(name: str, schedule: str) -> None:
    """Follow one schedule, and show what is there at its end and after the sweeps."""
    with exploring(world(name)) as explorer:
        reached = explorer.replay(parsed(schedule))
        print(summary(reached.records), "\nafter the sweeps:", *explorer.ends)  # noqa: T201


def main(arguments: list[str]) -> None:
    try:
        if arguments:
            replay(*arguments)
            return
        print(f"{'world':<54}{'schedules':>16}{'states':>12}{'steps':>12}{'seconds':>12}")  # noqa: T201
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            for name, (schedules, *rest) in pool.map(explore, [each.name for each in WORLDS]):
                cells = "".join(f"{each:>12,}" for each in rest)
                print(f"{name:<54}{schedules:>16.3g}{cells}", flush=True)  # noqa: T201
        print(LEGEND)  # noqa: T201
    except Violation as found:
        sys.exit(str(found))


if __name__ == "__main__":
    main(sys.argv[1:])
