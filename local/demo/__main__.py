"""`python -m demo`: run the steps over the emulated fleet. Nothing leaves this machine."""

import gc
import sys

from demo.printer import CheckFailed, Printer, printer_for
from demo.scenario import Scenario
from demo.steps import STEPS
from demo.steps.sweeps import FAILING
from invoke import fleet
from invoke.embedded import embedded

NEXT = (
    ("make invoke EVENT=events/dry_run.json", "this fleet: the whole answer"),
    ("make invoke EVENT=events/dry_run.json LIVE=1 AWS_PROFILE=you", "your account, read only"),
    ("make deploy ARGS=--guided", "deploy the stack"),
)


def main() -> int:
    """Run every step; returns 1 at the first check that fails."""
    printer = printer_for(sys.stdout)
    _introduce(printer)
    with embedded(fleet.NIGHT) as account:
        fleet.seed_fleet(account)
        account.end_in_error(FAILING, error_details="The disk could not be read.")
        scenario = Scenario(printer, account)
        try:
            for step in STEPS:
                step(scenario)
        except CheckFailed as failed:
            print(f"\nA check of the demo failed: {failed}", file=sys.stderr)
            return 1
    printer.title("What to do next")
    printer.table(NEXT, (60,))
    return 0


def _introduce(printer: Printer) -> None:
    parameters = " ".join(f"{name}={value}" for name, value in fleet.PARAMETERS.items())
    printer.title("Snapshotter: a demonstration on this machine")
    printer.text(
        "The function that is deployed runs against an emulated Lightsail in this process, in "
        "virtual time. No AWS account is used. Each line marked ok was compared with the state of "
        "the emulated account."
    )
    printer.text(f"Stack: the defaults of template.yaml and {parameters}")


if __name__ == "__main__":
    # Garbage collection takes a quarter of the time, and this process is short.
    gc.disable()
    sys.exit(main())
