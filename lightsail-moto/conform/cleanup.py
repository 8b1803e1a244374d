"""Deletes what runs have created, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from conform.run import LONGEST_S, NAME, TAG, Account

ATTEMPTS = 5
BETWEEN_S = 60


@dataclass(frozen=True)
class Kind:
    """How a type of resource is listed and deleted."""

    lists: str
    deletes: str
    named: str
    options: Mapping[str, bool]


# Instances first: what is attached to one cannot be deleted.
KINDS = (
    Kind("GetInstances", "DeleteInstance", "instanceName", {"forceDeleteAddOns": True}),
    Kind("GetInstanceSnapshots", "DeleteInstanceSnapshot", "instanceSnapshotName", {}),
    Kind("GetDisks", "DeleteDisk", "diskName", {"forceDeleteAddOns": True}),
    Kind("GetDiskSnapshots", "DeleteDiskSnapshot", "diskSnapshotName", {}),
    Kind(
        "GetRelationalDatabases",
        "DeleteRelationalDatabase",
        "relationalDatabaseName",
        {"skipFinalSnapshot": True},
    ),
    Kind(
        "GetRelationalDatabaseSnapshots",
        "DeleteRelationalDatabaseSnapshot",
        "relationalDatabaseSnapshotName",
        {},
    ),
    Kind("GetStaticIps", "ReleaseStaticIp", "staticIpName", {}),
)


def is_of_a_run(resource: Mapping[str, Any]) -> bool:
    """Whether it carries the tag of a run, or has no tags and a name that only runs give.

    An address cannot carry a tag, and neither can a copy while it is being created.
    """
    tags = {tag["key"] for tag in resource.get("tags", ())}
    return TAG in tags or (not tags and NAME.fullmatch(resource["name"]) is not None)


def find(account: Account) -> Iterator[tuple[Kind, str, str]]:
    """Everything that runs have created, in the order of KINDS: how, Region, name."""
    for kind in KINDS:
        for region in dict.fromkeys((account.region, account.copy_region)):
            pages = account.client(region, ATTEMPTS).get_paginator(xform_name(kind.lists))
            for page in pages.paginate():
                for listed in page.values():
                    for resource in listed if isinstance(listed, list) else ():
                        if is_of_a_run(resource):
                            yield kind, region, resource["name"]


def clean(account: Account) -> dict[str, str]:
    """Delete all of it, and wait for what cannot be deleted yet.

    Returns what is left when the time is over: the name with the last refusal.
    """
    waited = 0
    while True:
        found = list(find(account))
        left = {
            name: refusal
            for kind, region, name in found
            if (refusal := _delete(account, kind, region, name))
        }
        if not found or waited >= LONGEST_S:
            return left
        if left:
            account.wait(BETWEEN_S)
            waited += BETWEEN_S


def _delete(account: Account, kind: Kind, region: str, name: str) -> str:
    """Returns why it was refused; empty if it is deleted."""
    delete = getattr(account.client(region, ATTEMPTS), xform_name(kind.deletes))
    try:
        delete(**{kind.named: name}, **kind.options)
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "NotFoundException":
            return str(refused)
    return ""
