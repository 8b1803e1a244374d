"""One request: through the controls to the backend and back."""

from __future__ import annotations

import time

from lightsail_moto.checking import check_answer
from lightsail_moto.controls.account import Control
from lightsail_moto.controls.calls import Call, Phase, note_authorisation
from lightsail_moto.exceptions import (
    BareStatus,
    ConnectionDropped,
    LightsailError,
    NotCovered,
    TimedOut,
)
from lightsail_moto.models import LightsailBackend, implemented_operations
from lightsail_moto.models.resource import Record


def handle(
    control: Control,
    backend: LightsailBackend,
    operation: str,
    parameters: Record,
    access_key: str,
) -> Record:
    """Answer one request, and record it.

    In this order: latency, callbacks "before", rate of the Region, faults "before", the
    effect, callbacks "after", faults "after", the check of the answer, its alterations. The
    lock is held for the effect alone.
    """
    with control.lock:
        call = control.calls.open(
            operation=operation,
            account_id=backend.account_id,
            region=backend.region_name,
            parameters=parameters,
            access_key=access_key,
            at=control.now(),
        )
    try:
        return _process(control, backend, call)
    except (LightsailError, ConnectionDropped, TimedOut, BareStatus, NotCovered) as error:
        call.outcome = error.outcome
        raise
    finally:
        call.finished_s = time.monotonic()


def _process(control: Control, backend: LightsailBackend, call: Call) -> Record:
    if control.latency_s:
        time.sleep(control.latency_s)
    with control.lock:
        note_authorisation(call, backend.store)
    control.calls.notify(call, "before")
    control.limits.check(call.region)
    _raise_fault(control, call, "before")
    try:
        answer = _perform(control, backend, call)
        call.outcome = "ok"
    except LightsailError as error:
        call.outcome = error.outcome
        raise
    finally:
        control.calls.notify(call, "after")
    _raise_fault(control, call, "after")
    check_answer(call.operation, answer)
    with control.lock:
        control.faults.alter(call, answer)
    return answer


def _perform(control: Control, backend: LightsailBackend, call: Call) -> Record:
    if call.operation not in implemented_operations():
        raise NotCovered(call.operation)
    with control.lock:
        fault = control.faults.failed_operation(call)
        if fault is None:
            return backend.perform(call.operation, call.parameters)
        before = fault.when == "before"
        return backend.perform(
            call.operation, call.parameters, fault.failure, without_effect=before
        )


def _raise_fault(control: Control, call: Call, when: Phase) -> None:
    with control.lock:
        error = control.faults.error(call, when)
    if error:
        raise error
