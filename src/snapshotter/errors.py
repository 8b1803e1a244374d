"""Every error that Snapshotter itself raises; botocore's keep their own names.

SnapshotterError
├── InvalidInput        something was refused before any call to AWS; `faults` names all of it
│   ├── InvalidSettings   the stack's parameters, as the function sees them
│   └── InvalidEvent      the event of this invocation
├── OutOfTime           a call that would have begun in the function's last seconds
└── SnapshotRunFailed   the run is over and reported, and something in it failed
"""

from collections.abc import Iterable


class SnapshotterError(Exception):
    """Whatever the program itself has to say."""


class InvalidInput(SnapshotterError):
    """Refused before any call to AWS. `faults` holds a sentence for each thing wrong."""

    what = "The input"

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        lines = "".join(f"\n- {fault}" for fault in self.faults)
        super().__init__(f"{self.what} was refused, and nothing was touched:{lines}")


class InvalidSettings(InvalidInput):
    """The environment does not describe a deployment that can run."""

    what = "The stack's configuration"


class InvalidEvent(InvalidInput):
    """The event does not describe a run."""

    what = "The event"


class OutOfTime(SnapshotterError):
    """No call begins once the function's last seconds have come."""


class SnapshotRunFailed(SnapshotterError):
    """The run was carried out and reported; at least one outcome failed, or time ran out.

    Raised so that Lambda counts an error, delivers the same event again (which is the same
    run) and at last hands it to the failure destination.
    """
