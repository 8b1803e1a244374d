"""Write the status page: `python -m status`.

It shows the demo's fleet, or with LIVE=1 the accounts of AWS_PROFILE or PROFILES, whose functions
are found in the stack STACK.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from invoke.events import UsageError
from invoke.live import is_live
from output import run
from snapshotter.report.item import count_of
from status.accounts import Account
from status.demo import demo_report
from status.live import STACK, profiles_in, read_accounts
from status.page import page
from status.view import view_of

PAGE = Path("build/status.html")

WRITTEN, INCOMPLETE, NOT_WRITTEN = 0, 1, 2


def main(arguments: list[str] | None = None, *, environ: Mapping[str, str] = os.environ) -> int:
    """Write the page. Returns 0, 1 if an account could not be read, 2 if there is no page."""
    parser = argparse.ArgumentParser(prog="python -m status", description=__doc__)
    parser.add_argument("--html", type=Path, default=PAGE, help=f"the page; default {PAGE}")
    path = parser.parse_args(arguments).html
    try:
        accounts = _accounts(environ)
        _write(path, page(accounts))
    except UsageError as error:
        print(error, file=sys.stderr)
        return NOT_WRITTEN
    print(f"{view_of(accounts).headline}.")
    print(f"Page: {path.as_posix()}")
    return WRITTEN if all(each.report for each in accounts) else INCOMPLETE


def _accounts(environ: Mapping[str, str]) -> tuple[Account, ...]:
    if is_live(environ):
        profiles = profiles_in(environ)
        print(f"Reading {', '.join(profiles)}", file=sys.stderr, flush=True)
        return read_accounts(profiles, environ.get("STACK") or STACK, _print)
    print("Running the function over the demo's fleet", file=sys.stderr, flush=True)
    return (Account("", report=demo_report()),)


def _print(account: Account) -> None:
    if account.report is None:
        line = f"could not be read: {account.error}"
    else:
        protected = account.report["summary"]["protected"]
        attention = len(account.report["attention"])
        line = f"{protected} protected, {count_of(attention, 'problem')}"
    print(f"  {account.name}: {line}", file=sys.stderr, flush=True)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


if __name__ == "__main__":
    run(main)
