"""A service that fails in every way it can, and people who interfere at any moment."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from lightsail_moto import register
from tests.faults.machine import AccountMachine
from tests.support.soak import SEED, SOAK


def test_invariants_hold_under_any_faults_and_the_sweeps_after_them_converge() -> None:
    register()
    print(f"seed {SEED}")  # noqa: T201
    test = get_state_machine_test(
        AccountMachine,
        settings=settings(
            max_examples=100 if SOAK else 2,
            stateful_step_count=30 if SOAK else 10,
            deadline=None,
            derandomize=False,
            print_blob=True,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
    seed(SEED)(test)()
