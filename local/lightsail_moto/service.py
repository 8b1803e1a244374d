"""The way of a request through the controls to the backend and back."""

from __future__ import annotations

import time

from lightsail_moto.answers import check_answer
from lightsail_moto.authorisation import look
from lightsail_moto.controls import Call, Phase
from lightsail_moto.exceptions import BareStatus, ConnectionDropped, LightsailError, NotWritten
from lightsail_moto.models import LightsailBackend, written_operations
from lightsail_moto.resources import Record


def serve(room: LightsailBackend, operation: str, parameters: Record, access_key: str) -> Record:
    """Answer one request, and keep the record of it.

    In this order: latency, callbacks "before", limits of the Region, faults "before", the
    effect, callbacks "after", faults "after". The lock is held for the effect alone.
    """
    control = room.control
    with control.lock:
        call = control.calls.open(
            operation=operation,
            account_id=room.account_id,
            region=room.region_name,
            parameters=parameters,
            access_key=access_key,
            at=room.now,
        )
    try:
        return _pass(room, call)
    except LightsailError as refused:
        call.outcome = refused.code
        raise
    except ConnectionDropped:
        call.outcome = "dropped"
        raise
    except BareStatus as bare:
        call.outcome = f"http {bare.status}"
        raise
    except NotWritten:
        call.outcome = "NotWritten"
        raise
    finally:
        call.finished_s = time.monotonic()


def _pass(room: LightsailBackend, call: Call) -> Record:
    control = room.control
    if control.latency_s:
        time.sleep(control.latency_s)
    with control.lock:
        look(call, room.store)
    control.calls.tell(call, "before")
    control.limits.check(call.operation, call.region)
    _strike(room, call, "before")
    try:
        answer = _effect(room, call)
        call.outcome = "ok"
    except LightsailError as refused:
        call.outcome = refused.code
        raise
    finally:
        control.calls.tell(call, "after")
    _strike(room, call, "after")
    return answer


def _effect(room: LightsailBackend, call: Call) -> Record:
    if call.operation not in written_operations():
        raise NotWritten(call.operation)
    control = room.control
    with control.lock:
        fault = control.faults.failed_operation(call)
        answer = room.perform(call.operation, call.parameters, fault)
    check_answer(call.operation, answer)
    return answer


def _strike(room: LightsailBackend, call: Call, when: Phase) -> None:
    with room.control.lock:
        error = room.control.faults.error(call, when)
    if error:
        raise error
