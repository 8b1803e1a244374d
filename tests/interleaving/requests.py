"""Requests as values, and which of them commute."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Cell = tuple[str, str]
"""A region, and a name, `list:` and a type, `operations:` and a name, or ADDRESSES."""

ADDRESSES = "addresses:"
"""Which static address is attached to which instance."""

ELAPSE = "Elapse"
"""No request: time passes. Its parameter is a number of minutes."""

_LISTS = {
    "GetInstances": "Instance",
    "GetDisks": "Disk",
    "GetInstanceSnapshots": "InstanceSnapshot",
    "GetDiskSnapshots": "DiskSnapshot",
}
TYPES = tuple(_LISTS.values())
_SHOW_ADDRESSES = (
    "GetInstance",
    "GetInstances",
    "GetOperationsForResource",
    "GetStaticIp",
    "GetStaticIps",
)
_MOVE_ADDRESSES = ("AttachStaticIp", "DetachStaticIp", "DeleteInstance")
_CONSTANT = (
    "GetBundles",
    "GetKeyPairs",
    "GetRegions",
    "GetRelationalDatabases",
    "GetRelationalDatabaseSnapshots",
)
_BY_TYPE = re.compile("(Get|Create|Delete)(InstanceSnapshot|DiskSnapshot|Instance|Disk)")
_SOURCES = ("instanceName", "diskName")
_MADE_FROM_INSTANCE = "CreateInstancesFromSnapshot"


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Request:
    """One request to Lightsail. body: its parameters as JSON."""

    region: str
    operation: str
    body: str

    @classmethod
    def of(cls, region: str, operation: str, **parameters: Any) -> Request:
        return cls(region, operation, json.dumps(parameters, sort_keys=True))

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def is_write(self) -> bool:
        return not self.operation.startswith("Get")

    @property
    def is_constant(self) -> bool:
        """Whether the answer is the same whatever happens: in no world is there a database."""
        return self.operation in _CONSTANT

    @property
    def named(self) -> frozenset[str]:
        """The resources that a write changes, deletes or creates."""
        return frozenset(name for _, name in self.writes if ":" not in name)

    @cached_property
    def writes(self) -> frozenset[Cell]:
        return frozenset(self._cells(_written(self))) if self.is_write else frozenset()

    @cached_property
    def reads(self) -> frozenset[Cell]:
        if self.is_constant:
            return frozenset()
        given = [value for value in self.parameters.values() if isinstance(value, str)]
        if self.operation in _SHOW_ADDRESSES:
            given.append(ADDRESSES)
        if self.operation in _LISTS:
            given.append(f"list:{_LISTS[self.operation]}")
        region = self.parameters.get("sourceRegion", self.region)
        if self.operation == "GetOperationsForResource":
            given += [f"operations:{name}" for name in tuple(given)]
        return frozenset((region, name) for name in given) | frozenset(self._cells(given))

    def _cells(self, names: Any) -> Iterator[Cell]:
        return ((self.region, name) for name in names)

    def __str__(self) -> str:
        return f"{self.operation} in {self.region} {self.body}"


def _written(request: Request) -> Iterator[str]:
    """The names that a write touches, and the lists that it may change.

    A tag changes the record in its list, whose type the request does not name.
    """
    operation, given = request.operation, request.parameters
    if operation in _MOVE_ADDRESSES:
        yield ADDRESSES
    typed = _BY_TYPE.fullmatch(operation)
    if operation == _MADE_FROM_INSTANCE:
        yield from given["instanceNames"]
        for disks in given.get("attachedDiskMapping", {}).values():
            yield from (disk["newDiskName"] for disk in disks)
        yield from ("list:Instance", "list:Disk")
    elif typed and typed[2].endswith("Snapshot"):
        yield from (given[f"{typed[2][0].lower()}{typed[2][1:]}Name"], f"list:{typed[2]}")
        # The source has an operation of its own.
        yield from (f"operations:{given[key]}" for key in _SOURCES if key in given)
    elif operation == "CopySnapshot":
        yield from (given["targetSnapshotName"], "list:InstanceSnapshot", "list:DiskSnapshot")
    else:
        named = ("resourceName", "staticIpName", *_SOURCES)
        yield from (given[key] for key in named if key in given)
        yield from (f"list:{each}" for each in TYPES)


def commute(one: Request, other: Request) -> bool:
    """Return whether two requests have the same answers and the same effect in either order.

    Two requests conflict if one writes what the other reads or writes: a resource by its name, or
    the list of its type in its region. Time that passes conflicts with all but constant reads.
    """
    if one.is_constant or other.is_constant:
        return True
    if ELAPSE in (one.operation, other.operation):
        return False
    return not (
        one.writes & (other.reads | other.writes) or other.writes & (one.reads | one.writes)
    )
