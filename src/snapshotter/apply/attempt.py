"""Attempts one write: if there is time left; and an exception becomes an outcome."""

from collections.abc import Callable
from typing import Any

from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.refusals import explain, is_busy, is_late
from snapshotter.model.outcome import Outcome, OutcomeStatus
from snapshotter.plan.action import Action

OUT_OF_TIME = "the function ran out of time; the next run does this"

Write = Callable[..., Outcome]
"""A write that is called with a client, an action and what else it takes."""


def attempt(clients: Clients, action: Action, write: Write, *args: Any) -> Outcome:
    """Call a write with the client of the action's region. Raises nothing.

    What Lightsail refuses for now is `deferred`, since a later run plans it again.
    """
    try:
        if not clients.deadline.passed():
            client: Client = clients[action.region]
            return write(client, action, *args)
    except Exception as error:
        if not is_late(error):
            status: OutcomeStatus = "deferred" if is_busy(error) else "failed"
            return action.outcome(status, error=explain(error))
    return action.outcome("deferred", reason=OUT_OF_TIME, out_of_time=True)
