"""States, members, tags and lists of resources and snapshots; firewalls and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from conform.statements import expect, holds
from conform.transcript import Transcript, state_of

HEALTH = ("ok", "impaired", "initializing", "insufficient-data", "not-applicable")
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def tags_of(resource: dict[str, Any]) -> dict[str, str | None]:
    return {tag["key"]: tag.get("value") for tag in resource["tags"]}


def states(seen: Transcript, step: str) -> list[str]:
    """The states of a resource that is waited for, in order."""
    return [state_of(exchange.resource) for exchange in seen.all_of(step)]


@holds("documented", "An instance snapshot is pending, then available.")
def instance_snapshot_becomes_available(seen: Transcript) -> None:
    expect("states", states(seen, "wait-instance-snapshot")[-2:], ["pending", "available"])


@holds("documented", "A disk snapshot is pending, then completed.")
def disk_snapshot_becomes_completed(seen: Transcript) -> None:
    found = states(seen, "wait-disk-snapshot")
    expect("last state", found[-1], "completed")
    expect("states before", set(found[:-1]) <= {"pending"}, True)


@holds("published", "A database snapshot becomes available.")
def database_snapshot_becomes_available(seen: Transcript) -> None:
    expect("last state", states(seen, "wait-database-snapshot")[-1], "available")


@holds("assumed", "A copy is pending, then as ready as an original.")
def copies_become_ready(seen: Transcript) -> None:
    expect("instance", states(seen, "wait-copy")[-1], "available")
    expect("disk", states(seen, "wait-copy-there")[-1], "completed")


@holds("published", "A running instance has the state running with the code 16.")
def instance_runs(seen: Transcript) -> None:
    found = seen("wait-instance").resource["state"]
    expect("state", found, {"code": 16, "name": "running"})


@holds(
    "published", "A disk is available until it is attached, then in-use; only then it has a path."
)
def disk_has_a_path_while_attached(seen: Transcript) -> None:
    def brief(step: str) -> tuple[Any, ...]:
        disk = seen(step).resource
        return disk["state"], disk["isAttached"], disk.get("path")

    expect("created", brief("wait-disk"), ("available", False, None))
    expect("attached", brief("wait-attached"), ("in-use", True, "/dev/xvdf"))
    expect("detached", brief("wait-detached"), ("available", False, None))


@holds("published", "An ARN has the type, the Region and a UUID, never the name.")
def arns_have_a_uuid(seen: Transcript) -> None:
    for exchange, resource in seen.resources():
        kind = resource["resourceType"]
        pattern = rf"arn:aws:lightsail:{exchange.region}:\d{{12}}:{kind}/{UUID}"
        found = re.fullmatch(pattern, resource["arn"]) is not None
        expect(f"{exchange.step}, {resource['arn']}", found, True)


@holds("documented", "An instance snapshot names the instance that it is of, and has no progress.")
def instance_snapshot_names_its_source(seen: Transcript) -> None:
    source, found = seen("get-instance").resource, seen("wait-instance-snapshot").resource
    expect("fromInstanceName", found.get("fromInstanceName"), source["name"])
    expect("fromInstanceArn", found.get("fromInstanceArn"), source["arn"])
    expect("isFromAutoSnapshot", found.get("isFromAutoSnapshot"), False)
    expect("progress", found.get("progress"), None)


@holds(
    "published", "A disk snapshot names the disk that it is of, and its progress ends with 100%."
)
def disk_snapshot_names_its_source(seen: Transcript) -> None:
    source, found = seen("wait-attached").resource, seen("wait-disk-snapshot").resource
    members = ("fromDiskName", "fromDiskArn", "sizeInGb", "progress")
    wanted = [source["name"], source["arn"], source["sizeInGb"], "100%"]
    expect("members", [found.get(member) for member in members], wanted)


@holds("published", "A snapshot of a system disk names the instance.")
def system_disk_snapshot_names_the_instance(seen: Transcript) -> None:
    name = seen("create-system-disk-snapshot").request["diskSnapshotName"]
    listed = seen("get-disk-snapshots").answer["diskSnapshots"]
    found = [each.get("fromInstanceName") for each in listed if each["name"] == name]
    expect("fromInstanceName", found, [seen("get-instance").resource["name"]])


@holds("documented", "An instance snapshot contains the disks that are attached.")
def instance_snapshot_contains_disks(seen: Transcript) -> None:
    found = seen("wait-instance-snapshot").resource["fromAttachedDisks"]
    expect("sizes", [disk["sizeInGb"] for disk in found], [seen("wait-disk").resource["sizeInGb"]])


@holds("published", "A member without a value is absent, never null.")
def nothing_is_null(seen: Transcript) -> None:
    for exchange in seen:
        expect(exchange.step, _nulls(exchange.answer), [])


@holds(
    "documented",
    "Tags in the create call are there from the start, a key-only one without a value.",
)
def tags_come_with_the_create(seen: Transcript) -> None:
    for create, get in (
        ("create-instance", "get-instance"),
        ("create-disk", "wait-disk"),
        ("create-instance-snapshot", "wait-instance-snapshot"),
        ("create-disk-snapshot", "wait-disk-snapshot"),
    ):
        for exchange in seen.all_of(get):
            found = sorted(exchange.resource["tags"], key=str)
            expect(exchange.step, found, sorted(seen(create).request["tags"], key=str))


@holds("documented", "A copy takes its tags from TagResource, in the Region that it is in.")
def copies_are_tagged_afterwards(seen: Transcript) -> None:
    for step, tagged in (("wait-copy", "tag-copy"), ("wait-copy-there", "tag-copy-there")):
        expect(step, seen(step).resource["tags"], seen(tagged).request["tags"])


@holds("documented", "TagResource writes tags on a snapshot that is there.")
def tags_are_written(seen: Transcript) -> None:
    found = tags_of(seen("get-tagged").resource)
    expect("colour", found.get("colour"), "blue")


@holds("assumed", "TagResource adds to the tags that are there, and replaces the value of a key.")
def tags_are_merged(seen: Transcript) -> None:
    steps = ("wait-instance-snapshot", "get-tagged", "get-tagged-again")
    before, first, again = (tags_of(seen(step).resource) for step in steps)
    expect("tags", [first, again], [before | {"colour": each} for each in ("blue", "green")])


@holds("assumed", "A copy names the source of its source.")
def copies_name_their_source(seen: Transcript) -> None:
    pairs = {"wait-instance-snapshot": "wait-copy", "wait-disk-snapshot": "wait-copy-there"}
    for first, copied in pairs.items():
        origins = [
            {key: value for key, value in seen(step).resource.items() if key.startswith("from")}
            for step in (first, copied)
        ]
        expect(copied, origins[1], origins[0])


@holds("assumed", "A database is backing-up while its snapshot is being created.")
def databases_are_backing_up(seen: Transcript) -> None:
    expect("database", state_of(seen("get-database-in-snapshot").resource), "backing-up")


@holds("documented", "UntagResource removes the keys that it names.")
def tags_are_removed(seen: Transcript) -> None:
    before, after = (tags_of(seen(step).resource) for step in ("get-tagged-again", "get-untagged"))
    expect("tags", after, {key: value for key, value in before.items() if key != "colour"})


@holds("assumed", "Every list has what was created, as Get describes it.")
def lists_have_what_was_created(seen: Transcript) -> None:
    for listed, key, got in (
        ("get-instances", "instances", "get-instance"),
        ("get-disks", "disks", "wait-attached"),
        ("get-instance-snapshots", "instanceSnapshots", "wait-instance-snapshot"),
        ("get-disk-snapshots", "diskSnapshots", "wait-disk-snapshot"),
    ):
        wanted = seen(got).resource
        found = [each for each in seen(listed).answer[key] if each["name"] == wanted["name"]]
        expect(listed, found, [wanted])


@holds("documented", "Each list ends with a page without nextPageToken, and no token comes twice.")
def lists_end(seen: Transcript) -> None:
    for exchange in seen:
        if exchange.pages:
            expect(exchange.step, exchange.answer.get("nextPageToken"), None)


@holds("assumed", "No item of a list is on two pages.")
def lists_do_not_repeat(seen: Transcript) -> None:
    for exchange in filter(lambda each: each.pages, seen):
        (items,) = (value for value in exchange.answer.values() if isinstance(value, list))
        names = [str(each.get("name") or each) for each in items]
        expect(exchange.step, names, list(dict.fromkeys(names)))


@holds("documented", "GetRegions lists the zones of a Region only where it is asked for them.")
def zones_are_listed_on_request(seen: Transcript) -> None:
    plain, asked = (seen(step).answer["regions"] for step in ("get-regions", "get-zones"))
    expect("without", [each["availabilityZones"] for each in plain], [[] for _ in plain])
    expect("with", all(each["availabilityZones"] for each in asked), True)


@holds("documented", "An instance is dualstack unless the request names an address type.")
def dualstack_is_the_default(seen: Transcript) -> None:
    expect("ipAddressType", seen("get-instance").resource["ipAddressType"], "dualstack")


@holds("documented", "The health of an instance is told where it is asked for, in known words.")
def health_is_told_on_request(seen: Transcript) -> None:
    for member in ("instanceStatus", "systemStatus"):
        expect(f"{member}, not asked for", seen("get-instance").resource.get(member), None)
        found = seen("get-health").resource[member]["status"]
        expect(f"{member}, {found}", found in HEALTH, True)


@holds("documented", "Inactive bundles are listed where they are asked for.")
def inactive_bundles_are_listed_on_request(seen: Transcript) -> None:
    expect("not asked for", seen("get-inactive-bundles").answer["bundles"], [])
    expect("asked for", bool(seen("get-all-bundles").answer["bundles"]), True)


@holds("documented", "The default key pair is listed where it is asked for.")
def the_default_key_pair_is_listed_on_request(seen: Transcript) -> None:
    found = [len(seen(step).answer["keyPairs"]) for step in ("get-key-pairs", "get-all-key-pairs")]
    expect("without and with", found, [0, 1])


@holds("published", "GetAutoSnapshots names the resource, and no manual snapshot.")
def automatic_snapshots_are_apart(seen: Transcript) -> None:
    found = seen("get-auto-snapshots")
    name = found.request["resourceName"]
    wanted = {"resourceName": name, "resourceType": "Instance", "autoSnapshots": []}
    expect("answer", found.answer, wanted)


def _nulls(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [each for key in value for each in _nulls(value[key], f"{path}.{key}")]
    if isinstance(value, list):
        return [each for item in value for each in _nulls(item, path)]
    return [path] if value is None else []


Source = tuple[str, int, int, str]
ANYWHERE = ("0.0.0.0/0", "::/0")


def firewall(ports: Iterable[Mapping[str, Any]]) -> set[Source]:
    """A firewall as a set of protocol, range and source, whatever form the answer has.

    Access from anywhere is the IPv4 source alone, since not every instance has IPv6.
    """
    found: set[Source] = set()
    for port in ports:
        lists = ("cidrs", "ipv6Cidrs", "cidrListAliases")
        sources = [source for name in lists for source in port.get(name, ())] or [ANYWHERE[0]]
        if ANYWHERE[0] in sources:
            sources.remove("::/0") if "::/0" in sources else None
        entry = (port["protocol"], port["fromPort"], port["toPort"])
        found |= {(*entry, source) for source in sources if source != ANYWHERE[1]}
    return found


def _ports(seen: Transcript, step: str) -> set[Source]:
    return firewall(seen(step).resource["networking"]["ports"])


@holds("documented", "A new instance lets in 22 and 80, from anywhere.")
def new_instances_have_the_default_firewall(seen: Transcript) -> None:
    wanted = {("tcp", 22, 22, ANYWHERE[0]), ("tcp", 80, 80, ANYWHERE[0])}
    expect("firewall", _ports(seen, "get-instance"), wanted)


@holds("documented", "PutInstancePublicPorts replaces the whole firewall, ping included.")
def put_replaces_the_firewall(seen: Transcript) -> None:
    expect("firewall", _ports(seen, "get-ports"), firewall(seen("put-ports").request["portInfos"]))


@holds(
    "published",
    "CloseInstancePublicPorts takes a protocol in capitals and names it in small letters.",
)
@holds("documented", "CloseInstancePublicPorts closes the port, and no other.")
def close_removes_one_port(seen: Transcript) -> None:
    put = firewall(seen("put-ports").request["portInfos"])
    wanted = {source for source in put if source[1] != 443}
    expect("firewall", _ports(seen, "get-ports-after-close"), wanted)


@holds("published", "An attached address names its instance, and the instance has the address.")
def attached_addresses_are_shown_on_both_sides(seen: Transcript) -> None:
    (address,) = seen("get-static-ips").answer["staticIps"]
    instance = seen("get-with-address").resource
    found = address["isAttached"], address.get("attachedTo"), address["ipAddress"]
    expect("address", found, (True, instance["name"], instance["publicIpAddress"]))
    expect("instance", instance["isStaticIp"], True)


@holds("documented", "A detached address names no instance.")
def detached_addresses_are_free(seen: Transcript) -> None:
    found = seen("get-detached").resource
    expect("address", (found["isAttached"], found.get("attachedTo")), (False, None))
