"""Inventory, settings and a request in; frozen actions out, each with its reason.

A rule of the plan is a module: `creates` plans what is due, `copies` what other regions lack,
`repairs` tags for copies that have none, `prunes` what is no longer wanted, `confirms` finds what
failed. They share one `situation`, and none of them reads or writes anything.
"""

from snapshotter.plan.actions import (
    Action,
    CopySnapshot,
    CreateSnapshot,
    DeleteSnapshot,
    Intent,
    Plan,
    TagSnapshot,
)
from snapshotter.plan.make import make_plan
from snapshotter.plan.situation import Situation, assess

__all__ = [
    "Action",
    "CopySnapshot",
    "CreateSnapshot",
    "DeleteSnapshot",
    "Intent",
    "Plan",
    "Situation",
    "TagSnapshot",
    "assess",
    "make_plan",
]
