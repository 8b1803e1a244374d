"""Which events are accepted, and with what message every other one is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.event import AlarmChange, Request, RunAction, Send, models, parse_event
from snapshotter.inputs.settings import from_env
from snapshotter.policy.grammar import GRAMMAR, parse_retention
from tests.unit.cases import cases

NOW = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
STACK = {
    "POLICY_NAME": "nightly",
    "RETENTION": "daily=7",
    "REGIONS": "us-east-1,eu-central-1",
    "COPY_TO_REGIONS": "us-west-2",
    "ENABLE_RESTORE": "true",
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:letters",
}
KNOWN = frozenset({"us-east-1", "eu-central-1", "us-west-2"})
EVERYWHERE = ("us-east-1", "eu-central-1")
MOMENT = "ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z"
TIME = f"{MOMENT}, at most 5 minutes in the future and 24 hours in the past; the default is now"
ACCEPTED = {
    "action": "snapshot (the default), sweep, report, restore or drill",
    "scheduledTime": TIME,
    "dryRun": "true or false (the default)",
    "regions": "a list of regions that the stack is deployed for",
    "resources": "a list of the names of selected resources",
    "wait": "a whole number of seconds from 0 (the default) to 600",
    "endCoolingOff": "true, together with resources, or false (the default)",
    "retention": f"a policy to try: {GRAMMAR}",
    "send": 'true, "attention" (if something needs attention, or as the first digest of the week), '
    "or false "
    "(the default)",
}
RULE = {
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "resources": ["arn"],
    "detail": {},
}
REGIONAL = {"scheduled_time": NOW, "dry_run": False, "regions": EVERYWHERE, "resources": None}
RESTORE = {
    "action": RunAction.RESTORE,
    "scheduled_time": NOW,
    "dry_run": False,
    **dict.fromkeys(("snapshot", "resource", "resources", "as_of", "name", "region")),
    **dict.fromkeys(("zone", "bundle_id")),
    **dict.fromkeys(("everything", "take_over", "protect", "foreign"), False),
    "wait_s": 0,
}


def read(event: object, *, now: datetime = NOW) -> Request:
    return parse_event(event, now=now, settings=from_env(STACK, KNOWN))


def faults(event: object, **stack: str) -> tuple[str, ...]:
    with pytest.raises(InvalidEvent) as raised:
        parse_event(event, now=NOW, settings=from_env({**STACK, **stack}, KNOWN))
    return raised.value.faults


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({}, {"action": "snapshot", "wait_s": 0}, id="empty"),
        pytest.param(
            {
                "action": "snapshot",
                "scheduledTime": "2026-11-22T06:50:00.25+01:00",
                "dryRun": True,
                "regions": ["eu-central-1"],
                "resources": ["web", "api", "web"],
                "wait": 120,
            },
            {
                "action": "snapshot",
                "scheduled_time": datetime(2026, 11, 22, 5, 50, tzinfo=UTC),
                "dry_run": True,
                "regions": ("eu-central-1",),
                "resources": ("web", "api"),
                "wait_s": 120,
            },
            id="every-key",
        ),
        pytest.param(
            {**RULE, "time": "2026-11-22T05:50:00Z", "region": "us-east-1", "account": "1"},
            {
                "action": "snapshot",
                "scheduled_time": datetime(2026, 11, 22, 5, 50, tzinfo=UTC),
                "wait_s": 0,
            },
            id="rule",
        ),
        pytest.param(
            {"action": "sweep", "resources": ["web"], "endCoolingOff": True, "wait": 600},
            {"action": "sweep", "resources": ("web",), "end_cooling_off": True, "wait_s": 600},
            id="sweep",
        ),
        pytest.param(
            {"action": "drill", "regions": ["us-east-1"], "resources": ["web"], "wait": 60},
            {"action": "drill", "regions": ("us-east-1",), "resources": ("web",), "wait_s": 60},
            id="drill",
        ),
        pytest.param(
            {"action": "report", "resources": ["web"], "retention": "last=1", "send": "attention"},
            {
                "action": "report",
                "resources": ("web",),
                "retention": parse_retention("last=1"),
                "send": Send.IF_NEEDED,
                "alarm": None,
            },
            id="report",
        ),
        *(
            pytest.param(
                {"action": "report", "send": send},
                {"action": "report", "retention": None, "send": expected, "alarm": None},
                id=f"send-{send}",
            )
            for send, expected in ((True, Send.ALWAYS), (False, Send.NEVER))
        ),
        *(
            pytest.param(
                {"source": "aws.cloudwatch", "alarmArn": "arn", "alarmData": data},
                {"action": "report", "retention": None, "send": Send.ALWAYS, "alarm": alarm},
                id=f"alarm-{alarm.state}",
            )
            for data, alarm in (
                (
                    {"alarmName": "stale", "state": {"value": "ALARM"}},
                    AlarmChange("stale", "ALARM"),
                ),
                ({"state": "OK"}, AlarmChange("", "unknown")),
            )
        ),
    ],
)
def test_event_is_read_and_what_it_leaves_open_is_filled(
    event: dict[str, Any], expected: dict[str, Any]
) -> None:
    request = read(event, now=NOW.replace(microsecond=999_999))

    assert dict(request) == {**REGIONAL, **expected}
    assert type(request) is models()[expected["action"]]


@cases(
    "event expected",
    {
        "every-key-of-a-single-one": (
            {
                "resource": "web",
                "asOf": "2026-11-20T00:00:00+01:00",
                "as": "web-2",
                "region": "us-west-2",
                "availabilityZone": "us-west-2a",
                "bundleId": "small_3_0",
                "foreign": True,
                "wait": 60,
            },
            {
                "resource": "web",
                "as_of": datetime(2026, 11, 19, 23, tzinfo=UTC),
                "name": "web-2",
                "region": "us-west-2",
                "zone": "us-west-2a",
                "bundle_id": "small_3_0",
                "foreign": True,
                "wait_s": 60,
            },
        ),
        "a-snapshot": ({"snapshot": "web-1"}, {"snapshot": "web-1"}),
        "protected": (
            {"snapshot": "web-1", "protect": True},
            {"snapshot": "web-1", "protect": True},
        ),
        "take-over-protects": (
            {"resource": "web", "takeOver": True},
            {"resource": "web", "take_over": True, "protect": True},
        ),
        "take-over-without-protection": (
            {"resource": "web", "takeOver": True, "protect": False},
            {"resource": "web", "take_over": True},
        ),
        "everything-is-protected": (
            {"all": True, "region": "us-west-2", "resources": ["web"]},
            {"everything": True, "region": "us-west-2", "resources": ("web",), "protect": True},
        ),
        "everything-without-protection": (
            {"all": True, "region": "us-west-2", "protect": False},
            {"everything": True, "region": "us-west-2"},
        ),
    },
)
def test_restore_is_read(event: dict[str, Any], expected: dict[str, Any]) -> None:
    assert dict(read({"action": "restore", **event})) == {**RESTORE, **expected}


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"action": "prune"}, ""),
        ({"action": ["snapshot"]}, ""),
        ({"action": None}, ""),
        ({"scheduledTime": "2026-11-22T04:50:00"}, "it names no offset from UTC"),
        ({"scheduledTime": 1763873400}, "it is not text"),
        ({"scheduledTime": None}, "it is not text"),
        (
            {"scheduledTime": "2026-11-23T04:55:01Z"},
            "it is in the future: now is 2026-11-23T04:50:00Z",
        ),
        ({"dryRun": "true"}, "it is not a JSON boolean"),
        ({"regions": "us-east-1"}, "it is not a list of one or more names"),
        ({"regions": None}, "it is not a list of one or more names"),
        (
            {"regions": ["us-east-1", "us-west-2"]},
            "the stack is not deployed for us-west-2, but for us-east-1, eu-central-1",
        ),
        ({"resources": []}, "it is not a list of one or more names"),
        ({"resources": ["web", 7]}, "each name in it must be text, and not empty"),
        ({"wait": 601}, "it is not a whole number from 0 to 600"),
        ({"wait": True}, "it is not a whole number from 0 to 600"),
        (
            {"endCoolingOff": True, "action": "sweep"},
            "it needs resources, the names of those whose cooling-off ends",
        ),
        ({"send": "never", "action": "report"}, "it is not a JSON boolean"),
        (
            {"retention": "daily", "action": "report"},
            "'daily' needs a count of 1 or more, or `all`",
        ),
        *(
            (
                {"scheduledTime": "2026-11-22T04:49:59Z", "action": action},
                "it is more than 24 hours in the past: now is 2026-11-23T04:50:00Z",
            )
            for action in ("snapshot", "sweep", "drill", "report")
        ),
    ],
)
def test_bad_value_is_refused_with_what_is_accepted(event: dict[str, Any], why: str) -> None:
    (key, value), *_ = event.items()

    reason = f" ({why})" if why else ""
    accepted = ACCEPTED[key]
    assert faults(event) == (f"{key}: {value!r} is not accepted{reason}; accepted: {accepted}",)


@pytest.mark.parametrize("action", ["snapshot", "sweep", "drill", "report"])
@pytest.mark.parametrize("seconds", [-24 * 3600, 0, 300])
def test_time_from_24_hours_ago_to_in_five_minutes_is_accepted(action: str, seconds: int) -> None:
    time = NOW + timedelta(seconds=seconds)

    assert read({"action": action, "scheduledTime": time.isoformat()}).scheduled_time == time


HELLO = {"key1": "value1", "key2": "value2", "key3": "value3"}
NEEDS_RESTORES = (
    "this stack may not restore: deploy it with the parameter EnableRestore=true, which gives its "
    "role the permissions"
)


@pytest.mark.parametrize(
    ("event", "stack", "expected"),
    [
        (
            {"action": "drill"},
            {"ENABLE_RESTORE": ""},
            [f"'drill' is not accepted ({NEEDS_RESTORES})"],
        ),
        (
            {"action": "restore", "snapshot": "x"},
            {"ENABLE_RESTORE": ""},
            [f"'restore' is not accepted ({NEEDS_RESTORES})"],
        ),
        (
            {"action": "report", "send": True},
            {"TOPIC_ARN": ""},
            ["this stack sends no letters: deploy it with the parameter NotificationEmail"],
        ),
        (
            HELLO,
            {},
            ["the Lambda console's hello-world test event. Replace it with {} to take snap"],
        ),
        *((other, {}, [f"is expected, not {other!r}"]) for other in (None, [None], "snapshot", 7)),
        (
            {"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2"},
            {},
            ["'EC2 Instance State-change Notification' is not accepted; accepted: `Sched"],
        ),
        ({**RULE, "time": "2024-11-23T04:50:00Z"}, {}, ["it is more than 24 hours in the past"]),
        (
            {"keep": "daily=1"},
            {},
            ["'keep' is not known; accepted: action, scheduledTime, dryRun, regions, resources, w"],
        ),
        (
            {"action": "report", "alarm": "stale"},
            {},
            ["'alarm' is not known; accepted: action, sch"],
        ),
        ({"scheduled_time": "x"}, {}, ["'scheduled_time' is not known"]),
        ({"action": 1, "dryRun": 1, "x": 1}, {}, ["action: 1", "dryRun: 1", "'x' is not known"]),
        (
            {"action": "report", "wait": 5},
            {},
            ["wait: goes only with the action snapshot or sweep or restore or drill"],
        ),
        *(
            (
                {"action": action, "endCoolingOff": True},
                {},
                ["endCoolingOff: goes only with the action sweep"],
            )
            for action in ("snapshot", "drill", "report")
        ),
        (
            {"snapshot": "web-1", "as": "web-2", "takeOver": True, "wait": -1},
            {},
            [
                "wait: -1 is not accepted",
                *(f"{key}: goes only with the action restore" for key in ("snapshot", "as")),
                "takeOver: goes only with the action restore",
            ],
        ),
    ],
)
def test_event_that_does_not_go_with_its_action_or_the_stack_is_refused_with_every_fault(
    event: object, stack: dict[str, str], expected: list[str]
) -> None:
    for fault, part in zip(faults(event, **stack), expected, strict=True):
        assert part in fault


SINGLE = {
    "snapshot": "web-1",
    "resource": "web",
    "as": "web-2",
    "takeOver": True,
    "bundleId": "small_3_0",
    "foreign": True,
}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, ["snapshot, resource: exactly one of them must be given, or all; accepted: the name"]),
        ({"snapshot": "a", "resource": "b"}, ["snapshot, resource: exactly one"]),
        (
            {"snapshot": "a", "asOf": "2026-11-20T00:00:00Z"},
            ["asOf: goes only with resource or all"],
        ),
        ({"snapshot": " "}, ["snapshot: ' ' is not accepted (it is empty)"]),
        ({"snapshot": "a", "as": "-x"}, ["as: '-x' is not accepted (Lightsail does not accept it"]),
        (
            {"snapshot": "a", "region": "eu-west-1"},
            [
                "region: 'eu-west-1' is not accepted (the stack has snapshots in us-east-1, "
                "eu-central-1, us-west-2)"
            ],
        ),
        (
            {"snapshot": "a", "protect": 1},
            ["protect: 1 is not accepted (it is not a JSON boolean)"],
        ),
        ({"snapshot": "a", "resources": ["web"]}, ["resources: goes only with all"]),
        (
            {"snapshot": "a", "endCoolingOff": True},
            ["endCoolingOff: goes only with the action sweep"],
        ),
        (
            {"all": True, **SINGLE},
            [
                *(f"{key}: does not go with all" for key in SINGLE),
                "region: it is missing; accepted: with all, the region to restore in",
            ],
        ),
        (
            {"asOf": "yesterday", "as": "a/b", "unknown": 1},
            [
                *("asOf: 'yesterday' is", "as: 'a/b' is", "'unknown' is not known"),
                *("snapshot, resource: exactly", "asOf: goes only"),
            ],
        ),
    ],
)
def test_contradictory_restore_is_refused_with_every_fault(
    event: dict[str, Any], expected: list[str]
) -> None:
    for fault, start in zip(faults({"action": "restore", **event}), expected, strict=True):
        assert fault.startswith(start)
