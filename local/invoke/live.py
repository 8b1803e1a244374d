"""The account of AWS_PROFILE: print which account it is, and ask before anything is written."""

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from invoke.events import UsageError
from translate.stack import Stack, translated

_SHORT_TIMEOUTS = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


@dataclass(frozen=True)
class Target:
    """The account and settings of an invocation. `region` stands for the stack's region."""

    profile: str
    account: str
    identity: str
    region: str
    environment: Mapping[str, str]

    def __str__(self) -> str:
        settings = [
            f"  {name}={value}"
            for name, value in self.environment.items()
            if value and not name.startswith("POWERTOOLS_")
        ]
        lines = [
            f"This is the REAL account {self.account}, as {self.identity},",
            f"by profile {self.profile}, in region {self.region}, with",
        ]
        return "\n".join([*lines, *settings])


def is_live(environ: Mapping[str, str]) -> bool:
    """Return whether LIVE asks for the real account.

    Raises:
        UsageError: LIVE is neither 1 nor 0 nor empty.
    """
    live = environ.get("LIVE", "")
    if live not in ("", "0", "1"):
        raise UsageError(f"LIVE={live} is not valid: use 1 for your account, 0 for this machine.")
    return live == "1"


def find_target(environ: Mapping[str, str]) -> Target:
    """Look up the account of AWS_PROFILE.

    environ: AWS_PROFILE, and template parameters in upper snake case (RETENTION, REGIONS, …)
        where the defaults are not wanted.

    Raises:
        UsageError: AWS_PROFILE is not set, or gives no access.
    """
    profile = environ.get("AWS_PROFILE", "")
    if not profile:
        raise UsageError("LIVE=1 needs AWS_PROFILE: set it to the profile of your account.")
    try:
        session = boto3.Session()
        region = session.region_name
        if not region:
            raise UsageError(f"Profile {profile} has no region: set AWS_DEFAULT_REGION.")
        credentials = session.get_credentials()
        if credentials is not None and credentials.method == "env":
            raise UsageError(
                "AWS_ACCESS_KEY_ID is set and takes precedence over AWS_PROFILE: unset one of them."
            )
        caller = session.client(
            "sts", region_name=region, config=_SHORT_TIMEOUTS
        ).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise UsageError(f"AWS_PROFILE={profile} gives no access: {error}.") from None
    settings = Stack(parameters_in(environ), region=region).environment()
    return Target(profile, caller["Account"], caller["Arn"], region, settings)


def confirm(event: Any, environ: Mapping[str, str], ask: Callable[[], str] = input) -> None:
    """Return if the event is a dry run, YES=1 is set, or the user types yes.

    Raises:
        UsageError: the user did not confirm, or there is no terminal.
    """
    if isinstance(event, Mapping) and event.get("dryRun") is True:
        return
    if environ.get("YES") == "1":
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "This event writes to Lightsail, and there is no terminal to ask for confirmation: set "
            'YES=1, or send {"dryRun": true}. Nothing was changed.'
        )
    question = f"The event {json.dumps(event)} writes to Lightsail. Type yes to continue: "
    # input() would print the question on standard output, which is for the answer.
    print(question, end="", file=sys.stderr, flush=True)
    try:
        answer = ask()
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise UsageError("Not confirmed. Nothing was changed.")


def parameters_in(environ: Mapping[str, str]) -> dict[str, str]:
    """Find the template's parameters among variables of the same names in upper snake case."""
    names = {name: upper_snake(name) for name in translated()["Parameters"]}
    return {name: environ[key] for name, key in names.items() if environ.get(key)}


def upper_snake(name: str) -> str:
    """`CopyToRegions` is `COPY_TO_REGIONS`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
