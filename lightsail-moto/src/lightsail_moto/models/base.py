"""One Region of one account: its resources and operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from moto.core.base_backend import BaseBackend
from moto.moto_api._internal import mock_random

from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.environment import Environment
from lightsail_moto.models.operation_log import Completion, Operation, OperationLog
from lightsail_moto.models.resource import Record, Resource, Transition
from lightsail_moto.models.store import PagedList, Store
from lightsail_moto.models.validation import Tags, check_names

R = TypeVar("R", bound=Resource)
T = TypeVar("T")


class RegionBackend(BaseBackend):
    """What the operations of every resource are made of: find, create, note, list.

    In the subclasses, a method that has boto3's name for an operation takes the members of
    its input in snake case and returns the output as a plain dict with the model's own keys.
    Each is called with the account's lock held. A test compares every signature with
    botocore's service model.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = Store()
        self.operation_log = OperationLog()

    @property
    def environment(self) -> Environment:
        """The environment of the account."""
        raise NotImplementedError

    def other_region(self, region: str) -> RegionBackend:
        """Another Region of the account; InvalidInput if there is none."""
        raise NotImplementedError

    @property
    def now(self) -> datetime:
        return self.environment.now()

    def get(self, kind: type[R], name: str) -> R:
        """The resource in its present state, or NotFound."""
        return self.settled(self.store.get(kind, name))

    def settled(self, resource: R) -> R:
        """The same resource, with its state and its automatic snapshots up to now."""
        resource.settle(self.now)
        if isinstance(resource, AddOnResource):
            duration = timedelta(seconds=self.environment.auto_snapshot_seconds)
            resource.auto.settle(self.now, duration, resource.attached_disks())
        return resource

    def claim(self, *names: str, kind: type[Resource]) -> None:
        """Refuse names that are illegal for this type, or taken by any type."""
        check_names(names, self.store.names, kind.type)

    def members(
        self,
        kind: type[Resource],
        name: str,
        zone: str = "all",
        *,
        tags: Tags | None = None,
        state: str = "pending",
        at: datetime | None = None,
    ) -> Record:
        """The members of a new record that all types have.

        The ARN has a UUID, not the name: a namesake made later has another ARN.
        """
        unique = mock_random.uuid4()
        support_id = kind.support_prefix + unique.hex[:17] if kind.support_prefix else name
        return {
            "name": name,
            "region": self.region_name,
            "zone": zone,
            "arn": f"arn:aws:lightsail:{self.region_name}:{self.account_id}:{kind.type}/{unique}",
            "support_code": f"{self.account_id[::-1]}/{support_id}",
            "created_at": at or self.now,
            "tags": dict(tags or {}),
            "state": state,
        }

    def begin(self, resource: Resource, seconds: float, *sources: str | None) -> Completion:
        """Add the new resource; it is finished after so many seconds, ready or failed.

        sources: names of what it is made from, by which a failure may have been asked for.
        """
        due = self.now + timedelta(seconds=seconds)
        failure = self.environment.failure_of(resource, sources)
        resource.transition = Transition(due, failure.state if failure else resource.ready)
        self.store.add(resource)
        return Completion(due, failure)

    def done(self, resource: Resource, kind: str, details: str | None = None) -> Record:
        """Note an operation that has succeeded at once, and describe it."""
        return self.started(resource, kind, None, details)

    def started(
        self,
        resource: Resource,
        kind: str,
        completion: Completion | None,
        details: str | None = None,
    ) -> Record:
        """Note an operation that is in progress, and describe it."""
        now = self.now
        operation = Operation(
            id=str(mock_random.uuid4()),
            resource_name=resource.name,
            resource_type=resource.type,
            zone=resource.zone,
            region=self.region_name,
            type=kind,
            created_at=now,
            details=details,
            status="Started" if completion else "Succeeded",
            status_changed_at=now,
            completion=completion,
        )
        self.operation_log.add(operation)
        return operation.describe()

    def started_for_both(
        self, kind: str, first: Resource, second: Resource, completion: Completion | None = None
    ) -> list[Record]:
        """Two operations, for two resources, whose details name the other; by default due now."""
        completion = completion or Completion(self.now)
        return [
            self.started(first, kind, completion, second.name),
            self.started(second, kind, completion, first.name),
        ]

    def done_for_both(self, kind: str, first: Resource, second: Resource) -> list[Record]:
        """The same, of operations that have succeeded at once."""
        return [self.done(first, kind, second.name), self.done(second, kind, first.name)]

    def listing(self, kind: type[Resource], key: str, token: str | None) -> Record:
        """One page of all resources of a type, as the answer of the operation that lists them."""
        resources, next_token = self.page(self.store.of_type(kind), token)
        described = [self.describe(self.settled(resource)) for resource in resources]
        return self.with_token({key: described}, next_token)

    def describe(self, resource: Resource) -> Record:
        """The record as answers show it, where it depends on the environment too."""
        return resource.describe()

    def page(self, listed: PagedList[T], token: str | None) -> tuple[list[T], str | None]:
        size, shifting = self.environment.page_size, self.environment.shift_pages
        return listed.page(token, size, visible=self.list_filter(), shifting=shifting)

    def list_filter(self) -> Callable[[object], bool]:
        """Which items lists show now; Get finds the others too."""
        return lambda _: True

    @staticmethod
    def with_token(answer: Record, next_token: str | None) -> Record:
        """The answer, with nextPageToken if there is a next page."""
        return answer | {"nextPageToken": next_token} if next_token else answer

    @staticmethod
    def operations(described: Iterable[Record]) -> dict[str, Any]:
        return {"operations": list(described)}
