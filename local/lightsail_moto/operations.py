"""Operations: what Lightsail answers to a write, and what becomes of it.

Forms: the outputs of create-…-snapshot, delete-…-snapshot, copy-snapshot and get-operation
in the AWS CLI reference. A terminal success is `Succeeded` there. `operationType` takes values
that the model's enum lacks, CopySnapshot among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lightsail_moto.paging import Shelf
from lightsail_moto.resources import Resource


@dataclass(frozen=True)
class Failure:
    """How something ends badly; `state` is the state of the resource from then on."""

    error_code: str
    error_details: str
    state: str = "error"


@dataclass(frozen=True)
class Fate:
    """When a resource is finished, and the failure if it will not be ready then."""

    due: datetime
    failure: Failure | None = None


@dataclass(kw_only=True, eq=False)
class Operation:
    """`fate` is None once the operation is terminal."""

    id: str
    resource_name: str
    resource_type: str
    zone: str
    region: str
    type: str
    created_at: datetime
    details: str | None = None
    status: str = "Started"
    status_changed_at: datetime
    failure: Failure | None = None
    fate: Fate | None = None

    @property
    def is_terminal(self) -> bool:
        return self.status in ("Succeeded", "Failed", "Completed")

    def settle(self, now: datetime) -> None:
        """Bring the status up to `now`."""
        if self.fate and now >= self.fate.due:
            self.end(self.fate.due, self.fate.failure)

    def end(self, at: datetime, failure: Failure | None = None) -> None:
        self.status = "Failed" if failure else "Succeeded"
        self.failure = failure
        self.status_changed_at = at
        self.fate = None

    def describe(self) -> dict[str, Any]:
        """The operation as Lightsail answers it; absent where there are no details, no errors."""
        described: dict[str, Any] = {
            "id": self.id,
            "resourceName": self.resource_name,
            "resourceType": self.resource_type,
            "createdAt": self.created_at,
            "location": {"availabilityZone": self.zone, "regionName": self.region},
            "isTerminal": self.is_terminal,
            "operationType": self.type,
            "status": self.status,
            "statusChangedAt": self.status_changed_at,
        }
        if self.details is not None:
            described["operationDetails"] = self.details
        if self.failure:
            described["errorCode"] = self.failure.error_code
            described["errorDetails"] = self.failure.error_details
        return described


class Ledger:
    """The operations of a Region, oldest first.

    The API reference says "from oldest to newest, up to a maximum of 200"; its samples show
    the newest first. Nothing is left out here.
    """

    def __init__(self) -> None:
        self.all: Shelf[Operation] = Shelf()
        self._by_id: dict[str, Operation] = {}
        self._by_resource: dict[str, Shelf[Operation]] = {}

    def add(self, operation: Operation) -> None:
        self.all.put(operation)
        self._by_id[operation.id] = operation
        self._by_resource.setdefault(operation.resource_name, Shelf()).put(operation)

    def get(self, operation_id: str) -> Operation | None:
        return self._by_id.get(operation_id)

    def of(self, resource_name: str) -> Shelf[Operation]:
        return self._by_resource.get(resource_name, Shelf())

    def about(self, resource: Resource) -> list[Operation]:
        """Those that are still under way and name the resource, as subject or in their details."""
        return [
            operation
            for operation in self.all
            if operation.fate and resource.name in (operation.resource_name, operation.details)
        ]
