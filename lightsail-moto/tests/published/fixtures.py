"""What an account has before the command of an example, made of its options and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lightsail_moto import Control, Resource
from tests.published.examples import REGION, Example

CREATES = ("allocate", "copy", "create")
SOURCES = {
    "fromInstanceName": "Instance",
    "fromDiskName": "Disk",
    "fromRelationalDatabaseName": "RelationalDatabase",
}
OPTIONS = {
    "disk-name": "Disk",
    "disk-snapshot-name": "DiskSnapshot",
    "instance-name": "Instance",
    "instance-snapshot-name": "InstanceSnapshot",
    "domain-name": "Domain",
    "key-pair-name": "KeyPair",
    "load-balancer-name": "LoadBalancer",
    "relational-database-name": "RelationalDatabase",
    "relational-database-snapshot-name": "RelationalDatabaseSnapshot",
    "resource-name": "Instance",
    "source-resource-name": "Instance",
    "source-snapshot-name": "InstanceSnapshot",
    "static-ip-name": "StaticIp",
}


PORT = ("fromPort", "toPort", "protocol")


def prepare(example: Example, account: Control) -> tuple[str, ...]:
    """Seed an empty account so that the command can answer what it answered.

    Returns the command's arguments, in which an id is one that this account has.
    """
    fixture = Fixture(account)
    for record in records(example.answer):
        fixture.add(record["resourceType"], record["name"], record)
    created = ""
    if example.arguments[0].startswith(CREATES):
        created = example.answer["operations"][0]["resourceName"]
    ports = {"networking": {"ports": example.answer.get("portStates", ())}}
    for option, value in example.options.items():
        if option in OPTIONS and value != created:
            fixture.add(OPTIONS[option], value, ports if "portStates" in example.answer else None)
    fixture.attach(example)
    fixture.take_automatic_snapshots(example)
    return fixture.with_operation(example)


def records(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources that an answer describes."""
    for value in answer.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and "arn" in each:
                yield each


class Fixture:
    """What is added once, by its name."""

    def __init__(self, account: Control) -> None:
        self._account = account
        self._backend = account.backends[REGION]
        self._added: dict[str, Resource] = {}

    def add(self, kind: str, name: str, record: Mapping[str, Any] | None = None) -> Resource:
        """Add a resource of this type, as the record describes it, unless it is there."""
        if name not in self._added:
            self._added[name] = self._make(kind, name, record or {})
        return self._added[name]

    def _make(self, kind: str, name: str, record: Mapping[str, Any]) -> Resource:
        seed = self._account.seed
        given: dict[str, Any] = {"tags": _tags(record)}
        if kind.endswith("Snapshot"):
            return self._snapshot(kind, name, record)
        if kind == "Instance":
            return seed.add_instance(name, REGION, **given, **_instance(record))
        if kind == "Disk":
            return seed.add_disk(name, REGION, **given, size_gb=record.get("sizeInGb", 8))
        if kind == "RelationalDatabase":
            made = seed.add_database(name, REGION, **given, **_database(record))
            made.publicly_accessible = record.get("publiclyAccessible", False)
            return made
        if kind == "Domain":
            keys = ("name", "type", "target")
            entries = [tuple(each[key] for key in keys) for each in record["domainEntries"]]
            return seed.add_domain(name, entries, **given)
        if kind == "LoadBalancer":
            health = [each["instanceName"] for each in record["instanceHealthSummary"]]
            return seed.add_load_balancer(name, health, REGION, **given)
        add = seed.add_key_pair if kind == "KeyPair" else seed.add_static_ip
        return add(name, REGION)

    def _snapshot(self, kind: str, name: str, record: Mapping[str, Any]) -> Resource:
        """Of a source that is removed again, so that two can have sources of one name."""
        member = next((each for each in SOURCES if each in record), "")
        source_kind = SOURCES.get(member, kind.removesuffix("Snapshot"))
        source = self._make(source_kind, record.get(member, f"source-of-{name}"), _source(record))
        of_system_disk = (kind, source_kind) == ("DiskSnapshot", "Instance")
        size = record.get("sizeInGb")
        made = self._account.seed.add_snapshot(
            name, source, tags=_tags(record), size_gb=size, of_system_disk=of_system_disk
        )
        self._account.seed.remove(source)
        return made

    def attach(self, example: Example) -> None:
        """Attach what the answer shows as attached, and what the command detaches."""
        shown = [
            (each["resourceType"], each["name"], each["attachedTo"], each.get("path", ""))
            for each in records(example.answer)
            if "attachedTo" in each
        ]
        detached = [
            (each["resourceType"], each["resourceName"], each["operationDetails"], "/dev/xvdf")
            for each in example.answer.get("operations", ())
            if each["operationType"].startswith("Detach") and each["resourceType"] != "Instance"
        ]
        for kind, name, instance, path in (*shown, *detached):
            self.add(kind, name)
            self.add("Instance", instance)
            if kind == "Disk":
                self._backend.attach_disk(name, instance, path)
            else:
                self._backend.attach_static_ip(name, instance)

    def take_automatic_snapshots(self, example: Example) -> None:
        """One on each day from the first that the example names to the last."""
        options = example.options
        days = [each["date"] for each in example.answer.get("autoSnapshots", ())]
        days += [options[each] for each in ("date", "restore-date") if each in options]
        if days:
            first, last = (
                datetime.fromisoformat(f"{day}T00:00Z") for day in (min(days), max(days))
            )
            self._account.clock.set(first)
            time = {"autoSnapshotAddOnRequest": {"snapshotTimeOfDay": "06:00"}}
            name = options.get("resource-name") or options["source-resource-name"]
            self._backend.enable_add_on(name, {"addOnType": "AutoSnapshot"} | time)
            self._account.clock.set(last.replace(hour=12))

    def with_operation(self, example: Example) -> tuple[str, ...]:
        """The arguments; an operation's id is that of one that creates the same instance."""
        wanted = example.options.get("operation-id")
        if not wanted:
            return example.arguments
        names = [example.answer["operation"]["resourceName"]]
        answer = self._backend.create_instances(names, f"{REGION}a", "wordpress", "nano_3_0")
        (made,) = answer["operations"]
        return tuple(made["id"] if each == wanted else each for each in example.arguments)


def _tags(record: Mapping[str, Any]) -> dict[str, str | None]:
    return {tag["key"]: tag.get("value") for tag in record.get("tags", ())}


def _instance(record: Mapping[str, Any]) -> dict[str, Any]:
    ports = record.get("networking", {}).get("ports", ())
    return {
        "blueprint_id": record.get("blueprintId", "wordpress"),
        "bundle_id": record.get("bundleId", "nano_3_0"),
        "key_pair": record.get("sshKeyName"),
        "firewall": [{key: port[key] for key in PORT} for port in ports] or None,
    }


def _database(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "blueprint_id": record.get("relationalDatabaseBlueprintId", "mysql_8_0"),
        "bundle_id": record.get("relationalDatabaseBundleId", "micro_1_0"),
    }


def _source(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """What a snapshot's record has of its source, as the members of the source's record."""
    members = {
        "fromBlueprintId": "blueprintId",
        "fromBundleId": "bundleId",
        "fromRelationalDatabaseBlueprintId": "relationalDatabaseBlueprintId",
        "fromRelationalDatabaseBundleId": "relationalDatabaseBundleId",
    }
    return {there: snapshot[here] for here, there in members.items() if here in snapshot}
