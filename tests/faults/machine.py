"""An account over some days: the service fails, people interfere, events arrive, and time passes.

Everything takes virtual time, and one thread runs at a time, so the same draw takes the same steps.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from moto import mock_aws

from invoke.clock import handler_clock
from lightsail_moto import Call, control
from lightsail_moto.exceptions import AccessDenied
from snapshotter.errors import SnapshotRunFailed
from snapshotter.handler import lambda_handler
from snapshotter.model.names import from_iso, to_iso
from snapshotter.model.tags import HOLD, POLICY, RETENTION, SOURCE
from tests.faults.account import (
    ABSENT,
    COPY_TO,
    HOME,
    NIGHTS,
    REGIONS,
    SOURCE_TAGS,
    TAG_CHANGES,
    WRITTEN,
    SharedAccount,
    is_lost,
    is_selected,
    is_valid,
    policy_of,
)
from tests.faults.convergence import OBJECTIVE, lift_all_faults, unfinished
from tests.integration.deployment import Deployment
from tests.support.accounts import NIGHT, OURS, WEST, Tags
from tests.support.invariants import Records, Step, Write, broken, read_records
from tests.support.role import Role
from tests.support.virtual_time import VirtualContext, VirtualExecutor, virtual_time
from translate.stack import Stack

PARAMETERS = {
    "PolicyName": OURS,
    "Regions": ",".join(HOME),
    "CopyToRegions": ",".join(COPY_TO),
    "Retention": "last=2 daily=3",
    "CopyRetention": "last=2",
    "RecoveryPointObjectiveHours": f"{OBJECTIVE / timedelta(hours=1):g}",
}
ROLE = Role.from_template(PARAMETERS)
SWEEPS_TO_CONVERGE = 5
KINDS = ("Instance", "Disk", "RelationalDatabase")
READS = [f"Get{kind}{end}" for kind in KINDS for end in ("s", "Snapshots", "Snapshot")]
DELETES = [f"Delete{kind}Snapshot" for kind in KINDS]
WRITES = [*(f"Create{each}Snapshot" for each in KINDS), *DELETES, "CopySnapshot", "TagResource"]
SOURCES = ("instance", "disk", "database")
NAMES = ("web", "data", "db", "a.b_c", "w" * 255)
FAULTS: tuple[dict[str, Any], ...] = (
    {"error": "ThrottlingException", "times": 2},
    {"http_status": 500, "times": 2},
    {"http_status": 503, "times": 12},
    {"http_status": 503, "times": 200},
    {"drop_connection": True},
    {"drop_connection": True, "when": "after"},
    {"drop_connection": True, "times": 12},
    {"timeout_s": 15.0, "times": 3},
    {"http_status": 500, "when": "after", "times": 12},
    {"http_status": 200, "body": "{"},
    {"error": "InvalidInputException", "message": "Please try again in a few minutes."},
    {"error": "ServiceException", "times": 12},
    {"failed_operation": ("InternalError", "The operation failed.")},
)
Event: TypeAlias = dict[str, Any]
Rule: TypeAlias = Callable[..., None]
actions = st.sampled_from(["snapshot", "sweep"])
indices = st.integers(0, 10_000)
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


@dataclass
class RecordingDeployment(Deployment):
    """A deployment that several events reach at once, and that records what its role denied."""

    denied: list[Call] = field(default_factory=list)

    @contextlib.contextmanager
    def invoked_at(self, now: datetime) -> Any:
        """Let the function run, with one clock for all its invocations."""
        for name, value in self.stack.environment().items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setenv("AWS_REGION", self.stack.region)
        with self._as_the_role(), handler_clock(now):
            yield

    def _authorise(self, call: Call, phase: str) -> None:
        if not call.resources:
            return  # a resource that does not exist has no tags; the answer is NotFound
        try:
            super()._authorise(call, phase)
        except AccessDenied:
            self.denied.append(call)
            raise


class Statuses(logging.Handler):
    """Collects the statuses of all outcomes that are logged."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.found.add(getattr(record, "status", ""))


