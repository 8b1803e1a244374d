"""Every order in which the requests of several runs can reach the account.

A schedule is a list of choices: a letter lets that actor send its next request, and a letter after
`!` ends that run, which answers nothing any more. `Ax3 B !A Bx2` is one. From every state of the
account that a schedule reaches, the runs are delivered again and two sweeps follow: the account
must then be as the world expects it, and the next sweep must find nothing to do.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.tags import POLICY, SOURCE, TIME
from snapshotter.model.times import from_iso, to_iso
from tests.interleaving.backend import Backend, Seed, State, backend
from tests.interleaving.invariants import Step, broken
from tests.interleaving.requests import ELAPSE, Request, commute
from tests.interleaving.runs import Node, SerialExecutor, steppable
from tests.support.role import Role
from translate.stack import Stack

Schedule = tuple[str, ...]
OVER, DEAD = "over", "dead"
_OWN = {POLICY, SOURCE, TIME}
_OURS, _READY = "snapshotter:", ("available", "completed", "running", "in-use")
Position = Node | int | str
"""Where an actor is: a state of a run, a number of steps of a person, or at its end."""


@dataclass(frozen=True)
class World:
    """An account, and who does what in it.

    runs, people: by letter, the event of a run, or the requests of a person (time is one).
    ends: what is there after the sweeps, as `summary` writes it; several where it depends on what
    came first. quick: small enough to be explored in every test run.
    """

    name: str
    seed: Seed
    runs: dict[str, dict[str, Any]]
    ends: tuple[str, ...]
    people: dict[str, tuple[Request, ...]] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ("us-east-1",)
    quick: bool = False
    now: datetime = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)


class Violation(Exception):
    """A promise that a schedule breaks."""

    def __init__(self, world: World, schedule: Schedule, what: str) -> None:
        super().__init__(world, schedule, what)
        self.world, self.schedule, self.what = world, schedule, what

    def __str__(self) -> str:
        return f"{self.world.name}: {self.what}\n  schedule: {written(self.schedule)}"


@dataclass
class Numbers:
    """How much was explored, and what was cut."""

    schedules: int = 0
    positions: int = 0
    states: int = 0
    steps: int = 0
    requests: int = 0
    asleep: int = 0
    known: int = 0
    converged: int = 0


@dataclass(frozen=True)
class Joint:
    """The account, and where each actor is."""

    state: State
    positions: tuple[Position, ...]


def written(schedule: Schedule) -> str:
    """Write a schedule in one line."""
    groups = [(choice, len(list(each))) for choice, each in itertools.groupby(schedule)]
    return " ".join(f"{choice}{f'x{number}' if number > 1 else ''}" for choice, number in groups)


def parsed(text: str) -> Schedule:
    """Read a schedule from its line."""
    found = re.findall(r"(!?[A-Z](?:@\d+)?)(?:x(\d+))?", text)
    return tuple(choice for choice, number in found for _ in range(int(number or 1)))


class Explorer:
    """Takes the steps of one world, and checks each."""

    def __init__(self, world: World, account: Backend, *, reduce: bool = True) -> None:
        self.world, self.account, self._reduce = world, account, reduce
        self._letters = (*world.runs, *world.people)
        self._firsts: dict[str, Node] = {}
        self._checked: set[tuple[State, Request, str]] = set()
        self._converged: set[State] = set()
        self.numbers = Numbers()
        self.reached: set[str] = set()
        self.ends: dict[str, Schedule] = {}

    def start(self) -> Joint:
        runs = tuple(self._first(event) for event in self.world.runs.values())
        return Joint(self.account.initial, (*runs, *(0 for _ in self.world.people)))

    def enabled(self, joint: Joint) -> list[str]:
        """The choices that there are: a step of each actor that is not over, and its death.

        No snapshot becomes ready between two requests in a row of one run, the first of which
        reads what the second deletes. Lightsail takes minutes for it.
        """
        at = dict(zip(self._letters, joint.positions, strict=True))
        hurried = any(map(_acts_on_what_it_saw, joint.positions))
        alive = [
            letter
            for letter, position in at.items()
            if position not in (OVER, DEAD)
            and not (hurried and self._request(joint, letter).operation == ELAPSE)
        ]
        begun = [letter for letter in alive if letter in self.world.runs]
        mortal = [] if DEAD in joint.positions else begun
        return [
            *(choice for letter in alive for choice in _steps(letter, at[letter])),
            *(f"!{letter}" for letter in mortal if _has_begun(at[letter])),
        ]

    def take(self, joint: Joint, choice: str) -> Joint:
        """Take one step.

        Raises:
            Violation: with an empty schedule; the caller knows how it came here.
        """
        index = self._letters.index(_letter(choice))
        state, position = joint.state, joint.positions[index]
        after: Position
        if choice.startswith("!"):
            after = DEAD
        elif isinstance(position, Node):
            state, after = self._step(state, position, int(choice.partition("@")[2] or 0))
        else:
            steps = self.world.people[choice]
            _, state = self.account.send(state, steps[int(position)], as_owner=True)
            after = int(position) + 1
            after = OVER if after == len(steps) else after
        positions = (*joint.positions[:index], after, *joint.positions[index + 1 :])
        return Joint(state, positions)

    def _step(self, state: State, node: Node, which: int = 0) -> tuple[State, Position]:
        answer, after = self.account.send(state, node.requests[which], as_owner=False)
        self._check(node.requests[which], node.event["scheduledTime"], state, after)
        reached = node.then(answer, which)
        if reached.requests:
            return after, reached
        if reached.failure and not isinstance(reached.failure, SnapshotRunFailed):
            raise Violation(self.world, (), f"a run raised {reached.failure!r}")
        return after, OVER

    def _check(self, request: Request, scheduled: str, before: State, after: State) -> None:
        if not request.is_write or (before, request, scheduled) in self._checked:
            return
        step = Step(request, self.account.initial, before, after, from_iso(scheduled))
        if what := broken(step):
            raise Violation(self.world, (), f"{what}, by {request}")
        self._checked.add((before, request, scheduled))

    def converge(self, state: State) -> str:
        """Deliver the runs again, let two sweeps follow, and return what is there then.

        Raises:
            Violation: it is not what the world expects, or a third sweep changes it.
        """
        end = state
        for event in self.world.runs.values():
            end = self._to_end(end, event)
        for hours in (1, 2):
            end = self._sweep(end, hours)
        if self._sweep(end, 3).records != end.records:
            raise Violation(self.world, (), "a third sweep still finds something to do")
        if summary(end) not in self.world.ends:
            raise Violation(self.world, (), f"two sweeps lead to {summary(end)}")
        return summary(end)

    def _sweep(self, state: State, hours: int) -> State:
        at = self.world.now + timedelta(hours=hours)
        _, later = self.account.send(state, Request.of("", ELAPSE, minutes=60), as_owner=True)
        return self._to_end(later, {"action": "sweep", "scheduledTime": to_iso(at)})

    def _to_end(self, state: State, event: dict[str, Any]) -> State:
        position: Position = self._first(event)
        while isinstance(position, Node):
            state, position = self._step(state, position)
        return state

    def explore(self) -> Numbers:
        """Take every schedule, the short ones first.

        Raises:
            Violation: with the shortest schedule that breaks a promise.
        """
        start = self.start()
        asleep_at: dict[Joint, frozenset[str]] = {}
        came: dict[Joint, Schedule] = {start: ()}
        edges: dict[Joint, set[Joint]] = {}
        queue = deque([(start, frozenset[str]())])
        while queue:
            joint, asleep = queue.popleft()
            before = asleep_at.get(joint)
            if before is None:
                wanted = [each for each in self.enabled(joint) if each not in asleep]
                asleep_at[joint] = asleep
            else:
                self.numbers.known += 1
                wanted = [each for each in before if each not in asleep]
                asleep_at[joint] = before & asleep
            done = set(asleep)
            for choice in wanted:
                after = self._taken(joint, choice, came[joint])
                came.setdefault(after, (*came[joint], choice))
                edges.setdefault(joint, set()).add(after)
                kept = (each for each in done if self._independent(joint, each, choice))
                queue.append((after, frozenset(kept if self._reduce else ())))
                done.add(choice)
        for joint, schedule in came.items():
            self._converge_once(joint.state, schedule)
        self._count(start, asleep_at, edges)
        return self.numbers

    def _taken(self, joint: Joint, choice: str, came: Schedule) -> Joint:
        self.numbers.steps += 1
        try:
            return self.take(joint, choice)
        except Violation as found:
            raise Violation(self.world, (*came, choice), found.what) from None

    def _converge_once(self, state: State, came: Schedule) -> None:
        if state in self._converged:
            return
        self._converged.add(state)
        try:
            self.ends.setdefault(self.converge(state), came)
        except Violation as found:
            raise Violation(self.world, came, f"after it, {found.what}") from None

    def _independent(self, joint: Joint, one: str, other: str) -> bool:
        """Tell whether two choices lead to the same in either order."""
        if _letter(one) == _letter(other):
            return False
        if one.startswith("!") or other.startswith("!"):
            return not (one.startswith("!") and other.startswith("!"))
        return commute(self._request(joint, one), self._request(joint, other))

    def _request(self, joint: Joint, letter: str) -> Request:
        position = joint.positions[self._letters.index(letter)]
        if isinstance(position, Node):
            return position.requests[0]
        return self.world.people[letter][int(position)]

    def _count(
        self, start: Joint, asleep: dict[Joint, frozenset[str]], edges: dict[Joint, set[Joint]]
    ) -> None:
        ways: Counter[Joint] = Counter()
        for joint in reversed(_in_order(start, edges)):
            ways[joint] = sum(ways[each] for each in edges.get(joint, ())) or 1
        self.numbers.schedules = ways[start]
        self.numbers.positions = len(asleep)
        self.numbers.asleep = sum(len(each) for each in asleep.values())
        self.reached = {joint.state.text for joint in asleep}
        self.numbers.states = len(self.reached)
        self.numbers.converged = len(self._converged)
        self.numbers.requests = self.account.requests_sent

    def follow(self, schedule: Iterable[str]) -> Joint:
        """Follow one schedule; choices that are not there are skipped.

        Raises:
            Violation: with the part of the schedule that was followed.
        """
        return self._followed(schedule)[0]

    def replay(self, schedule: Iterable[str]) -> Joint:
        """Follow one schedule, and converge at its end. Raises as `follow` does."""
        joint, came = self._followed(schedule)
        self._converge_once(joint.state, came)
        return joint

    def _followed(self, schedule: Iterable[str]) -> tuple[Joint, Schedule]:
        joint, came = self.start(), Schedule()
        for choice in schedule:
            if choice in self.enabled(joint):
                joint, came = self._taken(joint, choice, came), (*came, choice)
        return joint, came

    def sample(self, draw: Random) -> Schedule:
        """Draw one schedule to its end."""
        joint, came = self.start(), Schedule()
        while choices := self.enabled(joint):
            choice = draw.choice(choices)
            joint, came = self._taken(joint, choice, came), (*came, choice)
        return came

    def shrink(self, schedule: Schedule) -> Schedule:
        """Leave out what a schedule does not need to break a promise."""
        for size in (8, 4, 2, 1):
            for begin in range(len(schedule) - size, -1, -1):
                shorter = schedule[:begin] + schedule[begin + size :]
                try:
                    self._converged.clear()
                    self.replay(shorter)
                except Violation as found:
                    schedule = found.schedule
        return schedule

    def _first(self, event: dict[str, Any]) -> Node:
        key = str(event)
        if key not in self._firsts:
            self._firsts[key] = Node.first(event)
        return self._firsts[key]

    def close(self) -> None:
        for node in self._firsts.values():
            node.close()


def _letter(choice: str) -> str:
    return choice.lstrip("!")[0]


def _steps(letter: str, position: Position) -> Iterator[str]:
    """The step of an actor; a run with several threads has several."""
    yield letter
    if isinstance(position, Node):
        yield from (f"{letter}@{which}" for which in range(1, len(position.requests)))


def _has_begun(position: Position) -> bool:
    return isinstance(position, Node) and bool(position.answers)


def _acts_on_what_it_saw(position: Position) -> bool:
    if not isinstance(position, Node) or position.last is None or not position.requests:
        return False
    now, last = position.requests[0], position.last
    return (now.operation, now.body) == (last.operation.replace("Get", "Delete", 1), last.body)


def _in_order(start: Joint, edges: dict[Joint, set[Joint]]) -> list[Joint]:
    """All joints, each before those that it leads to: no schedule returns to one."""
    found: list[Joint] = []
    seen: set[Joint] = set()
    stack: list[tuple[Joint, Iterator[Joint]]] = [(start, iter(edges.get(start, ())))]
    seen.add(start)
    while stack:
        joint, rest = stack[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            found.append(joint)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(edges.get(following, ()))))
    return found[::-1]


def summary(state: State) -> str:
    """What is there, region by region, in short: `20260302T045000Z` becomes `0302T0450`.

    Marked are snapshots without all tags of ours (`~`), tags that matter here, and states other
    than ready.
    """
    regions: dict[str, list[str]] = {}
    for (region, name), record in sorted(state.records.items()):
        mark = "~" if record.is_snapshot and not record.tags.keys() >= _OWN else ""
        tags = "".join(f"+{each}" for each in ("hold", "verified") if _OURS + each in record.tags)
        unready = "" if record.state in _READY else f"?{record.state}"
        regions.setdefault(region, []).append(f"{mark}{_short(name)}{tags}{unready}")
    return " | ".join(" ".join(names) for names in regions.values())


def _short(name: str) -> str:
    return re.sub(r"20\d\d(\d{4}T\d{4})\d\dZ", r"\1", name)


@contextmanager
def exploring(
    world: World, *, reduce: bool = True, executor: Any = SerialExecutor
) -> Iterator[Explorer]:
    """Open a world for exploration."""
    stack = Stack({"PolicyName": "nightly", "ResourceTypes": "Instance", **world.parameters})
    environment = {
        **stack.environment(),
        "AWS_REGION": stack.region,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    role = Role.from_template(stack.parameters)
    # Later than all events, so that none of them is in the future.
    now = world.now + timedelta(hours=12)
    with (
        steppable(environment, now, executor),
        backend(world.seed, role, world.regions, world.now) as account,
    ):
        explorer = Explorer(world, account, reduce=reduce)
        try:
            yield explorer
        finally:
            explorer.close()
