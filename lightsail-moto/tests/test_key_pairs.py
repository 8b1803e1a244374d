"""Key pairs."""

from typing import Any

from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import ACCOUNT, NOW, REGION, both, names, operation, refused, without_ids

KEY: Any = {"keyPairName": "deploy"}


@both
def test_a_key_pair_is_created_shown_and_deleted(
    client: LightsailClient, controls: Control
) -> None:
    created: Any = client.create_key_pair(**KEY, tags=[{"key": "team"}])
    shown: Any = client.get_key_pair(**KEY)["keyPair"]
    deleted = client.delete_key_pair(**KEY, expectedFingerprint=shown["fingerprint"])

    assert without_ids([created["operation"], deleted["operation"]]) == [
        operation(f"{verb}KeyPair", "deploy", "KeyPair", status="Succeeded")
        for verb in ("Create", "Delete")
    ]
    assert created["keyPair"] == shown
    assert shown.pop("arn").startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:KeyPair/")
    assert len(shown.pop("fingerprint").split(":")) == 16
    assert shown == {
        "name": "deploy",
        "supportCode": f"{ACCOUNT[::-1]}/deploy",
        "createdAt": NOW,
        "location": {"availabilityZone": "all", "regionName": REGION},
        "resourceType": "KeyPair",
        "tags": [{"key": "team"}],
    }
    assert refused(client.get_key_pair, **KEY)[0] == "NotFoundException"


def test_key_pairs_are_listed_with_the_default_one_on_request(
    client: LightsailClient, controls: Control
) -> None:
    controls.page_size = 5
    imported = client.import_key_pair(**KEY, publicKeyBase64="c3NoLXJzYQ==")

    assert without_ids([imported["operation"]]) == [
        operation("ImportKeyPair", "deploy", "KeyPair", status="Succeeded")
    ]
    assert names(client.get_key_pairs()["keyPairs"]) == ["deploy"]
    assert names(client.get_key_pairs(includeDefaultKeyPair=True)["keyPairs"]) == [
        "LightsailDefaultKeyPair",
        "deploy",
    ]


def test_a_key_pair_with_another_fingerprint_is_not_deleted(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_key_pair("deploy")

    assert refused(client.delete_key_pair, **KEY, expectedFingerprint="00:11")[0] == (
        "InvalidInputException"
    )
    assert names(client.get_key_pairs()["keyPairs"]) == ["deploy"]


def test_an_instance_has_the_key_pair_it_was_created_with(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_key_pair("deploy")
    members: Any = {
        "availabilityZone": "us-east-1a",
        "blueprintId": "wordpress",
        "bundleId": "nano_3_0",
    }

    client.create_instances(instanceNames=["web"], **members, **KEY)
    client.create_instances(
        instanceNames=["default"], **members, keyPairName="LightsailDefaultKeyPair"
    )
    unknown = refused(
        client.create_instances, instanceNames=["db"], **members, keyPairName="unknown"
    )

    assert unknown == (
        "NotFoundException",
        "DoesNotExist",
        "The KeyPair does not exist: unknown",
    )
    instances = client.get_instances()["instances"]
    assert {each["name"]: each["sshKeyName"] for each in instances} == {
        "web": "deploy",
        "default": "LightsailDefaultKeyPair",
    }
