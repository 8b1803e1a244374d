"""A function under Lambda's own runtime, beside an account that answers over HTTP."""

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
        pytest.skip("awslambdaric is made for Linux and Python 3.12 or later")


@pytest.fixture(scope="module")
def runtime() -> Iterator[RuntimeApi]:
    """The deployed handler, kept warm over a module's tests."""
    with RuntimeApi() as api:
        yield api


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    """Make a runtime of a module that is written out: `written("def handler(…): …")`."""
    with ExitStack() as stack:

        def make(text: str, *, patience_s: float = 30) -> RuntimeApi:
            (tmp_path / "written.py").write_text(dedent(text))
            api = RuntimeApi("written.handler", code=tmp_path, patience_s=patience_s)
            return stack.enter_context(api)

        yield make


@pytest.fixture(scope="module")
def _served() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture
def environment(_served: str) -> dict[str, str]:
    """The variables of a stack with every default, and the way to an empty account."""
    reset()
    stack = Stack({"PolicyName": "nightly"})
    return {**stack.environment(), "AWS_ENDPOINT_URL_LIGHTSAIL": _served}
