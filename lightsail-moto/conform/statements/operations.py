"""What a write answers, and how its operations end."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

from conform.statements import expect, holds
from conform.transcript import Exchange, NotReached, Transcript

PAIRS = {
    "create-instance-snapshot": ("InstanceSnapshot", "Instance"),
    "create-disk-snapshot": ("DiskSnapshot", "Disk"),
    "create-system-disk-snapshot": ("DiskSnapshot", "Instance"),
    "create-database-snapshot": ("RelationalDatabaseSnapshot", "RelationalDatabase"),
    "attach-disk": ("Disk", "Instance"),
}
DELETES = ("delete-instance-snapshot", "delete-disk-snapshot", "delete-database-snapshot")


def reached(seen: Transcript, *steps: str) -> list[Exchange]:
    """The exchanges of those of these steps that were reached and accepted; NotReached if none."""
    found = [each for each in seen if each.step in steps and not each.error]
    if not found:
        raise NotReached(f"none of these steps was reached: {', '.join(steps)}")
    return found


def brief(operation: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the code reads of an operation."""
    members = ("resourceName", "resourceType", "operationType", "status", "isTerminal")
    return tuple(operation.get(member) for member in members)


@holds(
    "published", "A create of a snapshot answers two operations: the snapshot's, then its source's."
)
def create_answers_two_operations(seen: Transcript) -> None:
    for exchange in reached(seen, *PAIRS):
        types = [each["resourceType"] for each in exchange.operations]
        expect(exchange.step, types, list(PAIRS[exchange.step]))


@holds("published", "Both operations of a create are Started, and not terminal.")
def create_has_started(seen: Transcript) -> None:
    for exchange in reached(seen, *PAIRS):
        found = [(each["status"], each["isTerminal"]) for each in exchange.operations]
        expect(exchange.step, found, [("Started", False)] * len(found))


@holds("published", "The details of each operation of a create name the resource of the other.")
def details_name_the_other(seen: Transcript) -> None:
    for exchange in reached(seen, *PAIRS):
        for operation, other in permutations(exchange.operations, 2):
            details = operation.get("operationDetails")
            expect(exchange.step, details, other["resourceName"])


@holds("published", "The operations of a create have the name of the action as their type.")
def create_has_its_type(seen: Transcript) -> None:
    for exchange in reached(seen, *PAIRS):
        found = {each["operationType"] for each in exchange.operations}
        expect(exchange.step, found, {exchange.operation})


@holds(
    "published", "A delete of a snapshot answers one operation that has Succeeded, without details."
)
def delete_has_succeeded(seen: Transcript) -> None:
    for exchange in reached(seen, *DELETES):
        kind = exchange.operation.removeprefix("Delete")
        name = next(iter(exchange.request.values()))
        wanted = [(name, kind, exchange.operation, "Succeeded", True)]
        expect(exchange.step, [brief(each) for each in exchange.operations], wanted)
        details = [each.get("operationDetails") for each in exchange.operations]
        expect(f"{exchange.step}, details", details, [None])


@holds("published", "CopySnapshot answers one operation, Started, of type CopySnapshot.")
def copy_has_started(seen: Transcript) -> None:
    for exchange in reached(seen, "copy-instance-snapshot", "copy-disk-snapshot"):
        kind = "DiskSnapshot" if "disk" in exchange.step else "InstanceSnapshot"
        name = exchange.request["targetSnapshotName"]
        wanted = [(name, kind, "CopySnapshot", "Started", False)]
        expect(exchange.step, [brief(each) for each in exchange.operations], wanted)


@holds(
    "published", "A copy is made by the Region that receives it, and its details name the source."
)
def copy_names_its_source(seen: Transcript) -> None:
    for exchange in reached(seen, "copy-instance-snapshot", "copy-disk-snapshot"):
        request = exchange.request
        found = [
            (each["location"]["regionName"], each.get("operationDetails"))
            for each in exchange.operations
        ]
        details = f"{request['sourceRegion']}:{request['sourceSnapshotName']}"
        expect(exchange.step, found, [(exchange.region, details)])


@holds("published", "The zone of a snapshot, and of its operations, is `all`.")
def snapshots_have_no_zone(seen: Transcript) -> None:
    for exchange in seen:
        for operation in exchange.operations:
            if operation["resourceType"].endswith("Snapshot"):
                zone = operation["location"]["availabilityZone"]
                expect(f"{exchange.step}, operation", zone, "all")
    for exchange, resource in seen.resources():
        if resource["resourceType"].endswith("Snapshot"):
            zone = resource["location"]["availabilityZone"]
            expect(f"{exchange.step}, resource", zone, "all")


@holds("published", "An operation has an id, the time of its create, and that of its last change.")
def operations_have_times(seen: Transcript) -> None:
    for exchange in reached(seen, *PAIRS, *DELETES):
        for operation in exchange.operations:
            expect(f"{exchange.step}, id", bool(operation.get("id")), True)
            in_order = operation["createdAt"] <= operation["statusChangedAt"]
            expect(f"{exchange.step}, times", in_order, True)


@holds(
    "documented", "The operation of a create ends as Succeeded or Completed, and is terminal then."
)
def create_ends(seen: Transcript) -> None:
    ended = seen("wait-operation").resource
    expect("status", ended["status"] in ("Succeeded", "Completed"), True)
    expect("isTerminal", ended["isTerminal"], True)


@holds(
    "documented", "GetOperationsForResource has the create of a snapshot by the snapshot's name."
)
def operations_are_found_by_resource(seen: Transcript) -> None:
    listed = {each["id"] for each in seen("get-operations-for-resource").operations}
    created = {each["id"] for each in seen("create-instance-snapshot").operations}
    expect("one of the two operations is listed", len(created & listed), 1)


@holds("published", "DeleteInstance detaches its disk first: DetachDisk is Started, for both.")
def delete_instance_detaches(seen: Transcript) -> None:
    name = seen("delete-instance").request["instanceName"]
    disk = seen("create-disk").request["diskName"]
    found = [brief(each) for each in seen("delete-instance").operations]
    wanted = [
        (disk, "Disk", "DetachDisk", "Started", False),
        (name, "Instance", "DetachDisk", "Started", False),
        (name, "Instance", "DeleteInstance", "Succeeded", True),
    ]
    expect("operations", found, wanted)
