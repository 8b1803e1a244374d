"""The pytest plugin: with it, every mock of moto answers for Lightsail."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from lightsail_moto import Control, control, register

register()


@pytest.fixture
def lightsail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Control]:
    """The controls of an account without resources, in a mock of AWS that ends with the test."""
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield control()
