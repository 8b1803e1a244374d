"""Explore all worlds, or replay one schedule.

python -m tests.interleaving                     every world, with its numbers
python -m tests.interleaving "WORLD" "SCHEDULE"  one schedule of one world
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor

from tests.interleaving.explore import Numbers, exploring
from tests.interleaving.schedules import Violation, parsed, summary
from tests.interleaving.worlds import WORLDS, world

Row = tuple[float, ...]
LEGEND = """
schedules: explored to their ends; states: of the account; steps: requests and deaths; asleep: steps
cut, since they commute with one taken before; known: positions reached again, where the rest was
cut. Requests whose answer never changes are no steps. No world is cut off."""


def explore(name: str) -> Row:
    """Explore one world; returns its numbers and the seconds that it took."""
    began = time.monotonic()
    with exploring(world(name)) as explorer:
        numbers = explorer.explore()
    return (*numbers, round(time.monotonic() - began))


def replay(name: str, schedule: str) -> str:
    """Follow one schedule, and return what is there at its end and after the sweeps."""
    with exploring(world(name)) as explorer:
        reached = explorer.replay(parsed(schedule))
        (end,) = explorer.ends
    return f"{summary(reached.state)}\nafter the sweeps: {end}"


def show(name: str, cells: tuple[object, ...]) -> None:
    print(f"{name:<54}" + "".join(f"{each:>12,}" for each in cells), flush=True)  # noqa: T201


def table(futures: dict[str, Future[Row]]) -> None:
    print(f"{'world':<54}" + "".join(f"{each:>12}" for each in (*Numbers._fields, "seconds")))  # noqa: T201
    for name, future in futures.items():
        show(name, future.result())
    show("all", tuple(map(sum, zip(*(each.result() for each in futures.values()), strict=True))))
    print(LEGEND)  # noqa: T201


def main(arguments: list[str]) -> None:
    try:
        if arguments:
            print(replay(*arguments))  # noqa: T201
            return
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            table({each.name: pool.submit(explore, each.name) for each in WORLDS})
    except Violation as found:
        sys.exit(str(found))


if __name__ == "__main__":
    main(sys.argv[1:])
