"""What went wrong since: series whose newest snapshot ended in error."""

from collections.abc import Iterator

from snapshotter.inputs.event import RunAction
from snapshotter.model.kinds import Status
from snapshotter.model.series import OwnSnapshot
from snapshotter.plan.situation import Situation


def plan_confirms(situation: Situation) -> Iterator[OwnSnapshot]:
    """Name the newest snapshot of each protected series that ended in error.

    Confirming is the sweeps' part. A source that is gone, or that its owner no longer wants
    protected, is not told of: nothing would ever mend it, and the alarm would never end.
    """
    if situation.request.action is not RunAction.SWEEP:
        return
    for series in situation.series.values():
        newest = series.snapshots[0]
        if newest.status is Status.FAILED and series.source_arn in situation.protections:
            yield newest
