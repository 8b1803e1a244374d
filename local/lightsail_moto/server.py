"""The backend over HTTP, in a thread of this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from lightsail_moto.models import lightsail_backends
from lightsail_moto.registration import register

_POLL_S = 0.02


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
    # Imported here, since they need moto's extra "server".
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    register()
    reset()
    # werkzeug prints a line for each request unless its logger has a level.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler
    )
    # moto's own ThreadedMotoServer takes up to half a second to stop.
    thread = Thread(target=server.serve_forever, args=(_POLL_S,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        reset()
