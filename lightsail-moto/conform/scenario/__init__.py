"""The requests of a run: create, refuse, read, copy, delete. `statements` read what came of them.

One instance, one disk, one address, and a handful of snapshots, two of them copies. Each step has
a name of its own, by which the statements find its answers.
"""

from __future__ import annotations

from conform.run import Run
from conform.scenario.database import database
from conform.scenario.network import network
from conform.scenario.plans import Plans
from conform.scenario.resources import create, delete, requests_that_are_refused
from conform.scenario.snapshots import copies, lists, snapshots, tags

__all__ = ["Plans", "scenario"]


def scenario(run: Run, plans: Plans) -> None:
    """Make all requests.

    Raises:
        Stopped: a step was refused that the others need.
    """
    create(run, plans.instance["bundleId"])
    requests_that_are_refused(run)
    snapshots(run)
    lists(run)
    tags(run)
    copies(run)
    network(run)
    if plans.database is not None:
        database(run, plans.database["bundleId"])
    delete(run)
