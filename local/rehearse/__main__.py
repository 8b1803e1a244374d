"""Rehearse a deployment on this machine: `make rehearse`, see docs/rehearsal.md."""

import argparse
import shlex
import signal
import sys
import tempfile
from pathlib import Path

from demo.printer import CheckFailed, printer_for
from output import run
from rehearse.account import Account
from rehearse.sam import Sam, SamError
from rehearse.servers import serving
from rehearse.steps import STEPS, Rehearsal


def main(arguments: list[str] | None = None) -> int:
    """Run every step; returns 1 at the first check or command that fails."""
    parser = argparse.ArgumentParser(prog="python -m rehearse", description=__doc__)
    parser.add_argument("--sam", required=True, help="the command that runs SAM")
    parser.add_argument("--emulator", required=True, help="the command that runs ministack")
    given = parser.parse_args(arguments)
    # Leave through the context managers, which stop the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    printer = printer_for(sys.stdout)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        folder = Path(scratch)
        with serving(shlex.split(given.emulator), folder) as servers:
            sam = Sam(shlex.split(given.sam), servers.environment(), folder)
            rehearsal = Rehearsal(printer, sam, Account(servers))
            try:
                for step in STEPS:
                    step(rehearsal)
            except (CheckFailed, SamError) as failed:
                print(f"\nThe rehearsal failed: {failed}", file=sys.stderr)
                return 1
    printer.title("All checks passed.")
    return 0


if __name__ == "__main__":
    run(main)
