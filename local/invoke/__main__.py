"""Invoke the function with an event: `python -m invoke events/dry_run.json`.

The answer goes to standard output, the function's log to standard error. Without LIVE=1 it runs
against the demo's fleet on this machine; with it, against the account of AWS_PROFILE.
"""

import argparse
import json
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo import fleet
from invoke.embedded import embedded
from invoke.environment import environment
from invoke.events import Refused, read_event, time_of
from invoke.function import call, told
from invoke.live import confirm, find_target, is_live
from snapshotter.errors import SnapshotterError
from snapshotter.inputs.event_models import CLOCK_TOLERANCE
from snapshotter.model.times import to_iso

SUCCEEDED, RAISED, REFUSED = 0, 1, 2

EXAMPLES_ARE_PAST = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""The files of events/ name times before this one; a machine's clock may be behind."""


def main(arguments: list[str] | None = None) -> int:
    """Invoke, print, and return the exit code: 0, 1 if the function raised, 2 if refused."""
    parser = argparse.ArgumentParser(
        prog="python -m invoke",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("event", type=Path, help="a file that holds the event")
    asked = parser.parse_args(arguments)
    try:
        event = read_event(asked.event)
        run = invoke_live if is_live(os.environ) else invoke_here
        answer = run(event)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return REFUSED
    except Exception as error:
        if not isinstance(error, SnapshotterError):
            traceback.print_exc()
        print(json.dumps(told(error), indent=2))
        return RAISED
    print(json.dumps(answer, indent=2))
    return SUCCEEDED


def invoke_here(event: Any) -> Any:
    """Invoke against the demo's fleet, at the event's own time where it is not in the future."""
    now = max(datetime.now(UTC), EXAMPLES_ARE_PAST).replace(microsecond=0)
    moment = time_of(event) or now
    moment = moment if moment <= now + CLOCK_TOLERANCE else now
    if sys.stderr.isatty():
        print(f"On this machine, with the demo's fleet, at {to_iso(moment)}.", file=sys.stderr)
    with embedded(moment) as account:
        fleet.settle(account)
        fleet.mend(account)
        return call(event, environment(fleet.PARAMETERS, region=fleet.HOME), output=sys.stderr)


def invoke_live(event: Any) -> Any:
    """Invoke against the account of AWS_PROFILE, once it is said and agreed to."""
    target = find_target(os.environ)
    print(target, file=sys.stderr)
    confirm(event, os.environ)
    return call(event, target.environment, output=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
