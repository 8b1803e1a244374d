"""`python -m demo`: run the steps over the emulated fleet. Nothing leaves this machine."""

import gc
import sys

from demo.printer import printer_for
from demo.steps import FAILING, STEPS, Demo
from invoke import fleet
from invoke.embedded import embedded
from output import run

NEXT = (
    ("make invoke EVENT=events/dry_run.json", "this fleet: the whole answer"),
    ("make invoke EVENT=events/dry_run.json LIVE=1 AWS_PROFILE=you", "your account, read only"),
    ("make deploy ARGS=--guided", "deploy the stack"),
)


def main() -> int:
    printer = printer_for(sys.stdout)
    parameters = " ".join(f"{name}={value}" for name, value in fleet.PARAMETERS.items())
    selected = sum(member.selected for member in fleet.FLEET)
    printer.title("Snapshotter: a demonstration on this machine")
    printer.text(
        "The function that is deployed runs against an emulated Lightsail in this process, in "
        "virtual time. No AWS account is used."
    )
    printer.text(f"Stack: the defaults of template.yaml and {parameters}")
    printer.text(
        f"Fleet: {len(fleet.FLEET)} instances, disks and databases in two regions, {selected} of "
        f"them with the tag that protects; earlier recovery points of most."
    )
    with embedded(fleet.NIGHT) as account:
        fleet.seed_fleet(account)
        account.end_in_error(FAILING, error_details="The disk could not be read.")
        demo = Demo(printer, account)
        for step in STEPS:
            step(demo)
    printer.title("What to do next")
    printer.table(NEXT, (60,))
    return 0


if __name__ == "__main__":
    # Garbage collection takes a quarter of the time, and this process is short.
    gc.disable()
    run(main)
