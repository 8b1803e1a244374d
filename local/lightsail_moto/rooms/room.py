"""What every room stands on: one Region of one account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from moto.core.base_backend import BaseBackend

from lightsail_moto.births import Birth, new_id
from lightsail_moto.naming import check_names
from lightsail_moto.operations import Fate, Ledger, Operation
from lightsail_moto.paging import Shelf
from lightsail_moto.resources import (
    Disk,
    Instance,
    Record,
    RelationalDatabase,
    Resource,
    Transition,
)
from lightsail_moto.snapshots import Snapshot
from lightsail_moto.store import Store
from lightsail_moto.tagging import WireTags, read_tags

if TYPE_CHECKING:
    from lightsail_moto.controls import Control

R = TypeVar("R", bound=Resource)
T = TypeVar("T")

ALL_ZONES = "all"


class Room(BaseBackend):
    """The resources and operations of a Region, and how rooms find, make and answer them."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = Store()
        self.ledger = Ledger()

    @property
    def control(self) -> Control:
        """The controls of the account."""
        raise NotImplementedError

    def neighbour(self, region: str) -> Room:
        """Another Region of the account; InvalidInput if there is none."""
        raise NotImplementedError

    @property
    def now(self) -> datetime:
        return self.control.clock.now()

    def get(self, kind: type[R], name: str) -> R:
        """The resource in its present state, or NotFound."""
        return self.settled(self.store.get(kind, name))

    def settled(self, resource: R) -> R:
        """The same resource, with its state and its automatic snapshots up to now."""
        resource.settle(self.now)
        if isinstance(resource, Instance | Disk):
            duration = timedelta(seconds=self.control.auto_snapshot_seconds)
            resource.auto.settle(self.now, duration, self.attached_to(resource))
        return resource

    @staticmethod
    def attached_to(source: Instance | Disk) -> list[Record]:
        """The disks of an instance as an automatic snapshot shows them; a disk has none."""
        disks = source.disks if isinstance(source, Instance) else []
        return [{"path": disk.path, "sizeInGb": disk.size_gb} for disk in disks]

    def birth(self, name: str, zone: str, tags: WireTags | None, state: str) -> Birth:
        """A new resource of this Region, now; its tags are checked here."""
        return Birth(
            name=name,
            account=self.account_id,
            region=self.region_name,
            zone=zone,
            at=self.now,
            tags=read_tags(tags),
            state=state,
        )

    def claim(self, *names: str, kind: type[Resource]) -> None:
        """Refuse names that are illegal for this type, or taken by any type."""
        check_names(names, self.store.names, kind.type)

    def begin(self, resource: Resource, seconds: float, *sources: str | None) -> Fate:
        """Take the new resource in; it is finished after so many seconds, well or badly.

        sources: names of what it is made from, by which it may be meant to end in error.
        """
        due = self.now + timedelta(seconds=seconds)
        failure = self.control.faults.failure_of(resource, sources)
        resource.transition = Transition(due, failure.state if failure else resource.ready)
        self.store.add(resource)
        return Fate(due, failure)

    def started(
        self, resource: Resource, kind: str, fate: Fate, details: str | None = None
    ) -> Record:
        """Note an operation that is under way, and describe it."""
        return self._note(resource, kind, details, fate)

    def done(self, resource: Resource, kind: str, details: str | None = None) -> Record:
        """Note an operation that has succeeded at once, and describe it."""
        return self._note(resource, kind, details, None)

    def _note(
        self, resource: Resource, kind: str, details: str | None, fate: Fate | None
    ) -> Record:
        operation = Operation(
            id=new_id(),
            resource_name=resource.name,
            resource_type=resource.type,
            zone=resource.zone,
            region=self.region_name,
            type=kind,
            created_at=self.now,
            details=details,
            status="Started" if fate else "Succeeded",
            status_changed_at=self.now,
            fate=fate,
        )
        self.ledger.add(operation)
        return operation.describe()

    def listing(self, kind: type[Resource], key: str, token: str | None) -> Record:
        """One page of all resources of a type, as the answer of the operation that lists them."""
        resources, next_token = self.page(self.store.shelf(kind), token)
        described = [self.settled(resource).describe() for resource in resources]
        return self.with_token({key: described}, next_token)

    def page(self, shelf: Shelf[T], token: str | None) -> tuple[list[T], str | None]:
        control = self.control
        listed_until = self.now - timedelta(seconds=control.list_delay_s)

        def visible(item: T) -> bool:
            return not isinstance(item, Snapshot) or item.created_at <= listed_until

        return shelf.page(token, control.page_size, visible=visible, shifting=control.shift_pages)

    @staticmethod
    def with_token(answer: Record, next_token: str | None) -> Record:
        """The answer, with nextPageToken if there is a next page."""
        return answer | {"nextPageToken": next_token} if next_token else answer

    def snapshots_under_way(self, source: Instance | Disk | RelationalDatabase) -> bool:
        return any(
            isinstance(each, Snapshot)
            and each.source_arn == source.arn
            and self.settled(each).transition is not None
            for each in self.store
        )

    @staticmethod
    def operations(described: Iterable[Record]) -> dict[str, Any]:
        return {"operations": list(described)}
