"""A function in Lambda's runtime, and an account that it reaches over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from lightsail_moto import reset, serve
from tests.support.runtime_api import AVAILABLE, RuntimeApi
from translate.stack import Stack

Written = Callable[..., RuntimeApi]


@pytest.fixture(autouse=True)
def _needs_the_runtime() -> None:
    if not AVAILABLE:
        pytest.skip("awslambdaric runs on Linux, with Python 3.12 or later")


@pytest.fixture(scope="module")
def runtime() -> Iterator[RuntimeApi]:
    """The deployed handler, in one process for the tests of a module."""
    with RuntimeApi() as api:
        yield api


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    """Run a module that the test writes: `written("def handler(…): …")`."""
    with ExitStack() as stack:

        def make(text: str, handler: str = "handler", *, timeout_s: float = 30) -> RuntimeApi:
            (tmp_path / "written.py").write_text(dedent(text))
            api = RuntimeApi(f"written.{handler}", code=tmp_path, timeout_s=timeout_s)
            return stack.enter_context(api)

        yield make


@pytest.fixture(scope="module")
def _served() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture
def environment(_served: str) -> dict[str, str]:
    """The variables of a stack with default parameters, and the endpoint of an empty account."""
    reset()
    stack = Stack({"PolicyName": "nightly"})
    return {**stack.environment(), "AWS_ENDPOINT_URL_LIGHTSAIL": _served}
