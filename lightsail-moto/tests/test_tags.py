"""Tags."""

from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient
from mypy_boto3_lightsail.type_defs import TagTypeDef

from lightsail_moto import Control

from .support import REGION, both, operation, refused, without_ids

FIFTY: list[TagTypeDef] = [{"key": f"k{n}", "value": "v"} for n in range(50)]
BROKEN: dict[str, list[TagTypeDef]] = {
    "51 tags": [*FIFTY, {"key": "one-more"}],
    "a key of 129": [{"key": "k" * 129}],
    "an empty key": [{"key": ""}],
    "a value of 257": [{"key": "k", "value": "v" * 257}],
    "a reserved key": [{"key": "aws:created"}],
    "a reserved value": [{"key": "k", "value": "aws:created"}],
    "a key twice": [{"key": "k"}, {"key": "k", "value": "v"}],
    "a character that is not allowed": [{"key": "k", "value": "a,b"}],
}


@both
def test_a_key_only_tag_has_no_value_member(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web", tags={"snapshot": None, "snapshot:keep": "daily=7"})

    instance = client.get_instances()["instances"][0]

    assert instance["tags"] == [
        {"key": "snapshot"},
        {"key": "snapshot:keep", "value": "daily=7"},
    ]


def test_50_tags_of_128_and_256_legal_characters_are_accepted(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_disk("data")
    longest: TagTypeDef = {"key": "ключ +-=._:/@" + "k" * 115, "value": "v" * 256}

    client.create_disk_snapshot(
        diskName="data", diskSnapshotName="data-1", tags=[*FIFTY[:49], longest]
    )

    assert len(controls.world()[REGION]["DiskSnapshot"]["data-1"]["tags"]) == 50


@pytest.mark.parametrize("tags", BROKEN.values(), ids=BROKEN.keys())
def test_tags_that_break_a_rule_are_refused_and_nothing_is_made(
    client: LightsailClient, controls: Control, tags: list[Any]
) -> None:
    controls.seed.add_disk("data")
    before = controls.world()

    created = refused(
        client.create_disk_snapshot, diskName="data", diskSnapshotName="data-1", tags=tags
    )
    tagged = refused(client.tag_resource, resourceName="data", tags=tags)

    assert created == tagged
    assert created[0] == "InvalidInputException"
    assert controls.world() == before


@both
def test_tag_resource_adds_and_replaces_and_answers_one_operation(
    client: LightsailClient, controls: Control
) -> None:
    snapshot = controls.seed.add_snapshot(
        "web-1", controls.seed.add_instance("web"), tags={"a": "1", "b": "2"}
    )

    answer = client.tag_resource(
        resourceName="web-1",
        resourceArn=snapshot.arn,
        tags=[{"key": "b"}, {"key": "c", "value": "3"}],
    )

    assert without_ids(answer["operations"]) == [
        operation("TagResource", "web-1", "InstanceSnapshot", status="Succeeded")
    ]
    tags = controls.world()[REGION]["InstanceSnapshot"]["web-1"]["tags"]
    assert tags == {"a": "1", "b": None, "c": "3"}


def test_tag_resource_refuses_a_51st_tag_and_changes_nothing(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_disk("data", tags={tag["key"]: "v" for tag in FIFTY})
    before = controls.world()

    client.tag_resource(resourceName="data", tags=[{"key": "k0", "value": "v"}])
    code, _, _ = refused(client.tag_resource, resourceName="data", tags=[{"key": "new"}])

    assert code == "InvalidInputException"
    assert controls.world() == before


def test_untag_resource_ignores_keys_that_are_not_there(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_database("db", tags={"a": "1", "b": None})

    answer = client.untag_resource(resourceName="db", tagKeys=["b", "x"])

    kind, zone = "RelationalDatabase", "us-east-1a"
    assert without_ids(answer["operations"]) == [
        operation("UntagResource", "db", kind, zone=zone, status="Succeeded")
    ]
    assert controls.world()[REGION][kind]["db"]["tags"] == {"a": "1"}


def test_tagging_is_refused_for_an_unknown_name_or_another_arn(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_disk("data")
    other = controls.seed.add_disk("other")

    missing = refused(client.tag_resource, resourceName="gone", tags=[{"key": "k"}])
    another = refused(
        client.tag_resource, resourceName="data", resourceArn=other.arn, tags=[{"key": "k"}]
    )

    assert missing[:2] == ("NotFoundException", "DoesNotExist")
    assert another[0] == "InvalidInputException"
