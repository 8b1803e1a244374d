"""What the page shows, computed from the reports: no number of it comes from anywhere else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from snapshotter.model.kinds import KINDS
from snapshotter.model.names import from_iso
from snapshotter.report.item import age, count_of, date_of, time_of
from status.accounts import Account, Record
from status.timeline import DOTS, Scale, Timeline, draw

Key = tuple[str | None, str | None, str | None]

_ENDED = {
    "gone": "it is not there any more",
    "off": "its tag ends protection",
    "untagged": "it has no tag",
    "unknown": "its region was not read",
}
"""What the other words for a protection mean."""


@dataclass(slots=True)
class RegionTotals:
    """What is stored in one region."""

    region: str
    recovery_points: int = 0
    copies: int = 0
    storage_gb: int = 0
    newest: str = ""

    @property
    def newest_time(self) -> str:
        return time_of(from_iso(self.newest), UTC)


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource of the page. badge: one word for its state; attention: what is wrong with it."""

    account: str
    record: Record
    badge: str
    facts: tuple[str, ...]
    attention: tuple[Record, ...]
    timeline: Timeline

    @property
    def name(self) -> str:
        return str(self.record["resource"])


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account in the overview of several."""

    account: Account
    summary: Record
    attention: int


@dataclass(frozen=True, slots=True)
class View:
    """The whole page.

    notices: what needs attention and is about no resource of the report, with its account.
    ended: not protected, but with recovery points. unprotected: without any.
    """

    accounts: tuple[AccountView, ...]
    summary: dict[str, int]
    as_of: str
    policies: tuple[str, ...]
    notices: tuple[tuple[str, Record], ...]
    troubled: tuple[ResourceView, ...]
    fine: tuple[ResourceView, ...]
    ended: tuple[ResourceView, ...]
    unprotected: tuple[ResourceView, ...]
    regions: tuple[RegionTotals, ...]
    ticks: tuple[tuple[float, str, bool], ...]
    truncated: int
    legend: dict[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        if not any(each.account.report for each in self.accounts):
            return "No report could be read"
        every = count_of(len(self.troubled) + len(self.fine), "resource")
        if self.troubled:
            return f"{len(self.troubled)} of {every} {_need(len(self.troubled))} attention"
        if self.notices:
            count = len(self.notices)
            return f"{count_of(count, 'problem')} {_need(count)} attention"
        return f"All is well: {every} protected"

    @property
    def shares(self) -> dict[str, int]:
        """How many resources there are in each state, worst first."""
        badges = [view.badge for view in (*self.troubled, *self.fine)]
        states = {state: badges.count(state) for state in ("stale", "lost", "attention", "fine")}
        return {**states, "unprotected": self.summary["off"] + self.summary["untagged"]}


def view_of(accounts: Sequence[Account]) -> View:
    """Compute the page of these accounts."""
    reports = [(each.name, each.report) for each in accounts if each.report is not None]
    scale = Scale.over(
        _time(report) - from_iso(point["time"])
        for _, report in reports
        for resource in report["resources"]
        for point in resource["points"]
    )
    views = [view for name, report in reports for view in _resources(name, report, scale)]
    troubled = [view for view in views if view.attention]
    others = [view for view in views if not view.attention]
    used = {kind for view in views for kind in view.timeline.paths}
    return View(
        accounts=tuple(_account(each) for each in accounts),
        summary=_sums([report["summary"] for _, report in reports]),
        as_of=time_of(max(_time(report) for _, report in reports), UTC) if reports else "",
        policies=tuple(dict.fromkeys(report["policy"] for _, report in reports)),
        notices=tuple(_notices(accounts)),
        troubled=tuple(sorted(troubled, key=_severity)),
        fine=tuple(view for view in others if view.badge not in _ENDED),
        ended=tuple(view for view in others if view.badge in _ENDED and view.timeline.entries),
        unprotected=tuple(
            view for view in others if view.badge in _ENDED and not view.timeline.entries
        ),
        regions=tuple(_by_region([report for _, report in reports])),
        ticks=tuple(scale.ticks()),
        truncated=sum(report.get("truncated", 0) for _, report in reports),
        legend={kind: meaning for kind, meaning in DOTS.items() if kind in used},
    )


def _account(account: Account) -> AccountView:
    report = account.report or {"summary": {}, "attention": []}
    return AccountView(account, report["summary"], len(report["attention"]))


def _notices(accounts: Sequence[Account]) -> Iterator[tuple[str, Record]]:
    for each in accounts:
        if each.report is None:
            what = f"{each.name} could not be read: {each.error.rstrip('.')}."
            yield "", {"what": what, "do": "Correct it, and run make status again."}
        else:
            listed = {_key(resource) for resource in each.report["resources"]}
            items = each.report["attention"]
            yield from ((each.name, item) for item in items if _key(item) not in listed)


def _resources(account: str, report: Record, scale: Scale) -> Iterator[ResourceView]:
    now = _time(report)
    order: dict[Key, list[Record]] = {}
    for item in report["attention"]:
        order.setdefault(_key(item), []).append(item)
    rank = {key: place for place, key in enumerate(order)}
    for each in sorted(report["resources"], key=lambda one: rank.get(_key(one), len(rank))):
        attention = tuple(order.get(_key(each), ()))
        yield ResourceView(
            account=account,
            record=each,
            badge=_badge(each, attention),
            facts=tuple(_facts(each, now)),
            attention=attention,
            timeline=draw(each, now, scale),
        )


def _key(record: Record) -> Key:
    """What identifies a resource; an item of attention may be about none, or a region."""
    return record.get("region"), record.get("resourceType"), record.get("resource")


def _badge(resource: Record, attention: Sequence[Record]) -> str:
    if resource["stale"]:
        return "stale"
    if resource["protection"] == "lost":
        return "lost"
    if attention:
        return "attention"
    return "fine" if resource["protection"] == "protected" else str(resource["protection"])


def _severity(view: ResourceView) -> int:
    """Worst first over several accounts; within one, the order of its report is kept."""
    return ("stale", "lost").index(view.badge) if view.badge in ("stale", "lost") else 2


def _facts(resource: Record, now: datetime) -> Iterator[str]:
    yield f"{KINDS[resource['resourceType']].noun} in {resource['region']}"
    if resource["protection"] in _ENDED:
        yield _ENDED[resource["protection"]]
    if "retention" in resource:
        yield resource["retention"]
    if "ageHours" in resource:
        yield f"newest {age(timedelta(hours=resource['ageHours']))} old"
    if "verified" in resource:
        yield f"restore test passed on {date_of(from_iso(resource['verified']), UTC, now)}"


def _time(report: Record) -> datetime:
    return from_iso(report["scheduledTime"])


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"


def _by_region(reports: Sequence[Record]) -> Iterator[RegionTotals]:
    """What is stored in each region, in the order of their names."""
    found: dict[str, RegionTotals] = {}
    for report in reports:
        for resource in report["resources"]:
            for point in resource["points"]:
                if point["status"] == "ready":
                    region = point["region"]
                    totals = found.setdefault(region, RegionTotals(region))
                    _add(totals, point, copy=region != resource["region"])
    yield from (found[region] for region in sorted(found))


def _add(totals: RegionTotals, point: Record, *, copy: bool) -> None:
    totals.copies += copy
    totals.recovery_points += not copy
    totals.storage_gb += point["sizeGb"]
    totals.newest = max(totals.newest, point["time"])


def _sums(summaries: Sequence[dict[str, int]]) -> dict[str, int]:
    return {key: sum(each[key] for each in summaries) for key in (summaries or [{}])[0]}
