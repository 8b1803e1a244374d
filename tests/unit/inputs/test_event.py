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


LEFT_OPEN: dict[str, dict[str, Any]] = {
    "snapshot": {"wait_s": 0},
    "sweep": {"wait_s": 0, "end_cooling_off": False},
    "drill": {"wait_s": 0},
    "report": {"retention": None, "send": Send.NEVER, "alarm": None},
}
THEN = {"scheduled_time": datetime(2026, 11, 22, 5, 50, tzinfo=UTC)}
ALARM = {"source": "aws.cloudwatch", "alarmArn": "arn"}
IN_ALARM = {"alarmName": "stale", "state": {"value": "ALARM"}}


@cases(
    "event action expected",
    {
        "empty": ({}, "snapshot", {}),
        "every-key": (
            {
                "action": "snapshot",
                "scheduledTime": "2026-11-22T06:50:00.25+01:00",
                "dryRun": True,
                "regions": ["eu-central-1"],
                "resources": ["web", "api", "web"],
                "wait": 120,
            },
            "snapshot",
            {
                **THEN,
                "dry_run": True,
                "regions": ("eu-central-1",),
                "resources": ("web", "api"),
                "wait_s": 120,
            },
        ),
        "rule": (
            {**RULE, "time": "2026-11-22T05:50:00Z", "region": "us-east-1", "account": "1"},
            *("snapshot", THEN),
        ),
        "sweep": (
            {"action": "sweep", "resources": ["web"], "endCoolingOff": True, "wait": 600},
            *("sweep", {"resources": ("web",), "end_cooling_off": True, "wait_s": 600}),
        ),
        "drill": (
            {"action": "drill", "regions": ["us-east-1"], "resources": ["web"], "wait": 60},
            *("drill", {"regions": ("us-east-1",), "resources": ("web",), "wait_s": 60}),
        ),
        "report": ({"action": "report", "resources": ["web"]}, "report", {"resources": ("web",)}),
        "policy-to-try": (
            {"action": "report", "retention": "last=1", "send": "attention"},
            *("report", {"retention": parse_retention("last=1"), "send": Send.IF_NEEDED}),
        ),
        "send": ({"action": "report", "send": True}, "report", {"send": Send.ALWAYS}),
        "send-not": ({"action": "report", "send": False}, "report", {}),
        "alarm": (
            {**ALARM, "alarmData": IN_ALARM},
            *("report", {"send": Send.ALWAYS, "alarm": AlarmChange("stale", "ALARM")}),
        ),
        "alarm-unknown": (
            {**ALARM, "alarmData": {"state": "OK"}},
            *("report", {"send": Send.ALWAYS, "alarm": AlarmChange("", "unknown")}),
        ),
    },
)
def test_event_is_read_and_what_it_leaves_open_is_filled(
    event: dict[str, Any], action: str, expected: dict[str, Any]
) -> None:
    request = read(event, now=NOW.replace(microsecond=999_999))

    assert dict(request) == {**REGIONAL, "action": action, **LEFT_OPEN[action], **expected}
    assert type(request) is models()[action]


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
        "protected": ({"snapshot": "x", "protect": True}, {"snapshot": "x", "protect": True}),
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


