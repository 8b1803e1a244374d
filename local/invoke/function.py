"""The handler, invoked as Lambda invokes it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from logging import StreamHandler
from typing import Any, TextIO
from unittest.mock import patch

from invoke.context import Context
from snapshotter.handler import lambda_handler, logger


def call(event: Any, environment: Mapping[str, str], *, output: TextIO) -> Any:
    """Invoke the function and return its answer, serialised to JSON and back as by Lambda.

    environment: set in addition to this process's environment for the time of the call.
    output: receives what the function prints, which goes to CloudWatch when deployed.
    Raises what the function raises.
    """
    with patch.dict(os.environ, environment), redirect_stdout(output), _logging_to(output):
        answer = lambda_handler(event, Context())  # type: ignore[arg-type]
    return json.loads(json.dumps(answer, allow_nan=False))


def error_response(error: BaseException) -> dict[str, str]:
    """Return a failed invocation as the Lambda console shows it."""
    return {"errorType": type(error).__name__, "errorMessage": str(error)}


@contextmanager
def _logging_to(output: TextIO) -> Iterator[None]:
    """Redirect the logger, which keeps the standard output of its creation, and log at INFO."""
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
