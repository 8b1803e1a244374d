"""Every order in which the requests of several runs can reach the account, with every death.

A schedule is a list of choices: a letter lets that actor send its next request (`A@1` the second of
those that several threads of a run wait for), and a letter after `!` ends that run, which answers
nothing any more. `Ax3 B !A Bx2` is one. From every state of the account that a schedule reaches,
the runs are delivered again and two sweeps follow: the account must then be as the world expects
it, and the next sweep must find nothing to do.
"""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.names import from_iso, to_iso
from tests.interleaving.account import ELAPSE, Account, Answer, Request, State, open_account
from tests.interleaving.runs import Event, Node, Runs, executing
from tests.interleaving.worlds import World, summary
from tests.support.invariants import Step, broken
from tests.support.role import Role
from translate.stack import Stack

OVER, DEAD = (), "dead"
Position = Node | tuple[Request, ...] | str
"""Where an actor is: a state of a run, the requests that a person has left, or at its end."""
Schedule = tuple[str, ...]


class Joint(NamedTuple):
    """The account, and where each actor is."""

    state: State
    positions: tuple[Position, ...]


class Numbers(NamedTuple):
    """How much was explored: schedules to their ends, states of the account, requests, deaths."""

    schedules: int
    states: int
    steps: int


class Violation(Exception):
    """A promise that a schedule breaks."""

    def __init__(self, world: World, schedule: Schedule, what: str) -> None:
        super().__init__(world, schedule, what)
        self.world, self.schedule, self.what = world, schedule, what

    def __str__(self) -> str:
        return f"{self.world.name}: {self.what}\n  schedule: {written(self.schedule)}"


def written(schedule: Schedule) -> str:
    """Write a schedule in one line."""
    groups = [(choice, len(list(each))) for choice, each in itertools.groupby(schedule)]
    return " ".join(f"{choice}{f'x{number}' if number > 1 else ''}" for choice, number in groups)


def parsed(text: str) -> Schedule:
    """Read a schedule from its line."""
    found = re.findall(r"(!?[A-Z](?:@\d+)?)(?:x(\d+))?", text)
    return tuple(choice for choice, number in found for _ in range(int(number or 1)))


