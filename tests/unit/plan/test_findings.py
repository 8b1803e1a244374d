"""What a plan reports without a write: what is lost, refused, unread or not known."""

from typing import Any

from snapshotter.inputs.event import RegionalEvent, ReportEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import DRILL, POLICY, Tags
from snapshotter.plan.action import Action
from tests.unit.builders import (
    EAST,
    NOW,
    WEST,
    a_request,
    a_resource,
    a_snapshot,
    a_sweep,
    hours_ago,
    plan_for,
    some_settings,
)
from tests.unit.cases import cases

WEB = a_resource("web")
LAST = some_settings(RETENTION="last=1", COOLING_OFF_DAYS="0")
EVERYTHING = some_settings(SELECTION="all", RETENTION="last=1", COOLING_OFF_DAYS="0")
OFF = {"snapshot": "off"}
GOLD = some_settings(SELECTION_TAG_KEY="backup", SELECTION_TAG_VALUE="gold")


def its_points(of: Resource, *days: int, **given: Any) -> list[Snapshot]:
    return [a_snapshot(f"{of.name}-{day}", of=of, at=hours_ago(24 * day), **given) for day in days]


def findings(*given: Resource | Snapshot, **others: Any) -> list[Outcome]:
    """What is reported, but for the creates and deletes themselves."""
    found = plan_for(*given, **{"settings": LAST, **others}).findings
    return [each for each in found if each.action != "create"]


def select(status: Any, name: str = "web", kind: str = "Instance", **given: Any) -> Outcome:
    arn = f"arn:aws:lightsail:us-east-1:123456789012:{kind}/{name}"
    return Outcome("select", status, EAST, kind, name, source_arn=arn, **given)


@cases(
    "web days settings why points remedy",
    {
        "tagged": (
            *(a_resource("web", {"snapshot:keep": "last=1"}), (1, 2, 3), LAST),
            'its tag "snapshot" is gone',
            *("Its 3 recovery points are", "Put the tag back"),
        ),
        "with-a-value": (
            *(a_resource("web", {"snapshot": "gold"}), (1,), GOLD, 'its tag "backup" is gone'),
            *("Its recovery point is", 'Put the tag back with the value "gold"'),
        ),
        "everything-but-attached-disks": (
            *(a_resource("web", {}, kind=DISK, attached_to="host"), (1, 2), EVERYTHING),
            'it is attached to host and has no tag "snapshot" of its own',
            *("Its 2 recovery points are", 'Give it the tag "snapshot"'),
        ),
    },
)
def test_resource_whose_tag_is_gone_is_lost_and_neither_pruned_nor_copied(
    web: Resource, days: tuple[int, ...], settings: Settings, why: str, points: str, remedy: str
) -> None:
    host = a_resource("host", {} if settings is EVERYTHING else {"snapshot": "off"})
    reason = f"web is no longer protected: {why}. {points} kept; no new ones are made. {remedy}"
    ended = f'{reason}, or set it to "off" if that is intended'
    given: list[Any] = [web, host, *its_points(web, *days)]

    plan = plan_for(*given, settings=settings)

    assert [each for each in plan.actions if each.resource == "web"] == []
    assert plan.findings == (select("lost", kind=web.kind.name, reason=ended),)
    alone = a_request(resources=("host",))
    assert plan_for(*given, settings=settings, request=alone).deletes == ()


@cases(
    "web snapshots lost",
    {
        "only-copies-are-left": ({}, its_points(WEB, 1, region=WEST), True),
        "none-is-ready": ({}, its_points(WEB, 1, status=Status.FAILED), False),
        "another-stack-s": ({}, its_points(WEB, 1, policy="weekly"), False),
        "by-hand": ({}, its_points(WEB, 1, tags={}), False),
        "off": ({"snapshot": "OFF "}, its_points(WEB, 1), False),
        "protected": (None, its_points(WEB, 1), False),
        "not-named-as-a-drill-s": ({DRILL: "x", POLICY: "y"}, its_points(WEB, 1), True),
    },
)
def test_only_what_was_protected_can_be_lost(
    web: Tags | None, snapshots: list[Snapshot], lost: bool
) -> None:
    resource = a_resource("web", web)

    found = findings(resource, *snapshots, regions=(EAST, WEST))

    assert [each.status for each in found] == (["lost"] if lost else [])
    named = a_request(resources=("web",))
    statuses = [each.status for each in findings(resource, *snapshots, request=named)]
    assert "lost" not in statuses


