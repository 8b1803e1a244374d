"""Which events are accepted, and with what message every other one is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.event import Request, RestoreRequest, RunAction, parse_event
from snapshotter.inputs.request import AlarmChange, Send
from snapshotter.policy.grammar import GRAMMAR, parse_retention
from tests.unit.builders import NOW

REGIONS = ("us-east-1", "eu-central-1")
ACCEPTED = {
    "action": "snapshot (the default), sweep, report, restore or drill",
    "scheduledTime": "ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z, at most 5 minutes "
    "in the future and 24 hours in the past; the default is now",
    "dryRun": "true or false (the default)",
    "regions": "a list of regions that the stack is deployed for",
    "resources": "a list of the names of selected resources",
    "wait": "a whole number of seconds from 0 (the default) to 600",
    "endCoolingOff": "true, together with resources, or false (the default)",
}

ENABLED = (
    "this stack may not restore: deploy it with the parameter EnableRestore=true, which gives its "
    "role the permissions"
)


def read(
    event: object, *, now: datetime = NOW, restores: bool = True, letters: bool = True
) -> Request:
    return parse_event(
        event,
        now=now,
        regions=REGIONS,
        elsewhere=("us-west-2",),
        restores=restores,
        letters=letters,
    )


def faults(event: object, *, letters: bool = True) -> tuple[str, ...]:
    with pytest.raises(InvalidEvent) as raised:
        read(event, letters=letters)
    return raised.value.faults


def test_empty_event_takes_snapshots_now_to_the_second() -> None:
    assert read({}, now=NOW.replace(microsecond=999_999)) == Request(
        RunAction.SNAPSHOT, NOW, False, REGIONS, None, 0
    )


def test_event_of_the_scheduler_gives_the_run_its_scheduled_time() -> None:
    event = {"action": "sweep", "scheduledTime": "2026-11-22T05:50:00Z"}

    assert read(event) == Request(
        RunAction.SWEEP, datetime(2026, 11, 22, 5, 50, tzinfo=UTC), False, REGIONS, None, 0
    )


def test_every_key_is_read() -> None:
    event = {
        "action": "snapshot",
        "scheduledTime": "2026-11-22T05:50:00.25+01:00",
        "dryRun": True,
        "regions": ["eu-central-1"],
        "resources": ["web", "api", "web"],
        "wait": 120,
    }

    assert read(event) == Request(
        RunAction.SNAPSHOT,
        datetime(2026, 11, 22, 4, 50, tzinfo=UTC),
        True,
        ("eu-central-1",),
        ("web", "api"),
        120,
    )


def test_envelope_of_a_rule_on_a_schedule_means_a_snapshot_at_its_time() -> None:
    envelope = {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-22T04:50:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/nightly"],
        "detail": {},
    }

    assert read(envelope) == Request(
        RunAction.SNAPSHOT, datetime(2026, 11, 22, 4, 50, tzinfo=UTC), False, REGIONS, None, 0
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({"action": "prune"}, "action: 'prune' is not accepted", id="action"),
        pytest.param(
            {"scheduledTime": "2026-11-22T04:50:00"},
            "scheduledTime: '2026-11-22T04:50:00' is not accepted (it names no offset from UTC)",
            id="no-offset",
        ),
        pytest.param(
            {"scheduledTime": 1763873400},
            "scheduledTime: 1763873400 is not accepted (it is not text)",
            id="not-text",
        ),
        pytest.param(
            {"dryRun": "true"},
            "dryRun: 'true' is not accepted (it is not a JSON boolean)",
            id="dry",
        ),
        pytest.param(
            {"regions": "us-east-1"},
            "regions: 'us-east-1' is not accepted (it is not a list of one or more names)",
            id="regions-not-a-list",
        ),
        pytest.param(
            {"regions": ["us-east-1", "us-west-2"]},
            "regions: ['us-east-1', 'us-west-2'] is not accepted (the stack is not deployed for "
            "us-west-2, but for us-east-1, eu-central-1)",
            id="foreign-region",
        ),
        pytest.param(
            {"resources": []},
            "resources: [] is not accepted (it is not a list of one or more names)",
            id="no-resources",
        ),
        pytest.param(
            {"resources": ["web", 7]},
            "resources: ['web', 7] is not accepted (each name in it must be text, and not empty)",
            id="resource-not-text",
        ),
        pytest.param(
            {"wait": 601},
            "wait: 601 is not accepted (it is not a whole number from 0 to 600)",
            id="wait",
        ),
    ],
)
def test_bad_value_is_refused_with_what_is_accepted(event: dict[str, Any], expected: str) -> None:
    (key,) = event

    assert faults(event) == (f"{expected}; accepted: {ACCEPTED[key]}",)


def test_unknown_keys_are_refused() -> None:
    assert faults({"keep": "daily=1"}) == (
        "'keep' is not known; accepted: action, scheduledTime, dryRun, regions, resources, wait",
    )


def test_every_fault_is_named_at_once() -> None:
    assert [fault.split(" ")[0] for fault in faults({"action": 1, "dryRun": 1, "x": 1})] == [
        "action:",
        "dryRun:",
        "'x'",
    ]


@pytest.mark.parametrize("ahead_s", [0, 300])
def test_time_up_to_five_minutes_in_the_future_is_accepted(ahead_s: int) -> None:
    later = NOW + timedelta(seconds=ahead_s)

    assert read({"scheduledTime": later.isoformat()}).scheduled_time == later


def test_time_further_in_the_future_is_refused() -> None:
    (fault,) = faults({"scheduledTime": "2026-11-23T04:55:01Z"})

    assert fault == (
        "scheduledTime: '2026-11-23T04:55:01Z' is not accepted (it is in the future: now is "
        f"2026-11-23T04:50:00Z); accepted: {ACCEPTED['scheduledTime']}"
    )


@pytest.mark.parametrize("action", ["snapshot", "sweep", "drill"])
def test_time_up_to_24_hours_in_the_past_is_accepted(action: str) -> None:
    day_before = NOW - timedelta(hours=24)
    event = {"action": action, "scheduledTime": day_before.isoformat()}

    assert read(event).scheduled_time == day_before


@pytest.mark.parametrize("action", ["snapshot", "sweep", "drill"])
def test_time_further_in_the_past_is_refused(action: str) -> None:
    event = {"action": action, "scheduledTime": "2026-11-22T04:49:59Z"}

    assert faults(event) == (
        "scheduledTime: '2026-11-22T04:49:59Z' is not accepted (it is more than 24 hours in the "
        f"past: now is 2026-11-23T04:50:00Z); accepted: {ACCEPTED['scheduledTime']}",
    )


def test_rule_s_envelope_of_long_ago_is_refused() -> None:
    envelope = {
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2024-11-23T04:50:00Z",
    }

    assert "it is more than 24 hours in the past" in faults(envelope)[0]


def test_sweep_can_end_the_cooling_off_of_named_resources() -> None:
    event = {"action": "sweep", "resources": ["web"], "endCoolingOff": True}

    assert read(event) == Request(
        RunAction.SWEEP, NOW, False, REGIONS, ("web",), 0, end_cooling_off=True
    )


def test_cooling_off_of_all_resources_at_once_cannot_be_ended() -> None:
    assert faults({"action": "sweep", "endCoolingOff": True}) == (
        "endCoolingOff: True is not accepted (it needs resources, the names of those whose "
        f"cooling-off ends); accepted: {ACCEPTED['endCoolingOff']}",
    )


@pytest.mark.parametrize("action", ["snapshot", "restore", "drill"])
def test_only_a_sweep_can_end_a_cooling_off(action: str) -> None:
    event = {"action": action, "endCoolingOff": True}

    assert "endCoolingOff: goes only with the action sweep" in faults(event)


def test_hello_world_event_of_the_console_is_refused_with_what_to_do_instead() -> None:
    assert faults({"key1": "value1", "key2": "value2", "key3": "value3"}) == (
        "this is the Lambda console's hello-world test event. Replace it with {} to take "
        'snapshots now, or with {"dryRun": true} to see what would be done',
    )


@pytest.mark.parametrize("event", [None, [], "snapshot", 7])
def test_event_that_is_no_object_is_refused(event: object) -> None:
    assert faults(event) == (f"an object like {{}} is expected, not {event!r}",)


def test_event_of_another_rule_is_refused() -> None:
    event = {"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2"}

    assert faults(event) == (
        "detail-type: 'EC2 Instance State-change Notification' is not accepted; accepted: "
        "`Scheduled Event`, of an EventBridge rule on a schedule",
    )


def test_every_key_of_a_report_is_read() -> None:
    event = {"action": "report", "resources": ["web"], "retention": "last=1", "send": "attention"}

    assert read(event) == Request(
        RunAction.REPORT,
        NOW,
        False,
        REGIONS,
        ("web",),
        0,
        retention=parse_retention("last=1"),
        send=Send.IF_NEEDED,
    )


@pytest.mark.parametrize(
    ("send", "expected"),
    [(True, Send.ALWAYS), (False, Send.NEVER), ("attention", Send.IF_NEEDED)],
)
def test_report_is_sent_always_never_or_if_something_needs_attention(
    send: object, expected: Send
) -> None:
    assert read({"action": "report", "send": send}).send is expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"send": "never"}, "send: 'never' is not accepted (it is not a JSON boolean); accepted: "),
        (
            {"retention": "daily"},
            "retention: 'daily' is not accepted ('daily' needs a count of 1 or more, or `all`); "
            f"accepted: a policy to try: {GRAMMAR}",
        ),
        ({"wait": 5}, "wait: goes only with the action snapshot or sweep or restore or drill"),
    ],
)
def test_wrong_key_of_a_report_is_refused(event: dict[str, Any], expected: str) -> None:
    (fault,) = faults({"action": "report", **event})

    assert fault.startswith(expected)


def test_letter_is_refused_by_a_stack_without_a_topic() -> None:
    (fault,) = faults({"action": "report", "send": True}, letters=False)

    assert fault.startswith(
        "send: True is not accepted (this stack sends no letters: deploy it with the parameter "
        "NotificationEmail); accepted: true"
    )


def test_event_of_an_alarm_asks_for_a_letter() -> None:
    event = {
        "source": "aws.cloudwatch",
        "alarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:stale",
        "accountId": "123456789012",
        "time": "2026-11-23T04:50:00.000+0000",
        "region": "us-east-1",
        "alarmData": {"alarmName": "stale", "state": {"value": "ALARM"}},
    }

    assert read(event) == Request(
        RunAction.REPORT,
        NOW,
        False,
        REGIONS,
        None,
        0,
        send=Send.ALWAYS,
        alarm=AlarmChange("stale", "ALARM"),
    )


def test_every_key_of_a_restore_is_read() -> None:
    event = {
        "action": "restore",
        "resource": "web",
        "asOf": "2026-11-20T00:00:00+01:00",
        "as": "web-2",
        "region": "us-west-2",
        "availabilityZone": "us-west-2a",
        "bundleId": "small_3_0",
        "protect": True,
        "takeOver": True,
        "foreign": True,
        "wait": 60,
    }

    assert read(event) == Request(
        RunAction.RESTORE,
        NOW,
        False,
        REGIONS,
        None,
        60,
        restore=RestoreRequest(
            resource="web",
            as_of=datetime(2026, 11, 19, 23, tzinfo=UTC),
            name="web-2",
            region="us-west-2",
            zone="us-west-2a",
            bundle_id="small_3_0",
            protect=True,
            take_over=True,
            foreign=True,
        ),
    )


def test_restore_needs_no_more_than_the_name_of_a_snapshot() -> None:
    assert read({"action": "restore", "snapshot": "web-1"}).restore == RestoreRequest("web-1")


def test_everything_in_a_region_can_be_restored() -> None:
    event = {"action": "restore", "all": True, "region": "us-west-2", "resources": ["web"]}

    assert read(event).restore == RestoreRequest(
        everything=True, resources=("web",), region="us-west-2"
    )


def test_restore_of_everything_needs_its_region_and_goes_with_no_key_of_a_single_restore() -> None:
    single = {
        "snapshot": "web-1",
        "resource": "web",
        "as": "web-2",
        "takeOver": True,
        "bundleId": "small_3_0",
        "foreign": True,
    }

    assert faults({"action": "restore", "all": True, **single}) == (
        *(f"{key}: does not go with all" for key in single),
        "region: it is missing; accepted: with all, the region to restore in",
    )


def test_drill_accepts_regions_resources_and_a_wait() -> None:
    event = {"action": "drill", "regions": ["us-east-1"], "resources": ["web"], "wait": 60}

    assert read(event) == Request(RunAction.DRILL, NOW, False, ("us-east-1",), ("web",), 60)


@pytest.mark.parametrize("event", [{"action": "restore", "snapshot": "x"}, {"action": "drill"}])
def test_restores_and_drills_are_refused_unless_the_stack_enables_them(
    event: dict[str, Any],
) -> None:
    with pytest.raises(InvalidEvent) as raised:
        read(event, restores=False)

    (fault,) = raised.value.faults
    assert fault == (
        f"action: {event['action']!r} is not accepted ({ENABLED}); accepted: {ACCEPTED['action']}"
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({}, "snapshot, resource: exactly one of them must be given", id="neither"),
        pytest.param({"snapshot": "a", "resource": "b"}, "snapshot, resource: exactly", id="both"),
        pytest.param(
            {"snapshot": "a", "asOf": "2026-11-20T00:00:00Z"}, "asOf: goes only with", id="as-of"
        ),
        pytest.param({"snapshot": " "}, "snapshot: ' ' is not accepted (it is empty)", id="empty"),
        pytest.param({"snapshot": "a", "as": "-x"}, "as: '-x' is not accepted (Lightsail", id="as"),
        pytest.param(
            {"snapshot": "a", "region": "eu-west-1"},
            "region: 'eu-west-1' is not accepted (the stack has snapshots in us-east-1, "
            "eu-central-1, us-west-2)",
            id="region",
        ),
        pytest.param({"snapshot": "a", "protect": 1}, "protect: 1 is not accepted", id="protect"),
        pytest.param(
            {"snapshot": "a", "resources": ["web"]},
            "resources: goes only with all",
            id="resources",
        ),
    ],
)
def test_contradictory_restore_is_refused(event: dict[str, Any], expected: str) -> None:
    (fault,) = faults({"action": "restore", **event})

    assert fault.startswith(expected)


def test_keys_of_a_restore_go_with_no_other_action() -> None:
    assert faults({"snapshot": "web-1", "as": "web-2", "wait": -1}) == (
        "wait: -1 is not accepted (it is not a whole number from 0 to 600); accepted: "
        f"{ACCEPTED['wait']}",
        "snapshot: goes only with the action restore",
        "as: goes only with the action restore",
    )
    assert faults({"takeOver": True}) == ("takeOver: goes only with the action restore",)


def test_every_fault_of_a_restore_is_named_at_once() -> None:
    found = faults({"action": "restore", "asOf": "yesterday", "as": "a/b", "unknown": 1})

    assert [fault.split(":")[0].split(" is ")[0] for fault in found] == [
        "asOf",
        "as",
        "'unknown'",
        "snapshot, resource",
        "asOf",
    ]
