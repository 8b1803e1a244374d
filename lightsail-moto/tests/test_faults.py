"""Faults: errors, lost connections, failed operations, and snapshots that end in error."""

import time
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import NOW, OTHER, REGION, MakeClient, both, names, refused, without_ids

CREATE = "CreateInstanceSnapshot"


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Botocore waits between attempts; waiting is not tested here."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


def _create(client: LightsailClient, name: str = "web-1") -> Any:
    return client.create_instance_snapshot(instanceName="web", instanceSnapshotName=name)


def _snapshots(controls: Control) -> list[str]:
    return list(controls.world()[REGION].get("InstanceSnapshot", {}))


@both
@pytest.mark.parametrize(("when", "made"), [("before", []), ("after", ["web-1"])])
def test_an_error_is_injected_before_or_after_the_effect(
    client: LightsailClient, controls: Control, when: Any, made: list[str]
) -> None:
    controls.seed.add_instance("web")
    fault = controls.inject(
        CREATE, error="OperationFailureException", message="No.", fine_code="Odd", when=when
    )

    assert refused(_create, client=client) == ("OperationFailureException", "Odd", "No.")
    assert _snapshots(controls) == made
    assert fault.struck == 1


@both
@pytest.mark.parametrize(
    ("error", "status"), [("ThrottlingException", 400), ("ServiceException", 500)]
)
def test_errors_have_their_http_status(
    client: LightsailClient, controls: Control, error: str, status: int
) -> None:
    controls.inject(error=error)

    with pytest.raises(ClientError) as caught:
        client.get_instances()

    response = caught.value.response
    assert response["Error"]["Code"] == error
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status


@both
@pytest.mark.parametrize("way", [{"drop_connection": True}, {"http_status": 503}])
def test_botocore_retries_after_a_lost_connection_and_a_bare_status(
    make_client: MakeClient, controls: Control, way: dict[str, Any]
) -> None:
    controls.seed.add_instance("web")
    controls.inject(CREATE, **way, times=2)

    _create(make_client(attempts=3))

    outcome = "dropped" if "drop_connection" in way else "http 503"
    assert [call.outcome for call in controls.calls] == [outcome, outcome, "ok"]


