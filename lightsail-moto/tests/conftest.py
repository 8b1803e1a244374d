"""The backend in-process or over HTTP, and fake credentials for both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control, control, register, reset, serve

from .support import ACCESS_KEY, NOW, REGION, MakeClient

register()


@pytest.fixture(autouse=True)
def _fake_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture(scope="session")
def _mocked() -> Iterator[None]:
    """One mock for all tests: starting it takes longer than most of them."""
    with mock_aws():
        yield


@pytest.fixture
def make_client(request: pytest.FixtureRequest) -> Iterator[MakeClient]:
    """Makes clients; in-process, or over HTTP where a test asks for both (support.both)."""
    url = None
    if getattr(request, "param", "in-process") == "http":
        url = request.getfixturevalue("server_url")
    else:
        request.getfixturevalue("_mocked")
    reset()
    yield _maker(url)
    reset()


@cache
def _session() -> boto3.Session:
    """One for all tests: a new one would read the service model again for every client."""
    return boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key="not-a-secret")


@cache
def _maker(endpoint_url: str | None) -> MakeClient:
    @cache
    def make(
        region: str = REGION, attempts: int = 1, fips: bool = False, timeout_s: float = 60
    ) -> LightsailClient:
        config = Config(
            retries={"total_max_attempts": attempts, "mode": "standard"},
            use_fips_endpoint=fips,
            read_timeout=timeout_s,
        )
        return _session().client(
            "lightsail", region_name=region, endpoint_url=endpoint_url, config=config
        )

    return make


@pytest.fixture
def client(make_client: MakeClient) -> LightsailClient:
    return make_client()


@pytest.fixture
def controls(make_client: MakeClient) -> Control:
    """The controls, with the clock stopped at NOW."""
    controls = control()
    controls.clock.set(NOW)
    return controls
