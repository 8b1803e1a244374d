"""Rehearse a deployment on this machine: `make rehearse`, see docs/rehearsal.md."""

import argparse
import shlex
import signal
import sys
import tempfile
from pathlib import Path

from rehearse.account import Account
from rehearse.acts import ACTS, Rehearsal
from rehearse.processes import serving
from rehearse.sam import Sam
from rehearse.told import Broken, Told


def main(arguments: list[str] | None = None) -> int:
    """Do every act; returns 0 only if all of it held."""
    parser = argparse.ArgumentParser(prog="python -m rehearse", description=__doc__)
    parser.add_argument("--sam", required=True, help="the command that runs SAM")
    parser.add_argument("--emulator", required=True, help="the command that runs ministack")
    asked = parser.parse_args(arguments)
    # Told to end, it ends its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    told = Told()
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        folder = Path(scratch)
        with serving(shlex.split(asked.emulator), folder) as servers:
            sam = Sam(shlex.split(asked.sam), servers.environment(), folder)
            rehearsal = Rehearsal(told, sam, Account(servers))
            try:
                for act in ACTS:
                    act(rehearsal)
            except Broken as broken:
                told.broken.append(str(broken))
    return told.ending()


if __name__ == "__main__":
    sys.exit(main())