class Explorer:
    """Explores one world. ends: what was there after the sweeps."""

    def __init__(self, world: World, account: Account, runs: Runs) -> None:
        self.world, self.account, self._runs = world, account, runs
        self._letters = (*world.runs, *world.people)
        self._checked: set[tuple[State, Request, str]] = set()
        self._ended: dict[tuple[State, str], State] = {}
        self._converged: dict[State, str] = {}

    @property
    def ends(self) -> set[str]:
        return set(self._converged.values())

    def explore(self) -> Numbers:
        """Take every schedule, the short ones first.

        Raises:
            Violation: with the shortest schedule that breaks a promise.
        """
        return self._explore_deaths() if self.world.alone else self._explore_orders()

    def _explore_orders(self) -> Numbers:
        start = self._start()
        came: dict[Joint, Schedule] = {start: ()}
        edges: dict[Joint, list[Joint]] = {}
        queue = deque([start])
        while queue:
            joint = queue.popleft()
            edges[joint] = [self._taken(joint, each, came[joint]) for each in self._enabled(joint)]
            for choice, after in zip(self._enabled(joint), edges[joint], strict=True):
                if after not in came:
                    came[after] = (*came[joint], choice)
                    queue.append(after)
        for joint, schedule in came.items():
            self._converge_once(joint.state, schedule)

        @cache
        def ways(joint: Joint) -> int:
            return sum(map(ways, edges[joint])) or 1

        states = len({joint.state for joint in came})
        return Numbers(ways(start), states, sum(map(len, edges.values())))

    def _explore_deaths(self) -> Numbers:
        """One run, which is killed at each of its requests, and so is each that comes after it."""
        ((letter, event),) = self.world.runs.items()
        came: dict[State, Schedule] = {self.account.initial: ()}
        queue = deque(came)
        steps = 0
        while queue:
            begun = queue.popleft()
            for number, state in enumerate(self._to_end(begun, event), 1):
                steps += 1
                if state not in came:
                    came[state] = (*came[begun], *[letter] * number, f"!{letter}")
                    queue.append(state)
        for state, schedule in came.items():
            self._converge_once(state, schedule)
        return Numbers(2 * steps, len(came), steps)

    def replay(self, schedule: Iterable[str]) -> State:
        """Follow one schedule without the choices that are not there, and converge at its end.

        Raises:
            Violation: with the part of the schedule that was followed.
        """
        joint, came = self._start(), Schedule()
        for choice in schedule:
            if choice in self._enabled(joint):
                joint, came = self._taken(joint, choice, came), (*came, choice)
        self._converge_once(joint.state, came)
        return joint.state

    def _start(self) -> Joint:
        runs = (self._past_constants(self._runs.first(each)) for each in self.world.runs.values())
        return Joint(self.account.initial, (*runs, *self.world.people.values()))

    def _enabled(self, joint: Joint) -> list[str]:
        """The choices that there are: a step of each actor that is not over, and its death (`!`).

        No snapshot becomes ready between two requests of one run, the first of which reads what the
        second deletes. Lightsail takes minutes for it.
        """
        steps, deaths = [], []
        for letter, position in zip(self._letters, joint.positions, strict=True):
            if isinstance(position, Node):
                steps += [f"{letter}@{which}" for which in range(len(position.requests))]
                deaths += [f"!{letter}"] if position.answered else []
            elif position not in (OVER, DEAD):
                assert isinstance(position, tuple)
                waits = position[0].operation == ELAPSE
                waits = waits and any(map(_acts_on_what_it_saw, joint.positions))
                steps += [] if waits else [letter]
        steps = [each.removesuffix("@0") for each in steps]
        return steps if DEAD in joint.positions else steps + deaths

    def _taken(self, joint: Joint, choice: str, came: Schedule) -> Joint:
        index = self._letters.index(choice.lstrip("!")[0])
        state, position = joint.state, joint.positions[index]
        after: Position = DEAD
        try:
            if isinstance(position, Node) and not choice.startswith("!"):
                state, after = self._step(state, position, int(choice.partition("@")[2] or 0))
            elif isinstance(position, tuple):
                _, state = self.account.send(state, position[0], as_owner=True)
                after = position[1:]
        except Violation as found:
            raise Violation(self.world, (*came, choice), found.what) from None
        return Joint(state, (*joint.positions[:index], after, *joint.positions[index + 1 :]))

    def _step(self, state: State, node: Node, which: int) -> tuple[State, Position]:
        request = node.requests[which]
        answer, after = self.account.send(state, request, as_owner=False)
        self._check(request, node.event, state, after)
        reached = self._past_constants(self._runs.then(node, answer, which))
        if reached.requests:
            return after, reached
        self._check_failure(reached.failure)
        return after, OVER

    def _past_constants(self, node: Node) -> Node:
        """Answer the requests whose answer is always the same; they are no steps."""
        for which, request in enumerate(node.requests):
            if request.is_constant:
                answer, _ = self.account.send(self.account.initial, request, as_owner=False)
                return self._past_constants(self._runs.then(node, answer, which))
        return node

    def _check(self, request: Request, event: Event, before: State, after: State) -> None:
        checked = (before, request, str(event))
        if not request.is_write or checked in self._checked:
            return
        self._checked.add(checked)
        step = Step(
            seen=self.account.initial.records,
            before=before.records,
            after=after.records,
            now=from_iso(event["scheduledTime"]),
            writes=tuple(request.writes(before.records, after.records)),
            theirs=before.theirs,
        )
        if what := broken(step):
            raise Violation(self.world, (), f"{what}, by {request}")

    def _check_failure(self, failure: BaseException | None) -> None:
        if failure and not (isinstance(failure, SnapshotRunFailed) and self.world.may_fail):
            raise Violation(self.world, (), f"a run raised {failure!r}")

    def _converge_once(self, state: State, came: Schedule) -> None:
        """Deliver the runs again and let two sweeps follow.

        Raises:
            Violation: what is there is not what the world expects, or a third sweep changes it.
        """
        if state in self._converged:
            return
        try:
            end = state
            for event in self.world.runs.values():
                end = self._after(end, event)
            end = self._sweep(self._sweep(end, 1), 2)
            if self._sweep(end, 3).records != end.records:
                raise Violation(self.world, (), "a third sweep still finds something to do")
            if summary(end.records) not in (self.world.ends or self.ends or summary(end.records)):
                raise Violation(self.world, (), f"two sweeps lead to {summary(end.records)}")
        except Violation as found:
            raise Violation(self.world, came, f"after it, {found.what}") from None
        self._converged[state] = summary(end.records)

    def _sweep(self, state: State, hours: int) -> State:
        at = to_iso(self.world.now + timedelta(hours=hours))
        _, later = self.account.send(state, Request.of("", ELAPSE, minutes=60), as_owner=True)
        return self._after(later, {"action": "sweep", "scheduledTime": at})

    def _after(self, state: State, event: Event) -> State:
        """The account after a whole run."""
        key = (state, str(event))
        if key not in self._ended:
            self._ended[key] = [state, *self._to_end(state, event)][-1]
        return self._ended[key]

    def _to_end(self, begun: State, event: Event) -> list[State]:
        """The account after each request of a run."""
        states, requests = [begun], []

        def answer(request: Request) -> Answer:
            answered, after = self.account.send(states[-1], request, as_owner=False)
            requests.append(request)
            states.append(after)
            return answered

        failure = self._runs.to_end(event, answer)
        for request, (before, after) in zip(requests, itertools.pairwise(states), strict=True):
            self._check(request, event, before, after)
        self._check_failure(failure)
        return states[1:]


def _acts_on_what_it_saw(position: Position) -> bool:
    if not isinstance(position, Node):
        return False
    asked = {(request.operation, request.body) for request, _ in position.answered}
    return any(
        (e.operation.replace("Delete", "Get", 1), e.body) in asked for e in position.requests
    )


@cache
def _deployed(parameters: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], Role]:
    """The environment and the role of a stack with these parameters."""
    stack = Stack({"PolicyName": "nightly", "ResourceTypes": "Instance", **dict(parameters)})
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    environment = {**stack.environment(), **keys, "AWS_REGION": stack.region}
    return environment, Role.from_template(stack.parameters)


@contextmanager
def exploring(world: World) -> Iterator[Explorer]:
    """Open a world for exploration."""
    environment, role = _deployed(tuple(world.parameters.items()))
    # Later than all events, so that none of them is in the future.
    now = world.now + timedelta(hours=12)
    with (
        executing(environment, now) as runs,
        open_account(world.seed, role, world.regions, world.now) as account,
    ):
        yield Explorer(world, account, runs)
