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

TYPES = ("Instance", "Disk", "InstanceSnapshot", "DiskSnapshot")
_CONSTANT = re.compile(
    "Get(Bundles|KeyPairs|Regions|RelationalDatabases|RelationalDatabaseSnapshots)"
)
_SHOWS_ADDRESSES = re.compile("Get(Instances?|StaticIps?|OperationsForResource)")
_MOVES_ADDRESSES = re.compile("(Attach|Detach)StaticIp|DeleteInstance")
_BY_TYPE = re.compile("(Create|Delete)(InstanceSnapshot|DiskSnapshot|Instance|Disk)")
_SOURCES = ("instanceName", "diskName")


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
        return _CONSTANT.fullmatch(self.operation) is not None

    @property
    def named(self) -> frozenset[str]:
        """The resources that a write changes, deletes or creates."""
        return frozenset(name for _, name in self.writes if ":" not in name)

    @cached_property
    def writes(self) -> frozenset[Cell]:
        written = _written(self) if self.is_write else ()
        return frozenset((self.region, name) for name in written)

    @cached_property
    def reads(self) -> frozenset[Cell]:
        given = [value for value in self.parameters.values() if isinstance(value, str)]
        source_region = self.parameters.get("sourceRegion", self.region)
        cells = {(region, name) for region in (source_region, self.region) for name in given}
        if self.operation == "GetOperationsForResource":
            cells |= {(self.region, f"operations:{name}") for name in given}
        if _SHOWS_ADDRESSES.fullmatch(self.operation):
            cells.add((self.region, ADDRESSES))
        listed = f"list:{self.operation[3:-1]}"
        return frozenset(cells) if given else frozenset({*cells, (self.region, listed)})

    def __str__(self) -> str:
        return f"{self.operation} in {self.region} {self.body}"


def _written(request: Request) -> Iterator[str]:
    """The names that a write touches, and the lists that it may change.

    A tag changes the record in its list, whose type the request does not name.
    """
    operation, given = request.operation, request.parameters
    typed = _BY_TYPE.fullmatch(operation)
    if _MOVES_ADDRESSES.fullmatch(operation):
        yield ADDRESSES
    if operation == "CreateInstancesFromSnapshot":
        yield from (*given["instanceNames"], "list:Instance", "list:Disk")
        for disks in given.get("attachedDiskMapping", {}).values():
            yield from (disk["newDiskName"] for disk in disks)
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
