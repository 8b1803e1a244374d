"""Simulate a retention policy: `python -m simulate --help`, or `make simulate`."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from output import run
from simulate.change import count_of, day_of, deletions_after, explain
from simulate.document import page
from simulate.timeline import Options, Timeline, simulate
from snapshotter.policy.grammar import GRAMMAR, Retention, RetentionError, parse_retention

POLICY, DAYS, MOST_DAYS = "daily=7 weekly=4 monthly=6", 400, 3660
PAGE = Path("build/simulate.html")
WIDTH = 80


def main(
    arguments: Sequence[str] | None = None, *, now: datetime | None = None, path: Path = PAGE
) -> int:
    """Simulate, print, and write the page.

    now: the last day is the one it falls on. Returns 0, or 2 for invalid arguments.
    """
    options, faults = read(arguments, now or datetime.now(UTC))
    if options is None:
        print(*faults, sep="\n", file=sys.stderr)
        return 2
    timeline = simulate(options)
    print("\n".join(draw(options, timeline)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(options, timeline), encoding="utf-8")
    print(f"\nPage with every day: {path.as_posix()}")
    return 0


def read(arguments: Sequence[str] | None, now: datetime) -> tuple[Options | None, list[str]]:
    """Read the command line: the options, or every fault with what is accepted."""
    parser = argparse.ArgumentParser(
        prog="python -m simulate", description="Show what a retention policy keeps, day by day."
    )
    parser.add_argument("--policy", default=POLICY, help=f"retention; default {POLICY!r}")
    parser.add_argument("--days", default=str(DAYS), help=f"how many days; default {DAYS}")
    parser.add_argument("--then", default="", metavar="POLICY", help="a policy that replaces it")
    parser.add_argument("--at", default="", metavar="DAY", help="on this day; 1 is the first")
    asked = parser.parse_args(arguments)
    faults: list[str] = []
    policy = _retention("policy", asked.policy, faults)
    days = _number("days", asked.days, MOST_DAYS, faults)
    then = at = None
    if asked.then or asked.at:
        then = _retention("then", asked.then, faults)
        at = _number("at", asked.at, days or MOST_DAYS, faults)
    if policy is None or days is None or faults:
        return None, faults
    first = now.date() - timedelta(days=days - 1)
    return Options(policy, first, days, then, first + timedelta(days=at - 1) if at else None), []


def _retention(name: str, text: str, faults: list[str]) -> Retention | None:
    try:
        return parse_retention(text)
    except RetentionError as error:
        faults.append(f"{name}: {'; '.join(error.faults)}; accepted: {GRAMMAR}")
        return None


def _number(name: str, text: str, most: int, faults: list[str]) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most:
        return int(text)
    faults.append(f"{name}: {text!r} is not valid; accepted: a whole number from 1 to {most}")
    return None


def draw(options: Options, timeline: Timeline) -> Iterator[str]:
    """Describe the simulation in lines of at most 80 columns."""
    taken, kept = len(timeline.points), timeline.kept
    yield from textwrap.wrap(str(options.retention), WIDTH)
    yield (
        f"{count_of(options.days, 'day')}, {day_of(options.first)} to {day_of(options.last)}: "
        f"{taken} taken, {taken - len(kept)} deleted"
    )
    if options.then:
        yield from ("", f"Then {options.then}")
        yield from textwrap.wrap(explain(options, timeline), WIDTH)
        for first, last, count in deletions_after(options, timeline):
            span = day_of(first) if first == last else f"{day_of(first)} to {day_of(last)}"
            yield f"  {span:<34}  {count_of(count, 'point')} deleted{' a day' * (first != last)}"
    yield from ("", f"{count_of(len(kept), 'recovery point')} at the end of {day_of(options.last)}")
    for point in kept:
        age = (options.last - point.taken.date()).days
        start = (
            f"  {day_of(point.taken.date()):<15}  {count_of(age, 'day') if age else 'today':>10}  "
        )
        reasons = ", ".join(point.periods[-1].reasons)
        yield from textwrap.wrap(
            reasons, WIDTH, initial_indent=start, subsequent_indent=" " * len(start)
        )


if __name__ == "__main__":
    run(main)
