"""An empty Lightsail account for every test, and stacks deployed to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache

import boto3
import pytest
from moto import mock_aws
from moto.core.models import MockAWS
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control, control, register
from snapshotter.lightsail.pacing import Deadline
from tests.integration.deployment import Deployment
from tests.support.role import Role
from tests.support.session import session
from tests.support.soak import SOAK
from translate.stack import Stack

register()
NIGHT = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)

Deploy = Callable[..., Deployment]
Client = Callable[[str], LightsailClient]


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL_LIGHTSAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(scope="module")
def mocked() -> Iterator[MockAWS]:
    """The mock of moto: to start it takes longer than to empty the account."""
    with mock_aws() as started:
        yield started


@pytest.fixture
def lightsail(mocked: MockAWS, monkeypatch: pytest.MonkeyPatch) -> Control:
    """An empty account. Its clock shows NIGHT until a test moves it."""
    mocked.reset()
    # moto removes the default session; a new one would read the service models again.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session())
    account = control()
    account.clock.set(NIGHT)
    # One function reads all lists; test_nightly.py reads them in pages of every size.
    account.page_size = 2 if SOAK else 25
    return account


@pytest.fixture
def client(lightsail: Control) -> Client:
    """The owner's boto3 client for a region."""
    return _client_of


@cache
def _client_of(region: str) -> LightsailClient:
    return session().client("lightsail", region_name=region)


@pytest.fixture
def deploy(lightsail: Control, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """Deploy a stack with these parameters; its policy is `nightly` by default."""

    def deployed(**parameters: str) -> Deployment:
        stack = Stack({"PolicyName": "nightly", **parameters})
        role = Role.from_template(stack.parameters)
        return Deployment(stack, role, lightsail, monkeypatch)

    return deployed


@pytest.fixture
def waits(lightsail: Control, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A wait of the function advances the clock of the account instead. Returns the seconds."""
    seconds: list[float] = []

    def sleep(_: Deadline, pause: float) -> None:
        seconds.append(pause)
        lightsail.clock.advance(seconds=pause)

    monkeypatch.setattr(Deadline, "sleep", sleep)
    return seconds
