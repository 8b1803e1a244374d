"""What must hold in every order of requests: each world is explored, and planted faults are found.

A world that is not `quick`, and a fault in one, is explored in the long form only.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.interleaving.explore import exploring
from tests.interleaving.faults import FAULTS, HELD, TWICE, UNTAGGED, Fault
from tests.interleaving.runs import Threaded
from tests.interleaving.schedules import Violation, World, parsed, summary, written
from tests.interleaving.worlds import COPIED, TAKEN_OVER, WORLDS, world
from tests.support.soak import long_form

MOST_STEPS = 15
THREADED = [world(each) for each in (TWICE, HELD, UNTAGGED)]


def by_cost(each: World | Fault, quick: bool) -> Any:
    return pytest.param(each, id=each.name, marks=() if quick else long_form)


def violation(fault: Fault) -> Violation:
    explored = exploring(world(fault.world))
    with fault.planted(), explored as explorer, pytest.raises(Violation) as raised:
        explorer.explore()
    return raised.value


@pytest.mark.parametrize("explored", [by_cost(each, each.quick) for each in WORLDS])
def test_every_order_keeps_the_promises_and_converges(explored: World) -> None:
    with exploring(explored) as explorer:
        explorer.explore()

    assert set(explorer.ends) == set(explored.ends)


@pytest.mark.parametrize("fault", [by_cost(each, each.quick) for each in FAULTS])
def test_a_planted_fault_is_found_with_a_short_schedule(fault: Fault) -> None:
    assert len(violation(fault).schedule) <= MOST_STEPS


def test_a_good_copy_is_not_deleted_in_place_of_the_failed_one_that_it_replaced() -> None:
    with exploring(world("two sweeps replace a failed copy")) as explorer:
        reached = explorer.replay(parsed("Ax4 B Ax4 Bx3 T Bx2"))

    assert summary(reached.state).endswith(" web-0301T0450-us-east-1")


@pytest.mark.parametrize("explored", [by_cost(each, each.name == UNTAGGED) for each in WORLDS])
def test_the_reduction_loses_no_state(explored: World) -> None:
    reached = []
    for reduce in (True, False):
        with exploring(explored, reduce=reduce) as explorer:
            explorer.explore()
        reached.append(explorer.reached)

    assert reached[0] == reached[1]


@pytest.mark.parametrize("explored", [by_cost(each, each.name == UNTAGGED) for each in THREADED])
def test_runs_with_several_threads_reach_no_other_state(explored: World) -> None:
    with exploring(explored) as explorer:
        explorer.explore()
    with exploring(explored, executor=Threaded, reduce=False) as threaded:
        threaded.explore()

    assert threaded.reached == explorer.reached
    assert threaded.ends.keys() == explorer.ends.keys()


def test_a_schedule_is_replayed_from_its_line_to_the_same_state() -> None:
    with exploring(world("a prune while somebody holds a point")) as explorer:
        drawn = explorer.sample(Random(16))
        again = explorer.replay(parsed(written(drawn)))

    assert parsed(written(drawn)) == drawn
    assert summary(again.state) == summary(explorer.replay(drawn).state)


def test_a_schedule_is_shrunk_to_what_breaks_the_promise() -> None:
    fault = next(each for each in FAULTS if each.name == "a name that is taken is evaded")
    with fault.planted(), exploring(world(fault.world)) as explorer:
        shrunk = explorer.shrink(parsed("Ax3 Bx3 A Bx4"))

    assert len(shrunk) == len(violation(fault).schedule)


def test_a_hold_that_comes_between_read_and_delete_is_respected() -> None:
    with exploring(world("a prune while somebody holds a point")) as explorer:
        reached = explorer.replay(parsed("Ax3 P A"))

    assert "web-0227T0450+hold" in summary(reached.state)


def test_a_run_that_ends_after_its_first_copy_leaves_the_newer_night_to_the_next_sweep() -> None:
    with exploring(world("two sweeps while a copy becomes ready")) as explorer:
        reached = explorer.replay(parsed("Ax4"))

    assert summary(reached.state).endswith(" ~web-0228T0450-us-east-1?pending")
    assert set(explorer.ends) == {COPIED}


def test_an_address_that_a_run_detaches_after_another_attached_it_is_attached_again() -> None:
    with exploring(world("two sweeps complete a restore with takeOver")) as explorer:
        reached = explorer.replay(parsed("Ax7 Bx9 A !A"))

    assert summary(reached.state).endswith(" web-restored-0301T0450(done tcp:443)")
    assert set(explorer.ends) == {TAKEN_OVER}
