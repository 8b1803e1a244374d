"""Operations, looked up."""

from datetime import timedelta
from itertools import count

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import NOW, both, operation, refused, without_ids


@both
def test_both_operations_of_a_create_succeed_when_the_snapshot_is_ready(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    started = client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")[
        "operations"
    ]

    before = [client.get_operation(operationId=each["id"])["operation"] for each in started]
    controls.clock.advance(seconds=400)
    after = [client.get_operation(operationId=each["id"])["operation"] for each in started]

    assert before == started
    ready = {
        "status": "Succeeded",
        "isTerminal": True,
        "statusChangedAt": NOW + timedelta(seconds=300),
    }
    assert after == [{**each, **ready} for each in started]


def test_the_two_times_of_a_new_operation_are_equal(
    client: LightsailClient, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls.seed.add_instance("web")
    seconds = count()
    monkeypatch.setattr(controls.clock, "now", lambda: NOW + timedelta(seconds=next(seconds)))

    answer = client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")
    operations = answer["operations"]
    assert [each["statusChangedAt"] for each in operations] == [
        each["createdAt"] for each in operations
    ]


def test_a_missing_operation_is_not_found(client: LightsailClient) -> None:
    assert refused(client.get_operation, operationId="no-such-id") == (
        "NotFoundException",
        "DoesNotExist",
        "The Operation does not exist: no-such-id",
    )


def test_operations_are_listed_and_found_by_resource_page_by_page(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    for number in range(3):
        client.create_instance_snapshot(instanceName="web", instanceSnapshotName=f"web-{number}")

    pages = list(client.get_paginator("get_operations").paginate())
    first = client.get_operations_for_resource(resourceName="web")
    second = client.get_operations_for_resource(
        resourceName="web", pageToken=first["nextPageToken"]
    )

    assert [len(page["operations"]) for page in pages] == [2, 2, 2]
    of_web = [*first["operations"], *second["operations"]]
    zone, kind = "us-east-1a", "CreateInstanceSnapshot"
    assert without_ids(of_web) == [
        operation(kind, "web", "Instance", zone=zone, details=f"web-{number}")
        for number in range(3)
    ]
    assert "nextPageToken" not in second
    assert client.get_operations_for_resource(resourceName="none")["operations"] == []
