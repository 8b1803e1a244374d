"""Letters, whole: a reader learns which resource, what is wrong and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.inputs.event import RunAction
from snapshotter.inputs.request import AlarmChange, Send
from snapshotter.model.inventory import Resource, Snapshot
from snapshotter.model.kinds import DATABASE, Status
from snapshotter.report.item import Attention
from snapshotter.report.letter import SUBJECT_LIMIT, TEXT_LIMIT, is_due, write_letter
from snapshotter.report.status import StatusReport
from tests.unit.builders import a_request, a_resource, hours_ago, some_settings
from tests.unit.report.letters import (
    EUROPE,
    SENDER,
    SIGNATURE,
    a_copy,
    a_letter,
    a_point,
    a_status,
    as_text,
)

WEB, API = a_resource("web-1"), a_resource("api")
FINE = (API, a_point(API, hours_ago(5)))
GOOD = a_point(WEB, hours_ago(5))
OLD = a_point(WEB, hours_ago(72))
FAILED = a_point(WEB, hours_ago(2), status=Status.FAILED)
COPYING = some_settings(COPY_TO_REGIONS=EUROPE)
ALL_FINE = "Fine: 2 of 2 resources. Newest backups are 5 hours old.\n"
REST_FINE = "Fine: 1 of 2 resources. Newest backups are 5 hours old.\n"


def tagged(**tags: str | None) -> Resource:
    """web-1, protected, with tags of its own under the selection tag."""
    return a_resource("web-1", {"snapshot": None, **{f"snapshot:{k}": v for k, v in tags.items()}})


def test_nothing_wrong() -> None:
    letter = a_letter(WEB, GOOD, *FINE)

    assert letter.subject == "Snapshotter: all is well (2 resources)"
    assert letter.text == f"Nothing needs attention now.\n\n{ALL_FINE}\n{SIGNATURE}"


def test_nothing_wrong_with_copies_and_restore_tests() -> None:
    proof = {
        "snapshotter:policy": "nightly",
        "snapshotter:source": WEB.arn,
        "snapshotter:verified": "2026-11-22T09:50:00Z",
        "snapshotter:recovery-seconds": "700",
    }
    proven = a_point(WEB, hours_ago(29), tags=proof)

    letter = a_letter(WEB, GOOD, proven, a_copy(WEB, hours_ago(5)), *FINE, settings=COPYING)

    assert as_text(letter) == (
        "Subject: Snapshotter: all is well (2 resources)\n"
        "\n"
        "Nothing needs attention now.\n"
        "\n"
        "Fine: 2 of 2 resources. Newest backups are 5 hours old; 1 copy in eu-central-1. Last "
        "restore test that passed: web-1 on 22 November, in 12 minutes.\n"
    )


def test_region_that_cannot_be_read() -> None:
    denied = "The caller is not authorized to perform: lightsail:GetInstances."
    settings = some_settings(REGIONS="us-east-1,us-west-2")

    letter = a_letter(WEB, GOOD, *FINE, settings=settings, unreadable={"us-west-2": denied})

    assert as_text(letter) == (
        "Subject: Snapshotter: us-west-2 cannot be read\n"
        "\n"
        "us-west-2 cannot be read: The caller is not authorized to perform: "
        "lightsail:GetInstances.\n"
        "  Nothing in it is backed up or deleted meanwhile.\n"
        "  What to do: check the AWS Health Dashboard, and that the role may read this region.\n"
        "\n" + ALL_FINE
    )


STALE = [
    pytest.param(
        (OLD, FAILED),
        "Subject: Snapshotter: web-1 has no good backup since 20 November\n"
        "\n"
        "web-1 (instance, us-east-1) has had no good backup for 3 days.\n"
        "  Last recovery point: Friday, 20 November 2026, 04:50 UTC\n"
        "  Why: web-1-20261123T025000Z ended in error: The disk could not be read.\n"
        "  What to do: restore web-1-20261120T045000Z to a new instance and check it.\n",
        id="its-newest-snapshot-failed",
    ),
    pytest.param(
        (OLD,),
        "Subject: Snapshotter: web-1 has no good backup since 20 November\n"
        "\n"
        "web-1 (instance, us-east-1) has had no good backup for 3 days.\n"
        "  Last recovery point: Friday, 20 November 2026, 04:50 UTC\n"
        "  Why: no snapshot was taken since.\n"
        "  What to do: look at web-1 in the Lightsail console and in the function's log.\n",
        id="no-snapshot-was-taken",
    ),
    pytest.param(
        (OLD, a_point(WEB, hours_ago(2), status=Status.PENDING)),
        "Subject: Snapshotter: web-1 has no good backup since 20 November\n"
        "\n"
        "web-1 (instance, us-east-1) has had no good backup for 3 days.\n"
        "  Last recovery point: Friday, 20 November 2026, 04:50 UTC\n"
        "  Why: the snapshot of Monday, 23 November 2026, 02:50 UTC is pending.\n"
        "  What to do: wait for it; if it is not ready in a few hours, look at it in the Lightsail "
        "console.\n",
        id="its-newest-snapshot-is-not-ready",
    ),
    pytest.param(
        (),
        "Subject: Snapshotter: web-1 has no good backup yet\n"
        "\n"
        "web-1 (instance, us-east-1) has no good backup yet.\n"
        "  Why: it has no snapshot yet; the next sweep takes one.\n"
        "  What to do: look at web-1 in the Lightsail console and in the function's log.\n",
        id="it-never-had-a-snapshot",
    ),
    pytest.param(
        (FAILED,),
        "Subject: Snapshotter: web-1 has no good backup yet\n"
        "\n"
        "web-1 (instance, us-east-1) has no good backup yet.\n"
        "  Why: web-1-20261123T025000Z ended in error: The disk could not be read.\n"
        "  What to do: look at web-1 in the Lightsail console and in the function's log.\n",
        id="its-first-snapshot-failed",
    ),
]


@pytest.mark.parametrize(("snapshots", "expected"), STALE)
def test_resource_without_a_recent_recovery_point(
    snapshots: tuple[Snapshot, ...], expected: str
) -> None:
    assert as_text(a_letter(WEB, *snapshots, *FINE)) == (
        f"{expected}  The function tries again every hour.\n\n{REST_FINE}"
    )


def test_database_that_cannot_be_snapshotted_in_its_state() -> None:
    shop = a_resource("shop", kind=DATABASE, state="maintenance")

    text = a_letter(shop, a_point(shop, hours_ago(72))).text

    assert "  Why: the state of the database is maintenance, not available.\n" in text


def test_resource_that_has_been_without_a_backup_for_longest_is_first() -> None:
    names = {"never": None, "days": 72, "weeks": 500, "recent": 5}
    found = [(a_resource(name), hours) for name, hours in names.items()]
    points = [a_point(each, hours_ago(hours)) for each, hours in found if hours]

    report = a_status(*(each for each, _ in found), *points)

    assert [each.resource for each in report.attention] == ["weeks", "days", "never"]


def test_failed_snapshot_with_a_recent_recovery_point_before_it() -> None:
    assert as_text(a_letter(WEB, GOOD, FAILED, *FINE)) == (
        "Subject: Snapshotter: the newest snapshot of web-1 failed\n"
        "\n"
        "web-1 (instance, us-east-1): its newest snapshot web-1-20261123T025000Z ended in error: "
        "The disk could not be read.\n"
        "  What to do: nothing yet: there is a recent recovery point, and the next sweep tries "
        "again.\n"
        "\n" + REST_FINE
    )


@pytest.mark.parametrize(
    ("settings", "put_back"),
    [
        pytest.param({}, "put the tag back", id="any-value"),
        pytest.param(
            {"SELECTION_TAG_VALUE": "gold"}, 'put the tag back with the value "gold"', id="a-value"
        ),
    ],
)
def test_resource_whose_tag_is_gone(settings: dict[str, str], put_back: str) -> None:
    api = a_resource("api", {"snapshot": "gold"})
    lost = a_resource("web-1", {})

    letter = a_letter(lost, GOOD, OLD, api, FINE[1], settings=some_settings(**settings))

    assert as_text(letter) == (
        "Subject: Snapshotter: web-1 is no longer protected\n"
        "\n"
        'web-1 (instance, us-east-1) is no longer protected: its tag "snapshot" is gone.\n'
        "  Its 2 recovery points are kept; no new ones are made.\n"
        f'  What to do: {put_back}, or set it to "off" if that is intended.\n'
        "\n" + REST_FINE
    )


def test_failed_restore_test() -> None:
    tags = {**GOOD.tags, "snapshotter:drill-failed": "2026-11-23T03:50:00Z"}

    assert as_text(a_letter(WEB, replace(GOOD, tags=tags), *FINE)) == (
        "Subject: Snapshotter: the restore test of web-1 failed\n"
        "\n"
        "web-1 (instance, us-east-1): its last restore test failed on 23 November.\n"
        "  The recovery point web-1-20261122T235000Z may not be usable.\n"
        "  What to do: restore web-1-20261122T235000Z by hand and check it.\n"
        "\n" + REST_FINE
    )


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        pytest.param(
            tagged(keep="for ever"),
            "web-1 (instance, us-east-1): the tag 'snapshot:keep' has the value 'for ever': 'for' "
            "is not a rule; 'ever' is not a rule.\n"
            "  Nothing of this resource is pruned or copied until the tag is corrected; snapshots "
            "are still taken.\n"
            "  Accepted: one or more words, each once, separated by blanks: last=N hourly=N "
            "daily=N weekly=N monthly=N yearly=N with N from 1 or `all`, and within= a duration "
            "like 30d or 1y6m2w3d12h.\n",
            id="retention",
        ),
        pytest.param(
            tagged(**{"copy-to": "europe"}),
            "web-1 (instance, us-east-1): the tag 'snapshot:copy-to' has the value 'europe': "
            "'europe' is not the name of a region.\n"
            "  Nothing of this resource is pruned or copied until the tag is corrected; snapshots "
            "are still taken.\n"
            "  Accepted: region names like us-west-2, separated by blanks, or `none` for no "
            "copies.\n",
            id="copy-regions",
        ),
        pytest.param(
            tagged(**{"copy-to": "mars-north-1"}),
            "web-1 (instance, us-east-1): the tag 'snapshot:copy-to' asks for a copy in "
            "'mars-north-1', which is not a Lightsail region, so no copy is made there.\n"
            "  Accepted: names of Lightsail regions, or `none`.\n",
            id="a-region-that-does-not-exist",
        ),
    ],
)
def test_tag_that_cannot_be_understood(web: Resource, expected: str) -> None:
    assert as_text(a_letter(web, GOOD, *FINE)) == (
        "Subject: Snapshotter: a tag of web-1 cannot be understood\n"
        "\n"
        f"{expected}"
        "  What to do: correct the tag.\n"
        "\n" + REST_FINE
    )


def test_name_of_a_copy_that_another_stack_has_taken() -> None:
    taken = a_copy(WEB, hours_ago(5), policy="another-stack")

    assert as_text(a_letter(WEB, GOOD, taken, *FINE, settings=COPYING)) == (
        "Subject: Snapshotter: web-1 cannot be copied\n"
        "\n"
        "web-1 (instance, us-east-1): web-1-20261122T235000Z-us-east-1: a snapshot in "
        "eu-central-1 that is not ours has this name, so the recovery point is not copied there.\n"
        "  What to do: delete that snapshot to free the name.\n"
        "\n" + REST_FINE
    )


COPIES = [
    pytest.param(
        (a_copy(WEB, hours_ago(77)),),
        "Subject: Snapshotter: web-1 has no recent copy in eu-central-1\n"
        "\n"
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 is from Thursday, "
        "19 November 2026, 23:50 UTC.\n",
        id="old",
    ),
    pytest.param(
        (a_copy(WEB, hours_ago(77), status=Status.PENDING),),
        "Subject: Snapshotter: web-1 has no recent copy in eu-central-1\n"
        "\n"
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 is not ready yet.\n",
        id="not-ready-for-days",
    ),
    pytest.param(
        (a_copy(WEB, hours_ago(5), status=Status.FAILED), a_copy(WEB, hours_ago(29))),
        "Subject: Snapshotter: web-1 has no recent copy in eu-central-1\n"
        "\n"
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 failed: "
        "web-1-20261122T235000Z-us-east-1 ended in error: The disk could not be read.\n"
        "  Last good copy: Saturday, 21 November 2026, 23:50 UTC\n",
        id="failed",
    ),
    pytest.param(
        (a_copy(WEB, hours_ago(5), status=Status.FAILED), a_copy(WEB, hours_ago(6))),
        "Subject: Snapshotter: web-1 has a failed copy in eu-central-1\n"
        "\n"
        "web-1 (instance, us-east-1): its newest copy in eu-central-1 failed: "
        "web-1-20261122T235000Z-us-east-1 ended in error: The disk could not be read.\n"
        "  Last good copy: Sunday, 22 November 2026, 22:50 UTC\n",
        id="failed-beside-a-recent-one",
    ),
]


@pytest.mark.parametrize(("copies", "expected"), COPIES)
def test_copies_that_are_old_or_failed(copies: tuple[Snapshot, ...], expected: str) -> None:
    web = tagged(**{"copy-to": EUROPE})
    ready = sum(each.status is Status.READY for each in copies)
    count = "; 1 copy in eu-central-1" if ready else ""

    assert as_text(a_letter(web, GOOD, *copies, *FINE)) == (
        f"{expected}"
        "  What to do: search the function's log for its copies; each sweep tries again.\n"
        "\n"
        f"Fine: 1 of 2 resources. Newest backups are 5 hours old{count}.\n"
    )


@pytest.mark.parametrize(
    "copies", [(), (a_copy(WEB, hours_ago(5), status=Status.PENDING),)], ids=["none", "pending"]
)
def test_first_copy_that_is_due_or_in_progress_needs_no_attention(
    copies: tuple[Snapshot, ...],
) -> None:
    assert a_status(WEB, GOOD, *copies, *FINE, settings=COPYING).attention == ()


def test_old_copy_of_a_stale_resource_is_not_a_second_thing() -> None:
    report = a_status(WEB, OLD, a_copy(WEB, hours_ago(72)), settings=COPYING)

    assert [each.brief for each in report.attention] == [
        "web-1 has no good backup since 20 November"
    ]


def test_restore_that_is_stuck() -> None:
    restored = a_resource("web-2", {"snapshotter:to-do": "firewall static-ip:shop"})
    stuck = replace(restored, created_at=hours_ago(3))

    assert as_text(a_letter(stuck, *FINE, WEB, GOOD)) == (
        "Subject: Snapshotter: the restore of web-2 is not complete\n"
        "\n"
        "web-2 (instance, us-east-1): its restore is not complete; left to do: firewall, "
        "static-ip:shop.\n"
        '  What to do: do that by hand, then set its tag "snapshotter:to-do" to "done".\n'
        "\n" + ALL_FINE
    )


def test_policy_that_keeps_less_than_before() -> None:
    points = [a_point(WEB, hours_ago(24 * n + 1), retention="daily=30") for n in range(5)]
    copies = [a_copy(WEB, hours_ago(24 * n + 1), retention="daily=30") for n in range(4)]
    settings = some_settings(RETENTION="daily=2", COPY_TO_REGIONS=EUROPE)

    assert as_text(a_letter(WEB, *points, *copies, *FINE, settings=settings)) == (
        "Subject: Snapshotter: a policy of web-1 keeps less than before (and 1 more)\n"
        "\n"
        "web-1 (instance, us-east-1): 3 recovery points stay until 2026-11-30T03:50:00Z: the "
        "policy was daily=30 and is daily=2.\n"
        "  What to do: nothing if that is intended; otherwise set the earlier policy again before "
        "then.\n"
        "\n"
        "web-1 (instance, us-east-1), copies in eu-central-1: 2 recovery points stay until "
        "2026-11-30T03:50:00Z: the policy was daily=30 and is daily=2.\n"
        "  What to do: nothing if that is intended; otherwise set the earlier policy again before "
        "then.\n"
        "\n"
        "Fine: 1 of 2 resources. Newest backups are 5 hours old; 4 copies in eu-central-1.\n"
    )


@pytest.mark.parametrize(
    ("settings", "do"),
    [
        pytest.param(
            {}, 'put the tag "snapshot" on each resource that is to be protected', id="any-value"
        ),
        pytest.param(
            {"SELECTION_TAG_VALUE": "gold"},
            'put the tag "snapshot" with the value "gold" on each resource that is to be protected',
            id="a-value",
        ),
        pytest.param(
            {"SELECTION": "all"},
            'check Regions and ResourceTypes, and which resources have the tag "snapshot" set to '
            '"off"',
            id="everything",
        ),
    ],
)
def test_nothing_selected(settings: dict[str, str], do: str) -> None:
    assert as_text(a_letter(settings=some_settings(**settings))) == (
        "Subject: Snapshotter: nothing is protected\n"
        "\n"
        "No resource is selected, so nothing is protected.\n"
        f"  What to do: {do}.\n"
    )


def test_all_regions_unreadable() -> None:
    assert as_text(a_letter(unreadable={"us-east-1": "Service unavailable"})) == (
        "Subject: Snapshotter: us-east-1 cannot be read\n"
        "\n"
        "us-east-1 cannot be read: Service unavailable.\n"
        "  Nothing in it is backed up or deleted meanwhile.\n"
        "  What to do: check the AWS Health Dashboard, and that the role may read this region.\n"
    )


def a_fleet_in_trouble() -> tuple[Resource | Snapshot, ...]:
    """Something of every kind that can need attention; each resource is named after its own."""

    def named(name: str, **tags: str | None) -> Resource:
        return a_resource(name, {"snapshot": None, "snapshot:copy-to": "none", **tags})

    stale, failing, drilled, fine = map(named, ("stale", "failing", "drilled", "fine"))
    lost, held = a_resource("lost", {}), named("held", **{"snapshot:keep": "daily=1"})
    refused = named("refused", **{"snapshot:keep": "x"})
    copied = a_resource("copied")
    stuck = replace(named("stuck", **{"snapshotter:to-do": "firewall"}), created_at=hours_ago(30))
    recent = [
        a_point(each, hours_ago(5), retention="daily=1")
        for each in (held, stuck, copied, refused, lost, failing, fine)
    ]
    tested = a_point(drilled, hours_ago(5))
    drill_failed = {**tested.tags, "snapshotter:drill-failed": "2026-11-23T03:50:00Z"}
    return (
        *(held, stuck, copied, refused, drilled, lost, failing, stale, fine),
        *recent,
        replace(tested, tags=drill_failed),
        a_point(held, hours_ago(29), retention="daily=2"),
        a_point(failing, hours_ago(2), status=Status.FAILED),
        a_point(stale, hours_ago(100)),
        a_copy(copied, hours_ago(100)),
    )


def test_many_things_are_in_one_letter_worst_first() -> None:
    settings = some_settings(REGIONS="us-east-1,us-west-2", COPY_TO_REGIONS=EUROPE)
    found = a_fleet_in_trouble()

    letter = a_letter(*found, settings=settings, unreadable={"us-west-2": "Rate exceeded"})

    assert as_text(letter) == (
        "Subject: Snapshotter: us-west-2 cannot be read (and 8 more)\n"
        "\n"
        "us-west-2 cannot be read: Rate exceeded.\n"
        "  Nothing in it is backed up or deleted meanwhile.\n"
        "  What to do: check the AWS Health Dashboard, and that the role may read this region.\n"
        "\n"
        "stale (instance, us-east-1) has had no good backup for 4 days.\n"
        "  Last recovery point: Thursday, 19 November 2026, 00:50 UTC\n"
        "  Why: no snapshot was taken since.\n"
        "  What to do: look at stale in the Lightsail console and in the function's log.\n"
        "  The function tries again every hour.\n"
        "\n"
        "failing (instance, us-east-1): its newest snapshot failing-20261123T025000Z ended in "
        "error: The disk could not be read.\n"
        "  What to do: nothing yet: there is a recent recovery point, and the next sweep tries "
        "again.\n"
        "\n"
        'lost (instance, us-east-1) is no longer protected: its tag "snapshot" is gone.\n'
        "  Its recovery point is kept; no new ones are made.\n"
        '  What to do: put the tag back, or set it to "off" if that is intended.\n'
        "\n"
        "drilled (instance, us-east-1): its last restore test failed on 23 November.\n"
        "  The recovery point drilled-20261122T235000Z may not be usable.\n"
        "  What to do: restore drilled-20261122T235000Z by hand and check it.\n"
        "\n"
        "refused (instance, us-east-1): the tag 'snapshot:keep' has the value 'x': 'x' is not a "
        "rule.\n"
        "  Nothing of this resource is pruned or copied until the tag is corrected; snapshots are "
        "still taken.\n"
        "  Accepted: one or more words, each once, separated by blanks: last=N hourly=N daily=N "
        "weekly=N monthly=N yearly=N with N from 1 or `all`, and within= a duration like 30d or "
        "1y6m2w3d12h.\n"
        "  What to do: correct the tag.\n"
        "\n"
        "copied (instance, us-east-1): its newest copy in eu-central-1 is from Thursday, "
        "19 November 2026, 00:50 UTC.\n"
        "  What to do: search the function's log for its copies; each sweep tries again.\n"
        "\n"
        "stuck (instance, us-east-1): its restore is not complete; left to do: firewall.\n"
        '  What to do: do that by hand, then set its tag "snapshotter:to-do" to "done".\n'
        "\n"
        "held (instance, us-east-1): 1 recovery point stays until 2026-11-28T23:50:00Z: the policy "
        "was daily=2 and is daily=1.\n"
        "  What to do: nothing if that is intended; otherwise set the earlier policy again before "
        "then.\n"
        "\n"
        "Fine: 1 of 9 resources. Newest backups are 5 hours old; 1 copy in eu-central-1.\n"
    )


def test_beyond_forty_things_the_rest_is_named() -> None:
    servers = [a_resource(f"web-{n:02}") for n in range(43)]

    text = a_letter(*servers).text

    assert text.count("has no good backup yet.") == 40
    assert "\n\n3 more need attention: web-40, web-41, web-42\n\n" in text


def test_text_stays_within_the_limit_of_sns() -> None:
    names = [f"{n:04}-{'x' * 240}" for n in range(2_000)]

    text = a_letter(*(a_resource(name) for name in names)).text

    assert len(text.encode()) <= TEXT_LIMIT


ALARM = AlarmChange("backups-ResourceStale-1A2B3C", "ALARM")
ENDED = replace(ALARM, state="OK")
FAILURES = ("create web-1-20261123T045000Z: The instance is in an invalid state.", "read us-west-2")


def test_alarm_that_is_on() -> None:
    assert as_text(a_letter(WEB, OLD, *FINE, alarm=ALARM)) == (
        "Subject: Snapshotter: web-1 has no good backup since 20 November\n"
        "\n"
        "The alarm backups-ResourceStale-1A2B3C is on.\n"
        "\n"
        "web-1 (instance, us-east-1) has had no good backup for 3 days.\n"
        "  Last recovery point: Friday, 20 November 2026, 04:50 UTC\n"
        "  Why: no snapshot was taken since.\n"
        "  What to do: look at web-1 in the Lightsail console and in the function's log.\n"
        "  The function tries again every hour.\n"
        "\n" + REST_FINE
    )


def test_alarm_that_has_ended_with_nothing_else_wrong_means_that_all_is_well() -> None:
    """Also if runs of the last 24 hours failed: the alarm was about those."""
    assert as_text(a_letter(WEB, GOOD, *FINE, alarm=ENDED, failures=FAILURES)) == (
        "Subject: Snapshotter: all is well (2 resources)\n"
        "\n"
        "The alarm backups-ResourceStale-1A2B3C has ended.\n"
        "\n"
        "Nothing needs attention now.\n"
        "\n"
        "Failed in the last 24 hours:\n"
        "  create web-1-20261123T045000Z: The instance is in an invalid state.\n"
        "  read us-west-2\n"
        "\n" + ALL_FINE
    )


def test_alarm_that_has_ended_while_something_else_is_wrong() -> None:
    letter = a_letter(WEB, GOOD, FAILED, *FINE, alarm=ENDED)

    assert letter.subject == "Snapshotter: the newest snapshot of web-1 failed"
    assert letter.text.startswith("The alarm backups-ResourceStale-1A2B3C has ended.\n\nweb-1 (")


def test_alarm_about_a_failed_run_names_what_failed() -> None:
    alarm = AlarmChange("backups-RunFailed-1A2B3C", "ALARM")

    assert as_text(a_letter(WEB, GOOD, *FINE, alarm=alarm, failures=FAILURES)) == (
        "Subject: Snapshotter: create web-1-20261123T045000Z: The instance is in an invalid state "
        "(and 1 more)\n"
        "\n"
        "The alarm backups-RunFailed-1A2B3C is on.\n"
        "\n"
        "Nothing needs attention now.\n"
        "\n"
        "Failed in the last 24 hours:\n"
        "  create web-1-20261123T045000Z: The instance is in an invalid state.\n"
        "  read us-west-2\n"
        "\n" + ALL_FINE
    )


def test_alarm_whose_reason_is_neither_in_the_state_nor_in_the_log() -> None:
    alarm = AlarmChange("backups-RunFailed-1A2B3C", "ALARM")

    letter = a_letter(WEB, GOOD, *FINE, alarm=alarm)

    assert letter.subject == "Snapshotter: the alarm backups-RunFailed-1A2B3C is on"


def test_log_that_cannot_be_read() -> None:
    assert as_text(a_letter(WEB, GOOD, *FINE, failures=None)) == (
        "Subject: Snapshotter: all is well (2 resources)\n"
        "\n"
        "Nothing needs attention now.\n"
        "\n"
        "The log of the last 24 hours could not be read, so failures in it are not listed.\n"
        "\n" + ALL_FINE
    )


def test_at_most_ten_failures_are_listed() -> None:
    text = a_letter(WEB, GOOD, failures=[f"failure {n}" for n in range(12)]).text

    assert "  failure 9\n  and 2 more\n" in text
    assert "failure 10" not in text


def test_times_are_in_the_time_zone_of_the_schedule() -> None:
    old = a_point(WEB, datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    letter = a_letter(WEB, old, settings=some_settings(SCHEDULE_TIMEZONE="Europe/Berlin"))

    assert letter.subject == "Snapshotter: web-1 has no good backup since 21 November"
    assert "  Last recovery point: Saturday, 21 November 2026, 00:30 CET\n" in letter.text


def test_other_types_are_named_as_what_they_are() -> None:
    database = a_resource("shop", kind=DATABASE, region=EUROPE)

    letter = a_letter(database, settings=some_settings(REGIONS=EUROPE))

    assert letter.text.startswith("shop (database, eu-central-1) has no good backup yet.\n")


def a_status_of(*briefs: str) -> StatusReport:
    items = tuple(Attention(brief, "What.", "Do.") for brief in briefs)
    return StatusReport("nightly", "2026-11-23T04:50:00Z", items, ())


@given(briefs=st.lists(st.text(), max_size=3), failures=st.lists(st.text()), alarm=st.text())
def test_every_subject_is_one_line_of_at_most_100_ascii_characters(
    briefs: list[str], failures: list[str], alarm: str
) -> None:
    change = AlarmChange(alarm, "ALARM") if alarm else None

    letter = write_letter(a_status_of(*briefs), SENDER, UTC, failures=failures, alarm=change)

    assert letter.subject.startswith("Snapshotter:")
    assert len(letter.subject) <= SUBJECT_LIMIT
    assert all(" " <= character <= "~" for character in letter.subject)


def test_subject_that_is_too_long_is_cut_and_keeps_the_count() -> None:
    subject = write_letter(a_status_of("x" * 200, "y"), SENDER, UTC).subject

    assert subject == f"Snapshotter: {'x' * 71}... (and 1 more)"


MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("send", "at", "attention", "sent"),
    [
        pytest.param(Send.NEVER, MONDAY, True, False, id="never"),
        pytest.param(Send.ALWAYS, TUESDAY, False, True, id="always"),
        pytest.param(Send.IF_NEEDED, TUESDAY, True, True, id="tuesday-with-attention"),
        pytest.param(Send.IF_NEEDED, TUESDAY, False, False, id="tuesday-without"),
        pytest.param(Send.IF_NEEDED, MONDAY, False, True, id="monday-without"),
    ],
)
def test_digest_is_sent_on_mondays_and_while_something_needs_attention(
    send: Send, at: datetime, attention: bool, sent: bool
) -> None:
    report = a_status_of(*(["web-1 is lost"] if attention else []))
    request = replace(a_request(RunAction.REPORT, at=at), send=send)

    assert is_due(report, request, UTC) is sent
    assert not is_due(report, replace(request, dry_run=True), UTC)


def test_monday_is_that_of_the_time_zone_of_the_schedule() -> None:
    late_sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    request = replace(a_request(RunAction.REPORT, at=late_sunday), send=Send.IF_NEEDED)

    assert is_due(a_status_of(), request, ZoneInfo("Europe/Berlin"))
    assert not is_due(a_status_of(), request, UTC)
