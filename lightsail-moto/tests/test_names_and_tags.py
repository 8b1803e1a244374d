"""Names and tags that are accepted; test_refusals.py has those that are not."""

import pytest
from mypy_boto3_lightsail.type_defs import TagTypeDef

from lightsail_moto import Control

from .support import OTHER, REGION, Client, MakeClient, both

LEGAL = ["ab", "a1", "1a", "web-1.example_com", "Web", "a" * 255, "web-20261123T045000Z"]


@pytest.mark.parametrize("name", LEGAL)
def test_legal_names_are_accepted(client: Client, controls: Control, name: str) -> None:
    controls.seed.add_disk("data")

    client.create_disk_snapshot(diskName="data", diskSnapshotName=name)

    assert list(controls.world()[REGION]["DiskSnapshot"]) == [name]


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


@both
def test_a_key_only_tag_has_no_value_member(client: Client, controls: Control) -> None:
    controls.seed.add_instance("web", tags={"snapshot": None, "snapshot:keep": "daily=7"})

    instance = client.get_instances()["instances"][0]

    assert instance["tags"] == [
        {"key": "snapshot"},
        {"key": "snapshot:keep", "value": "daily=7"},
    ]


def test_50_tags_of_128_and_256_legal_characters_are_accepted(
    client: Client, controls: Control
) -> None:
    controls.seed.add_disk("data")
    longest: TagTypeDef = {"key": "ключ +-=._:/@" + "k" * 115, "value": "v" * 256}
    others: list[TagTypeDef] = [{"key": f"k{n}", "value": "v"} for n in range(49)]
    fifty = [*others, longest]

    client.create_disk_snapshot(diskName="data", diskSnapshotName="data-1", tags=fifty)
    client.tag_resource(resourceName="data-1", tags=fifty)

    assert len(controls.world()[REGION]["DiskSnapshot"]["data-1"]["tags"]) == 50


@both
def test_tags_are_added_replaced_and_removed(client: Client, controls: Control) -> None:
    source = controls.seed.add_instance("web")
    arn = controls.seed.add_snapshot("web-1", source, tags={"a": "1", "b": "2"}).arn

    client.tag_resource(
        resourceName="web-1", resourceArn=arn, tags=[{"key": "b"}, {"key": "c", "value": "3"}]
    )
    tagged = controls.world()[REGION]["InstanceSnapshot"]["web-1"]["tags"]
    client.untag_resource(resourceName="web-1", tagKeys=["b", "x"])

    assert tagged == {"a": "1", "b": None, "c": "3"}
    assert controls.world()[REGION]["InstanceSnapshot"]["web-1"]["tags"] == {"a": "1", "c": "3"}
