"""Operations: what Lightsail answers to a write, and how each of them ends.

Forms: the outputs of create-…-snapshot, delete-…-snapshot, copy-snapshot and get-operation
in the AWS CLI reference. A terminal success is `Succeeded` there. `operationType` takes values
that the model's enum lacks, CopySnapshot among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lightsail_moto.models.resource import Failure, Record, Resource
from lightsail_moto.models.store import PagedList


@dataclass(frozen=True)
class Completion:
    """When a resource is finished, and the failure if it will not be ready then."""

    due: datetime
    failure: Failure | None = None


@dataclass(kw_only=True, eq=False)
class Operation:
    """`completion` is None once the operation is terminal."""

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
    completion: Completion | None = None

    @property
    def is_terminal(self) -> bool:
        return self.status in ("Succeeded", "Failed", "Completed")

    def settle(self, now: datetime) -> None:
        """Bring the status up to `now`."""
        if self.completion and now >= self.completion.due:
            self.end(self.completion.due, self.completion.failure)

    def end(self, at: datetime, failure: Failure | None = None) -> None:
        self.status = "Failed" if failure else "Succeeded"
        self.failure = failure
        self.status_changed_at = at
        self.completion = None

    def describe(self) -> Record:
        """The operation as Lightsail answers it; absent where there are no details, no errors."""
        described: Record = {
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


class OperationLog:
    """The operations of a Region, oldest first.

    The API reference reads "from oldest to newest, up to a maximum of 200"; its samples show
    the newest first. Nothing is left out here.
    """

    def __init__(self) -> None:
        self.all: PagedList[Operation] = PagedList()
        self._by_id: dict[str, Operation] = {}
        self._by_resource: dict[str, PagedList[Operation]] = {}

    def add(self, operation: Operation) -> None:
        self.all.append(operation)
        self._by_id[operation.id] = operation
        self._by_resource.setdefault(operation.resource_name, PagedList()).append(operation)

    def get(self, operation_id: str) -> Operation | None:
        return self._by_id.get(operation_id)

    def of(self, resource_name: str) -> PagedList[Operation]:
        return self._by_resource.get(resource_name, PagedList())

    def in_progress(self, resource: Resource) -> list[Operation]:
        """Those that are not terminal and name the resource, as subject or in their details."""
        return [
            operation
            for operation in self.all
            if operation.completion
            and resource.name in (operation.resource_name, operation.details)
        ]
