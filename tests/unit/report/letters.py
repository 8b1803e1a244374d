"""Letters of situations that tests build."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from snapshotter.inputs.event import RunAction
from snapshotter.inputs.request import AlarmChange
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Inventory, RegionInventory, Resource, Snapshot
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.plan import assess
from snapshotter.report.letter import Letter, Sender, write_letter
from snapshotter.report.status import StatusReport, make_status_report
from tests.unit.builders import EAST, a_plan, a_request, a_snapshot, some_settings

EUROPE = "eu-central-1"
SENDER = Sender("backups", "123456789012", EAST, "backups-SnapshotFunction-1A2B3C")
SIGNATURE = """\
Stack backups in account 123456789012, us-east-1
https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/backups-SnapshotFunction-1A2B3C
"""


def a_point(of: Resource, at: datetime, **given: object) -> Snapshot:
    """A snapshot with the name that a run gives it."""
    return a_snapshot(f"{of.name}-{at:%Y%m%dT%H%M%SZ}", of=of, at=at, **given)  # type: ignore[arg-type]


def a_copy(of: Resource, at: datetime, region: str = EUROPE, **given: object) -> Snapshot:
    name = f"{of.name}-{at:%Y%m%dT%H%M%SZ}-{of.region}"
    return a_snapshot(name, of=of, at=at, region=region, **given)  # type: ignore[arg-type]


def an_error(snapshot: Snapshot, why: str = "The disk could not be read.") -> Outcome:
    """The confirmation of a snapshot that ended in error."""
    message = f"{snapshot.name} ended in error: {why}"
    return Outcome(
        action="confirm",
        status="failed",
        region=snapshot.region,
        resource_type=snapshot.kind.name,
        resource=snapshot.from_name,
        snapshot=snapshot.name,
        error=ErrorInfo("InternalError", message),
    )


def a_status(
    *found: Resource | Snapshot,
    settings: Settings | None = None,
    unreadable: Mapping[str, str] | None = None,
) -> StatusReport:
    """The report of an account with these resources and snapshots.

    A snapshot in error ended so because the disk could not be read. unreadable: by region, the
    error of its read.
    """
    settings = settings or some_settings()
    errors = unreadable or {}
    regions = dict.fromkeys((*settings.all_regions, *(each.region for each in found)))
    inventory = Inventory(
        {
            region: RegionInventory(
                tuple(e for e in found if isinstance(e, Resource) and e.region == region),
                tuple(e for e in found if isinstance(e, Snapshot) and e.region == region),
            )
            for region in regions
            if region not in errors
        },
        {region: ErrorInfo("Denied", error) for region, error in errors.items()},
    )
    request = a_request(RunAction.REPORT, regions=settings.regions)
    situation = assess(inventory, settings, request)
    plan = a_plan(situation)
    failures = [an_error(own.snapshot) for own in plan.failures]
    return make_status_report(situation, plan, failures, request)


def a_letter(
    *found: Resource | Snapshot,
    settings: Settings | None = None,
    unreadable: Mapping[str, str] | None = None,
    failures: Sequence[str] | None = (),
    alarm: AlarmChange | None = None,
) -> Letter:
    settings = settings or some_settings()
    report = a_status(*found, settings=settings, unreadable=unreadable)
    return write_letter(report, SENDER, settings.timezone, failures=failures, alarm=alarm)


def as_text(letter: Letter) -> str:
    """A letter as a mail program shows it, without its signature."""
    text, signature = letter.text.rsplit("\n\n", 1)
    assert signature == SIGNATURE
    return f"Subject: {letter.subject}\n\n{text}\n"
