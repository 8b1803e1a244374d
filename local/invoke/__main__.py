"""Invoke the function with an event: `python -m invoke events/dry_run.json`.

The answer is printed on standard output, the function's log on standard error. The function runs
against an emulated fleet on this machine, or with LIVE=1 against the account of AWS_PROFILE.
"""

import argparse
import json
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from invoke import fleet
from invoke.embedded import embedded
from invoke.events import UsageError, read_event, time_of
from invoke.function import call, error_response
from invoke.live import confirm, find_target, is_live
from output import run
from snapshotter.errors import SnapshotterError
from snapshotter.inputs.event import CLOCK_TOLERANCE
from snapshotter.model.names import to_iso

SUCCEEDED, RAISED, NOT_INVOKED = 0, 1, 2

AFTER_EXAMPLES = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""Later than every time in events/, in case this machine's clock is behind."""


def main(arguments: list[str] | None = None) -> int:
    """Invoke and print. Returns 0, 1 if the function raised, 2 if it was not invoked."""
    parser = argparse.ArgumentParser(
        prog="python -m invoke",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("event", type=Path, help="a file that contains the event")
    given = parser.parse_args(arguments)
    try:
        event = read_event(given.event)
        answer = (invoke_live if is_live(os.environ) else invoke_embedded)(event)
    except UsageError as error:
        print(error, file=sys.stderr)
        return NOT_INVOKED
    except Exception as error:
        if not isinstance(error, SnapshotterError):
            traceback.print_exc()
        print(json.dumps(error_response(error), indent=2))
        return RAISED
    print(json.dumps(answer, indent=2))
    return SUCCEEDED


def invoke_embedded(event: Any) -> Any:
    """Invoke against the emulated fleet, at the event's time unless it is in the future."""
    now = max(datetime.now(UTC), AFTER_EXAMPLES).replace(microsecond=0)
    moment = time_of(event) or now
    moment = moment if moment <= now + CLOCK_TOLERANCE else now
    if sys.stderr.isatty():
        print(f"Emulated fleet on this machine, time {to_iso(moment)}.", file=sys.stderr)
    with embedded(moment) as account:
        fleet.seed_fleet(account)
        fleet.correct_policy_tag()
        return call(event, fleet.environment(), output=sys.stderr)


def invoke_live(event: Any) -> Any:
    """Invoke against the account of AWS_PROFILE, which is printed and confirmed first."""
    target = find_target(os.environ)
    print(target, file=sys.stderr)
    confirm(event, os.environ)
    return call(event, target.environment, output=sys.stderr)


if __name__ == "__main__":
    run(main)