NOT_NAMES = "it is not a list of one or more names"
NOT_SECONDS = "it is not a whole number from 0 to 600"
NOT_BOOLEAN = "it is not a JSON boolean"
SINCE = "now is 2026-11-23T04:50:00Z"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        *(({"action": action}, "") for action in ("prune", ["snapshot"], None)),
        ({"scheduledTime": "2026-11-22T04:50:00"}, "it names no offset from UTC"),
        ({"scheduledTime": 1763873400}, "it is not text"),
        ({"scheduledTime": None}, "it is not text"),
        ({"scheduledTime": "2026-11-23T04:55:01Z"}, f"it is in the future: {SINCE}"),
        *(
            (
                {"scheduledTime": "2026-11-22T04:49:59Z", "action": action},
                f"it is more than 24 hours in the past: {SINCE}",
            )
            for action in ("snapshot", "sweep", "drill", "report")
        ),
        ({"dryRun": "true"}, NOT_BOOLEAN),
        ({"send": "never", "action": "report"}, NOT_BOOLEAN),
        *(({"regions": value}, NOT_NAMES) for value in ("us-east-1", None)),
        ({"resources": []}, NOT_NAMES),
        ({"resources": ["web", 7]}, "each name in it must be text, and not empty"),
        (
            {"regions": ["us-east-1", "us-west-2"]},
            "the stack is not deployed for us-west-2, but for us-east-1, eu-central-1",
        ),
        *(({"wait": value}, NOT_SECONDS) for value in (601, True)),
        (
            {"endCoolingOff": True, "action": "sweep"},
            "it needs resources, the names of those whose cooling-off ends",
        ),
        (
            {"retention": "daily", "action": "report"},
            '"daily" needs a count of 1 or more, or `all`',
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
    "is not accepted (this stack may not restore: deploy it with the parameter EnableRestore=true, "
    "which gives its role the permissions)"
)
NO_LETTERS = "this stack sends no letters: deploy it with the parameter NotificationEmail"
REPLACE = "the Lambda console's hello-world test event. Replace it with {} to take snap"
KEYS = "accepted: action, scheduledTime, dryRun, regions, resources, w"
SINGLE_KEYS = ("snapshot", "as", "takeOver")
ONLY_SWEEPS = "endCoolingOff: goes only with the action sweep"
EC2 = {"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2"}


@pytest.mark.parametrize(
    ("event", "stack", "expected"),
    [
        ({"action": "drill"}, {"ENABLE_RESTORE": ""}, [f"'drill' {NEEDS_RESTORES}"]),
        (
            {"action": "restore", "snapshot": "x"},
            *({"ENABLE_RESTORE": ""}, [f"'restore' {NEEDS_RESTORES}"]),
        ),
        ({"action": "report", "send": True}, {"TOPIC_ARN": ""}, [NO_LETTERS]),
        (HELLO, {}, [REPLACE]),
        *((other, {}, [f"is expected, not {other!r}"]) for other in (None, [None], "snapshot", 7)),
        (EC2, {}, [f"{EC2['detail-type']!r} is not accepted; accepted: `Sched"]),
        ({**RULE, "time": "2024-11-23T04:50:00Z"}, {}, ["it is more than 24 hours in the past"]),
        ({"keep": "daily=1"}, {}, [f"'keep' is not known; {KEYS}"]),
        ({"action": "report", "alarm": "stale"}, {}, ["'alarm' is not known; accepted: action"]),
        ({"scheduled_time": "x"}, {}, ["'scheduled_time' is not known"]),
        ({"action": 1, "dryRun": 1, "x": 1}, {}, ["action: 1", "dryRun: 1", "'x' is not known"]),
        (
            {"action": "report", "wait": 5},
            *({}, ["wait: goes only with the action snapshot or sweep or restore or drill"]),
        ),
        *(
            ({"action": action, "endCoolingOff": True}, {}, [ONLY_SWEEPS])
            for action in ("snapshot", "drill", "report")
        ),
        (
            {"snapshot": "web-1", "as": "web-2", "takeOver": True, "wait": -1},
            {},
            [
                "wait: -1 is not accepted",
                *(f"{key}: goes only with the action restore" for key in SINGLE_KEYS),
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
AS_OF = {"asOf": "2026-11-20T00:00:00Z"}
ELSEWHERE = (
    "region: 'eu-west-1' is not accepted (the stack has snapshots in us-east-1, eu-central-1, "
    "us-west-2)"
)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, ["snapshot, resource: exactly one of them must be given, or all; accepted: the name"]),
        ({"snapshot": "a", "resource": "b"}, ["snapshot, resource: exactly one"]),
        ({"snapshot": "a", **AS_OF}, ["asOf: goes only with resource or all"]),
        ({"snapshot": " "}, ["snapshot: ' ' is not accepted (it is empty)"]),
        ({"snapshot": "a", "as": "-x"}, ["as: '-x' is not accepted (Lightsail does not accept it"]),
        ({"snapshot": "a", "region": "eu-west-1"}, [ELSEWHERE]),
        ({"snapshot": "a", "protect": 1}, [f"protect: 1 is not accepted ({NOT_BOOLEAN})"]),
        ({"snapshot": "a", "resources": ["web"]}, ["resources: goes only with all"]),
        ({"snapshot": "a", "endCoolingOff": True}, [ONLY_SWEEPS]),
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
