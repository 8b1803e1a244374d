"""The reports of deployed functions, one for each profile; the functions only read."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from invoke.events import UsageError
from status.accounts import Account

STACK = "snapshotter"
"""The stack's name in samconfig.toml."""

FUNCTION = "SnapshotFunction"
"""The function's logical name in template.yaml."""

_AT_ONCE = 8
_LONGEST_RUN_S = 900
_CONFIG = Config(
    connect_timeout=10, read_timeout=_LONGEST_RUN_S + 10, retries={"total_max_attempts": 2}
)


class Unreadable(Exception):
    """The function of a profile could not be invoked, or it raised."""


def profiles_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The profiles to read: those of PROFILES, else that of AWS_PROFILE.

    Raises:
        UsageError: neither is set.
    """
    found = environ.get("PROFILES", "").split() or environ.get("AWS_PROFILE", "").split()
    if not found:
        raise UsageError('LIVE=1 needs AWS_PROFILE, or several profiles: PROFILES="a b".')
    return tuple(dict.fromkeys(found))


def read_accounts(
    profiles: Sequence[str], stack: str, progress: Callable[[Account], None]
) -> tuple[Account, ...]:
    """Invoke the function of each profile. One that cannot be read does not stop the others.

    progress: is called with each account as it has been read.
    Returns the accounts in the order of the profiles.
    """
    return tuple(sorted(_read(profiles, stack, progress), key=lambda a: profiles.index(a.name)))


def _read(
    profiles: Sequence[str], stack: str, progress: Callable[[Account], None]
) -> Iterator[Account]:
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for done in as_completed([threads.submit(_account, each, stack) for each in profiles]):
            progress(done.result())
            yield done.result()


def _account(profile: str, stack: str) -> Account:
    try:
        return Account(profile, report=_report(profile, stack))
    except (BotoCoreError, ClientError, Unreadable) as error:
        return Account(profile, error=str(error))


def _report(profile: str, stack: str) -> dict[str, Any]:
    session = boto3.Session(profile_name=profile)
    if not session.region_name:
        raise Unreadable("the profile has no region: add one to it, or set AWS_DEFAULT_REGION")
    resource = session.client("cloudformation", config=_CONFIG).describe_stack_resource(
        StackName=stack, LogicalResourceId=FUNCTION
    )
    response = session.client("lambda", config=_CONFIG).invoke(
        FunctionName=resource["StackResourceDetail"]["PhysicalResourceId"],
        Payload=json.dumps({"action": "report"}),
    )
    answer: Any = json.loads(response["Payload"].read())
    if "FunctionError" in response:
        raise Unreadable(f"the function failed: {answer.get('errorMessage', answer)}")
    if not isinstance(answer, dict) or "resources" not in answer:
        raise Unreadable("the function's answer is not a report: deploy the current version")
    return answer