PRUNING = "nothing of this resource is pruned or copied until the tag is corrected"
COPIES, DRILLS = "no copy of this resource is made", "no drill of this resource is started"


@cases(
    "tag value kind action stopped",
    {
        "policy": ("snapshot:keep", "forever", INSTANCE, "delete", PRUNING),
        "key": ("snapshot:kept", "last=9", INSTANCE, "delete", PRUNING),
        "case-of-a-key": ("Snapshot:keep", "last=9", INSTANCE, "delete", PRUNING),
        "region": ("snapshot:copy-to", "eu-west-1", INSTANCE, "copy", PRUNING),
        "copy-of-a-database": ("snapshot:copy-to", WEST, DATABASE, "copy", COPIES),
        "drill": ("snapshot:drill", "no-port", INSTANCE, "restore", DRILLS),
    },
)
def test_tag_that_cannot_be_followed_is_refused_and_stops_no_backup(
    tag: str, value: str, kind: Kind, action: str, stopped: str
) -> None:
    """Tests of the selection have the messages."""
    resource = a_resource("web", {"snapshot": None, tag: value}, kind=kind)
    settings = some_settings(COPY_TO_REGIONS=WEST, RETENTION="last=1", COOLING_OFF_DAYS="0")
    given: list[Any] = [resource, *its_points(resource, 1, 2)]

    plan = plan_for(*given, settings=settings, regions=(EAST, WEST))

    (found,) = plan.findings
    taken = "are taken as before" if stopped == PRUNING else "are taken and pruned as before"
    reason = f"{stopped}; snapshots {taken}"
    assert (found.action, found.status, found.reason) == (action, "refused", reason)
    assert found.error is not None
    assert found.error.code == "InvalidTag"
    assert found.error.message.startswith(f'web: the tag "{tag}" has the value "{value}": ')
    assert len(plan.creates) == 1
    assert bool(plan.deletes) == (stopped != PRUNING)
    assert bool(plan.copies) == (stopped == DRILLS)
    assert findings(*given, settings=settings, request=a_request(resources=("x",)))[1:] == []


def test_key_in_another_case_on_what_is_not_selected_is_refused() -> None:
    error = ErrorInfo(
        "InvalidTag",
        'web: it has the tag "Snapshot", but the key that selects is "snapshot", and keys are '
        "case-sensitive, so it is not protected",
        remedy='Write the key as "snapshot"',
        accepted='"snapshot"',
    )

    assert findings(a_resource("web", {"Snapshot": None})) == [select("refused", error=error)]
    assert findings(a_resource("web", {"Snapshot": None, "snapshot": "off"})) == []
    assert findings(a_resource("web", {"Snapshot": None}), settings=EVERYTHING) == []


@cases(
    "settings which",
    {
        "tag": (LAST, "that carries the tag snapshot"),
        "value": (GOLD, "that carries the tag backup=gold"),
        "everything": (EVERYTHING, "that is not excluded by the tag snapshot=off"),
    },
)
def test_only_the_named_resources_are_taken_and_a_name_that_nobody_has_is_a_failure(
    settings: Settings, which: str
) -> None:
    both, names = {"snapshot": "", "backup": "gold"}, ("web", "no", "nobody", "gone")
    resources = a_resource("web", both), a_resource("api", both), a_resource("no", OFF)
    gone = its_points(a_resource("gone"), 1, 2)

    plan = plan_for(*resources, *gone, settings=settings, request=a_request(resources=names))

    def unknown(name: str) -> Outcome:
        message = f"{name}: no resource of this name {which} was found in us-east-1"
        error = ErrorInfo("ResourceNotSelected", message)
        return Outcome("read", "failed", resource=name, error=error)

    assert [create.resource for create in plan.creates] == ["web"]
    assert plan.findings == tuple(unknown(name) for name in names[1:])