@both
def test_a_connection_lost_after_the_effect_leaves_the_snapshot_and_the_retry_finds_its_name_taken(
    make_client: MakeClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.inject(CREATE, drop_connection=True, when="after")

    code, fine_code, _ = refused(_create, client=make_client(attempts=3))

    assert (code, fine_code) == ("InvalidInputException", "NameExists")
    assert _snapshots(controls) == ["web-1"]


@both
def test_a_client_that_does_not_retry_sees_the_connection_closed(
    client: LightsailClient, controls: Control
) -> None:
    controls.inject("GetInstances", drop_connection=True)

    with pytest.raises(ConnectionClosedError):
        client.get_instances()


@both
@pytest.mark.parametrize(("when", "made"), [("before", []), ("after", ["web-1"])])
def test_failed_operations_are_returned_in_a_200_answer_and_can_be_looked_up(
    client: LightsailClient, controls: Control, when: Any, made: list[str]
) -> None:
    controls.seed.add_instance("web")
    controls.inject(CREATE, failed_operation=("Busy", "Not today."), when=when)

    answer = _create(client)

    described = without_ids(answer["operations"])
    failed = {
        "status": "Failed",
        "isTerminal": True,
        "errorCode": "Busy",
        "errorDetails": "Not today.",
    }
    assert [{key: each[key] for key in failed} for each in described] == [failed, failed]
    identifier = answer["operations"][0]["id"]
    assert client.get_operation(operationId=identifier)["operation"] == answer["operations"][0]
    assert _snapshots(controls) == made


def test_a_failed_operation_without_effect_can_be_retried(
    client: LightsailClient, controls: Control
) -> None:
    source = controls.seed.add_instance("web")
    controls.inject(CREATE, failed_operation=("Busy", "Not today."))

    _create(client)
    _create(client)

    assert _snapshots(controls) == ["web-1"]
    source.tags["kept"] = "the record is still the stored one"
    assert controls.world()[REGION]["Instance"]["web"]["tags"] == source.tags


def test_a_fault_applies_to_the_calls_it_names_and_as_often_as_given(
    make_client: MakeClient, controls: Control
) -> None:
    here, there = make_client(), make_client(OTHER)
    controls.seed.add_instance("web")
    fault = controls.inject(CREATE, error="Odd", region=REGION, resource="web-2", times=2)

    there.get_instances()
    here.get_instances()
    _create(here, "web-1")
    struck = [refused(_create, client=here, name="web-2")[0] for _ in range(2)]
    _create(here, "web-2")

    assert (struck, fault.struck) == (["Odd", "Odd"], 2)


def test_a_fault_without_end_ends_when_it_is_cancelled(
    client: LightsailClient, controls: Control
) -> None:
    fault = controls.inject(error="Odd", times=None)
    for _ in range(5):
        refused(client.get_instances)

    fault.cancel()
    client.get_instances()

    assert fault.struck == 5


def test_invalid_faults_are_refused_at_once(controls: Control) -> None:
    for ways in (
        {},
        {"error": "Odd", "drop_connection": True},
        {"error": "Odd", "without": ("x",)},
    ):
        with pytest.raises(ValueError, match="one of error"):
            controls.inject(CREATE, **ways)
    with pytest.raises(ValueError, match="CreateSnapshot"):
        controls.inject(["GetDisks", "CreateSnapshot"], error="Odd")


LISTS = ("GetInstances", "GetDisks")


def outcomes(*clients: LightsailClient) -> list[str]:
    """How each list ends in each Region."""
    seen = []
    for client in clients:
        for read in (client.get_instances, client.get_disks, client.get_static_ips):
            try:
                read()
            except (BotoCoreError, ClientError) as error:
                seen.append(type(error).__name__)
            else:
                seen.append("ok")
    return seen


@both
@pytest.mark.parametrize(
    ("way", "error"),
    [
        ({"drop_connection": True}, "ConnectionClosedError"),
        ({"timeout_s": 0}, "ReadTimeoutError"),
        ({"http_status": 503}, "ClientError"),
        ({"http_status": 502, "body": "<html>"}, "ClientError"),
    ],
)
def test_lists_of_one_region_can_fail_for_a_while_of_the_account_s_clock(
    make_client: MakeClient, controls: Control, way: dict[str, Any], error: str
) -> None:
    here, there = make_client(timeout_s=0.2), make_client(OTHER)
    fault = controls.inject(LISTS, **way, region=REGION, seconds=60)

    during = outcomes(here, there)
    controls.clock.advance(seconds=59)
    last = outcomes(here)
    controls.clock.advance(seconds=1)

    assert during == [error, error, "ok", "ok", "ok", "ok"]
    assert last == [error, error, "ok"]
    assert outcomes(here) == ["ok"] * 3
    assert fault.struck == 4


def test_a_request_in_process_times_out_after_its_seconds_of_sleep(
    client: LightsailClient, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    controls.inject("GetDisks", timeout_s=60)

    with pytest.raises(ReadTimeoutError):
        client.get_disks()

    assert slept == [60]
    assert controls.calls[-1].outcome == "timed out"


@both
@pytest.mark.parametrize(
    "body", ["{", "", "<html>", '{"disks": null}', '{"disks": [{"createdAt": "soon"}]}']
)
def test_an_answer_can_be_malformed(client: LightsailClient, controls: Control, body: str) -> None:
    controls.seed.add_disk("data")
    controls.inject("GetDisks", http_status=200, body=body)

    with suppress(ResponseParserError, ValueError):
        assert "disks" not in client.get_disks()
    assert names(client.get_disks()["disks"]) == ["data"]


@both
@pytest.mark.parametrize("absent", [True, False], ids=["absent", "null"])
def test_records_can_lose_members(client: LightsailClient, controls: Control, absent: bool) -> None:
    for name in ("web", "other"):
        controls.seed.add_instance(name, tags={"a": "b"})
    lost = ("state", "location", "createdAt", "arn", "hardware", "networking", "tags")
    fault = controls.inject(
        ("GetInstance", "GetInstances"),
        without=lost if absent else (),
        members={} if absent else dict.fromkeys(lost),
        resource="web",
        times=None,
    )

    listed: Any = client.get_instances()["instances"]
    one: Any = client.get_instance(instanceName="web")["instance"]
    other: Any = client.get_instance(instanceName="other")["instance"]
    fault.cancel()

    whole: Any = client.get_instances()["instances"]
    assert listed == [{k: v for k, v in whole[0].items() if k not in lost}, whole[1]]
    assert (one, other, fault.struck) == (listed[0], whole[1], 2)


def test_records_can_lose_their_name_or_have_other_values(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_disk("data")
    controls.inject("GetDisks", without=("name",), members={"sizeInGb": 7})

    (first,), (second,) = (client.get_disks()["disks"] for _ in range(2))

    assert ("name" in first, first["sizeInGb"]) == (False, 7)
    assert (second["name"], second["sizeInGb"]) == ("data", 8)


@both
def test_a_snapshot_ends_in_error_and_its_operations_failed(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.end_in_error("web", error_code="Internal", error_details="Disk full.")

    started = _create(client)["operations"]
    pending = controls.world()[REGION]["InstanceSnapshot"]["web-1"]["state"]
    controls.clock.advance(minutes=5)
    ended = [client.get_operation(operationId=each["id"])["operation"] for each in started]

    assert [each["status"] for each in started] == ["Started", "Started"]
    assert pending == "pending"
    outcome = {"status": "Failed", "isTerminal": True}
    error = {"errorCode": "Internal", "errorDetails": "Disk full."}
    changed = {"statusChangedAt": controls.clock.now()}
    assert ended == [{**each, **outcome, **error, **changed} for each in started]
    snapshot = client.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]
    assert snapshot["state"] == "error"


def test_the_next_snapshot_succeeds_again(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web")
    controls.end_in_error("web")

    _create(client, "web-1")
    _create(client, "web-2")
    controls.clock.advance(minutes=5)

    snapshots = controls.world()[REGION]["InstanceSnapshot"]
    states = {name: each["state"] for name, each in snapshots.items()}
    assert states == {"web-1": "error", "web-2": "available"}


def test_a_copy_ends_in_error_by_the_name_of_its_source_or_a_function(
    make_client: MakeClient, controls: Control
) -> None:
    controls.seed.add_snapshot("web-1", controls.seed.add_instance("web"))
    controls.end_in_error("web-1")
    controls.end_in_error(lambda resource: resource.name.endswith("odd"), state="unheard-of")
    there = make_client(OTHER)

    for name in ("copy", "copy-odd", "copy-well"):
        there.copy_snapshot(
            sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName=name
        )
    controls.clock.advance(minutes=10)

    copies = controls.world()[OTHER]["InstanceSnapshot"]
    assert {name: each["state"] for name, each in copies.items()} == {
        "copy": "error",
        "copy-odd": "unheard-of",
        "copy-well": "available",
    }


@pytest.mark.parametrize("state", ["error", "available", "a-new-word"])
def test_a_snapshot_can_be_set_to_any_state_and_stays_in_it(
    client: LightsailClient, controls: Control, state: str
) -> None:
    controls.seed.add_instance("web")
    operations = _create(client)["operations"]

    controls.set_snapshot_state("web-1", REGION, state)
    at = controls.clock.now()
    controls.clock.advance(days=1)

    described = client.get_operation(operationId=operations[0]["id"])["operation"]
    statuses = {"error": "Failed", "available": "Succeeded", "a-new-word": "Succeeded"}
    assert controls.world()[REGION]["InstanceSnapshot"]["web-1"]["state"] == state
    assert described["status"] == statuses[state]
    if state != "a-new-word":
        assert described["statusChangedAt"] == at == NOW


@both
@pytest.mark.parametrize(
    ("refuse", "seen"),
    [
        (lambda controls: controls.deny(OTHER), ["AccessDeniedException"] * 2),
        (lambda controls: controls.deny(OTHER, ["GetDisks"]), ["ok", "AccessDeniedException"]),
        (
            lambda controls: controls.setup_in_progress(OTHER),
            ["RegionSetupInProgressException"] * 2,
        ),
    ],
    ids=["denied", "denied-one-operation", "in-setup"],
)
def test_a_region_refuses_until_it_is_allowed(
    make_client: MakeClient, controls: Control, refuse: Any, seen: list[str]
) -> None:
    refuse(controls)
    outcomes(make_client(OTHER), make_client())
    controls.allow(OTHER)
    outcomes(make_client(OTHER))

    found = [call.outcome for call in controls.calls if call.operation in LISTS]
    assert found == [*seen, "ok", "ok", "ok", "ok"]


def test_a_denied_caller_reads_the_action(client: LightsailClient, controls: Control) -> None:
    controls.deny(REGION)

    message = "The caller is not authorized to perform: lightsail:GetDisks"
    assert refused(client.get_disks) == ("AccessDeniedException", None, message)


@both
def test_requests_beyond_the_rate_are_throttled_region_by_region(
    make_client: MakeClient, controls: Control
) -> None:
    here, there = make_client(), make_client(OTHER)
    controls.rate_limit(0.001, burst=2)
    here.get_instances()
    here.get_instances()

    throttled = refused(here.get_instances)
    there.get_instances()
    controls.rate_limit(None)
    here.get_instances()

    assert throttled == ("ThrottlingException", None, "Rate exceeded")
    assert [call.outcome for call in controls.calls] == [
        "ok",
        "ok",
        "ThrottlingException",
        "ok",
        "ok",
    ]


def test_requests_are_allowed_again_with_real_time(
    client: LightsailClient, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    controls.rate_limit(0.5, burst=1)
    seen = []
    for seconds in (0, 1.5, 2.5, 3):
        now[0] = seconds
        with suppress(ClientError):
            client.get_disks()
        seen.append(controls.calls[-1].outcome)

    assert seen == ["ok", "ThrottlingException", "ok", "ThrottlingException"]


def test_each_call_takes_its_latency(
    client: LightsailClient, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    controls.latency_s = 0.05

    client.get_instances()

    assert slept == [0.05]


def test_a_region_without_lightsail_has_no_endpoint(make_client: MakeClient) -> None:
    with pytest.raises(EndpointConnectionError):
        make_client("us-west-1").get_instances()
