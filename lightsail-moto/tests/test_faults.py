"""Faults: errors, lost and unanswered requests, failed operations, altered answers, limits."""

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

from lightsail_moto import Control

from .support import NOW, OTHER, REGION, Client, MakeClient, both, names, refused

CREATE = "CreateInstanceSnapshot"
LISTS = ("GetInstances", "GetDisks")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was slept; nobody waits."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


@pytest.fixture(autouse=True)
def _account(controls: Control, slept: list[float]) -> None:
    controls.seed.add_instance("web")


def create(client: Client, name: str = "web-1") -> Any:
    return client.create_instance_snapshot(instanceName="web", instanceSnapshotName=name)


def snapshots(controls: Control, region: str = REGION) -> dict[str, str]:
    found = controls.world()[region].get("InstanceSnapshot", {})
    return {name: each["state"] for name, each in found.items()}


def outcomes(*clients: Client) -> list[str]:
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


WHEN = pytest.mark.parametrize(("when", "made"), [("before", set()), ("after", {"web-1"})])


@both
@WHEN
def test_an_error_is_answered_before_or_after_the_effect(
    client: Client, controls: Control, when: Any, made: set[str]
) -> None:
    fault = controls.inject(
        CREATE, error="OperationFailureException", message="No.", fine_code="Odd", when=when
    )

    assert refused(create, client=client) == ("OperationFailureException", "Odd", "No.")
    assert (set(snapshots(controls)), fault.struck) == (made, 1)


@both
@pytest.mark.parametrize(
    ("error", "status"), [("ThrottlingException", 400), ("ServiceException", 500)]
)
def test_errors_have_their_http_status(
    client: Client, controls: Control, error: str, status: int
) -> None:
    controls.inject(error=error)

    with pytest.raises(ClientError) as caught:
        client.get_instances()

    response = caught.value.response
    assert response["Error"]["Code"] == error
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status


@both
@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        ({"drop_connection": True}, "dropped"),
        ({"http_status": 503}, "http 503"),
        ({"timeout_s": 0}, "timed out"),
    ],
)
def test_botocore_tries_again_and_finds_the_name_taken_where_only_the_answer_was_lost(
    make_client: MakeClient, controls: Control, way: Any, outcome: str
) -> None:
    client = make_client(attempts=3, timeout_s=0.2)
    controls.inject(CREATE, **way, times=2)
    create(client)
    controls.inject(CREATE, **way, when="after")

    code, fine_code, _ = refused(create, client=client, name="web-2")

    assert (code, fine_code) == ("InvalidInputException", "NameExists")
    assert snapshots(controls).keys() == {"web-1", "web-2"}
    seen = [call.outcome for call in controls.calls]
    assert seen == [outcome, outcome, "ok", outcome, "InvalidInputException"]


@both
@WHEN
def test_failed_operations_are_returned_in_a_200_answer_and_can_be_looked_up(
    client: Client, controls: Control, when: Any, made: set[str]
) -> None:
    controls.inject(CREATE, failed_operation=("Busy", "Not today."), when=when)

    answered = create(client)["operations"]

    failed = ("Failed", True, "Busy", "Not today.")
    members = ("status", "isTerminal", "errorCode", "errorDetails")
    assert [tuple(each[key] for key in members) for each in answered] == [failed] * 2
    found = client.get_operation(operationId=answered[0]["id"])["operation"]
    assert (found, set(snapshots(controls))) == (answered[0], made)


def test_a_failed_operation_without_effect_leaves_the_stored_records(
    client: Client, controls: Control
) -> None:
    source = controls.seed.add_instance("other")
    controls.inject(CREATE, failed_operation=("Busy", "Not today."))
    for _ in range(2):
        create(client)
    source.tags["kept"] = "yes"

    assert snapshots(controls).keys() == {"web-1"}
    assert controls.world()[REGION]["Instance"]["other"]["tags"] == source.tags


def test_a_fault_applies_to_the_calls_it_names_as_often_as_given_or_until_cancelled(
    make_client: MakeClient, controls: Control
) -> None:
    here, there = make_client(), make_client(OTHER)
    fault = controls.inject(CREATE, error="Odd", region=REGION, resource="web-2", times=2)
    outcomes(here, there)
    create(here, "web-1")
    struck = [refused(create, client=here, name="web-2")[0] for _ in range(2)]
    create(here, "web-2")
    endless = controls.inject(error="Odd", times=None)
    outcomes(here, there)
    endless.cancel()

    assert outcomes(here, there) == ["ok"] * 6
    assert (struck, fault.struck, endless.struck) == (["Odd", "Odd"], 2, 6)


@pytest.mark.parametrize(
    "ways", [{}, {"error": "Odd", "drop_connection": True}, {"error": "Odd", "without": ("x",)}]
)
def test_a_fault_has_one_way(controls: Control, ways: Any) -> None:
    with pytest.raises(ValueError, match="one of error"):
        controls.inject(CREATE, **ways)


def test_operations_that_do_not_exist_are_refused_at_once(controls: Control) -> None:
    with pytest.raises(ValueError, match="no operation CreateSnapshot"):
        controls.inject(["GetDisks", "CreateSnapshot"], error="Odd")
    with pytest.raises(ValueError, match="no operation GetDiscs"):
        controls.deny(REGION, ["GetDiscs"])


