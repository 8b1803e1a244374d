"""A process that has imported everything, and forks a process of the function for each event.

Run as `python -m tests.failure.fork_server`. It reads lines of JSON, `{"event": …,
"environment": …}`, and writes two lines for each: the process id, then the exit code as
`subprocess` counts it (a signal is negative). It has no threads, so a fork is complete.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from invoke.clock import at_scheduled_time
from snapshotter.handler import lambda_handler
from snapshotter.lightsail.clients import new_session
from tests.support.context import Context


def main() -> None:
    # botocore reads its service descriptions from disk once, before the forks.
    new_session().client("lightsail", region_name="us-east-1")
    for line in sys.stdin:
        request = json.loads(line)
        process_id = os.fork()
        if not process_id:
            invoke(request["event"], request["environment"])
        print(process_id, flush=True)  # noqa: T201
        _, status = os.waitpid(process_id, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def invoke(event: dict[str, Any], environment: dict[str, str]) -> None:
    """Run the function and exit, without the exit handlers of the fork server."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.environ.update(environment)
        with at_scheduled_time(event):
            lambda_handler(event, Context())  # type: ignore[arg-type]
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
