"""The steps of the demo, in order. To add one, write a function and put it into STEPS.

A step prints a title, invokes the function, shows the run, and checks each thing that it claims.
"""

from collections.abc import Callable

from demo.scenario import Scenario
from demo.steps.fortnight import run_fortnight
from demo.steps.mistakes import corrected, letter, lost_and_held
from demo.steps.night import dry_run, repeated_delivery, scheduled_run
from demo.steps.restore import restore, restore_again
from demo.steps.sweeps import first_sweep, second_sweep

STEPS: tuple[Callable[[Scenario], None], ...] = (
    dry_run,
    scheduled_run,
    repeated_delivery,
    first_sweep,
    second_sweep,
    run_fortnight,
    lost_and_held,
    letter,
    corrected,
    restore,
    restore_again,
)
