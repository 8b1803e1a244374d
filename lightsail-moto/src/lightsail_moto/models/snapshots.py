"""What the snapshots of all three kinds have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self, TypeVar

from lightsail_moto.exceptions import TRY_AGAIN, WAIT, InvalidInput
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.operation_log import Completion
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.validation import WireTags, read_tags

AUTO_IN_PROGRESS = "You cannot create manual snapshots when an automatic snapshot is being created."


@dataclass(kw_only=True, eq=False)
class Snapshot(Resource):
    """`source_name` and `source_arn` are None where a copy does not carry them."""

    size_gb: int
    source_name: str | None
    source_arn: str | None
    from_auto: bool = False

    @classmethod
    def of(cls, source: Any, members: Record) -> Self:
        """A snapshot of this source; `members` are those that all types have."""
        raise NotImplementedError


S = TypeVar("S", bound=Snapshot)


class SnapshotBackend(RegionBackend):
    """Taking and deleting snapshots.

    Known: a create answers two operations, for the snapshot and for its source, in progress; a
    delete answers one that has succeeded; tags are not inherited; an automatic snapshot in
    progress refuses manual ones, in the user guide's words.
    Unknown, and decided here: the codes and texts of the other refusals, which carry the
    phrases that Terraform's provider retries on; whether a pending snapshot can be deleted
    (control: delete_pending); whether a source takes two at once (concurrent_snapshots).
    """

    def take(
        self,
        kind: type[Snapshot],
        name: str,
        source: Resource,
        tags: WireTags | None,
        *,
        pending: str = "pending",
    ) -> tuple[list[Record], Completion]:
        """Begin a snapshot of this type, and describe the two operations.

        The caller has checked that the source allows it. The details of each operation name
        the resource of the other.
        """
        self.claim(name, kind=kind)
        environment = self.environment
        if not environment.concurrent_snapshots and self._is_pending_of(source):
            raise InvalidInput(f"A snapshot of {source.name} is in progress. {WAIT}")
        taken = kind.of(source, self.members(kind, name, tags=read_tags(tags), state=pending))
        seconds = environment.snapshot_seconds_by_type.get(kind.type, environment.snapshot_seconds)
        completion = self.begin(taken, seconds, source.name)
        operations = self.started_for_both(f"Create{kind.type}", taken, source, completion)
        return operations, completion

    def delete(self, kind: type[Snapshot], name: str) -> Record:
        deleted = self.get(kind, name)
        if deleted.transition and not self.environment.delete_pending:
            raise InvalidInput(f"The {kind.type} {name} is being created. {TRY_AGAIN}")
        self.store.remove(deleted)
        return self.operations([self.done(deleted, f"Delete{kind.type}")])

    def list_filter(self) -> Callable[[object], bool]:
        """A new snapshot is not shown for list_delay_s."""
        until = self.now - timedelta(seconds=self.environment.list_delay_s)
        return lambda item: not isinstance(item, Snapshot) or item.created_at <= until

    def refuse_during_auto_snapshot(self, source: AddOnResource) -> None:
        if source.auto.in_progress(self.now):
            raise InvalidInput(AUTO_IN_PROGRESS)

    @staticmethod
    def refuse_in_transition(source: Resource) -> None:
        """Running and stopped instances can be snapshotted; what others answer is unknown."""
        if source.state not in ("running", "stopped"):
            raise InvalidInput(f"The Instance {source.name} is {source.state}. {TRY_AGAIN}")

    def _is_pending_of(self, source: Resource) -> bool:
        return any(
            isinstance(each, Snapshot)
            and each.source_arn == source.arn
            and self.settled(each).transition is not None
            for each in self.store
        )


def ready(snapshot: S) -> S:
    """The same snapshot; InvalidInput if it is not finished."""
    if snapshot.state != snapshot.ready:
        raise InvalidInput(f"The {snapshot.type} {snapshot.name} is {snapshot.state}.")
    return snapshot
