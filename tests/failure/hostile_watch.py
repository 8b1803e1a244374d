"""What must hold after every step, whatever the service and the people did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lightsail_moto import Call
from lightsail_moto.exceptions import AccessDenied
from tests.failure.hostile_account import (
    HOLD,
    OWNER,
    POLICY,
    SOURCE,
    TIME,
    Account,
    Series,
    is_ready,
    series_of,
)
from tests.integration.deployment import Deployment


@dataclass
class WatchedDeployment(Deployment):
    """A deployment that notes what its role refused."""

    refused: list[Call] = field(default_factory=list)

    def _authorise(self, call: Call, phase: str) -> None:
        if not call.resources:
            return  # what is not there has no tags to be judged by; the answer is NotFound
        try:
            super()._authorise(call, phase)
        except AccessDenied:
            self.refused.append(call)
            raise


class Watch:
    """Looks before a run and after it; `faults` are the promises that were broken."""

    def __init__(self, account: Account, deployment: WatchedDeployment) -> None:
        self._account = account
        self._deployment = deployment
        self.begin()

    def begin(self) -> None:
        """Remember how things stand before a run."""
        account = self._account
        account.deleted_by_people.clear()
        self._deployment.refused.clear()
        self._held = {each.arn for each in account.ours() if HOLD in each.tags}
        self._ready = self._series_with_a_point()
        self._first_call = len(account.lightsail.calls)

    def faults(self) -> list[str]:
        return [
            *self._people_s_snapshots(),
            *self._deletes(),
            *self._lost_series(),
            *self._twins(),
            *self._refusals(),
        ]

    def _people_s_snapshots(self) -> list[str]:
        return [
            f"a person's snapshot {snapshot.name} was touched"
            for snapshot, tags in self._account.theirs
            if self._account.find(snapshot.region, snapshot.name) is not snapshot
            or snapshot.tags != tags
        ]

    def _deletes(self) -> list[str]:
        broken = []
        for call in self._account.lightsail.calls[self._first_call :]:
            if call.operation.startswith("Delete"):
                for arn, tags in call.resource_tags.items():
                    if tags.get(OWNER) != POLICY:
                        broken.append(f"{call.parameters} was not ours to delete")
                    if arn in self._held or (HOLD in tags and call.outcome == "ok"):
                        broken.append(f"{call.parameters} was held, and yet to be deleted")
        return broken

    def _lost_series(self) -> list[str]:
        lost = self._ready - self._series_with_a_point() - self._account.deleted_by_people
        return [f"the series {source} in {region} lost all points" for source, region in lost]

    def _twins(self) -> list[str]:
        count = Counter(
            (each.tags.get(SOURCE), each.tags.get(TIME), each.region)
            for each in self._account.ours()
        )
        return [
            f"{twins} snapshots of one time: {key}" for key, twins in count.items() if twins > 1
        ]

    def _refusals(self) -> list[str]:
        """The role stops a delete of what is held since the run looked; and nothing else."""
        return [
            f"the role does not allow {call.operation} {call.parameters} in {call.region}"
            for call in self._deployment.refused
            if not any(HOLD in tags for tags in call.resource_tags.values())
        ]

    def _series_with_a_point(self) -> set[Series]:
        return {series_of(each) for each in self._account.ours() if is_ready(each)}
