"""The whole record of each type of resource, by Get and in its list."""

import json
import re
from typing import Any

import pytest

from lightsail_moto import Control

from .support import ACCOUNT, NOW, REGION, Client, both, one_of_each

TAGS = [{"key": "colour", "value": "red"}, {"key": "key-only"}]
PORT = {
    "protocol": "tcp",
    "accessFrom": "Anywhere (0.0.0.0/0)",
    "accessType": "public",
    "commonName": "",
    "accessDirection": "inbound",
}
USED = {
    "name": "used",
    "createdAt": NOW,
    "location": {"availabilityZone": "us-east-1a", "regionName": REGION},
    "resourceType": "Disk",
    "tags": [],
    "addOns": [],
    "sizeInGb": 16,
    "isSystemDisk": False,
    "iops": 100,
    "path": "/dev/xvdf",
    "state": "in-use",
    "attachedTo": "web",
    "isAttached": True,
    "attachmentState": "attached",
}
INSTANCE = {
    "tags": TAGS,
    "blueprintId": "wordpress",
    "blueprintName": "WordPress",
    "bundleId": "small_3_0",
    "addOns": [],
    "isStaticIp": True,
    "privateIpAddress": "192.0.2.1",
    "publicIpAddress": "198.51.100.2",
    "ipAddressType": "dualstack",
    "hardware": {
        "cpuCount": 2,
        "disks": [
            {
                "createdAt": NOW,
                "sizeInGb": 60,
                "isSystemDisk": True,
                "iops": 180,
                "path": "/dev/xvda",
                "attachedTo": "web",
                "attachmentState": "attached",
            },
            USED,
        ],
        "ramSizeInGb": 2.0,
    },
    "networking": {
        "monthlyTransfer": {"gbPerMonthAllocated": 3072},
        "ports": [{"fromPort": 22, "toPort": 22} | PORT, {"fromPort": 80, "toPort": 80} | PORT],
    },
    "state": {"code": 16, "name": "running"},
    "username": "bitnami",
    "sshKeyName": "LightsailDefaultKeyPair",
}
INSTANCE_SNAPSHOT = {
    "tags": TAGS,
    "state": "available",
    "fromAttachedDisks": [USED],
    "fromInstanceName": "web",
    "fromInstanceArn": "of web",
    "fromBlueprintId": "wordpress",
    "fromBundleId": "small_3_0",
    "isFromAutoSnapshot": False,
    "sizeInGb": 60,
}
DISK_SNAPSHOT = {
    "tags": TAGS,
    "sizeInGb": 32,
    "state": "completed",
    "progress": "100%",
    "fromDiskName": "data",
    "fromDiskArn": "of data",
    "isFromAutoSnapshot": False,
}
DATABASE = {
    "tags": [],
    "relationalDatabaseBlueprintId": "mysql_8_0",
    "relationalDatabaseBundleId": "small_2_0",
    "masterDatabaseName": "dbmaster",
    "hardware": {"cpuCount": 2, "diskSizeInGb": 80, "ramSizeInGb": 2.0},
    "state": "available",
    "backupRetentionEnabled": True,
    "pendingModifiedValues": {},
    "engine": "mysql",
    "engineVersion": "8.0.40",
    "latestRestorableTime": NOW,
    "masterUsername": "dbmasteruser",
    "parameterApplyStatus": "in-sync",
    "preferredBackupWindow": "10:01-10:31",
    "preferredMaintenanceWindow": "sat:11:14-sat:11:44",
    "publiclyAccessible": False,
    "masterEndpoint": {"port": 3306, "address": "of support code"},
    "pendingMaintenanceActions": [],
}
DATABASE_SNAPSHOT = {
    "tags": TAGS,
    "engine": "mysql",
    "engineVersion": "8.0.40",
    "sizeInGb": 80,
    "state": "available",
    "fromRelationalDatabaseName": "db",
    "fromRelationalDatabaseArn": "of db",
    "fromRelationalDatabaseBundleId": "small_2_0",
    "fromRelationalDatabaseBlueprintId": "mysql_8_0",
}
STATIC_IP = {"ipAddress": "198.51.100.2", "attachedTo": "web", "isAttached": True}

# Method, name, beginning of the support code's last part, zone, and the members of the type alone.
RECORDS = [
    ("instance", "web", "i-", "us-east-1a", INSTANCE),
    ("disk", "used", "vol-", "us-east-1a", USED),
    ("relational_database", "db", "ls-", "us-east-1a", DATABASE),
    ("instance_snapshot", "web-1", "ami-", "all", INSTANCE_SNAPSHOT),
    ("disk_snapshot", "data-1", "snap-", "all", DISK_SNAPSHOT),
    ("relational_database_snapshot", "db-1", "ls-", "all", DATABASE_SNAPSHOT),
    ("static_ip", "address", "198.51.100.2", "all", STATIC_IP),
    ("key_pair", "deploy", "deploy", "all", {"tags": []}),
]


@both
@pytest.mark.parametrize(
    ("method", "name", "support", "zone", "members"), RECORDS, ids=[row[0] for row in RECORDS]
)
def test_a_record_has_the_published_members_by_get_and_in_its_list(
    client: Client,
    controls: Control,
    method: str,
    name: str,
    support: str,
    zone: str,
    members: dict[str, Any],
) -> None:
    controls.page_size = 10
    one_of_each(controls.seed)
    arns = {each.name: each.arn for each in controls.backends[REGION].store}
    kind = "".join(word.capitalize() for word in method.split("_"))
    key = kind[0].lower() + kind[1:]

    record = getattr(client, f"get_{method}")(**{f"{key}Name": name})[key]
    listed = getattr(client, f"get_{method}s")()[f"{key}s"]

    assert [each for each in listed if each["name"] == name] == [record]
    assert arns[name].startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:{kind}/")
    assert record["supportCode"].startswith(f"{ACCOUNT[::-1]}/{support}")
    host = f"{record['supportCode'].rpartition('/')[2]}.us-east-1.rds.amazonaws.com"
    text = json.dumps(members, default=str).replace("of support code", host)
    expected = json.loads(re.sub('"of (.*?)"', lambda found: f'"{arns[found[1]]}"', text))
    common = {
        "name": name,
        "createdAt": NOW,
        "location": {"availabilityZone": zone, "regionName": REGION},
        "resourceType": kind,
    }
    for each in (record, *record.get("fromAttachedDisks", ()), *disks(record)):
        assert each.pop("arn") == arns[each["name"]]
        del each["supportCode"]
    record.pop("fingerprint", None)
    assert json.loads(json.dumps(record, default=str)) == expected | json.loads(
        json.dumps(common, default=str)
    )


def disks(record: dict[str, Any]) -> list[dict[str, Any]]:
    hardware = record.get("hardware", {})
    return hardware["disks"][1:] if "disks" in hardware else []
