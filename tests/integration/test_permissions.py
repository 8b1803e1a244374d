"""The role allows the calls of the code, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import boto3
import pytest

from lightsail_moto import Call, Control
from preflight.permissions import KINDS, SNAPSHOTS, allowed_actions
from snapshotter.errors import SnapshotRunFailed
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import CALLED, Deployment
from translate.stack import Stack

EAST, WEST = "us-east-1", "us-west-2"
ACCOUNT = Stack().account
EMAIL = {"NotificationEmail": "backups@example.com"}


def of_lightsail(stack: str) -> set[str]:
    """Return what the table of the role allows on Lightsail."""
    return {each for each in allowed_actions(stack) if each.startswith("lightsail:")}


@contextmanager
def denied_tags(deployment: Deployment) -> Iterator[list[tuple[str, str]]]:
    """Collect the creates whose tags the role would deny on a resource that IAM may see for them.

    AWS does not document which one that is: a new ARN, all resources of the account, or everything.
    """
    denied: list[tuple[str, str]] = []

    def check(call: Call, phase: str) -> None:
        if phase != "before" or not call.operation.startswith("Create") or not deployment.running:
            return
        everything = f"arn:aws:lightsail:{call.region}:{ACCOUNT}:*"
        new = [everything.replace(":*", f":{each}/1") for each in (*KINDS, *SNAPSHOTS)]
        denied.extend(
            (call.operation, resource)
            for resource in (*new, everything, "*")
            if not deployment.role.allows(
                "lightsail:TagResource",
                region=call.region,
                resources=[resource],
                request_tags=call.request_tags,
            )
        )

    stop = deployment.control.on_request(check)
    try:
        yield denied
    finally:
        stop()


def test_role_allows_exactly_the_actions_that_the_code_calls(
    lightsail: Control, deploy: Deploy
) -> None:
    """Every test checks each call against the role; this one finds permissions without use."""
    CALLED.clear()
    seed = lightsail.seed
    seed.add_instance("web", tags={"snapshot": None}, static_ip="web-ip")
    seed.add_disk("data", tags={"snapshot": None})
    seed.add_database("db", tags={"snapshot": None})
    nightly = deploy(CopyToRegions=WEST, Retention="last=1")
    with denied_tags(nightly) as denied:
        for night in range(3):
            at = NIGHT + timedelta(days=night)
            lightsail.clock.set(at)
            for operation in ("Instance", "Disk", "RelationalDatabase"):
                lightsail.inject(
                    f"Create{operation}Snapshot", drop_connection=True, when="after", times=1
                )
            nightly.nightly(at)
            lightsail.clock.advance(hours=1)
            nightly.sweep(at + timedelta(hours=1))
        lightsail.end_in_error("web")
        at = NIGHT + timedelta(days=3)
        nightly.nightly(at)
        lightsail.clock.set(at + timedelta(hours=1))
        with suppress(SnapshotRunFailed):
            nightly.sweep(at + timedelta(hours=1))

    assert of_lightsail("copies") == CALLED
    assert denied == []


def test_enable_restore_adds_exactly_the_actions_that_restores_and_drills_call(
    lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("snapshotter.restore.proof.probe", lambda *_: "")
    seed, drilled = lightsail.seed, {"snapshot": None, "snapshot:drill": None}
    web = {**drilled, "snapshot:drill": "443"}
    seed.add_instance("web", tags=web, static_ip="web-ip", key_pair="deploy")
    seed.add_disk("logs", attached_to="web")
    seed.add_instance("api", tags=drilled)
    seed.add_disk("data", tags=drilled)
    seed.add_database("db", tags=drilled)
    nightly = deploy(EnableRestore="true")

    def invoke(action: str, **event: object) -> None:
        nightly({"action": action, **event}, now=lightsail.clock.now())

    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    CALLED.clear()
    with denied_tags(nightly) as denied:
        for number, operation in enumerate(("Instances", "Disk", "RelationalDatabase")):
            resource = ("web", "data", "db")[number]
            lightsail.inject(f"Create{operation}FromSnapshot", drop_connection=True, when="after")
            invoke("restore", resource=resource)
        for resource, bundle in (("web", "micro_3_0"), ("db", "small_2_0")):
            zone = {"availabilityZone": "us-east-1b", "as": f"{resource}-2"}
            invoke("restore", resource=resource, bundleId=bundle, **zone)
        invoke("restore", resource="web", takeOver=True, **{"as": "web-3"})
        invoke("drill")
        for _ in range(2):
            lightsail.clock.advance(hours=1)
            nightly.sweep(lightsail.clock.now())

    added = of_lightsail("restores") - of_lightsail("copies")
    assert CALLED - of_lightsail("copies") == added
    assert denied == []
    assert lightsail.world()[EAST]["StaticIp"]["web-ip"]["attachedTo"] == "web-3"


def test_letters_call_exactly_what_an_e_mail_address_adds(
    lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack({"PolicyName": "nightly", **EMAIL})
    log = stack.ref("RunLogs")
    topic = boto3.client("sns", region_name=EAST).create_topic(Name="snapshotter-AlarmTopic")
    boto3.client("logs", region_name=EAST).create_log_group(logGroupName=log)
    resources = {
        "sns:Publish": topic["TopicArn"],
        "sns:ListSubscriptionsByTopic": topic["TopicArn"],
        "logs:FilterLogEvents": stack.attribute("RunLogs", "Arn"),
    }
    nightly = deploy(**EMAIL)
    # Lambda sets it.
    monkeypatch.setenv("AWS_LAMBDA_LOG_GROUP_NAME", log)
    called: dict[str, dict[str, Any]] = {}

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        called[f"{model.service_model.endpoint_prefix}:{model.name}"] = dict(params)

    def recorded(service: str, **arguments: Any) -> Any:
        client = create_client(service, **arguments)
        client.meta.events.register("before-parameter-build", note)
        return client

    create_client: Any = boto3.client
    monkeypatch.setattr("snapshotter.notify.boto3.client", recorded)
    nightly({"action": "report", "send": True})

    added = allowed_actions("letters") - allowed_actions("restores")
    # SNS uses the key.
    assert called.keys() == {each for each in added if not each.startswith("kms:")}
    assert called["sns:Publish"]["TopicArn"] == resources["sns:Publish"]
    assert called["logs:FilterLogEvents"]["logGroupName"] == log
    for action, resource in resources.items():
        assert nightly.role.allows(action, region=EAST, resources=[resource])


def test_hold_that_is_added_during_a_run_stops_the_delete(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None})
    ours = {"snapshotter:policy": "nightly", "snapshotter:source": web.arn}
    for days, name in ((1, "newer"), (2, "older")):
        at = NIGHT - timedelta(days=days)
        lightsail.seed.add_snapshot(name, web, tags=ours, created_at=at)

    def hold(call: Call, phase: str) -> None:
        if (call.operation, phase) == ("CreateInstanceSnapshot", "before"):
            nightly.running = False
            client(EAST).tag_resource(resourceName="older", tags=[{"key": "snapshotter:hold"}])
            nightly.running = True

    nightly = deploy(Retention="last=1")
    lightsail.on_request(hold)
    answer = nightly.nightly(NIGHT)

    assert [(each["action"], each["status"]) for each in answer["outcomes"]] == [
        ("create", "started"),
        ("delete", "exists"),
    ]
    assert answer["outcomes"][1]["reason"] == (
        "kept: the tag snapshotter:hold was added after this run read the snapshot"
    )
    assert "older" in lightsail.world()[EAST]["InstanceSnapshot"]
