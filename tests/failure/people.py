"""What people do in the account and to the stack, before a run and while it reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from lightsail_moto import Call
from tests.failure.managed import HOLD, HOME, OWNER, REGIONS, WEST, Tags
from tests.failure.owner_tags import ABSENT, SOURCE_TAGS, TAG_CHANGES
from tests.failure.shared_account import NIGHTS, WRITTEN
from tests.failure.state_machine import PARAMETERS, AccountMachine, indices
from translate.stack import Stack

KINDS = ("Instance", "Disk", "RelationalDatabase")
READS = [f"Get{kind}{end}" for kind in KINDS for end in ("s", "Snapshots", "Snapshot")]
SOURCES = ("instance", "disk", "database")
NAMES = ("web", "data", "db", "a.b_c", "w" * 255)
Rule: TypeAlias = Callable[..., None]
source_tags = st.sampled_from(SOURCE_TAGS)
nights = st.tuples(st.sampled_from(NIGHTS), st.sampled_from(WRITTEN))
histories = st.lists(nights, min_size=2, max_size=6)


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


class PeopleMachine(AccountMachine):
    """The account, with a rule for each way in which people interfere."""

    @initialize(
        tags=st.lists(source_tags, min_size=3, max_size=3),
        nights=st.lists(histories, min_size=3, max_size=3),
        pause_days=st.sampled_from([0, 0, 2, 8]),
    )
    def fill_account(
        self, tags: list[Tags], nights: list[list[tuple[str, str | None]]], pause_days: int
    ) -> None:
        """One source for each kind, and one that has lost its tag."""
        self.pause = timedelta(days=pause_days)
        self.account.add_source("instance", "lost", HOME[0], {})
        self.account.add_history(self.account.sources[-1], [("copied", None)] * 4)
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

    @rule_before_a_run(index=indices, change=st.sampled_from(TAG_CHANGES))
    def one_tag_is_changed(self, index: int, change: tuple[str, str | None]) -> None:
        self.account.set_tag(pick(self.account.sources, index), *change)

    @rule_before_a_run(
        retention=st.sampled_from(["last=1", "last=2 daily=3", "daily=30", "last=1 monthly=3"]),
        copies=st.sampled_from(["last=1", "last=2", "daily=30"]),
        days=st.sampled_from([7, 7, 7, 1, 0]),
    )
    def policies_are_changed(self, retention: str, copies: str, days: int) -> None:
        changed = {"Retention": retention, "CopyRetention": copies, "CoolingOffDays": str(days)}
        self.deployment.stack = Stack({**PARAMETERS, **changed})

    @rule(index=indices)
    def cooling_off_is_ended(self, index: int) -> None:
        source = pick(self.account.sources, index) or self.account.unselected
        self.advance(60)
        event = self.event("sweep")
        event.update(resources=[source.name], endCoolingOff=True)
        self.run(event)

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
            lambda _: account.set_tag(pick(account.sources, index), "snapshot", ABSENT),
        )
        account.on_calls.append((read, phase, changes[index % len(changes)]))


def pick(items: list[Any], index: int) -> Any:
    """One of the items, or None; threads leave different items from replay to replay."""
    return items[index % len(items)] if items else None
