"""Check what Lightsail does: `make conform`, see README.md beside this file.

Against the backend of this repository, or with LIVE=1 against the account of AWS_PROFILE.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from conform import cost, live
from conform.backend import served
from conform.cleanup import clean, find
from conform.run import Account, Run, Stopped
from conform.scenario import Plans, cheapest, scenario
from conform.statements import FAILS, HOLDS, table, verdicts

ALL_HOLD, SOME_FAIL, NOT_RUN = 0, 1, 2


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Run the checks. Returns 0, 1 if a statement does not hold, 2 if nothing was run."""
    # An interrupt and a signal both end in cleanup.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        if environ.get("LIVE") == "1":
            return check_live(environ)
        with served() as account:
            run = new_run(account)
            return check(run, cheapest(run, database=True))
    except live.NotConfirmed as why:
        print(why, file=sys.stderr)
        return NOT_RUN
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return SOME_FAIL


def new_run(account: Account) -> Run:
    return Run(account, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")


def check_live(environ: Mapping[str, str]) -> int:
    """Print what is going to be created, ask, and check."""
    if environ.get("CLEAN") == "1":
        return clean_live(live.find_target(environ))
    live.require_confirmation(environ)
    target = live.find_target(environ)
    run = new_run(target.account)
    print(f"This is the REAL account {target.number}, as {target.identity}.")
    plans = cheapest(run, database=environ.get("DATABASE") == "1")
    announce(run, plans)
    live.confirm(environ, "These are created, tagged, and deleted at the end.")
    return check(run, plans)


def announce(run: Run, plans: Plans) -> None:
    """Print what a run creates and what that costs.

    Raises:
        NotConfirmed: it would cost more than the limit.
    """
    items = cost.estimate(plans.instance, plans.database)
    print(f"In {run.account.region} and {run.account.copy_region}, for at most {cost.HOURS} hours:")
    print(*items, f"  {cost.total(items):6.3f} USD  in all, at most", sep="\n")
    print(f"Everything is named {run.name('…')} and has the tag {run.tag['key']}={run.started}.")
    if cost.total(items) >= cost.LIMIT_USD:
        raise live.NotConfirmed(f"The limit is {cost.LIMIT_USD:.2f} USD. Nothing was created.")


def check(run: Run, plans: Plans) -> int:
    """Make all requests, delete what they created, and print what came of each statement."""
    stopped, left = "", {}
    try:
        scenario(run, plans)
    except Stopped as why:
        stopped = f"The run stopped. {why}"
    finally:
        left = delete(run.account)
    found = list(verdicts(table(), run.seen))
    print(*found, sep="\n")
    results = [each.result for each in found]
    print(f"\n{results.count(HOLDS)} of {len(found)} statements hold. {stopped}".rstrip())
    return SOME_FAIL if stopped or left or FAILS in results else ALL_HOLD


def delete(account: Account) -> dict[str, str]:
    """Delete everything that runs have created, and print what is left."""
    print("Deleting what was created.", flush=True)
    try:
        left = clean(account)
    except BaseException:
        print("Not everything was deleted: run it again with CLEAN=1.", file=sys.stderr)
        raise
    for name, why in left.items():
        print(f"{name} is still there; run it again with CLEAN=1. {why}", file=sys.stderr)
    return left


def clean_live(target: live.Target) -> int:
    """Delete what earlier runs left in both Regions."""
    print(f"This is the REAL account {target.number}, as {target.identity}.")
    for _, region, name in find(target.account):
        print(f"  {region}: {name}")
    return SOME_FAIL if delete(target.account) else ALL_HOLD


if __name__ == "__main__":
    sys.exit(main())
