"""Two weeks of nights and sweeps, and what retention keeps of one server."""

from datetime import datetime, timedelta

from demo.scenario import Run, Scenario
from invoke.fleet import FLEET, HOME, NIGHT, SECOND, settings
from invoke.history import FOREIGN, HELD, last_nights
from simulate.timeline import Point
from snapshotter.model.tags import TIME
from snapshotter.model.times import from_iso, to_iso
from snapshotter.policy.retention import Decision, evaluate

NIGHTS = 14
SERVER = next(member for member in FLEET if member.name == "web-1")


def run_fortnight(scenario: Scenario) -> None:
    printer = scenario.printer
    printer.title(f"{NIGHTS} more nights, each with its run and a sweep")
    foreign = _foreign(scenario)
    runs = _run_nights(scenario)
    sums = {name: sum(run.summary[name] for run in runs) for name in ("created", "deleted")}
    printer.text(f"{len(runs)} runs: created {sums['created']}  deleted {sums['deleted']}")
    printer.line()
    errors = [str(run.error) for run in runs if run.error]
    printer.check("Every run succeeds.", errors, [])
    printer.check("No resource is ever stale.", {run.summary["stale"] for run in runs}, {0})
    printer.check("Snapshots that people took are unchanged.", _foreign(scenario), foreign)

    now = NIGHT + timedelta(days=NIGHTS, hours=2)
    kept = _expected(now)
    printer.check(
        f"{SERVER.name} in {HOME} has what {settings().retention} keeps of all its nights:",
        recovery_points(scenario, HOME),
        [verdict.point.time for verdict in kept],
    )
    printer.line()
    rows = [(f"{each.point.time:%Y-%m-%d %H:%M}", each.reason) for each in kept]
    printer.table(rows, (16,))
    printer.line()
    printer.check(
        f"In {SECOND} are its copies of 3 nights, by CopyRetention={settings().copy_retention}.",
        recovery_points(scenario, SECOND),
        last_nights(now, 3),
    )


def recovery_points(scenario: Scenario, region: str) -> list[datetime]:
    """The times of the server's recovery points in a region, newest first."""
    times = [
        from_iso(str(each["tags"][TIME]))
        for each in scenario.snapshots(region).values()
        if each["from"] == SERVER.name and TIME in each["tags"]
    ]
    return sorted(times, reverse=True)


def _run_nights(scenario: Scenario) -> list[Run]:
    runs = []
    for number in range(1, NIGHTS + 1):
        night = NIGHT + timedelta(days=number)
        runs.append(scenario.invoke({"action": "snapshot", "scheduledTime": to_iso(night)}, night))
        runs.append(scenario.sweep(night + timedelta(hours=1)))
    return [*runs, scenario.sweep(night + timedelta(hours=2))]


def _expected(now: datetime) -> list[Decision[Point]]:
    """Evaluate the policy once over all nights, instead of night after night."""
    times = {*last_nights(now, SERVER.nights + NIGHTS + 1), HELD}
    points = [Point(time, to_iso(time), held=time == HELD) for time in times]
    stack = settings()
    verdicts = evaluate(points, stack.retention, now=now, timezone=stack.timezone)
    return [verdict for verdict in verdicts if verdict.keep]


def _foreign(scenario: Scenario) -> dict[str, object]:
    snapshots = scenario.snapshots(HOME)
    return {name: snapshots.get(name) for name in FOREIGN}
