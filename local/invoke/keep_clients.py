"""A session for many runs in one process."""

import threading
from typing import Any

import boto3

from snapshotter.lightsail.clients import ATTEMPT_EVENTS


class _Kept(threading.local):
    """The clients of one thread: two runs at the same time have different deadlines."""

    def __init__(self) -> None:
        self.clients: dict[object, Any] = {}


def keep_clients(session: boto3.Session) -> boto3.Session:
    """Let a session create a Lightsail client once for each thread, region and configuration.

    A new client is half of what a short run costs. Each run adds its deadline and its pace to the
    clients that it takes, so those of the run before are removed.
    """
    create: Any = session.client
    kept = _Kept()

    def client(service_name: str, **given: Any) -> Any:
        if service_name != "lightsail":
            return create(service_name, **given)
        key, clients = frozenset(given.items()), kept.clients
        if key not in clients:
            clients[key] = create(service_name, **given)
        for event in ATTEMPT_EVENTS:
            clients[key].meta.events.unregister(event, unique_id=event)
        return clients[key]

    session.client = client  # type: ignore[method-assign, assignment]
    return session