class AccountMachine(RuleBasedStateMachine):
    """One account, one stack, and the events that the function receives.

    latest: the latest time that an event or the clock had.
    pause: how long after it the sweeps start that must converge.
    """

    def __init__(self) -> None:
        super().__init__()
        self.exits = contextlib.ExitStack()
        self.exits.enter_context(mock_aws())
        self.time = self.exits.enter_context(virtual_time())
        patch = self.exits.enter_context(pytest.MonkeyPatch.context())
        self.lightsail = control()
        self.lightsail.clock.set(NIGHT)
        self.account = SharedAccount(self.lightsail)
        self.deployment = RecordingDeployment(Stack(PARAMETERS), ROLE, self.lightsail, patch)
        self.statuses = Statuses()
        logging.getLogger("snapshotter").addHandler(self.statuses)
        self.exits.callback(logging.getLogger("snapshotter").removeHandler, self.statuses)
        self.events: list[Event] = []
        self.latest = NIGHT
        self.pause = timedelta(0)

    @initialize(
        tags=st.lists(source_tags, min_size=3, max_size=3),
        nights=st.lists(histories, min_size=3, max_size=3),
        pause_days=st.sampled_from([0, 0, 2, 8]),
        seed=indices,
    )
    def fill_account(
        self,
        tags: list[Tags],
        nights: list[list[tuple[str, str | None]]],
        pause_days: int,
        seed: int,
    ) -> None:
        """One source for each kind, and one that has lost its tag."""
        self.pause = timedelta(days=pause_days)
        draw = Random(seed)
        # Requests that are sent at the same time arrive in any order.
        self.lightsail.on_request(lambda *_: self.time.sleep(draw.random()))
        self.account.add_source("instance", "lost", HOME[0], {})
        self.account.add_history(self.account.sources[-1], [("copied", None)] * 4)
        for number, kind in enumerate(SOURCES):
            self.account.add_source(kind, NAMES[number], HOME[number % 2], tags[number])
            self.account.add_history(self.account.sources[-1], nights[number])
            self.account.add_snapshots_of_another_stack(self.account.sources[-1])

    # Time passes, and events arrive.

    @rule(minutes=st.sampled_from([-90, -5, 1, 4000]))
    def clock_jumps(self, minutes: int) -> None:
        self.advance(minutes)

    @rule(hours=st.integers(1, 4))
    def hourly_sweeps_run(self, hours: int) -> None:
        for _ in range(hours):
            self.advance(60)
            self.run(self.event("sweep"))

    @rule(
        action=actions,
        minutes=st.sampled_from([0, 0, 6, 60]),
        early=st.sampled_from([0, 0, 4, -1400]),
    )
    def event_arrives(self, action: str, minutes: int, early: int) -> None:
        self.advance(minutes)
        self.run(self.event(action, early))

    @precondition(lambda self: self.events)
    @rule(index=indices)
    def event_arrives_again(self, index: int) -> None:
        self.run(self.events[index % len(self.events)])

    @rule(one=actions, other=actions, early=st.sampled_from([0, 0, 1, -60]))
    def two_events_arrive_at_once(self, one: str, other: str, early: int) -> None:
        self.advance(60)
        self.run(self.event(one), self.event(other, early))

    # People act.

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
        tags=st.sampled_from([{}, {"team": "shop"}, {POLICY: "another"}, {HOLD: None}]),
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

    @rule_before_a_run(delete=st.sampled_from(DELETES))
    def snapshot_is_deleted_just_before_the_function_deletes_it(self, delete: str) -> None:
        def delete_first(call: Call) -> None:
            (name,) = call.parameters.values()
            self.account.delete(read_records(self.lightsail).get((call.region, name)))

        self.account.on_calls.append((delete, "before", delete_first))

    # The service fails.

    @rule_before_a_run(
        operation=st.sampled_from([*WRITES * 3, *READS, "GetOperationsForResource"]),
        region=st.sampled_from([None, *REGIONS]),
        fault=st.sampled_from(FAULTS),
    )
    def call_fails(self, operation: str, region: str | None, fault: dict[str, Any]) -> None:
        if "failed_operation" not in fault or operation in WRITES:
            self.lightsail.inject(operation, region=region, **fault)

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

    # What is checked.

    def teardown(self) -> None:
        """Lift all faults and run sweeps; then nothing may be left to do."""
        try:
            self.lightsail.clock.set(self.latest + self.pause)
            lift_all_faults(self.account)
            for _ in range(SWEEPS_TO_CONVERGE):
                self.advance(60)
                event = self.event("sweep")
                self.run(event)
            planned = self.deployment({**event, "dryRun": True})["outcomes"]
            expect_none(unfinished(self.account, self.now(), planned))
        finally:
            self.exits.close()

    def advance(self, minutes: int) -> None:
        self.lightsail.clock.advance(minutes=minutes)
        self.latest = max(self.latest, self.now())

    def event(self, action: str, early_minutes: int = 0) -> Event:
        at = self.now() + timedelta(minutes=early_minutes)
        self.latest = max(self.latest, at)
        self.events.append({"action": action, "scheduledTime": to_iso(at)})
        return self.events[-1]

    def run(self, *events: Event) -> None:
        """Deliver events, all at the same time, and check what they did."""
        before, untouched = read_records(self.lightsail), self.not_to_be_pruned()
        policies = [self.policies_in_force()]
        for each in (self.lightsail.calls, self.deployment.denied, self.statuses.found):
            each.clear()
        self.account.deleted_by_people.clear()
        now = max(from_iso(event["scheduledTime"]) for event in events)
        with self.deployment.invoked_at(now), VirtualExecutor(self.time, len(events)) as threads:
            ended_well = all(list(threads.map(self.deliver, events)))
        policies.append(self.policies_in_force())
        step = Step(
            seen=self.seen(before),
            before=before,
            after=read_records(self.lightsail),
            now=now,
            writes=self.writes(),
            theirs=frozenset(self.account.manual),
            untouched=untouched & self.not_to_be_pruned(),
            excepted=frozenset(self.account.deleted_by_people),
            cooling_off=self.cooling_off(events),
        )
        expect_none(filter(None, [broken(step)]))
        expect_none(self.denied_calls())
        expect_none(self.wrong_policies_written(policies))
        assert ended_well or self.statuses.found & {"failed", "deferred"}, (
            "a run failed for nothing"
        )

    def deliver(self, event: Event) -> bool:
        """Invoke the function; under faults it may fail. Returns whether it did not."""
        try:
            lambda_handler(dict(event), VirtualContext(self.time, 900))  # type: ignore[arg-type]
        except SnapshotRunFailed:
            return False
        return True

    def seen(self, before: Records) -> Records:
        """What the function knows: not what lists do not show, or may not show."""
        lightsail = self.lightsail
        answered = {(e.region, e.operation) for e in lightsail.calls if e.outcome == "ok"}
        listed = lightsail.clock.now() - timedelta(seconds=lightsail.list_delay_s)
        return {
            key: each
            for key, each in before.items()
            if each.created_at <= listed and not lightsail.shift_pages
            if (each.region, f"Get{each.type}s") in answered
        }

    def writes(self) -> tuple[Write, ...]:
        return tuple(
            Write(call.operation, (call.region, name), tags, call.outcome == "ok")
            for call in self.lightsail.calls
            if call.operation.startswith(("Delete", "Tag"))
            for name, tags in zip(sorted(call.names), call.resource_tags.values(), strict=False)
        )

    def cooling_off(self, events: Iterable[Event]) -> timedelta:
        if any(event.get("endCoolingOff") for event in events):
            return timedelta(0)
        return timedelta(days=int(self.deployment.stack.parameter("CoolingOffDays")))

    def not_to_be_pruned(self) -> frozenset[str]:
        """The sources that are lost, and those with a tag that cannot be followed."""
        return frozenset(
            each.arn
            for each in self.account.sources
            if is_lost(each) or (is_selected(each) and not is_valid(each))
        )

    def policies_in_force(self) -> dict[str | None, str | None]:
        default = self.deployment.stack.parameter("Retention")
        return {each.arn: policy_of(each, default) for each in self.account.sources}

    def wrong_policies_written(self, policies: list[dict[str | None, str | None]]) -> Iterable[str]:
        """A create carries the policy of its source; a copy, that of copies."""
        for call in self.lightsail.calls:
            tags = call.request_tags
            allowed = {each.get(tags.get(SOURCE)) for each in policies}
            if call.operation == "TagResource":
                allowed = {self.deployment.stack.parameter("CopyRetention")}
            if POLICY in tags and tags.get(RETENTION) not in allowed:
                yield f"{call.operation} {call.parameters} writes no policy of {allowed}"

    def denied_calls(self) -> Iterable[str]:
        """The role may deny nothing but a delete of a snapshot that was put on hold meanwhile."""
        return [
            f"the role denies {call.operation} {call.parameters} in {call.region}"
            for call in self.deployment.denied
            if not any(HOLD in tags for tags in call.resource_tags.values())
        ]

    def now(self) -> datetime:
        return self.lightsail.clock.now()


def pick(items: list[Any], index: int) -> Any:
    """One of the items, or None."""
    return items[index % len(items)] if items else None


def expect_none(faults: Iterable[str]) -> None:
    """Fail, and print each fault: pytest shows the values of an assert in test modules alone."""
    found = list(faults)
    assert not found, "\n".join(found)