def test_region_that_cannot_be_read_and_records_without_a_name_are_reported_once() -> None:
    """However many resources are to be copied to the region."""
    denied = ErrorInfo("AccessDeniedException", "no")

    plan = plan_for(
        WEB,
        a_resource("api"),
        *its_points(WEB, 1),
        settings=some_settings(COPY_TO_REGIONS=WEST),
        unreadable={WEST: denied},
        passed_over=("Instance", "Disk"),
    )

    reason = "it was passed over; everything else in the region was read"
    where = "Lightsail lists a resource without a name in us-east-1, of the type"
    assert plan.copies == ()
    assert plan.findings == (
        Outcome("read", "failed", region=WEST, error=denied),
        *(
            Outcome("read", "refused", EAST, reason=reason, error=ErrorInfo("NoName", text))
            for text in (f"{where} Instance", f"{where} Disk")
        ),
    )


@cases(
    "statuses web request_ confirmed",
    {
        "newest-in-error": ("failed ready", [WEB], a_sweep(), True),
        "in-reports": ("failed ready", [WEB], a_request(ReportEvent), True),
        "sweeps-and-reports-only": ("failed ready", [WEB], a_request(), False),
        "made-good": ("ready failed", [WEB], a_sweep(), False),
        "being-made-good": ("pending failed", [WEB], a_sweep(), False),
        "gone": ("failed ready", [], a_sweep(), False),
        "off": ("failed ready", [a_resource("web", OFF)], a_sweep(), False),
        "not-in-the-run": ("failed ready", [WEB], a_sweep(resources=("x",)), False),
    },
)
def test_newest_snapshot_in_error_of_a_protected_resource_is_confirmed(
    statuses: str, web: list[Resource], request_: RegionalEvent, confirmed: bool
) -> None:
    snapshots = [
        a_snapshot(f"web-{age}", of=WEB, at=hours_ago(age), status=Status(status))
        for age, status in enumerate(statuses.split(), start=1)
    ]
    expected = Action("confirm", EAST, WEB.kind, "web", "web-1", source_arn=WEB.arn)

    assert plan_for(*web, *snapshots, request=request_).failures == (
        (expected,) if confirmed else ()
    )


@cases(
    "kind name given protected",
    {
        "free-disk": (DISK, "data", {}, True),
        "attached": (DISK, "data", {"attached_to": "web"}, False),
        "tagged": (DISK, "data", {"attached_to": "web", "tags": {"snapshot": None}}, True),
        "attached-to-one-off": (DISK, "data", {"attached_to": "no"}, True),
        "elsewhere": (DISK, "data", {"attached_to": "web", "region": WEST}, True),
        "off": (DISK, "data", {"tags": OFF}, False),
        "of-a-drill": (DISK, "drill-1-disk-1", {"attached_to": ""}, False),
        "database": (DATABASE, "db", {}, True),
        "with-a-drill-s-tag": (DATABASE, "db", {"tags": {DRILL: "an owner's"}}, True),
    },
)
def test_with_selection_all_everything_is_selected_except_disks_of_instances_and_drills(
    kind: Kind, name: str, given: dict[str, Any], protected: bool
) -> None:
    resource = a_resource(name, **{"tags": {}, "kind": kind, **given})
    others = (
        a_resource("web", {}),
        a_resource("no", OFF),
        a_resource("drill-1", {DRILL: "web-1", POLICY: "nightly"}),
    )
    settings = some_settings(SELECTION="all", REGIONS=f"{EAST},{WEST}")
    both = {"regions": (EAST, WEST), "request": a_request(regions=(EAST, WEST), at=NOW)}

    plan = plan_for(*others, resource, settings=settings, **both)

    created = [each.resource for each in plan.creates]
    assert created == ["web", *([resource.name] if protected else [])]
