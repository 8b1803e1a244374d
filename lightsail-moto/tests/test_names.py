"""Names: their form, and that they are unique in a Region over all types."""

from collections.abc import Callable
from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import OTHER, REGION, MakeClient, both, refused

LEGAL = ["ab", "a1", "1a", "web-1.example_com", "Web", "a" * 255, "web-20261123T045000Z"]
ILLEGAL = ["", "a", "a" * 256, "-web", "web-", ".web", "web_", "we b", "web:1", "web+1", "wéb"]


@pytest.mark.parametrize("name", LEGAL)
def test_legal_names_are_accepted(client: LightsailClient, controls: Control, name: str) -> None:
    controls.seed.add_disk("data")

    client.create_disk_snapshot(diskName="data", diskSnapshotName=name)

    assert list(controls.world()[REGION]["DiskSnapshot"]) == [name]


@pytest.mark.parametrize("name", ILLEGAL)
def test_illegal_names_are_refused(client: LightsailClient, controls: Control, name: str) -> None:
    controls.seed.add_disk("data")

    code, fine_code, message = refused(
        client.create_disk_snapshot, diskName="data", diskSnapshotName=name
    )

    assert (code, fine_code) == ("InvalidInputException", None)
    assert message.startswith(f"{name} is not a valid resource name.")


@pytest.mark.parametrize("name", ["db.1", "db_1"])
def test_database_snapshots_accept_letters_digits_and_hyphens_only(
    client: LightsailClient, controls: Control, name: str
) -> None:
    controls.seed.add_database("db")

    code, _, _ = refused(
        client.create_relational_database_snapshot,
        relationalDatabaseName="db",
        relationalDatabaseSnapshotName=name,
    )

    assert code == "InvalidInputException"


def _creates(client: LightsailClient) -> list[Callable[[str], Any]]:
    """Each way of making something under a name."""
    return [
        lambda name: client.create_instances(
            instanceNames=[name],
            availabilityZone="us-east-1a",
            blueprintId="wordpress",
            bundleId="nano_3_0",
        ),
        lambda name: client.create_disk(diskName=name, availabilityZone="us-east-1a", sizeInGb=8),
        lambda name: client.create_instance_snapshot(instanceName="web", instanceSnapshotName=name),
        lambda name: client.create_disk_snapshot(diskName="data", diskSnapshotName=name),
        lambda name: client.create_relational_database_snapshot(
            relationalDatabaseName="db", relationalDatabaseSnapshotName=name
        ),
        lambda name: client.copy_snapshot(
            sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName=name
        ),
    ]


@both
@pytest.mark.parametrize("name", ["web", "data", "db", "web-1", "data-1", "db-1"])
def test_a_name_is_taken_for_every_type_of_the_region(
    client: LightsailClient, controls: Control, name: str
) -> None:
    seed = controls.seed
    seed.add_snapshot("web-1", seed.add_instance("web"))
    seed.add_snapshot("data-1", seed.add_disk("data"))
    seed.add_snapshot("db-1", seed.add_database("db"))
    before = controls.world()

    answers = [refused(create, name=name) for create in _creates(client)]

    taken = ("InvalidInputException", "NameExists", f"Some names are already in use: {name}")
    assert answers == [taken] * 6
    assert controls.world() == before


def test_a_name_is_free_in_another_region_and_after_a_delete(
    make_client: MakeClient, controls: Control
) -> None:
    here, there = make_client(), make_client(OTHER)

    here.create_disk(diskName="data", availabilityZone="us-east-1a", sizeInGb=8)
    there.create_disk(diskName="data", availabilityZone="eu-west-1a", sizeInGb=8)
    here.delete_disk(diskName="data")
    here.create_disk(diskName="data", availabilityZone="us-east-1a", sizeInGb=9)

    sizes = {
        region: world["Disk"]["data"]["sizeInGb"] for region, world in controls.world().items()
    }
    assert sizes == {OTHER: 8, REGION: 9}
