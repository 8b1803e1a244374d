"""A live account: found by AWS_PROFILE, and used only after a confirmation."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from conform.run import Account, Client

BETWEEN_REQUESTS_S = 0.5
"""Slow enough that the account is not throttled."""


class NotConfirmed(Exception):
    """Nothing was created; the message has why."""


@dataclass(frozen=True)
class Target:
    account: Account
    number: str
    identity: str


def require_confirmation(environ: Mapping[str, str]) -> None:
    """Raise NotConfirmed if nobody can be asked and CONFIRM is not `yes`. Nothing is called."""
    if environ.get("CONFIRM") != "yes" and not sys.stdin.isatty():
        raise NotConfirmed(
            "LIVE=1 creates resources that cost money, and there is no terminal to ask for "
            "confirmation: set CONFIRM=yes. Nothing was called."
        )


def confirm(environ: Mapping[str, str], question: str, ask: Callable[[], str] = input) -> None:
    """Return if CONFIRM is `yes` or the user types yes.

    Raises:
        NotConfirmed: the user did not.
    """
    if environ.get("CONFIRM") == "yes":
        return
    print(f"{question} Type yes to continue: ", end="", flush=True)
    try:
        answer = ask()
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise NotConfirmed("Not confirmed. Nothing was created.")


def find_target(environ: Mapping[str, str]) -> Target:
    """The account of AWS_PROFILE in AWS_REGION.

    Raises:
        NotConfirmed: the profile or the Region is missing, or gives no access.
    """
    profile, region = environ.get("AWS_PROFILE", ""), environ.get("AWS_REGION", "")
    if not profile or not region:
        raise NotConfirmed("LIVE=1 needs AWS_PROFILE and AWS_REGION. Nothing was called.")
    copy_region = environ.get("COPY_REGION") or (
        "us-east-1" if region == "us-west-2" else "us-west-2"
    )
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        caller = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise NotConfirmed(f"AWS_PROFILE={profile} gives no access: {error}.") from None
    account = Account(
        client=_clients(session),
        wait=time.sleep,
        region=region,
        copy_region=copy_region,
    )
    return Target(account, caller["Account"], caller["Arn"])


def _clients(session: boto3.Session) -> Callable[[str, int], Client]:
    @cache
    def client(region: str, attempts: int) -> Client:
        config = Config(retries={"total_max_attempts": attempts, "mode": "standard"})
        made: Any = session.client("lightsail", region_name=region, config=config)
        made.meta.events.register(
            "before-call.lightsail", lambda **_: time.sleep(BETWEEN_REQUESTS_S)
        )
        return made

    return client
