"""The controls of one account: settings, faults, limits, states, and everything recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from threading import Lock, RLock
from typing import Unpack

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import get_service_model

from lightsail_moto.controls.calls import Call, Callback, Calls, Phase
from lightsail_moto.controls.clock import Clock
from lightsail_moto.controls.faults import (
    Fault,
    Faults,
    Limits,
    Match,
    PlannedFailure,
    Way,
    make_fault,
)
from lightsail_moto.controls.seed import Seed
from lightsail_moto.controls.states import StateControls
from lightsail_moto.controls.world import World, dump
from lightsail_moto.exceptions import AccessDenied, RegionSetupInProgress
from lightsail_moto.models import lightsail_backends
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Failure, Resource

_creating = Lock()


class Control(StateControls):
    """The settings of an account as attributes, and everything else that controls it.

    clock: the account's time. seed: adds resources without requests. calls: every request so
    far. faults, limits: what the methods below fill. lock: held for every effect; reentrant.
    All of it ends with moto's reset: call control() again in the next mock.
    """

    def __init__(self, account_id: str) -> None:
        super().__init__()
        self.account_id = account_id
        self.lock = RLock()
        self.clock = Clock()
        self.calls = Calls()
        self.faults = Faults()
        self.limits = Limits()
        self._refusals: dict[str, list[Fault]] = {}
        self.backends = self.rooms = lightsail_backends[account_id]
        self.seed = Seed(account_id, self.lock)

    def now(self) -> datetime:
        return self.clock.now()

    def failure_of(self, resource: Resource, sources: tuple[str | None, ...]) -> Failure | None:
        return self.faults.failure_of(resource, sources)

    def inject(
        self,
        operation: str | Collection[str] | None = None,
        *,
        when: Phase = "before",
        region: str | None = None,
        resource: str | None = None,
        times: int | None = 1,
        seconds: float | None = None,
        **way: Unpack[Way],
    ) -> Fault:
        """Make calls fail, in one of the ways of `Way`.

        operation: as the model names it, as in "CreateInstanceSnapshot", or several; None is all.
        when: "after" means that the effect takes place first.
        region, resource: only calls there, only calls that give this name as a member; with
            `without` and `members`, only the records that have this name.
        times: how often; None is always. seconds: always, for so long by the account's clock.
        """
        fault = make_fault(
            way,
            operations=_operations(operation),
            region=region,
            resource=resource,
            when=when,
            times=times if seconds is None else None,
            until=None if seconds is None else self.now() + timedelta(seconds=seconds),
        )
        with self.lock:
            return self.faults.add(fault)

    def end_in_error(
        self,
        match: Match,
        *,
        error_code: str = "InternalError",
        error_details: str = "The snapshot could not be created.",
        state: str = "error",
        region: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Let new snapshots, copies or restored resources be accepted and then fail.

        match: the new resource's name, the name of what it is made from, or a function of the
        new resource. When its time is over its state is `state`, and its operations are Failed
        with the code and the details. The live state of a failed database snapshot is unknown.
        """
        failure = Failure(error_code, error_details, state)
        with self.lock:
            self.faults.plan(
                PlannedFailure(match=match, region=region, failure=failure, times=times)
            )

    def deny(self, region: str, operations: Collection[str] | None = None) -> None:
        """AccessDeniedException for these operations, or for all, in a Region."""

        def refusal(call: Call) -> AccessDenied:
            return AccessDenied(f"The caller is not authorized to perform: {call.action}")

        self._refuse(Fault(operations=_operations(operations), region=region, make_error=refusal))

    def setup_in_progress(self, region: str) -> None:
        """RegionSetupInProgressException for everything in a Region."""
        self._refuse(Fault(region=region, make_error=lambda _: RegionSetupInProgress(region)))

    def allow(self, region: str) -> None:
        """End deny and setup_in_progress."""
        for fault in self._refusals.pop(region, ()):
            fault.cancel()

    def _refuse(self, fault: Fault) -> None:
        with self.lock:
            self._refusals.setdefault(fault.region or "", []).append(self.faults.add(fault))

    def rate_limit(self, requests_per_second: float | None, burst: float | None = None) -> None:
        """Throttle each Region beyond so many requests a second of real time; None ends it.

        burst: how many at once; by default one second's worth, and one at least.
        """
        self.limits.rate(requests_per_second, burst)

    def on_request(self, callback: Callback) -> Callable[[], None]:
        """Call back with every Call, before and after its effect; returns a function that stops it.

        It runs in the request's thread without the lock. What it raises becomes the answer:
        a LightsailError as such, ConnectionDropped as a lost connection, and "before" means
        that there is no effect.
        """
        return self.calls.on_request(callback)

    def world(self) -> World:
        """All resources as plain data: Region, type, name, then state, tags and origin.

        Sorted at every level. Times, ARNs and ids are left out, so that two accounts that
        were filled in the same way are equal.
        """
        with self.lock:
            return dump(self.backends.values())


def _operations(given: str | Collection[str] | None) -> frozenset[str] | None:
    """The names as a set, None for all; ValueError for one that Lightsail does not have."""
    if given is None:
        return None
    names = frozenset([given] if isinstance(given, str) else given)
    unknown = sorted(names - set(get_service_model("lightsail").operation_names))
    if unknown:
        raise ValueError(f"Lightsail has no operation {', '.join(unknown)}")
    return names


def control(account_id: str = DEFAULT_ACCOUNT_ID) -> Control:
    """The controls of an account, as they are until moto's next reset."""
    home = lightsail_backends[account_id][HOME_REGION]
    with _creating:
        present = home.environment
        if not isinstance(present, Control):
            present = home.environment = Control(account_id)
    return present
