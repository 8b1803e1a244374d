"""What people and the service do that makes the function's work harder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from lightsail_moto import Call
from tests.failure.managed import HOLD, OWNER, WEST, Tags
from tests.failure.shared_account import HOME, NIGHTS, REGIONS, SOURCE_TAGS
from tests.failure.state_machine import AccountMachine, indices

KINDS = ("Instance", "Disk", "RelationalDatabase")
READS = [f"Get{kind}{end}" for kind in KINDS for end in ("s", "Snapshots", "Snapshot")]
CREATES = [f"Create{kind}Snapshot" for kind in KINDS]
DELETES = [f"Delete{kind}Snapshot" for kind in KINDS]
WRITES = [*CREATES, *DELETES, "CopySnapshot", "TagResource"]
SOURCES = ("instance", "disk", "database")
NAMES = ("web", "data", "db", "a.b_c", "w" * 255)
FAULTS: tuple[dict[str, Any], ...] = (
    {"error": "ThrottlingException", "times": 2},
    {"http_status": 500, "times": 2},
    {"http_status": 503, "times": 12},
    {"drop_connection": True},
    {"drop_connection": True, "when": "after"},
    {"drop_connection": True, "times": 12},
    {"http_status": 500, "when": "after", "times": 12},
    {"error": "InvalidInputException", "message": "Please try again in a few minutes."},
    {"error": "ServiceException", "times": 12},
    {"failed_operation": ("InternalError", "The operation failed.")},
)
Rule: TypeAlias = Callable[..., None]
source_tags = st.sampled_from(SOURCE_TAGS)
histories = st.lists(st.sampled_from(NIGHTS), min_size=2, max_size=5)


def rule_before_a_run(**strategies: Any) -> Callable[[Rule], Rule]:
    """Make a rule that is followed by a run, two times out of three."""

    def decorated(change: Rule) -> Rule:
        @wraps(change)
        def with_run(self: AccountMachine, then: str | None, **given: Any) -> None:
            change(self, **given)
            if then is not None:
                self.advance(60 if then == "sweep" else 720)
                self.run(self.event(then))

        make: Any = rule
        made: Rule = make(then=st.sampled_from(["sweep", "snapshot", None]), **strategies)(with_run)
        return made

    return decorated


class FaultMachine(AccountMachine):
    """The account, with a rule for each way in which people or the service interfere."""

    @initialize(
        tags=st.lists(source_tags, min_size=3, max_size=3),
        nights=st.lists(histories, min_size=3, max_size=3),
        pause_days=st.sampled_from([0, 0, 2]),
    )
    def fill_account(self, tags: list[Tags], nights: list[list[str]], pause_days: int) -> None:
        self.pause = timedelta(days=pause_days)
        for number, kind in enumerate(SOURCES):
            self.account.add_source(kind, NAMES[number], HOME[number % 2], tags[number])
            self.account.add_history(self.account.sources[-1], nights[number])
            self.account.add_snapshots_of_another_policy(self.account.sources[-1])

    @rule_before_a_run(
        kind=st.sampled_from(SOURCES),
        name=st.sampled_from(NAMES),
        region=st.sampled_from(HOME),
        tags=source_tags,
    )
    def source_is_created(self, kind: str, name: str, region: str, tags: Tags) -> None:
        self.account.add_source(kind, name, region, tags)

    @rule_before_a_run(index=indices, tags=st.none() | source_tags)
    def source_is_deleted_or_tagged(self, index: int, tags: Tags | None) -> None:
        source = pick(self.account.sources, index)
        if tags is None:
            self.account.remove_source(source)
        elif source is not None:
            source.tags = dict(tags)

    @rule_before_a_run(
        index=indices,
        region=st.sampled_from(REGIONS),
        name=st.sampled_from(["mine-1", "mine-2", "next", "copy"]),
        tags=st.sampled_from([{}, {"team": "shop"}, {OWNER: "another"}, {HOLD: None}]),
    )
    def manual_snapshot_is_taken(self, index: int, region: str, name: str, tags: Tags) -> None:
        """Also under the name of the next snapshot, or of its copy."""
        source = pick(self.account.sources, index) or self.account.unselected
        next_name = f"{source.name[:200]}-{self.now():%Y%m%dT%H%M%SZ}"
        if name == "next":
            self.account.add_manual(next_name, source, source.region, tags)
        else:
            name = f"{next_name}-{source.region}" if name == "copy" else name
            self.account.add_manual(name, self.account.unselected, region, tags)

    @rule_before_a_run(index=indices, change=st.sampled_from(["hold", "release", "delete"]))
    def managed_snapshot_is_changed(self, index: int, change: str) -> None:
        getattr(self.account, change)(pick(self.account.managed(), index))

    @rule_before_a_run(
        index=indices, phase=st.sampled_from(["before", "after"]), read=st.sampled_from(READS)
    )
    def account_changes_during_a_read(self, index: int, phase: str, read: str) -> None:
        account = self.account
        changes: tuple[Callable[[Call], None], ...] = (
            lambda _: account.hold(pick(account.managed(), index)),
            lambda _: account.delete(pick(account.managed(), index)),
            lambda _: account.add_manual(f"late-{index}", account.unselected, WEST, {}),
            lambda _: account.remove_source(pick(account.sources, index)),
        )
        account.on_calls.append((read, phase, changes[index % len(changes)]))

    @rule_before_a_run(delete=st.sampled_from(DELETES))
    def snapshot_is_deleted_just_before_the_function_deletes_it(self, delete: str) -> None:
        def delete_first(call: Call) -> None:
            (name,) = call.parameters.values()
            self.account.delete(self.account.find(call.region, name))

        self.account.on_calls.append((delete, "before", delete_first))

    @rule_before_a_run(
        operation=st.sampled_from([*WRITES * 3, *READS, "GetOperationsForResource"]),
        fault=st.sampled_from(FAULTS),
    )
    def call_fails(self, operation: str, fault: dict[str, Any]) -> None:
        if "failed_operation" not in fault or operation in WRITES:
            self.lightsail.inject(operation, **fault)

    @rule_before_a_run(
        region=st.sampled_from([None, *REGIONS]), state=st.sampled_from(["error", "odd"])
    )
    def snapshot_ends_in_error(self, region: str | None, state: str) -> None:
        self.lightsail.end_in_error(lambda _: True, region=region, state=state)

    @rule_before_a_run(
        region=st.sampled_from(REGIONS),
        denied=st.sampled_from([[], [], None, ["CopySnapshot"], ["TagResource"], READS, DELETES]),
    )
    def region_denies(self, region: str, denied: list[str] | None) -> None:
        """Deny some operations, or all (None), or none any more."""
        if denied == []:
            self.lightsail.allow(region)
        else:
            self.lightsail.deny(region, denied)

    @rule_before_a_run(
        delay_s=st.sampled_from([0, 60, 7200]), shift=st.booleans(), size=st.integers(1, 3)
    )
    def lists_are_late_and_shift(self, delay_s: int, shift: bool, size: int) -> None:
        self.lightsail.list_delay_s, self.lightsail.shift_pages = delay_s, shift
        self.lightsail.page_size = size

    @rule_before_a_run(
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

    @rule_before_a_run(index=indices, state=st.sampled_from(["stopping", "modifying", "available"]))
    def source_is_busy(self, index: int, state: str) -> None:
        source = pick(self.account.sources, index)
        if source is not None and source.type == "RelationalDatabase":
            self.lightsail.set_database_state(source.name, source.region, state)
        elif source is not None:
            self.lightsail.auto_snapshot_in_progress(source.name, source.region)


def pick(items: list[Any], index: int) -> Any:
    """One of the items, or None; threads leave different items from replay to replay."""
    return items[index % len(items)] if items else None
