"""The handler, invoked as Lambda invokes it."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from logging import StreamHandler
from typing import Any, TextIO
from unittest.mock import patch

from invoke.environment import ACCOUNT, STACK
from snapshotter.handler import lambda_handler, logger

TIMEOUT_S = 900.0
"""The function's, in the template."""


@dataclass
class Context:
    """What Lambda hands to the function beside the event; its time runs from here on."""

    function_name: str = STACK
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{STACK}"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"
    began_s: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return int((self.began_s + TIMEOUT_S - time.monotonic()) * 1000)


def call(event: Any, environment: Mapping[str, str], *, output: TextIO) -> Any:
    """Invoke the function; its answer has been through JSON, as Lambda's has.

    environment: what Lambda would set, on top of this process's own for the time of the call.
    output: receives what the function prints, which CloudWatch would hold.
    Raises whatever the function raises.
    """
    with patch.dict(os.environ, environment), redirect_stdout(output), _logging_to(output):
        answer = lambda_handler(event, Context())  # type: ignore[arg-type]
    return json.loads(json.dumps(answer, allow_nan=False))


def told(error: BaseException) -> dict[str, str]:
    """A failed invocation as Lambda's console shows it."""
    return {"errorType": type(error).__name__, "errorMessage": str(error)}


@contextmanager
def _logging_to(output: TextIO) -> Iterator[None]:
    """Turn the logger's stream, which is the standard output of when it was made, at INFO."""
    handler = logger.registered_handler
    assert isinstance(handler, StreamHandler)
    before, level = handler.setStream(output), logger.log_level
    logger.setLevel("INFO")
    try:
        yield
    finally:
        logger.setLevel(level)
        if before is not None:
            handler.setStream(before)
