"""What people and the service do to the function's disadvantage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from lightsail_moto import Call
from tests.failure.hostile_account import (
    HOLD,
    HOME,
    OWNER,
    PASTS,
    REGIONS,
    WEST,
    WISHES,
    Tags,
)
from tests.failure.hostile_days import Days

KINDS = ("Instance", "Disk", "RelationalDatabase")
READS = [f"Get{kind}{end}" for kind in KINDS for end in ("s", "Snapshots", "Snapshot")]
CREATES = [f"Create{kind}Snapshot" for kind in KINDS]
DELETES = [f"Delete{kind}Snapshot" for kind in KINDS]
WRITES = [*CREATES, *DELETES, "CopySnapshot", "TagResource"]
NAMES = ("web", "data", "db", "a.b_c", "w" * 255)
TROUBLES: tuple[dict[str, Any], ...] = (
    {"error": "ThrottlingException", "times": 2},
    {"http_status": 500, "times": 2},
    {"http_status": 503, "times": 12},
    {"drop_connection": True},
    {"drop_connection": True, "when": "after"},
    {"drop_connection": True, "times": 12},
    {"http_status": 500, "when": "after", "times": 12},
    {"error": "InvalidInputException", "message": "Please try again in a few minutes."},
    {"error": "ServiceException", "times": 12},
    {"failed_operation": ("InternalError", "It did not work out.")},
)
SOURCES = ("instance", "disk", "database")
Trouble: TypeAlias = tuple[str, dict[str, Any]]
"""An operation, and what becomes of it."""
Deed: TypeAlias = Callable[..., None]
some = st.integers(0, 10_000)
wishes = st.sampled_from(WISHES)
troubles = st.tuples(
    st.sampled_from([*WRITES, *WRITES, *WRITES, *READS, "GetOperationsForResource"]),
    st.sampled_from(TROUBLES),
)
pasts = st.lists(st.sampled_from(PASTS), min_size=2, max_size=5)


def mischief(**strategies: Any) -> Callable[[Deed], Deed]:
    """Make a rule of what people or the service do; more often than not a run comes upon it."""

    def decorated(deed: Deed) -> Deed:
        @wraps(deed)
        def with_run(self: Days, then: str | None, **given: Any) -> None:
            deed(self, **given)
            if then is not None:
                self.pass_minutes(60 if then == "sweep" else 720)
                self.run(self.event(then))

        thens = st.sampled_from(["sweep", "snapshot", None])
        make: Any = rule
        made: Deed = make(then=thens, **strategies)(with_run)
        return made

    return decorated


class Mischief(Days):
    """Each rule is one deed; most of them are followed by a run."""

    @initialize(
        wishes=st.lists(wishes, min_size=3, max_size=3),
        pasts=st.lists(pasts, min_size=3, max_size=3),
        rest_days=st.sampled_from([0, 0, 2]),
    )
    def populate(self, wishes: list[Tags], pasts: list[list[str]], rest_days: int) -> None:
        self.rest = timedelta(days=rest_days)
        for number, (kind, wish) in enumerate(zip(SOURCES, wishes, strict=True)):
            self.account.add_source(kind, NAMES[number], HOME[number % 2], wish)
            self.account.remember(self.account.sources[-1], pasts[number])
            self.account.take_for_another_policy(self.account.sources[-1])

    @mischief(
        kind=st.sampled_from(SOURCES),
        name=st.sampled_from(NAMES),
        region=st.sampled_from(HOME),
        wish=wishes,
    )
    def someone_makes_a_source(self, kind: str, name: str, region: str, wish: Tags) -> None:
        self.account.add_source(kind, name, region, wish)

    @mischief(which=some, wish=st.none() | wishes)
    def someone_deletes_a_source_or_wishes_otherwise(self, which: int, wish: Tags | None) -> None:
        source = pick(self.account.sources, which)
        if wish is None:
            self.account.remove_source(source)
        elif source is not None:
            source.tags = dict(wish)

    @mischief(
        which=some,
        region=st.sampled_from(REGIONS),
        name=st.sampled_from(["mine-1", "mine-2", "next", "copy"]),
        tags=st.sampled_from([{}, {"team": "shop"}, {OWNER: "another"}, {HOLD: None}]),
    )
    def someone_takes_a_snapshot(self, which: int, region: str, name: str, tags: Tags) -> None:
        source = pick(self.account.sources, which) or self.account.stranger
        stamp = f"{source.name[:200]}-{self.now():%Y%m%dT%H%M%SZ}"
        if name == "next":
            self.account.take(stamp, source, source.region, tags)
        else:
            name = f"{stamp}-{source.region}" if name == "copy" else name
            self.account.take(name, self.account.stranger, region, tags)

    @mischief(which=some, deed=st.sampled_from(["hold", "let_go", "delete"]))
    def someone_deals_with_a_snapshot_of_ours(self, which: int, deed: str) -> None:
        getattr(self.account, deed)(pick(self.account.ours(), which))

    @mischief(which=some, phase=st.sampled_from(["before", "after"]), read=st.sampled_from(READS))
    def someone_will_interfere_with_a_read(self, which: int, phase: str, read: str) -> None:
        deeds = (
            lambda _: self.account.hold(pick(self.account.ours(), which)),
            lambda _: self.account.delete(pick(self.account.ours(), which)),
            lambda _: self.account.take(f"late-{which}", self.account.stranger, WEST, {}),
            lambda _: self.account.remove_source(pick(self.account.sources, which)),
        )
        self.account.lie_in_wait(read, phase, deeds[which % len(deeds)])

    @mischief(delete=st.sampled_from(DELETES))
    def someone_will_delete_what_is_being_deleted(self, delete: str) -> None:
        def deed(call: Call) -> None:
            self.account.delete(
                self.account.find(call.region, next(iter(call.parameters.values())))
            )

        self.account.lie_in_wait(delete, "before", deed)

    # What the service does.

    @mischief(trouble=troubles)
    def call_will_go_wrong(self, trouble: Trouble) -> None:
        operation, how = trouble
        if "failed_operation" not in how or operation in WRITES:
            self.lightsail.inject(operation, **how)

    @mischief(region=st.sampled_from([None, *REGIONS]), state=st.sampled_from(["error", "odd"]))
    def snapshot_will_end_badly(self, region: str | None, state: str) -> None:
        self.lightsail.end_in_error(lambda _: True, region=region, state=state)

    @mischief(
        region=st.sampled_from(REGIONS),
        what=st.sampled_from(
            ["nothing", "nothing", None, ["CopySnapshot"], ["TagResource"], READS, DELETES]
        ),
    )
    def region_refuses(self, region: str, what: Any) -> None:
        if what == "nothing":
            self.lightsail.allow(region)
        else:
            self.lightsail.deny(region, what)

    @mischief(delay_s=st.sampled_from([0, 60, 7200]), shift=st.booleans(), size=st.integers(1, 3))
    def lists_change_their_ways(self, delay_s: int, shift: bool, size: int) -> None:
        self.lightsail.list_delay_s, self.lightsail.shift_pages = delay_s, shift
        self.lightsail.page_size = size

    @mischief(
        snapshot_s=st.sampled_from([0, 300, 7200]),
        copy_s=st.sampled_from([0, 300, 90_000]),
        concurrent=st.booleans(),
        carry=st.booleans(),
    )
    def service_changes_its_pace(
        self, snapshot_s: int, copy_s: int, concurrent: bool, carry: bool
    ) -> None:
        self.lightsail.snapshot_seconds, self.lightsail.copy_seconds = snapshot_s, copy_s
        self.lightsail.concurrent_snapshots = concurrent
        self.lightsail.copies_carry_source = carry

    @mischief(which=some, state=st.sampled_from(["stopping", "modifying", "available"]))
    def source_is_busy(self, which: int, state: str) -> None:
        source = pick(self.account.sources, which)
        if source is not None and source.type == "RelationalDatabase":
            self.lightsail.set_database_state(source.name, source.region, state)
        elif source is not None:
            self.lightsail.auto_snapshot_in_progress(source.name, source.region)


def pick(items: list[Any], which: int) -> Any:
    """One of them, or None where there are none: what threads leave is not the same each time."""
    return items[which % len(items)] if items else None
