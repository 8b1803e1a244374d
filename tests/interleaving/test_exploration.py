"""What must hold in every order of requests: each world is explored, and planted faults are found.

A world that is not `quick`, and a fault in one, is explored in the long form only.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.interleaving.explore import Violation, exploring, parsed, written
from tests.interleaving.faults import FAULTS, Fault
from tests.interleaving.worlds import COPIED, MOVED, WORLDS, World, summary, world
from tests.support.soak import long_form

MOST_STEPS = 25
"""A sweep that looks for restores reads seven lists before its first write."""


def by_cost(each: World | Fault) -> Any:
    return pytest.param(each, id=each.name, marks=() if each.quick else long_form)


def violation(fault: Fault) -> Violation:
    explored = exploring(world(fault.world))
    with fault.planted(), explored as explorer, pytest.raises(Violation) as raised:
        explorer.explore()
    return raised.value


@pytest.mark.parametrize("explored", list(map(by_cost, WORLDS)))
def test_every_order_and_every_death_keeps_the_promises_and_converges(explored: World) -> None:
    with exploring(explored) as explorer:
        explorer.explore()

    assert not explored.ends or explorer.ends == set(explored.ends)


@pytest.mark.parametrize("fault", list(map(by_cost, FAULTS)))
def test_a_planted_fault_is_found_with_a_short_schedule(fault: Fault) -> None:
    assert len(violation(fault).schedule) <= MOST_STEPS


def replayed(name: str, schedule: str) -> tuple[str, set[str]]:
    """What one schedule leads to, and what is there after the sweeps."""
    assert written(parsed(schedule)) == schedule
    with exploring(world(name)) as explorer:
        state = explorer.replay(parsed(schedule))
        return summary(state.records), explorer.ends


def test_a_night_does_all_there_is_to_do_and_touches_nothing_else() -> None:
    _, (end,) = replayed("a night with everything", "")

    assert end.split(" | ") == [
        "gone-0228T0450 gone-0301T0450 logs logs-0228T0450 logs-0302T0450 lost lost-0226T0450 "
        "lost-0227T0450 lost-0228T0450 lost-0301T0450 shop shop-0301T0450 shop-0302T0450",
        "api api-0301T0450 api-0302T0450 data data-0301T0450 data-0302T0450 db db-0301T0450 "
        "db-0302T0450 kept kept-0221T0450+hold kept-0302T0450 ~mine new new-0302T0450 off "
        "shrunk shrunk-0226T0450 shrunk-0227T0450 shrunk-0228T0450 shrunk-0301T0450 "
        "shrunk-0302T0450 web web-0301T0450 web-0302T0450",
        "api-0301T0450-us-east-1 api-0302T0450-us-east-1 data-0301T0450-us-east-1 "
        "data-0302T0450-us-east-1 ~mine new-0302T0450-us-east-1 shop-0301T0450-eu-west-1 "
        "shop-0302T0450-eu-west-1 web-0301T0450-us-east-1 web-0302T0450-us-east-1",
    ]


def test_a_hold_that_comes_between_read_and_delete_is_respected() -> None:
    reached, _ = replayed("a prune while somebody holds a point", "Ax3 P A")

    assert "web-0227T0450+hold" in reached


def test_a_good_copy_is_not_deleted_in_place_of_the_failed_one_that_it_replaced() -> None:
    reached, _ = replayed("two sweeps replace a failed copy", "Ax4 B Ax4 Bx3 T Bx2")

    assert reached.endswith(" web-0301T0450-us-east-1")


def test_a_run_that_ends_after_its_first_copy_leaves_the_newer_night_to_the_next_sweep() -> None:
    reached, ends = replayed("two sweeps while a copy becomes ready", "Ax4")

    assert reached.endswith(" ~web-0228T0450-us-east-1?pending")
    assert ends == {COPIED}


def test_an_address_that_a_run_detaches_after_another_attached_it_is_attached_again() -> None:
    reached, ends = replayed("two sweeps complete a restore with takeOver", "Ax9 Bx12 A !A")

    assert reached.endswith(" web-restored-0301T0450(done tcp:443)")
    assert ends == {MOVED}
