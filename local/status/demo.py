"""The report of the demo's fleet: the real handler, after three nights in which much went wrong.

api-2 is stale: every snapshot of these nights ended in error. web-2 is lost: its selection tag was
removed. A tag of crm is refused. The policy of mail.example.eu was reduced, so older points are
cooling off. legacy-shop was deleted, and its points stay. A restore test of web-1 has passed.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import boto3

from invoke import fleet
from invoke.embedded import embedded
from invoke.fleet import HOME, NIGHT, SECOND
from invoke.function import call
from invoke.history import seed_history
from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.names import to_iso
from snapshotter.model.tags import VERIFIED

FAILING, LOST, COOLING_OFF = "api-2", "web-2", "mail.example.eu"
GONE, PROVEN = "legacy-shop", "web-1"
REDUCED_POLICY = "daily=3 weekly=2"
NOW = NIGHT + timedelta(hours=3)

_FIRST_NIGHT = NIGHT - timedelta(days=2)


def demo_report() -> Any:
    """Return what the function answers to `{"action": "report"}` in the emulated account."""
    with demo_account() as account:
        account.clock.set(NOW)
        return _invoke({"action": "report"})


@contextmanager
def demo_account() -> Iterator[Control]:
    """Open the emulated account as it is after the last sweep of these nights."""
    with embedded(_FIRST_NIGHT) as account:
        fleet.seed_fleet(account)
        deleted = account.seed.add_instance(GONE, HOME, tags=fleet.PROTECTED)
        seed_history(account, deleted, fleet.settings(), nights=30)
        account.seed.remove(deleted)
        account.end_in_error(FAILING, error_details="The disk could not be read.", times=None)
        _nights(account, _FIRST_NIGHT, NIGHT - timedelta(days=1))
        _change_tags()
        _nights(account, NIGHT, NIGHT)
        yield account


def _nights(account: Control, first: datetime, last: datetime) -> None:
    """Scheduled runs, each with two sweeps after it: for what failed, and for copies."""
    account.set_database_state("orders-db", HOME, "available")
    for day in range((last - first).days + 1):
        for hours, action in enumerate(("snapshot", "sweep", "sweep")):
            account.clock.set(first + timedelta(days=day, hours=hours))
            with suppress(SnapshotRunFailed):
                _invoke({"action": action})


def _change_tags() -> None:
    """Make the changes that owners of resources make, some of them by mistake."""
    home, second = (boto3.client("lightsail", region_name=name) for name in (HOME, SECOND))
    home.untag_resource(resourceName=LOST, tagKeys=["snapshot"])
    second.tag_resource(
        resourceName=COOLING_OFF, tags=[{"key": "snapshot:keep", "value": REDUCED_POLICY}]
    )
    snapshots = home.get_instance_snapshots()["instanceSnapshots"]
    tested = next(each["name"] for each in snapshots if each["fromInstanceName"] == PROVEN)
    home.tag_resource(
        resourceName=tested, tags=[{"key": VERIFIED, "value": to_iso(NIGHT - timedelta(days=1))}]
    )


def _invoke(event: dict[str, str]) -> Any:
    return call(event, fleet.environment(), output=io.StringIO())
