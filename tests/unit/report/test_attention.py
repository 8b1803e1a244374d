"""Each thing that needs attention: a world that has it, as in its letter, and one that has not.

The neighbour differs in the one thing that decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from snapshotter.model.kinds import DATABASE, DISK, Status
from tests.unit.report.worlds import (
    EAST,
    EUROPE,
    WEST,
    World,
    created,
    point,
    server,
    wanting,
    world,
)

WEB, API, OLD = server(), server("api"), server("old-1")
FINE = (API, point(API, 5))
GOOD, STALE = point(WEB, 5), point(WEB, 72)
FAILED = point(WEB, 2, status=Status.FAILED)
LOST = server("web-1", {})
SHOP = replace(server("shop", kind=DATABASE), state="maintenance")
RESTORED = server("new-1", {"snapshotter:restored": "old-1-1"})
GONE = point(OLD, 900)
P = replace(GONE, name="p")
ELSEWHERE = (
    *(replace(server("new-1", {"snapshotter:restored": "p"}), region=EUROPE), *FINE),
    *(replace(P, region=EUROPE), point(API, 5, region=EUROPE)),
)
SET_TO_OFF = server("new-1", {"snapshot": "off", "snapshotter:restored": "p"})
STUCK = {"snapshotter:to-do": "firewall static-ip:shop", "snapshotter:policy": "nightly"}
HEALTH = "What to do: check the AWS Health Dashboard, and that the role may read this region."
SEARCH = "What to do: search the function's log for its copies."
AGAIN = "The function tries again every hour."
LOOK = "What to do: look at web-1 in the Lightsail console and in the function's log."
SINCE = (
    "web-1 has no good backup since 20 November",
    "web-1 (instance, us-east-1) has had no good backup for 3 days.",
    "Last recovery point: Friday, 20 November 2026, 04:50 UTC",
)
NEVER = (
    "web-1 has no good backup yet",
    "web-1 (instance, us-east-1) has no good backup yet.",
    "Why: this stack has no snapshot of it in us-east-1.",
    LOOK,
)
STOPS_PRUNING = (
    "Nothing of this resource is pruned or copied until the tag is corrected; snapshots are "
    "taken as before."
)
NOT_RUNNING = "Nothing is tried again by itself: the schedules of the stack do not run."
START = (
    "What to do: deploy the stack with ScheduleState=ENABLED, or invoke the function with "
    '{"action": "sweep"}.'
)
HELD = [point(WEB, 24 * n + 1, retention="daily=30") for n in range(5)]
UNTIL = "until 2026-11-30T03:50:00Z: the policy was daily=30 and is"


def restored(point: str, region: str) -> tuple[str, str]:
    why = f"was restored from {point}, whose source is gone, and is not protected."
    return "new-1 is not protected", f"new-1 (instance, {region}) {why}"


def row(name: str, there: World, brief: str, *lines: str, not_in: World) -> Any:
    return pytest.param(there, brief, lines, not_in, id=name.replace(" ", "-"))


ROWS = [
    row(
        "a region that cannot be read",
        world(*FINE, REGIONS=f"{EAST},{WEST}", unreadable={WEST: "Rate exceeded"}),
        "us-west-2 cannot be read",
        "us-west-2 cannot be read: Rate exceeded.",
        "Nothing in it is backed up or deleted meanwhile.",
        HEALTH,
        not_in=world(*FINE, REGIONS=f"{EAST},{WEST}"),
    ),
    row(
        "a region of copies that cannot be read",
        world(*FINE, COPY_TO_REGIONS=EUROPE, unreadable={EUROPE: "Denied"}),
        "eu-central-1 cannot be read",
        "eu-central-1 cannot be read: Denied.",
        "No copy is made there meanwhile.",
        HEALTH,
        not_in=world(*FINE, unreadable={}),
    ),
    row(
        "a name that nobody has",
        world(*FINE, names=("web-9",)),
        "web-9 was not found",
        "web-9: no instance or disk or database of this name was found in us-east-1.",
        "What to do: correct the name in the event, and compare it with the Lightsail console.",
        not_in=world(*FINE, names=("api",)),
    ),
    row(
        "no snapshot was taken",
        world(WEB, STALE),
        *SINCE,
        "Why: no snapshot was taken since.",
        LOOK,
        AGAIN,
        not_in=world(WEB, point(WEB, 26)),
    ),
    row(
        "its newest snapshots failed",
        world(WEB, STALE, FAILED),
        *SINCE,
        "Why: web-1-20261123T025000Z ended in error: The disk could not be read.",
        "What to do: restore web-1-20261120T045000Z to a new instance and check it.",
        AGAIN,
        not_in=world(WEB, GOOD, FAILED),
    ),
    row(
        "its newest snapshot is not ready",
        world(WEB, STALE, point(WEB, 2, status=Status.PENDING)),
        *SINCE,
        "Why: the snapshot of Monday, 23 November 2026, 02:50 UTC is pending.",
        "What to do: wait for it; if it is not ready in a few hours, look at it in the Lightsail "
        "console (us-east-1).",
        not_in=world(WEB, STALE, point(WEB, 2)),
    ),
    row(
        "it never had a snapshot",
        world(WEB),
        *NEVER,
        AGAIN,
        not_in=world(WEB, GOOD),
    ),
    row(
        "it has nothing but copies",
        world(WEB, point(WEB, 2, region=EUROPE), COPY_TO_REGIONS=EUROPE),
        "web-1 has no good backup in us-east-1",
        "web-1 (instance, us-east-1) has no good backup in its own region.",
        *NEVER[2:],
        AGAIN,
        not_in=world(WEB, GOOD, point(WEB, 5, region=EUROPE), COPY_TO_REGIONS=EUROPE),
    ),
    row(
        "a database whose state allows none",
        world(SHOP),
        "shop has no good backup yet",
        "shop (database, us-east-1) has no good backup yet.",
        "Why: the state of the database is maintenance, not available.",
        "What to do: look at shop in the Lightsail console and in the function's log.",
        AGAIN,
        not_in=world(SHOP, point(SHOP, 5)),
    ),
    row(
        "stale while the schedules are disabled",
        world(WEB, STALE, SCHEDULE_STATE="DISABLED"),
        *SINCE,
        "Why: no snapshot was taken since.",
        START,
        NOT_RUNNING,
        not_in=world(WEB, GOOD, SCHEDULE_STATE="DISABLED"),
    ),
    row(
        "stale with a sweep twice a day",
        world(WEB, SWEEP_EXPRESSION="rate(12 hours)"),
        *NEVER,
        "The function tries again every 12 hours.",
        not_in=world(WEB, GOOD, SWEEP_EXPRESSION="rate(12 hours)"),
    ),
    row(
        "a failed snapshot with a recent point before it",
        world(WEB, GOOD, FAILED, SWEEP_EXPRESSION="cron(20 * * * ? *)"),
        "the newest snapshot of web-1 failed",
        "web-1 (instance, us-east-1): its newest snapshot web-1-20261123T025000Z ended in error: "
        "The disk could not be read.",
        "What to do: nothing yet: there is a recent recovery point.",
        "The next sweep tries again.",
        not_in=world(WEB, point(WEB, 1), FAILED),
    ),
    row(
        "a tag that vanished",
        world(LOST, GOOD, STALE, *FINE),
        "web-1 is no longer protected",
        'web-1 (instance, us-east-1) is no longer protected: its tag "snapshot" is gone.',
        "Its 2 recovery points are kept; no new ones are made.",
        'What to do: put the tag back, or set it to "off" if that is intended.',
        not_in=world(server("web-1", {"snapshot": "off"}), GOOD, STALE, *FINE),
    ),
    row(
        "a restored server without protection",
        world(RESTORED, replace(GONE, name="old-1-1"), *FINE),
        *restored("old-1-1", "us-east-1"),
        'What to do: put the tag "snapshot" on it to protect it, or remove its tag '
        '"snapshotter:restored" if it needs none.',
        not_in=world(RESTORED, replace(GONE, name="old-1-1"), OLD, *FINE),
    ),
    row(
        "a restored server in a region that is only copied to",
        world(*ELSEWHERE, COPY_TO_REGIONS=EUROPE),
        *restored("p", "eu-central-1"),
        "What to do: add eu-central-1 to the parameter Regions to protect it, or remove its tag "
        '"snapshotter:restored" if it needs none.',
        not_in=world(*ELSEWHERE, COPY_TO_REGIONS=EUROPE, unreadable={EAST: "Denied"}),
    ),
    row(
        "a restored server that a restore set to off",
        world(SET_TO_OFF, P, *FINE, SELECTION="all"),
        *restored("p", "us-east-1"),
        'What to do: remove its tag "snapshot" to protect it, or remove its tag '
        '"snapshotter:restored" if it needs none.',
        not_in=world(SET_TO_OFF, P, *FINE),
    ),
    row(
        "a restore test that failed",
        world(WEB, point(WEB, 5, drill_failed="2025-11-23T03:50:00Z")),
        "the restore test of web-1 failed",
        "web-1 (instance, us-east-1): its last restore test failed on 23 November 2025.",
        "The recovery point web-1-20261122T235000Z may not be usable.",
        "What to do: restore web-1-20261122T235000Z by hand and check it.",
        not_in=world(
            WEB,
            point(WEB, 5, drill_failed="2026-11-22T03:50:00Z", verified="2026-11-22T04:50:00Z"),
        ),
    ),
    row(
        "a policy that cannot be read",
        world(wanting(keep="for ever"), GOOD),
        "a tag of web-1 cannot be followed",
        'web-1 (instance, us-east-1): the tag "snapshot:keep" has the value "for ever": "for" is '
        'not a rule; "ever" is not a rule.',
        STOPS_PRUNING,
        "Accepted: words like daily=7 weekly=4 monthly=12; the reference explains them.",
        'What to do: correct the tag "snapshot:keep".',
        not_in=world(wanting(keep="daily=7"), GOOD),
    ),
    row(
        "a slip in a key",
        world(wanting(kept="daily=7"), GOOD),
        "a tag of web-1 cannot be followed",
        'web-1 (instance, us-east-1): the tag "snapshot:kept" has the value "daily=7": there is no '
        "such key; snapshot:keep was probably meant.",
        STOPS_PRUNING,
        "Accepted: the keys snapshot:keep, snapshot:drill, snapshot:copy-to, to the letter.",
        'What to do: correct the tag "snapshot:kept".',
        not_in=world(server("web-1", {"snapshot": None, "keep": "daily=7"}), GOOD),
    ),
    row(
        "a drill that cannot be done",
        world(replace(wanting(drill="80"), kind=DISK), replace(GOOD, kind=DISK)),
        "a tag of web-1 cannot be followed",
        'web-1 (disk, us-east-1): the tag "snapshot:drill" has the value "80": nothing on a disk '
        "can answer on a port.",
        "No drill of this resource is started; snapshots are taken and pruned as before.",
        "Accepted: no value, or on an instance with an IPv4 address a TCP port from 1 to 65535, "
        "http:PORT/PATH or https:PORT/PATH (which must answer with a status below 400), or `off`.",
        'What to do: correct the tag "snapshot:drill".',
        not_in=world(wanting(drill="80"), GOOD),
    ),
    row(
        "the key in another case",
        world(server("web-2", {"Snapshot": None}), *FINE),
        "web-2 is not protected, in spite of its tag",
        'web-2 (instance, us-east-1): it has the tag "Snapshot", but the key that selects is '
        '"snapshot", and keys are case-sensitive, so it is not protected.',
        'What to do: write the key as "snapshot".',
        not_in=world(server("web-2", {"Snapshots": None}), *FINE),
    ),
    row(
        "a name that another stack has",
        world(WEB, GOOD, point(WEB, 5, region=EUROPE, policy="another"), COPY_TO_REGIONS=EUROPE),
        "web-1 cannot be copied",
        "web-1 (instance, us-east-1): web-1-20261122T235000Z-us-east-1: a snapshot of the stack "
        '"another" has this name in eu-central-1, so the recovery point is not copied there.',
        "What to do: wait; a copy is made once the name is free.",
        not_in=world(WEB, GOOD, point(WEB, 5, region=EUROPE), COPY_TO_REGIONS=EUROPE),
    ),
    row(
        "a record without a name",
        world(*FINE, nameless=EAST),
        "a record in us-east-1 cannot be read",
        "Lightsail lists a resource without a name in us-east-1, of the type instance.",
        "It was passed over; everything else in the region was read.",
        "What to do: look in the Lightsail console; open a case with AWS Support if it stays so.",
        not_in=world(*FINE),
    ),
    row(
        "a first copy that never came",
        world(WEB, GOOD, point(WEB, 30), COPY_TO_REGIONS=EUROPE),
        "web-1 has no copy in eu-central-1",
        "web-1 (instance, us-east-1) has no copy in eu-central-1; its first recovery point is of "
        "Saturday, 21 November 2026, 22:50 UTC.",
        SEARCH,
        AGAIN,
        not_in=world(WEB, GOOD, point(WEB, 26), COPY_TO_REGIONS=EUROPE),
    ),
    row(
        "an old copy",
        world(WEB, GOOD, point(WEB, 77, region=EUROPE), COPY_TO_REGIONS=EUROPE),
        "web-1 has no recent copy in eu-central-1",
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 is from Thursday, 19 "
        "November 2026, 23:50 UTC.",
        SEARCH,
        AGAIN,
        not_in=world(WEB, STALE, point(WEB, 77, region=EUROPE), COPY_TO_REGIONS=EUROPE),
    ),
    row(
        "a copy that is not ready for days",
        world(
            *(WEB, GOOD, point(WEB, 77), point(WEB, 77, region=EUROPE, status=Status.PENDING)),
            COPY_TO_REGIONS=EUROPE,
        ),
        "web-1 has no recent copy in eu-central-1",
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 is not ready yet.",
        "What to do: wait for it; if it is not ready in a few hours, look at it in the Lightsail "
        "console (eu-central-1).",
        AGAIN,
        not_in=world(
            *(WEB, GOOD, point(WEB, 5, region=EUROPE, status=Status.PENDING)),
            COPY_TO_REGIONS=EUROPE,
        ),
    ),
    row(
        "a failed copy beside a recent one",
        world(
            *(WEB, GOOD, point(WEB, 6, region=EUROPE)),
            point(WEB, 5, region=EUROPE, status=Status.FAILED),
            COPY_TO_REGIONS=EUROPE,
        ),
        "web-1 has a failed copy in eu-central-1",
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 failed: "
        "web-1-20261122T235000Z-us-east-1 ended in error: The disk could not be read.",
        "Last good copy: Sunday, 22 November 2026, 22:50 UTC",
        SEARCH,
        AGAIN,
        not_in=world(
            *(wanting(copy_to="none"), GOOD, point(WEB, 6, region=EUROPE)),
            point(WEB, 5, region=EUROPE, status=Status.FAILED),
            COPY_TO_REGIONS=EUROPE,
        ),
    ),
    row(
        "a restore that is stuck",
        world(created(server("web-2", STUCK), 3), *FINE),
        "the restore of web-2 is not complete",
        "web-2 (instance, us-east-1): its restore is not complete; left to do: firewall, "
        "static-ip:shop.",
        'What to do: do that by hand, then set its tag "snapshotter:to-do" to "done".',
        not_in=world(
            created(server("web-2", {**STUCK, "snapshotter:policy": "another"}), 3), *FINE
        ),
    ),
    row(
        "a policy that keeps less than before",
        world(WEB, *HELD, RETENTION="daily=2"),
        "a policy of web-1 keeps less than before",
        f"web-1 (instance, us-east-1): 3 recovery points stay {UNTIL} daily=2.".replace(
            "until 2026-11-30T03:50:00Z", "until 7 days after the next recovery point"
        ),
        "What to do: nothing if that is intended; otherwise, before then, set the earlier "
        "policy again.",
        not_in=world(WEB, *HELD, RETENTION="daily=2", COOLING_OFF_DAYS="0"),
    ),
    row(
        "points of a gone source that cool off",
        world(*FINE, *HELD[1:], point(WEB, 1, retention="daily=2")),
        "a policy of web-1 keeps less than before",
        f"web-1 (instance, us-east-1): 3 recovery points stay {UNTIL} daily=2.",
        "What to do: nothing if that is intended; otherwise, before then, put the tag "
        '"snapshotter:hold" on each that must stay.',
        not_in=world(*FINE, *HELD),
    ),
    row(
        "letters that reach nobody",
        world(*FINE, subscriptions=0),
        "letters reach nobody",
        "The topic has no confirmed subscription, so letters and alarms reach nobody.",
        "What to do: confirm the subscription in the mail that AWS sent, or subscribe again in the "
        "SNS console.",
        not_in=world(*FINE, subscriptions=None),
    ),
    row(
        "nothing selected",
        world(server("plain", {}), SELECTION_TAG_VALUE="gold"),
        "nothing is protected",
        "No resource is selected, so nothing is protected.",
        'What to do: put the tag "snapshot" with the value "gold" on each resource that is to be '
        "protected.",
        not_in=world(REGIONS=f"{EAST},{WEST}", unreadable={WEST: "Denied"}),
    ),
    row(
        "everything excluded",
        world(server("plain", {"snapshot": "off"}), SELECTION="all"),
        "nothing is protected",
        "No resource is selected, so nothing is protected.",
        'What to do: check Regions and ResourceTypes, and which resources have the tag "snapshot" '
        'set to "off".',
        not_in=world(server("plain", {}), SELECTION="all"),
    ),
]


@pytest.mark.parametrize(("there", "brief", "lines", "not_in"), ROWS)
def test_each_thing_is_in_the_letter_of_its_world_and_not_in_its_neighbour(
    there: World, brief: str, lines: tuple[str, ...], not_in: World
) -> None:
    assert [each.brief for each in there.report().attention] == [brief]
    block = "\n  ".join(lines)
    assert f"{there.text}\n".startswith(f"Subject: Snapshotter: {brief}\n\n{block}\n\n")
    assert brief not in [each.brief for each in not_in.report().attention]


def test_things_come_worst_first() -> None:
    drilled, failed, stale, copied = (server(name) for name in ("drilled", "failed", "stale", "c"))
    held = wanting("held", keep="last=1", copy_to="none")
    there = world(
        held,
        *(point(held, 5 + 24 * n, retention="daily=30") for n in range(3)),
        *(copied, point(copied, 5), point(copied, 90, region=EUROPE)),
        created(server("stuck", {"snapshot": "off", **STUCK}), 4),
        *(wanting("refused", keep="x", copy_to="none"), point(server("refused"), 5)),
        *(drilled, point(drilled, 5, drill_failed="2026-11-23T03:50:00Z")),
        *(RESTORED, replace(GONE, name="old-1-1")),
        *(server("lost", {}), point(server("lost"), 5)),
        *(failed, point(failed, 5), point(failed, 2, status=Status.FAILED)),
        *(stale, point(stale, 100), point(stale, 100, region=EUROPE)),
        REGIONS=f"{EAST},{WEST}",
        COPY_TO_REGIONS=EUROPE,
        unreadable={WEST: "Denied"},
        subscriptions=0,
    )

    assert [each.brief for each in there.report().attention] == [
        "us-west-2 cannot be read",
        "stale has no good backup since 19 November",
        "the newest snapshot of failed failed",
        "lost is no longer protected",
        "new-1 is not protected",
        "the restore test of drilled failed",
        "a tag of refused cannot be followed",
        "c has no recent copy in eu-central-1",
        "the restore of stuck is not complete",
        "a policy of held keeps less than before",
        "letters reach nobody",
    ]


def test_resource_that_has_been_without_a_backup_for_longest_is_first() -> None:
    names: dict[str, int] = {"never": 0, "days": 72, "weeks": 500, "recent": 5}
    points = [point(server(name), hours) for name, hours in names.items() if hours]

    report = world(*[server(name) for name in names], *points).report()

    assert [each.resource for each in report.attention] == ["weeks", "days", "never"]


def test_times_are_in_the_time_zone_of_the_schedule() -> None:
    old = replace(point(WEB, 53.5))

    text = world(WEB, old, SCHEDULE_TIMEZONE="Europe/Berlin").text

    assert text.startswith("Subject: Snapshotter: web-1 has no good backup since 21 November\n")
    assert "  Last recovery point: Saturday, 21 November 2026, 00:20 CET\n" in text


def test_report_of_some_regions_says_nothing_of_the_others() -> None:
    there = world(*FINE, REGIONS=f"{EAST},{WEST}")

    assert there.report(regions=[WEST]).attention == ()
