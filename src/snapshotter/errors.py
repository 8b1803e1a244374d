"""The errors that Snapshotter raises; errors of botocore pass through unchanged.

SnapshotterError
├── InvalidInput        refused before any call to AWS; `faults` lists every fault
│   ├── InvalidSettings   the stack's parameters, as the function reads them
│   └── InvalidEvent      the event of this invocation
├── UnreadableAnswer    Lightsail's answer lacks what was asked for
├── OutOfTime           a call would have started in the function's last seconds
└── SnapshotRunFailed   the run is finished and reported, and something in it failed
"""

from collections.abc import Iterable


class SnapshotterError(Exception):
    """Base class of all errors that Snapshotter raises."""


class InvalidInput(SnapshotterError):
    """The input was refused before any call to AWS. `faults` has a sentence for each fault."""

    what = "The input"

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        lines = "".join(f"\n- {fault}" for fault in self.faults)
        super().__init__(f"{self.what} was refused, and nothing was changed:{lines}")


class InvalidSettings(InvalidInput):
    """The environment variables of the function are invalid."""

    what = "The stack's configuration"


class InvalidEvent(InvalidInput):
    """The event of this invocation is invalid."""

    what = "The event"


class UnreadableAnswer(SnapshotterError):
    """Lightsail's answer lacks what was asked for, so nothing is known of it."""


class OutOfTime(SnapshotterError):
    """No call may start in the function's last seconds."""


class SnapshotRunFailed(SnapshotterError):
    """The run is finished and reported; at least one outcome failed, or time ran out.

    Raised so that Lambda counts an error, retries the same event (which is the same run) and
    finally sends it to the failure destination.
    """
