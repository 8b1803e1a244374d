"""Which series have a newest snapshot that ended in error."""

from collections.abc import Iterator

from snapshotter.inputs.event import RunAction
from snapshotter.model.kinds import Status
from snapshotter.model.series import OwnSnapshot
from snapshotter.plan.situation import Situation


def plan_confirms(situation: Situation) -> Iterator[OwnSnapshot]:
    """Find the newest snapshot of each protected series, where it ended in error.

    Only sweeps and reports confirm. A source that is deleted or not protected any more is left
    out: no later snapshot would replace the failed one, and its alarm would never end.
    """
    if situation.request.action not in (RunAction.SWEEP, RunAction.REPORT):
        return
    for series in situation.series.values():
        newest = series.snapshots[0]
        if newest.status is Status.FAILED and series.source_arn in situation.protections:
            yield newest
