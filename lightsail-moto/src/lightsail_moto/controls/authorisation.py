"""How IAM would see a request.

Source: the Service Authorization Reference's table of Lightsail's actions: which of them are
authorised on a resource, and by which member of the request that resource is named. Actions
that are not in the table here take "*". Creates are authorised on their source, not on the
snapshot; reads, CopySnapshot and CreateRelationalDatabaseSnapshot on "*" alone.
"""

from __future__ import annotations

from lightsail_moto.controls.calls import Call
from lightsail_moto.models.store import Store

_ON = {
    "AttachDisk": ("diskName", "instanceName"),
    "AttachStaticIp": ("instanceName", "staticIpName"),
    "CloseInstancePublicPorts": ("instanceName",),
    "CreateDiskFromSnapshot": ("diskSnapshotName",),
    "CreateDiskSnapshot": ("diskName", "instanceName"),
    "CreateInstanceSnapshot": ("instanceName",),
    "CreateInstancesFromSnapshot": ("instanceSnapshotName",),
    "CreateRelationalDatabaseFromSnapshot": ("relationalDatabaseSnapshotName",),
    "DeleteDisk": ("diskName",),
    "DeleteDiskSnapshot": ("diskSnapshotName",),
    "DeleteInstance": ("instanceName",),
    "DeleteInstanceSnapshot": ("instanceSnapshotName",),
    "DeleteRelationalDatabase": ("relationalDatabaseName",),
    "DeleteRelationalDatabaseSnapshot": ("relationalDatabaseSnapshotName",),
    "DeleteKeyPair": ("keyPairName",),
    "DetachDisk": ("diskName",),
    "DetachStaticIp": ("staticIpName",),
    "OpenInstancePublicPorts": ("instanceName",),
    "PutInstancePublicPorts": ("instanceName",),
    "ReleaseStaticIp": ("staticIpName",),
    "TagResource": ("resourceName",),
    "UntagResource": ("resourceName",),
}


def note_authorisation(call: Call, store: Store) -> None:
    """Note on the call the resources that it is authorised on, its tags and theirs."""
    tags = call.parameters.get("tags") or []
    call.request_tags = {tag["key"]: tag.get("value") for tag in tags}
    call.tag_keys = (*call.request_tags, *call.parameters.get("tagKeys", ()))
    if call.operation not in _ON:
        call.resources = ("*",)
        return
    names = [call.parameters.get(member) for member in _ON[call.operation]]
    named = [store.names[name] for name in names if name in store.names]
    call.resources = tuple(resource.arn for resource in named)
    call.resource_tags = {resource.arn: dict(resource.tags) for resource in named}
