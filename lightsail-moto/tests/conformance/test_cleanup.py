"""An interrupted run leaves nothing once CLEAN=1 has run, and a clean deletes nothing else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest

from conform import cleanup
from conform.cleanup import clean
from conform.run import Account
from lightsail_moto import Call, Control, World
from tests.conformance.support import run_of

SOAK = os.environ.get("SOAK", "") not in ("", "0")

WRITES = ("Create", "Delete", "Copy", "Attach", "Detach", "Allocate", "Release", "Tag", "Untag")


@dataclass
class Interrupt:
    """Raises KeyboardInterrupt in the nth request that counts, before or after its effect."""

    number: int
    phase: str
    seen: int = 0

    def __call__(self, call: Call, phase: str) -> None:
        if phase == self.phase and (SOAK or call.operation.startswith(WRITES)):
            self.seen += 1
            if self.seen == self.number:
                raise KeyboardInterrupt


def owners(backend: Control) -> World:
    """Resources of the owner, one of each type and some with names like those of a run."""
    seed = backend.seed
    web = seed.add_instance("web", static_ip="web-address", tags={"policy": "nightly"})
    data = seed.add_disk("lightsail-conformance-data", attached_to="web")
    database = seed.add_database("db")
    seed.add_static_ip("lightsail-conformance")
    for source in (web, data, database):
        seed.add_snapshot(f"{source.name}-1", source)
    seed.add_snapshot("lightsail-conformance-20261126T063600Z-x", web, tags={"mine": None})
    return backend.world()


@pytest.mark.parametrize("phase", ["after", *(["before"] if SOAK else [])])
def test_interrupted_at_any_write_the_next_clean_deletes_everything(
    phase: str, account: Account, backend: Control
) -> None:
    before = owners(backend)
    number, step = 1, 1 if SOAK else 11
    while True:
        number += step
        stop = backend.on_request(Interrupt(number, phase))
        try:
            run_of(account)
        except KeyboardInterrupt:
            stop()
            assert (number, clean(account), backend.world()) == (number, {}, before)
        else:
            break
    assert number > 30


def test_what_cannot_be_deleted_yet_is_deleted_later(account: Account, backend: Control) -> None:
    backend.snapshot_seconds = 20 * 60
    before = owners(backend)
    stop = backend.on_request(Interrupt(number=6, phase="after"))
    with pytest.raises(KeyboardInterrupt):
        run_of(account)
    stop()

    assert (clean(account), backend.world()) == ({}, before)


def test_what_is_never_deleted_is_returned(
    account: Account, backend: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "LONGEST_S", 60)
    backend.seed.add_disk("left", tags={"lightsail-conformance": "20261126T063600Z"})
    backend.inject("DeleteDisk", error="OperationFailureException", message="no", times=None)
    refusal: dict[str, Any] = clean(account)

    assert refusal == {
        "left": "An error occurred (OperationFailureException) when calling the DeleteDisk "
        "operation: no"
    }
