"""Chapter 5: two weeks of nights, and what retention leaves of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from demo.facts import holds
from demo.fleet import FLEET, HOME, NIGHT, SECOND, settings
from demo.history import FOREIGN, HELD, Past, last_nights
from demo.paper import Cell, Shade
from demo.story import Run, Story
from snapshotter.model.tags import HOLD, TIME
from snapshotter.model.times import from_iso, to_iso
from snapshotter.policy.retention import evaluate
from snapshotter.policy.retention import Decision

NIGHTS = 14
SERVER = next(member for member in FLEET if member.name == "web-1")
_COLUMNS = (24, 10)


def fast_forward(story: Story) -> None:
    """Chapter 5. Every night's run and the sweep after it are real ones."""
    paper = story.paper
    paper.title(f"5  {NIGHTS} nights later")
    foreign = _foreign(story)
    runs = list(_runs(story))
    decisions = _check(story, runs)
    holds("What people took is untouched.", _foreign(story), foreign)
    sums = {name: sum(run.summary[name] for run in runs) for name in ("created", "deleted")}
    copied = sum(run.summary["copied"] for run in runs)
    paper.say(
        f"{len(runs)} runs, all of which ended well: {sums['created']} snapshots taken, {copied} "
        f"copied, {sums['deleted']} deleted, and no resource was ever stale."
    )
    paper.line()
    paper.say(f"What is left of {SERVER.name} in {HOME}, by {settings().retention}:")
    paper.line()
    paper.table([*map(_row, decisions), *map(_by_hand, FOREIGN)], _COLUMNS)
    paper.line()
    paper.say(
        f"In {SECOND} there are the copies of its last 3 nights, by "
        f"CopyRetention={settings().copy_retention}."
    )


def _runs(story: Story) -> Iterator[Run]:
    for number in range(1, NIGHTS + 1):
        night = NIGHT + timedelta(days=number)
        yield story.run({"action": "snapshot", "scheduledTime": to_iso(night)}, night)
        yield story.sweep(night + timedelta(hours=1))
    yield story.sweep(night + timedelta(hours=2))


def _row(decision: Decision[Past]) -> list[Cell]:
    time = decision.point.time
    shade: Shade = "waiting" if decision.point.held else "good"
    reason = decision.reason.replace("hold", f"{HOLD}, written by a person")
    return [Cell(f"{time:%Y-%m-%d %H:%M}"), Cell(f"{time:%A}", "quiet"), Cell(reason, shade)]


def _by_hand(name: str) -> list[Cell]:
    return [Cell(name), Cell(""), Cell("a person's own: never counted, never deleted", "waiting")]


def _check(story: Story, runs: list[Run]) -> tuple[Decision[Past], ...]:
    """Returns the decisions on what is left of the server, newest first."""
    holds("Every run ends well.", [str(run.error) for run in runs if run.error], [])
    holds("Nothing is ever stale.", {run.summary["stale"] for run in runs}, {0})
    now = NIGHT + timedelta(days=NIGHTS, hours=2)
    stack = settings()
    left = sorted(recovery_points(story, HOME), reverse=True)
    ever = {*last_nights(now, SERVER.nights + NIGHTS + 1), HELD}
    points = [Past(time, held=time == HELD) for time in ever]
    judged = evaluate(points, stack.retention, now=now, timezone=stack.timezone)
    kept = tuple(decision for decision in judged if decision.keep)
    promise = "Night after night leaves what the policy keeps of all nights at once."
    holds(promise, left, [decision.point.time for decision in kept])
    copies = sorted(recovery_points(story, SECOND), reverse=True)
    holds("The copies have a retention of their own.", copies, list(last_nights(now, 3)))
    return kept


def recovery_points(story: Story, region: str) -> list[datetime]:
    """The recovery points of the server in a region."""
    return [
        from_iso(str(each["tags"][TIME]))
        for each in story.snapshots(region).values()
        if each["from"] == SERVER.name and TIME in each["tags"]
    ]


def _foreign(story: Story) -> dict[str, Mapping[str, Any] | None]:
    snapshots = story.snapshots(HOME)
    return {name: snapshots.get(name) for name in FOREIGN}