@both
@pytest.mark.parametrize(
    ("way", "error"),
    [
        ({"drop_connection": True}, "ConnectionClosedError"),
        ({"timeout_s": 0}, "ReadTimeoutError"),
        ({"http_status": 502, "body": "<html>"}, "ClientError"),
    ],
)
def test_lists_of_one_region_can_fail_for_a_while_of_the_account_s_clock(
    make_client: MakeClient, controls: Control, way: Any, error: str
) -> None:
    here, there = make_client(timeout_s=0.2), make_client(OTHER)
    fault = controls.inject(LISTS, **way, region=REGION, seconds=60)

    during = outcomes(here, there)
    controls.clock.advance(seconds=59)
    last = outcomes(here)
    controls.clock.advance(seconds=1)

    assert during == [error, error, "ok", "ok", "ok", "ok"]
    assert (last, outcomes(here)) == ([error, error, "ok"], ["ok"] * 3)
    assert fault.struck == 4


def test_a_request_in_process_times_out_after_its_seconds_of_sleep(
    client: Client, controls: Control, slept: list[float]
) -> None:
    controls.latency_s = 0.05
    controls.inject("GetDisks", timeout_s=60)

    with pytest.raises(ReadTimeoutError):
        client.get_disks()
    assert slept == [0.05, 60]


@both
@pytest.mark.parametrize(
    "body", ["{", "", "<html>", '{"instances": null}', '{"instances": [{"createdAt": "soon"}]}']
)
def test_an_answer_can_be_malformed(client: Client, controls: Control, body: str) -> None:
    controls.inject("GetInstances", http_status=200, body=body)

    with suppress(ResponseParserError, ValueError):
        assert "instances" not in client.get_instances()
    assert names(client.get_instances()["instances"]) == ["web"]


@both
@pytest.mark.parametrize("absent", [True, False], ids=["absent", "null"])
def test_records_can_lose_members(client: Client, controls: Control, absent: bool) -> None:
    controls.seed.add_instance("other", tags={"a": "b"})
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
    client: Client, controls: Control
) -> None:
    controls.seed.add_disk("data")
    controls.inject("GetDisks", without=("name",), members={"sizeInGb": 7})

    (first,), (second,) = (client.get_disks()["disks"] for _ in range(2))

    assert ("name" in first, first["sizeInGb"]) == (False, 7)
    assert (second["name"], second["sizeInGb"]) == ("data", 8)


@both
def test_a_snapshot_ends_in_error_and_its_operations_failed_and_the_next_one_succeeds(
    client: Client, controls: Control
) -> None:
    controls.end_in_error("web", error_code="Internal", error_details="Disk full.")
    started = create(client)["operations"]
    create(client, "web-2")
    pending = snapshots(controls)
    controls.clock.advance(minutes=5)
    ended = [client.get_operation(operationId=each["id"])["operation"] for each in started]

    assert pending == {"web-1": "pending", "web-2": "pending"}
    assert snapshots(controls) == {"web-1": "error", "web-2": "available"}
    outcome = {"status": "Failed", "isTerminal": True, "statusChangedAt": controls.clock.now()}
    error = {"errorCode": "Internal", "errorDetails": "Disk full."}
    assert ended == [{**each, **outcome, **error} for each in started]


def test_a_copy_ends_in_error_by_the_name_of_its_source_or_a_function(
    make_client: MakeClient, controls: Control
) -> None:
    controls.seed.add_snapshot("web-1", controls.seed.add_instance("other"))
    controls.end_in_error("web-1", region=OTHER)
    controls.end_in_error(lambda resource: resource.name.endswith("odd"), state="unheard-of")

    for region, name in ((REGION, "here"), (OTHER, "copy"), (OTHER, "odd"), (OTHER, "well")):
        make_client(region).copy_snapshot(
            sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName=name
        )
    controls.clock.advance(minutes=10)

    assert snapshots(controls)["here"] == "available"
    found = snapshots(controls, OTHER)
    assert found == {"copy": "error", "odd": "unheard-of", "well": "available"}


@pytest.mark.parametrize(
    ("state", "status"),
    [("error", "Failed"), ("available", "Succeeded"), ("a-new-word", "Succeeded")],
)
def test_a_snapshot_can_be_set_to_any_state_and_stays_in_it(
    client: Client, controls: Control, state: str, status: str
) -> None:
    operations = create(client)["operations"]

    controls.set_snapshot_state("web-1", REGION, state)
    controls.clock.advance(days=1)

    described = client.get_operation(operationId=operations[0]["id"])["operation"]
    assert (snapshots(controls)["web-1"], described["status"]) == (state, status)
    assert (described["statusChangedAt"] == NOW) == (state != "a-new-word")


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


def test_a_denied_caller_reads_the_action(client: Client, controls: Control) -> None:
    controls.deny(REGION)

    message = "The caller is not authorized to perform: lightsail:GetDisks"
    assert refused(client.get_disks) == ("AccessDeniedException", None, message)


def test_requests_beyond_the_rate_are_throttled_region_by_region_in_real_time(
    make_client: MakeClient, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    controls.rate_limit(0.5, burst=2)

    for seconds, region in ((0, REGION), (0, REGION), (0, REGION), (0, OTHER), (2, REGION)):
        now[0] += seconds
        with suppress(ClientError):
            make_client(region).get_disks()
    controls.rate_limit(None)
    make_client().get_disks()

    seen = [call.outcome for call in controls.calls]
    assert seen == ["ok", "ok", "ThrottlingException", "ok", "ok", "ok"]


def test_a_client_sees_a_lost_connection_and_a_region_without_lightsail(
    make_client: MakeClient, controls: Control
) -> None:
    controls.inject("GetInstances", drop_connection=True)

    with pytest.raises(ConnectionClosedError):
        make_client().get_instances()
    with pytest.raises(EndpointConnectionError):
        make_client("us-west-1").get_instances()
