"""The backend over HTTP, in a thread of this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from lightsail_moto.models import lightsail_backends
from lightsail_moto.registration import register


def reset() -> None:
    """Forget every account: resources, operations, controls. moto's other services stay."""
    for account in list(lightsail_backends.values()):
        account.reset()
    lightsail_backends.clear()


@contextmanager
def serve(port: int = 0) -> Iterator[str]:
    """Serve on 127.0.0.1, without resources at the start and at the end, and yield the URL.

    port: 0 takes a free one. `control()` controls the same accounts from this process.
    """
    # Imported here, since it needs moto's extra "server".
    from moto.server import ThreadedMotoServer

    register()
    reset()
    # werkzeug prints a line for each request unless its logger has a level.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    try:
        host, bound = server.get_host_and_port()
        yield f"http://{host}:{bound}"
    finally:
        server.stop()
        reset()
