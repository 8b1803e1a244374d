"""A process that has imported everything and forks a function for each event it is given.

Run as `python -m tests.failure.zygote`. Reads lines of JSON, `{"event": …, "environment": …}`;
for each it writes two lines of JSON: the process id of the function, then how it ended, as
`subprocess` counts: 0, or the exit code, or minus the signal that killed it. It has no threads
of its own, so that a fork is a whole process.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from snapshotter.handler import lambda_handler
from snapshotter.lightsail.clients import new_session
from tests.support.context import Context


def main() -> None:
    # Botocore reads its descriptions from disk once; every function finds them read.
    new_session().client("lightsail", region_name="us-east-1")
    for line in sys.stdin:
        given = json.loads(line)
        born = os.fork()
        if not born:
            live(given["event"], given["environment"])
        tell(born)
        _, status = os.waitpid(born, 0)
        tell(os.waitstatus_to_exitcode(status))


def tell(number: int) -> None:
    sys.stdout.write(f"{json.dumps(number)}\n")
    sys.stdout.flush()


def live(event: dict[str, Any], environment: dict[str, str]) -> None:
    """Be the function, and end without whatever the zygote would do at its own end."""
    code = 1
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.environ.update(environment)
        lambda_handler(event, Context())  # type: ignore[arg-type]
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
