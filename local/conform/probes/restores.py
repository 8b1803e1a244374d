"""What restores and drills add to the role, and what it refuses with them too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from conform.probes import RESTORES, Names, Probe
from conform.probes.parameters import Parameters, also, named, with_only, with_tags
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
_drill, _drilled = named(instanceName="drill"), named(resourceName="disk")
_marked = named(resourceName="instance")
_database = also(
    named(relationalDatabaseSnapshotName="missing", relationalDatabaseName="restored-database"),
)
_put, _close = "PutInstancePublicPorts", "CloseInstancePublicPorts"
_restore = partial(Probe, needs=RESTORES)
_then = partial(Probe, needs=RESTORES, follows=True)

RESTORED = (
    # Without restores as well as with them, as long as the server carries no mark of ours.
    Probe(
        "RestoreNetwork",
        "of a server without a mark",
        _put,
        also(_server, portInfos=[HTTPS]),
        False,
    ),
    Probe(
        "RestoreNetwork", "of a server without a mark", _close, also(_server, portInfo=HTTPS), False
    ),
    Probe(
        "RestoreNetwork",
        "of a server without a mark",
        "AttachStaticIp",
        named(instanceName="instance", staticIpName="address"),
        False,
    ),
    Probe("DrillDeletes", "of a server without a mark", "DeleteInstance", _server, False),
    Probe("DrillDeletes", "of a disk without a mark", "DeleteDisk", _data, False),
    Probe(
        "RestoreSnapshots",
        "without a mark",
        "CreateDiskFromSnapshot",
        with_tags(_disk("disk-1", "unmarked"), policy=None),
        False,
    ),
    Probe(
        "RestoreSnapshots",
        "without a mark",
        "CreateInstancesFromSnapshot",
        with_tags(_instance("unmarked"), policy=None),
        False,
    ),
    Probe(
        "RestoreSnapshots",
        "without a mark",
        "CreateRelationalDatabaseFromSnapshot",
        with_tags(_database, policy=None),
        False,
    ),
    _restore(
        "RestoreSnapshots",
        "with the mark",
        "CreateDiskFromSnapshot",
        with_tags(_disk("disk-1", "restored-disk"), "restored", policy=None),
    ),
    _restore(
        "RestoreSnapshots",
        "with the mark",
        "CreateInstancesFromSnapshot",
        with_tags(_instance("nowhere", zone_suffix="z"), "restored", policy=None),
    ),
    _restore(
        "RestoreSnapshots",
        "with the mark",
        "CreateRelationalDatabaseFromSnapshot",
        with_tags(_database, "restored", policy=None),
    ),
    Probe(
        "RestoreSteps",
        "of a server without a mark",
        "TagResource",
        with_only(_marked, "to-do"),
        False,
    ),
    _restore("RestoreTags", "with the mark", "TagResource", with_tags(_marked, "restored")),
    _then("RestoreSteps", "of a restored server", "TagResource", with_only(_marked, "to-do")),
    Probe("RestoreSteps", "with a third key", "TagResource", with_tags(_marked, "to-do"), False),
    _then("RestoreNetwork", "of a restored server", _put, also(_server, portInfos=[HTTPS])),
    _then("RestoreNetwork", "of a restored server", _close, also(_server, portInfo=HTTPS)),
    _then(
        "RestoreNetwork",
        "of a restored server",
        "AttachStaticIp",
        named(instanceName="instance", staticIpName="address"),
    ),
    _then(
        "AttachAddresses",
        "of a restored server",
        "AttachStaticIp",
        named(instanceName="instance", staticIpName="address"),
    ),
    _then("DetachAddresses", "of any server", "DetachStaticIp", named(staticIpName="address")),
)
DRILLS = (
    Probe(
        "DrillSnapshots",
        "of another policy",
        "CreateDiskFromSnapshot",
        with_tags(_disk("disk-1", "unmarked"), "drill"),
        False,
    ),
    _restore(
        "DrillSnapshots",
        "of the policy",
        "CreateInstancesFromSnapshot",
        with_tags(_instance("drill"), "drill"),
    ),
    _restore(
        "DrillSnapshots",
        "of the policy",
        "CreateDiskFromSnapshot",
        with_tags(_disk("role-disk", "drill-disk"), "drill"),
    ),
    Probe("DrillTags", "of a restored server", "TagResource", with_tags(_marked, "drill"), False),
    _restore(
        "DrillTags", "of a disk without a policy", "TagResource", with_tags(_drilled, "drill")
    ),
    Probe(
        "DrillResults",
        "of another policy",
        "TagResource",
        with_only(named(resourceName="disk-1"), "verified"),
        False,
    ),
    _restore(
        "DrillResults",
        "of the policy",
        "TagResource",
        with_only(named(resourceName="instance-copy"), "verified"),
    ),
    _then("DrillFirewall", "of a drill", _put, also(_drill, portInfos=[HTTPS])),
    _then("DrillFirewall", "of a drill", _close, also(_drill, portInfo=HTTPS)),
    _then("DrillDeletes", "of a drill", "DeleteInstance", _drill),
    _then("DrillDeletes", "of a drill that is attached", "DeleteDisk", _data),
)
