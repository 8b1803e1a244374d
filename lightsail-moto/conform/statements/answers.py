"""What a write answers, and what is refused with which words: a row for each step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from conform.run import NAME_PREFIX
from conform.statements import STATEMENTS, DoesNotHold, Statement, expect, holds
from conform.transcript import Exchange, NotReached, Transcript

OPERATIONS = """
create-instance-snapshot CreateInstanceSnapshot InstanceSnapshot:instance-1>instance \
Instance:instance>instance-1
create-disk-snapshot CreateDiskSnapshot DiskSnapshot:disk-1>disk Disk:disk>disk-1
create-system-disk-snapshot CreateDiskSnapshot DiskSnapshot:system_disk.1>instance \
Instance:instance>system_disk.1
create-database-snapshot CreateRelationalDatabaseSnapshot \
RelationalDatabaseSnapshot:database-1>database RelationalDatabase:database>database-1
delete-instance-snapshot DeleteInstanceSnapshot! InstanceSnapshot:instance-copy
delete-disk-snapshot DeleteDiskSnapshot! DiskSnapshot:disk-1
delete-database-snapshot DeleteRelationalDatabaseSnapshot! RelationalDatabaseSnapshot:database-1
copy-instance-snapshot CopySnapshot InstanceSnapshot:instance-copy>REGION:instance-1
copy-disk-snapshot CopySnapshot DiskSnapshot:disk-copy>REGION:disk-1
attach-disk AttachDisk Disk:disk>instance Instance:instance>disk
attach-static-ip AttachStaticIp! StaticIp:address>instance Instance:instance>address
detach-static-ip DetachStaticIp! StaticIp:address>instance Instance:instance>address
close-port CloseInstancePublicPorts! Instance:instance>443/tcp
tag-resource TagResource! InstanceSnapshot:instance-1
delete-instance DetachDisk Disk:disk>instance Instance:instance>disk \
DeleteInstance! Instance:instance
"""
"""All published but for tag-resource, which is assumed: for each step the types of its operations
(! for Succeeded, else Started), each before its resources, whose details stand after >."""

REFUSALS = """
reported refused-taken-by-instance InvalidInputException NameExists \
Some names are already in use: instance
reported refused-taken-by-address InvalidInputException NameExists \
Some names are already in use: address
reported copy-taken-name InvalidInputException NameExists \
Some names are already in use: instance-copy
reported refused-name InvalidInputException - bad name is not a valid resource name. \
Resource names must be at least 2 characters long and contain only alphanumerics, -, _, and .
reported refused-bundle InvalidInputException - \
The specified bundle does not exist in this region
documented refused-missing-source NotFoundException
documented refused-missing-snapshot NotFoundException
documented refused-missing-delete NotFoundException
documented refused-51-tags InvalidInputException
documented refused-aws-tag InvalidInputException
documented copy-database-snapshot InvalidInputException
published refused-domains InvalidInputException
assumed refused-missing-operation NotFoundException DoesNotExist
assumed refused-two-sources InvalidInputException
assumed refused-key-pair NotFoundException
assumed create-second-snapshot accepted
assumed create-name-in-capitals accepted
assumed delete-pending-snapshot InvalidInputException
assumed copy-pending InvalidInputException
assumed delete-copied-source accepted
assumed get-deleted NotFoundException
assumed put-no-ports accepted
assumed attach-static-ip-again InvalidInputException
assumed refused-ipv6 InvalidInputException
assumed refused-ipv4 InvalidInputException
assumed refused-dualstack InvalidInputException
assumed refused-default-type InvalidInputException
"""
"""Where it is known from, the step, the code or `accepted`, Lightsail's finer code (- for any), and
the message."""


def _operations(exchange: Exchange) -> Iterator[str]:
    """The operations of an answer in the words of the table."""
    kind = ""
    for each in exchange.operations:
        found = each["operationType"] + "!" * (each["status"] == "Succeeded")
        expect("isTerminal", each["isTerminal"], each["status"] == "Succeeded")
        expect("Region", each["location"]["regionName"], exchange.region)
        if found != kind:
            yield found
        kind = found
        details = each.get("operationDetails", "")
        yield f"{each['resourceType']}:{each['resourceName']}" + f">{details}" * bool(details)


def _plain(text: str, exchange: Exchange) -> str:
    """The text without what differs from run to run."""
    region = exchange.request.get("sourceRegion", "-")
    return re.sub(NAME_PREFIX, "", text).replace(f"{region}:", "REGION:")


def _answers(step: str, wanted: str, seen: Transcript) -> None:
    exchange = seen(step)
    expect("operations", _plain(" ".join(_operations(exchange)), exchange), wanted)


def _refuses(step: str, wanted: list[str], seen: Transcript) -> None:
    exchange = seen(step)
    expect("code", exchange.error.get("code", "accepted"), wanted[0])
    if wanted[1:] and wanted[1] != "-":
        expect("finer code", exchange.error.get("fineCode"), wanted[1])
    if wanted[2:]:
        expect("message", _plain(exchange.error["message"], exchange), wanted[2])


for row in OPERATIONS.strip().splitlines():
    step, _, operations = row.partition(" ")
    check = partial(_answers, step, operations)
    source = "assumed" if step == "tag-resource" else "published"
    STATEMENTS.append(Statement(step, source, f"{step}: answers {operations}.", check))

for row in REFUSALS.strip().splitlines():
    source, step, *refusal = row.split(maxsplit=4)
    text = f"{step}: the answer is {' '.join(refusal)}."
    STATEMENTS.append(Statement(step, source, text, partial(_refuses, step, refusal)))


@holds("documented", "A name can have periods and underscores.")
def periods_and_underscores_are_legal(seen: Transcript) -> None:
    exchange = seen("create-system-disk-snapshot")
    expect(exchange.request["diskSnapshotName"], exchange.error.get("message"), None)


@holds("documented", "An error has an HTTP status from 400 to 499, and a message.")
def refusals_are_client_errors(seen: Transcript) -> None:
    for exchange in seen:
        if exchange.error:
            expect(f"{exchange.step}, status", 400 <= exchange.error["status"] < 500, True)
            expect(f"{exchange.step}, message", bool(exchange.error.get("message")), True)


@holds("documented", "A throttled request is ThrottlingException with HTTP status 400.")
def throttling_has_status_400(seen: Transcript) -> None:
    throttled = [each.error["status"] for each in seen if each.step == "throttled"]
    if not throttled:
        raise NotReached("no request was throttled")
    if set(throttled) != {400}:
        raise DoesNotHold(f"expected HTTP status 400, found {sorted(set(throttled))}")


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
    for exchange in [each for each in seen if each.operations]:
        for operation in exchange.operations:
            expect(f"{exchange.step}, id", bool(operation.get("id")), True)
            in_order = operation["createdAt"] <= operation["statusChangedAt"]
            expect(f"{exchange.step}, times", in_order, True)


def create_ends(seen: Transcript) -> None:
    ended = seen("wait-operation").resource
    expect("status", ended["status"] in ("Succeeded", "Completed"), True)
    expect("isTerminal", ended["isTerminal"], True)


def operations_are_found_by_resource(seen: Transcript) -> None:
    listed = {each["id"] for each in seen("get-operations-for-resource").operations}
    created = {each["id"] for each in seen("create-instance-snapshot").operations}
    expect("one of the two operations is listed", len(created & listed), 1)
