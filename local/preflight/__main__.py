"""Ask an account about the template, and create nothing that stays: `make preflight LIVE=1`.

Reads AWS_PROFILE, and STACK for the upgrade of a stack instead of a new one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from invoke.events import UsageError
from invoke.live import find_target, is_live
from preflight.checks import change_set, simulate_role, validate_policies


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Run the checks; returns 1 if one has a finding or is refused, 2 without an account."""
    try:
        if not is_live(environ):
            raise UsageError("A preflight asks an account: LIVE=1 AWS_PROFILE=you.")
        target = find_target(environ)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    session, stack = boto3.Session(region_name=target.region), environ.get("STACK", "")
    plan = f"change set for {'stack ' + stack if stack else 'a new stack'}, not executed, deleted"
    checks: dict[str, Callable[[], Iterator[str]]] = {
        "policies, read by IAM Access Analyzer": lambda: validate_policies(
            session.client("accessanalyzer"), target.account
        ),
        "role, evaluated by IAM for every call of the table (a minute)": lambda: simulate_role(
            session.client("iam"), target.account
        ),
        plan: lambda: change_set(session.client("cloudformation"), stack),
    }
    print(f"Account {target.account}, region {target.region}, as {target.identity}")
    clean = [_is_clean(title, check()) for title, check in checks.items()]
    return 0 if all(clean) else 1


def _is_clean(title: str, findings: Iterator[str]) -> bool:
    """Print the findings of a check; returns whether there are none."""
    print(f"\n{title}")
    clean = True
    try:
        for finding in findings:
            clean = False
            print(f"  - {finding}")
    except (BotoCoreError, ClientError) as error:
        print(f"  - not checked: {error} Allow this call to your profile, and try again.")
        return False
    if clean:
        print("  ok")
    return clean


if __name__ == "__main__":
    sys.exit(main())
