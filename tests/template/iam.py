"""Calls to Lightsail, as IAM may see them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from snapshotter.model.tags import ownership
from tests.support.role import Role, Tags

ACCOUNT = "123456789012"
KINDS = ["Instance", "Disk", "RelationalDatabase"]
SNAPSHOTS = ["InstanceSnapshot", "DiskSnapshot", "RelationalDatabaseSnapshot"]
RESTORES = {
    "InstanceSnapshot": "CreateInstancesFromSnapshot",
    "DiskSnapshot": "CreateDiskFromSnapshot",
    "RelationalDatabaseSnapshot": "CreateRelationalDatabaseFromSnapshot",
}


def arn(kind: str, region: str = "us-east-1", account: str = ACCOUNT) -> str:
    return f"arn:aws:lightsail:{region}:{account}:{kind}/86f3fd29-9c2f-4e6e-9e5b-1d0a2f3b4c5d"


def readings(kind: str, region: str = "us-east-1") -> list[str]:
    """Return the resources that IAM may see for a create or for its tags.

    AWS does not document which one it is for the tags: the ARN of the new resource, all resources
    of the account, or everything.
    """
    return [arn(kind, region), f"arn:aws:lightsail:{region}:{ACCOUNT}:*", "*"]


OURS = ownership("snapshotter", arn("Instance"), datetime(2026, 11, 23, 4, 50, tzinfo=UTC))
THEIRS = {**OURS, "snapshotter:policy": "another"}
DRILL = {**OURS, "snapshotter:drill": "web-20261123T045000Z", "snapshotter:port": "443"}
RESTORED = {"snapshotter:restored": "web-20261123T045000Z", "team": "shop"}
RESTORED_INSTANCE = {
    **RESTORED,
    "snapshotter:policy": "snapshotter",
    "snapshotter:source": arn("Instance"),
    "snapshotter:firewall": "tcp:443",
    "snapshotter:to-do": "firewall static-ip:web",
}


def may(
    role: Role,
    action: str,
    resources: Sequence[str] = ("*",),
    *,
    region: str = "us-east-1",
    request: Tags | None = None,
    resource: Tags | None = None,
) -> bool:
    """Return whether a call to Lightsail with these tags is allowed."""
    return role.allows(
        f"lightsail:{action}",
        region=region,
        resources=resources,
        request_tags=request,
        resource_tags=resource,
    )
