"""The steps that can be taken in a world, each of them checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import from_iso, to_iso
from tests.interleaving.backend import Backend, State
from tests.interleaving.invariants import Step, broken
from tests.interleaving.requests import ELAPSE, Request
from tests.interleaving.runs import Node
from tests.interleaving.schedules import Violation, World, summary

OVER, DEAD = (), "dead"
Position = Node | tuple[Request, ...] | str
"""Where an actor is: a state of a run, the requests that a person has left, or at its end."""


class Joint(NamedTuple):
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
        runs = map(self._first, self.world.runs.values())
        return Joint(self.account.initial, (*runs, *self.world.people.values()))

    def enabled(self, joint: Joint) -> list[str]:
        """The choices that there are: a step of each actor that is not over, and its death (`!`).

        No snapshot becomes ready between two requests in a row of one run, the first of which
        reads what the second deletes. Lightsail takes minutes for it.
        """
        must_not_wait = any(map(_acts_on_what_it_saw, joint.positions))
        steps, deaths = [], []
        for letter, position in zip(self._letters, joint.positions, strict=True):
            if isinstance(position, Node):
                steps += [f"{letter}@{which}" for which in range(len(position.requests))]
                deaths += [f"!{letter}"] if position.answered else []
            elif position not in (OVER, DEAD):
                waits = self.request(joint, letter).operation == ELAPSE and must_not_wait
                steps += [] if waits else [letter]
        steps = [each.removesuffix("@0") for each in steps]
        return steps if DEAD in joint.positions else steps + deaths

    def request(self, joint: Joint, letter: str) -> Request:
        position = joint.positions[self._letters.index(letter)]
        assert not isinstance(position, str)
        return position.requests[0] if isinstance(position, Node) else position[0]

    def take(self, joint: Joint, choice: str) -> Joint:
        """Take one step.

        Raises:
            Violation: with an empty schedule; the caller knows how it came here.
        """
        index = self._letters.index(letter_of(choice))
        state, position = joint.state, joint.positions[index]
        after: Position = DEAD
        if isinstance(position, Node) and not choice.startswith("!"):
            state, after = self._step(state, position, int(choice.partition("@")[2] or 0))
        elif isinstance(position, tuple):
            _, state = self.account.send(state, position[0], as_owner=True)
            after = position[1:]
        positions = (*joint.positions[:index], after, *joint.positions[index + 1 :])
        return Joint(state, positions)

    def _step(self, state: State, node: Node, which: int = 0) -> tuple[State, Position]:
        request = node.requests[which]
        answer, after = self.account.send(state, request, as_owner=False)
        self._check(request, node.event["scheduledTime"], state, after)
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
        for event in self.world.runs.values():
            state = self._to_end(state, event)
        end = self._sweep(self._sweep(state, 1), 2)
        if self._sweep(end, 3).records != end.records:
            raise Violation(self.world, (), "a third sweep still finds something to do")
        if summary(end) not in self.world.ends:
            raise Violation(self.world, (), f"two sweeps lead to {summary(end)}")
        return summary(end)

    def _sweep(self, state: State, hours: int) -> State:
        at = to_iso(self.world.now + timedelta(hours=hours))
        _, later = self.account.send(state, Request.of("", ELAPSE, minutes=60), as_owner=True)
        return self._to_end(later, {"action": "sweep", "scheduledTime": at})

    def _to_end(self, state: State, event: dict[str, Any]) -> State:
        position: Position = self._first(event)
        while isinstance(position, Node):
            state, position = self._step(state, position)
        return state

    def _first(self, event: dict[str, Any]) -> Node:
        if str(event) not in self._firsts:
            self._firsts[str(event)] = self._past_constants(Node(event))
        return self._firsts[str(event)]

    def _past_constants(self, node: Node) -> Node:
        """Answer the requests whose answer is always the same; they are no steps."""
        for which, request in enumerate(node.requests):
            if request.is_constant:
                answer, _ = self.account.send(self.account.initial, request, as_owner=False)
                return self._past_constants(node.then(answer, which))
        return node


def letter_of(choice: str) -> str:
    return choice.lstrip("!")[0]


def _acts_on_what_it_saw(position: Position) -> bool:
    if not isinstance(position, Node) or not position.answered:
        return False
    now, (last, _) = position.requests[0], position.answered[-1]
    return (now.operation, now.body) == (last.operation.replace("Get", "Delete", 1), last.body)
