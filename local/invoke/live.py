"""The real account, behind guard rails: say what will be touched, and ask before it is."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from invoke.environment import environment, parameters_in
from invoke.events import Refused

_QUICK = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


@dataclass(frozen=True)
class Target:
    """What an invocation would touch. `region` is where the stack would stand."""

    profile: str
    account: str
    identity: str
    region: str
    environment: Mapping[str, str]

    def __str__(self) -> str:
        shown = [
            f"  {name}={value}"
            for name, value in self.environment.items()
            if value and not name.startswith("POWERTOOLS_")
        ]
        return "\n".join(
            [
                f"This is the REAL account {self.account}, as {self.identity},",
                f"by profile {self.profile}, in region {self.region}, with",
                *shown,
            ]
        )


def is_live(environ: Mapping[str, str]) -> bool:
    """Tell whether the real account is meant.

    Raises:
        Refused: LIVE is neither 1 nor 0 nor empty, and nobody should guess.
    """
    asked = environ.get("LIVE", "")
    if asked not in ("", "0", "1"):
        raise Refused(f"LIVE={asked} is not understood: 1 is your account, 0 this machine.")
    return asked == "1"


def find_target(environ: Mapping[str, str]) -> Target:
    """Find out whose account the credentials open, and what the function would be set to.

    environ: AWS_PROFILE, and the template's parameters in upper snake case where their
        defaults are not wanted: RETENTION, REGIONS, …

    Raises:
        Refused: no profile is named, or it opens nothing.
    """
    profile = environ.get("AWS_PROFILE", "")
    if not profile:
        raise Refused("LIVE=1 needs AWS_PROFILE: name the account that you mean.")
    try:
        session = boto3.Session()
        region = session.region_name
        if not region:
            raise Refused(f"Profile {profile} names no region: set AWS_DEFAULT_REGION.")
        credentials = session.get_credentials()
        if credentials is not None and credentials.method == "env":
            raise Refused(
                "AWS_ACCESS_KEY_ID is set and would win over AWS_PROFILE: unset one of them."
            )
        caller = session.client("sts", region_name=region, config=_QUICK).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"AWS_PROFILE={profile} opens no account: {error}.") from None
    settings = environment(parameters_in(environ), region=region)
    return Target(profile, caller["Account"], caller["Arn"], region, settings)


def confirm(event: Any, environ: Mapping[str, str], ask: Callable[[], str] = input) -> None:
    """Let a dry run pass, and what the person at the terminal agrees to.

    Raises:
        Refused: nobody agreed.
    """
    if isinstance(event, Mapping) and event.get("dryRun") is True:
        return
    if environ.get("YES") == "1":
        return
    if not sys.stdin.isatty():
        raise Refused(
            "This event writes to Lightsail, and there is nobody to ask: set YES=1 to agree, or "
            'send {"dryRun": true}. Nothing was touched.'
        )
    question = f"The event is {json.dumps(event)}, which writes. Type yes to go on: "
    # input() would ask on standard output, which is the answer's.
    print(question, end="", file=sys.stderr, flush=True)
    try:
        answer = ask()
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise Refused("Nothing was touched.")
