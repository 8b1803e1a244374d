"""Run the benchmarks and print a table for each: `python -m bench`."""

import argparse
import sys
from collections.abc import Callable, Mapping

from bench.planning import planning
from bench.speed import speed
from bench.start import start
from bench.table import Table, render

BENCHMARKS: Mapping[str, Callable[[], Table]] = {
    "planning": planning,
    "start": start,
    "speed": speed,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the given benchmarks, or all.

    The exit code is 0 also if a goal is missed, since a busy machine misses some.
    """
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("which", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all by default")
    which = parser.parse_args(arguments).which or list(BENCHMARKS)
    if unknown := [name for name in which if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    for name in which:
        print(render(BENCHMARKS[name]()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
