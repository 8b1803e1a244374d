"""A service that fails in every way it can, and people who act at the wrong moment."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import get_state_machine_test, precondition, rule

from lightsail_moto import register
from tests.failure.forms import SEED, SOAK
from tests.failure.hostile_mischief import Mischief, some

actions = st.sampled_from(["snapshot", "sweep"])


class Hostility(Mischief):
    """One account through bad days: beside all mischief, time passes and events arrive."""

    @rule(minutes=st.sampled_from([-90, -5, 1, 4000]))
    def clock_jumps(self, minutes: int) -> None:
        self.pass_minutes(minutes)

    @rule(hours=st.integers(1, 4))
    def hours_go_by(self, hours: int) -> None:
        for _ in range(hours):
            self.pass_minutes(60)
            self.run(self.event("sweep"))

    @rule(
        action=actions,
        minutes=st.sampled_from([0, 0, 6, 60]),
        early=st.sampled_from([0, 0, 4, -1500]),
    )
    def event_arrives(self, action: str, minutes: int, early: int) -> None:
        self.pass_minutes(minutes)
        self.run(self.event(action, early))

    @precondition(lambda self: self.events)
    @rule(which=some)
    def event_arrives_again(self, which: int) -> None:
        self.run(self.events[which % len(self.events)])

    @rule(one=actions, other=actions, early=st.sampled_from([0, 0, 1, -60]))
    def two_events_arrive_at_once(self, one: str, other: str, early: int) -> None:
        self.pass_minutes(60)
        self.run(self.event(one), self.event(other, early))


def test_whatever_happens_promises_hold_and_peace_mends_the_rest() -> None:
    register()
    print(f"seed {SEED}")  # noqa: T201
    test = get_state_machine_test(
        Hostility,
        settings=settings(
            max_examples=100 if SOAK else 5,
            stateful_step_count=30 if SOAK else 15,
            deadline=None,
            derandomize=False,
            print_blob=True,
            # Two events at once run in another order each time, which shrinking would chase.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
    seed(SEED)(test)()
