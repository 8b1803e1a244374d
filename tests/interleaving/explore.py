"""Every order in which the requests of several runs can reach the account.

A schedule is a list of choices: a letter lets that actor send its next request, and a letter after
`!` ends that run, which answers nothing any more. `Ax3 B !A Bx2` is one. From every state of the
account that a schedule reaches, the runs are delivered again and two sweeps follow: the account
must then be as the world expects it, and the next sweep must find nothing to do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from tests.interleaving.backend import Backend, State, backend
from tests.interleaving.requests import commute
from tests.interleaving.runs import Serial, steppable
from tests.interleaving.schedules import Schedule, Violation, World
from tests.interleaving.stepping import Joint, Stepper, letter_of
from tests.support.role import Role
from translate.stack import Stack


class Numbers(NamedTuple):
    """How much was explored.

    schedules: explored to their ends. states: of the account. steps: requests and deaths. asleep:
    steps cut, since they commute with one that was taken before. known: positions reached again.
    """

    schedules: int
    states: int
    steps: int
    asleep: int
    known: int


class Explorer(Stepper):
    """Explores one world. reduce: whether steps that commute are taken in one order only.

    reached: the states of the account. ends: what was there after the sweeps, each with the first
    schedule that led to it.
    """

    def __init__(self, world: World, account: Backend, *, reduce: bool = True) -> None:
        super().__init__(world, account)
        self._reduce = reduce
        self._converged: set[State] = set()
        self.reached: set[str] = set()
        self.ends: dict[str, Schedule] = {}

    def explore(self) -> Numbers:
        """Take every schedule, the short ones first.

        Raises:
            Violation: with the shortest schedule that breaks a promise.
        """
        start = self.start()
        asleep_at: dict[Joint, frozenset[str]] = {}
        came: dict[Joint, Schedule] = {start: ()}
        edges: dict[Joint, set[Joint]] = {}
        steps = known = 0
        queue = deque([(start, frozenset[str]())])
        while queue:
            joint, asleep = queue.popleft()
            known += joint in asleep_at
            before = asleep_at.get(joint)
            choices = [c for c in self.enabled(joint) if before is None or c in before]
            asleep_at[joint] = asleep if before is None else before & asleep
            done = set(asleep)
            for choice in (each for each in choices if each not in asleep):
                after = self._taken(joint, choice, came[joint])
                steps += 1
                came.setdefault(after, (*came[joint], choice))
                edges.setdefault(joint, set()).add(after)
                kept = (each for each in done if self._independent(joint, each, choice))
                queue.append((after, frozenset(kept if self._reduce else ())))
                done.add(choice)
        for joint, schedule in came.items():
            self._converge_once(joint.state, schedule)

        @cache
        def ways(joint: Joint) -> int:
            return sum(map(ways, edges.get(joint, ()))) or 1

        self.reached = {joint.state.text for joint in came}
        cut = sum(map(len, asleep_at.values()))
        return Numbers(ways(start), len(self.reached), steps, cut, known)

    def _independent(self, joint: Joint, one: str, other: str) -> bool:
        """Return whether two choices lead to the same in either order."""
        if letter_of(one) == letter_of(other):
            return False
        if one.startswith("!") or other.startswith("!"):
            return not (one.startswith("!") and other.startswith("!"))
        return commute(self.request(joint, one), self.request(joint, other))

    def _taken(self, joint: Joint, choice: str, came: Schedule) -> Joint:
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

    def replay(self, schedule: Iterable[str]) -> Joint:
        """Follow one schedule without the choices that are not there, and converge at its end.

        Raises:
            Violation: with the part of the schedule that was followed.
        """
        joint, came = self.start(), Schedule()
        for choice in schedule:
            if choice in self.enabled(joint):
                joint, came = self._taken(joint, choice, came), (*came, choice)
        self._converge_once(joint.state, came)
        return joint

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
                self._converged.clear()
                try:
                    self.replay(schedule[:begin] + schedule[begin + size :])
                except Violation as found:
                    schedule = found.schedule
        return schedule


@cache
def _deployed(parameters: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], Role]:
    """The environment and the role of a stack with these parameters."""
    stack = Stack({"PolicyName": "nightly", "ResourceTypes": "Instance", **dict(parameters)})
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    environment = {**stack.environment(), **keys, "AWS_REGION": stack.region}
    return environment, Role.from_template(stack.parameters)


@contextmanager
def exploring(world: World, *, reduce: bool = True, executor: Any = Serial) -> Iterator[Explorer]:
    """Open a world for exploration."""
    environment, role = _deployed(tuple(world.parameters.items()))
    # Later than all events, so that none of them is in the future.
    now = world.now + timedelta(hours=12)
    with (
        steppable(environment, now, executor),
        backend(world.seed, role, world.regions, world.now) as account,
    ):
        yield Explorer(world, account, reduce=reduce)
