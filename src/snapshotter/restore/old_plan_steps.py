"""The steps of a restore, and those that are left, as the tag of what it made has them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import ActionName
from snapshotter.model.tags import TO_DO


class Step(NamedTuple):
    """One write about a restored resource. `name` is the recovery point, where it is about that."""

    region: str
    kind: Kind
    source_name: str
    reason: str
    name: str | None = None
    action: ActionName = "restore"


LIMIT = timedelta(hours=3)
"""What is left to do after this time a person must do."""

FIREWALL_STEP = "firewall"
STATIC_IP_STEP = "static-ip:"
"""Before the name of a static address."""

DONE = "done"


def left_to_do(resource: Resource) -> tuple[str, ...]:
    """The steps that are left of a restore, as its tag has them."""
    written = resource.tags.get(TO_DO) or DONE
    return () if written == DONE else tuple(written.split())


def is_stuck(resource: Resource, now: datetime) -> bool:
    """Whether steps are left of a restore that started too long ago."""
    started = resource.created_at
    return bool(left_to_do(resource)) and started is not None and now - started >= LIMIT
