"""The steps that can be taken in a world, each of them checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import from_iso, to_iso
from tests.interleaving.backend import Backend, State
from tests.interleaving.invariants import Step, broken
from tests.interleaving.requests import ELAPSE, Request
from tests.interleaving.runs import Node
from tests.interleaving.schedules import Violation, World, summary

OVER, DEAD = "over", "dead"
Position = Node | int | str
"""Where an actor is: a state of a run, a number of steps of a person, or at its end."""


@dataclass(frozen=True)
class Joint:
    """The account, and where each actor is."""

    state: State
    positions: tuple[Position, ...]


class Stepper:
    """Takes the steps of one world, and checks each."""

    def __init__(self, world: World, account: Backend) -> None:
        self.world, self.account = world, account
        self._letters = (*world.runs, *world.people)
        self._firsts: dict[str, Node] = {}
        self._checked: set[tuple[State, Request, str]] = set()

    def start(self) -> Joint:
        runs = tuple(self._first(event) for event in self.world.runs.values())
        return Joint(self.account.initial, (*runs, *(0 for _ in self.world.people)))

    def enabled(self, joint: Joint) -> list[str]:
        """The choices that there are: a step of each actor that is not over, and its death (`!`).

        No snapshot becomes ready between two requests in a row of one run, the first of which
        reads what the second deletes. Lightsail takes minutes for it.
        """
        at = dict(zip(self._letters, joint.positions, strict=True))
        must_not_wait = any(map(_acts_on_what_it_saw, joint.positions))
        alive = [
            letter
            for letter, position in at.items()
            if position not in (OVER, DEAD)
            and not (must_not_wait and self.request(joint, letter).operation == ELAPSE)
        ]
        begun = [letter for letter in alive if letter in self.world.runs]
        killable = [] if DEAD in joint.positions else begun
        return [
            *(choice for letter in alive for choice in _steps(letter, at[letter])),
            *(f"!{letter}" for letter in killable if _has_begun(at[letter])),
        ]

    def take(self, joint: Joint, choice: str) -> Joint:
        """Take one step.

        Raises:
            Violation: with an empty schedule; the caller knows how it came here.
        """
        index = self._letters.index(letter_of(choice))
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
        reached = self._past_constants(node.then(answer, which))
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

    def request(self, joint: Joint, letter: str) -> Request:
        position = joint.positions[self._letters.index(letter)]
        if isinstance(position, Node):
            return position.requests[0]
        return self.world.people[letter][int(position)]

    def _first(self, event: dict[str, Any]) -> Node:
        key = str(event)
        if key not in self._firsts:
            self._firsts[key] = Node(event)
        return self._past_constants(self._firsts[key])

    def _past_constants(self, node: Node) -> Node:
        """Answer the requests whose answer is always the same; they are no steps."""
        for which, request in enumerate(node.requests):
            if request.is_constant:
                answer, _ = self.account.send(self.account.initial, request, as_owner=False)
                return self._past_constants(node.then(answer, which))
        return node


def letter_of(choice: str) -> str:
    return choice.lstrip("!")[0]


def _steps(letter: str, position: Position) -> Iterator[str]:
    """The step of an actor; a run with several threads has several."""
    yield letter
    if isinstance(position, Node):
        yield from (f"{letter}@{which}" for which in range(1, len(position.requests)))


def _has_begun(position: Position) -> bool:
    return isinstance(position, Node) and bool(position.answered)


def _acts_on_what_it_saw(position: Position) -> bool:
    if not isinstance(position, Node) or position.last is None or not position.requests:
        return False
    now, last = position.requests[0], position.last
    return (now.operation, now.body) == (last.operation.replace("Get", "Delete", 1), last.body)
