"""Two hourly sweeps: retry what failed, confirm, copy to the second region, prune."""

from collections.abc import Mapping
from datetime import timedelta

from demo.scenario import Scenario
from demo.steps.night import BUSY, SELECTED
from invoke.fleet import FLEET, HOME, NIGHT, SECOND, settings
from snapshotter.model.tags import RETENTION

FAILING = "api-2"
"""Its snapshot of the scheduled run ends in error."""

COPIED = {
    member.name
    for member in FLEET
    if member.region == HOME and member.selected and "snapshot:copy-to" not in member.tags
}
_STAMP = f"{NIGHT:%Y%m%dT%H%M%SZ}"


def first_sweep(scenario: Scenario) -> None:
    printer = scenario.printer
    at = NIGHT + timedelta(hours=1)
    printer.title(f"{at:%H:%M}: the hourly sweep")
    scenario.account.set_database_state("orders-db", HOME, "available")
    run = scenario.sweep(at)
    scenario.show(run)
    failed = run.resources("confirm", "failed")
    printer.check(f"The snapshot of {FAILING} ended in error: reported.", failed, {FAILING})
    retried = run.resources("create", "started")
    printer.check(f"{FAILING} and the busy ones are taken now.", retried, {FAILING, *BUSY})
    ready = {*_tags_by_source(scenario, HOME, _STAMP), *_tags_by_source(scenario, SECOND, _STAMP)}
    printer.check("All others of tonight are ready.", ready, SELECTED - BUSY - {FAILING})
    copies = run.resources("copy", "started")
    printer.check(f"Those of {HOME} are being copied.", copies, COPIED - BUSY - {FAILING})


def second_sweep(scenario: Scenario) -> None:
    printer = scenario.printer
    at = NIGHT + timedelta(hours=2)
    printer.title(f"{at:%H:%M}: the next sweep, once the copies have arrived")
    run = scenario.sweep(at)
    scenario.show(run)
    originals = _tags_by_source(scenario, HOME, _STAMP)
    copies = _tags_by_source(scenario, SECOND, f"{_STAMP}-{HOME}")
    expected = COPIED - BUSY - {FAILING}
    printer.check(f"{len(expected)} copies in {SECOND} are ready.", {*copies}, expected)
    policy = {RETENTION: str(settings().copy_retention)}
    printer.check(
        "Each carries the tags of its original, with the policy of copies.",
        copies,
        {name: {**originals[name], **policy} for name in copies},
    )
    failed = f"{FAILING}-{_STAMP}"
    printer.check(
        f"{failed} is deleted: a newer one is ready.", failed in scenario.snapshots(HOME), False
    )
    printer.check("The run succeeds.", run.error, None)
    printer.check("Every protected resource has a recent backup.", run.summary["stale"], 0)


def _tags_by_source(
    scenario: Scenario, region: str, suffix: str
) -> dict[str, Mapping[str, object]]:
    """The tags of the ready snapshots whose names end so, by the name of their source."""
    return {
        each["from"]: each["tags"]
        for name, each in scenario.snapshots(region).items()
        if name.endswith(suffix) and each["state"] in ("available", "completed")
    }
