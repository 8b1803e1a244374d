"""What restores and drills add to the role, and what it refuses with them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conform.probes import Names
from conform.probes.parameters import (
    AFTER_RESTORES,
    REFUSED,
    WITH_RESTORES,
    Parameters,
    also,
    named,
    row,
    with_only,
    with_tags,
)
from conform.scenario.resources import DISK_GB

HTTPS = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}


def _disk(snapshot: str, made: str) -> Parameters:
    def parameters(names: Names) -> Mapping[str, Any]:
        zone = names.run.seen("create-instance").request["availabilityZone"]
        given = {"diskSnapshotName": names(snapshot), "diskName": names(made)}
        return {**given, "availabilityZone": zone, "sizeInGb": DISK_GB}

    return parameters


def _instance(made: str, *, zone_suffix: str = "") -> Parameters:
    """zone_suffix: makes a zone that does not exist, so that nothing is created."""

    def parameters(names: Names) -> Mapping[str, Any]:
        request = names.run.seen("create-instance").request
        return {
            "instanceSnapshotName": names("instance-copy"),
            "instanceNames": [names(made)],
            "availabilityZone": request["availabilityZone"] + zone_suffix,
            "bundleId": request["bundleId"],
        }

    return parameters


_server, _data = named(instanceName="instance"), named(diskName="disk")
_drill, _marked = named(instanceName="drill"), named(resourceName="instance")
_own, _foreign = named(resourceName="instance-copy"), named(resourceName="disk-1")
_attach = named(instanceName="instance", staticIpName="address")
_database = named(
    relationalDatabaseSnapshotName="missing", relationalDatabaseName="restored-database"
)


RESTORED = (
    # Without restores as well as with them, as long as the server carries no mark of ours.
    *row(
        "RestoreNetwork",
        "of a server without a mark",
        REFUSED,
        PutInstancePublicPorts=also(_server, portInfos=[HTTPS]),
        CloseInstancePublicPorts=also(_server, portInfo=HTTPS),
        AttachStaticIp=_attach,
    ),
    *row("DrillDeletes", "without a mark", REFUSED, DeleteInstance=_server, DeleteDisk=_data),
    *row(
        "RestoreSnapshots",
        "without a mark",
        REFUSED,
        CreateDiskFromSnapshot=with_tags(_disk("disk-1", "unmarked"), policy=None),
        CreateInstancesFromSnapshot=with_tags(_instance("unmarked"), policy=None),
        CreateRelationalDatabaseFromSnapshot=with_tags(_database, policy=None),
    ),
    *row(
        "RestoreSnapshots",
        "with the mark",
        WITH_RESTORES,
        CreateDiskFromSnapshot=with_tags(_disk("disk-1", "restored-disk"), "restored", policy=None),
        CreateInstancesFromSnapshot=with_tags(
            _instance("nowhere", zone_suffix="z"), "restored", policy=None
        ),
        CreateRelationalDatabaseFromSnapshot=with_tags(_database, "restored", policy=None),
    ),
    *row("RestoreSteps", "without a mark", REFUSED, TagResource=with_only(_marked, "to-do")),
    *row("RestoreTags", "with the mark", WITH_RESTORES, TagResource=with_tags(_marked, "restored")),
    *row(
        "RestoreSteps",
        "of a restored server",
        AFTER_RESTORES,
        TagResource=with_only(_marked, "to-do"),
    ),
    *row("RestoreSteps", "with a third key", REFUSED, TagResource=with_tags(_marked, "to-do")),
    *row(
        "RestoreNetwork",
        "of a restored server",
        AFTER_RESTORES,
        PutInstancePublicPorts=also(_server, portInfos=[HTTPS]),
        CloseInstancePublicPorts=also(_server, portInfo=HTTPS),
        AttachStaticIp=_attach,
    ),
    *row("AttachAddresses", "of any address", AFTER_RESTORES, AttachStaticIp=_attach),
    *row(
        "DetachAddresses",
        "of any address",
        AFTER_RESTORES,
        DetachStaticIp=named(staticIpName="address"),
    ),
)
DRILLS = (
    *row(
        "DrillSnapshots",
        "of another policy",
        REFUSED,
        CreateDiskFromSnapshot=with_tags(_disk("disk-1", "unmarked"), "drill"),
    ),
    *row(
        "DrillSnapshots",
        "of the policy",
        WITH_RESTORES,
        CreateInstancesFromSnapshot=with_tags(_instance("drill"), "drill"),
        CreateDiskFromSnapshot=with_tags(_disk("role-disk", "drill-disk"), "drill"),
    ),
    *row("DrillTags", "of a restored server", REFUSED, TagResource=with_tags(_marked, "drill")),
    *row(
        "DrillTags",
        "of a disk without a policy",
        WITH_RESTORES,
        TagResource=with_tags(named(resourceName="disk"), "drill"),
    ),
    *row("DrillResults", "of another policy", REFUSED, TagResource=with_only(_foreign, "verified")),
    *row("DrillResults", "of the policy", WITH_RESTORES, TagResource=with_only(_own, "verified")),
    *row(
        "DrillFirewall",
        "of a drill",
        AFTER_RESTORES,
        PutInstancePublicPorts=also(_drill, portInfos=[HTTPS]),
        CloseInstancePublicPorts=also(_drill, portInfo=HTTPS),
    ),
    # The disk is attached, so the service refuses what the role allows.
    *row("DrillDeletes", "of a drill", AFTER_RESTORES, DeleteInstance=_drill, DeleteDisk=_data),
)
