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

COLUMNS = (*Numbers._fields, "seconds")


def explore(name: str) -> tuple[Numbers, float]:
    """Explore one world; returns its numbers and the seconds that it took."""
    began = time.monotonic()
    with exploring(world(name)) as explorer:
        numbers = explorer.explore()
    return numbers, time.monotonic() - began


def replay(name: str, schedule: str) -> str:
    """Follow one schedule, and return what is there at its end and after the sweeps."""
    with exploring(world(name)) as explorer:
        reached = explorer.replay(parsed(schedule))
        (end,) = explorer.ends
    return f"{summary(reached.state)}\nafter the sweeps: {end}"


def report(name: str, future: Future[tuple[Numbers, float]]) -> bool:
    try:
        numbers, seconds = future.result()
    except Violation as found:
        print(f"BROKEN {found}")  # noqa: T201
        return False
    cells = "".join(f"{each:>12,}" for each in numbers)
    print(f"{name:<54}{cells}{seconds:>12.1f}", flush=True)  # noqa: T201
    return True


def main(arguments: list[str]) -> int:
    try:
        if arguments:
            print(replay(*arguments))  # noqa: T201
            return 0
    except Violation as found:
        print(found)  # noqa: T201
        return 1
    print(f"{'world':<54}" + "".join(f"{each:>12}" for each in COLUMNS))  # noqa: T201
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        futures = {each.name: pool.submit(explore, each.name) for each in WORLDS}
        held = [report(name, future) for name, future in futures.items()]
    print(  # noqa: T201
        "schedules: explored to their ends; states: of the account; steps: requests and deaths; "
        "asleep: steps\ncut, as they commute with one taken before; known: positions reached "
        "again.\nNo world is cut off."
    )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
