"""Invalid input is refused before any call."""

from __future__ import annotations

from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.errors import InvalidEvent, InvalidSettings
from tests.integration.conftest import Deploy


@pytest.mark.parametrize(
    "event",
    [
        {"key1": "value1", "key2": "value2", "key3": "value3"},
        {"action": "delete-everything"},
        {"regions": ["eu-west-1"]},
        {"dryrun": True},
    ],
)
def test_invalid_event_is_refused_before_any_call(
    lightsail: Control, deploy: Deploy, event: dict[str, Any]
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    with pytest.raises(InvalidEvent, match="was refused, and nothing was changed"):
        deploy()(event)

    assert lightsail.calls == []


def test_invalid_settings_are_refused_before_any_call(
    lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly = deploy()
    environment = nightly.stack.environment() | {"RETENTION": "daily=none", "REGIONS": "mars-1"}
    monkeypatch.setattr(type(nightly.stack), "environment", lambda _: environment)

    with pytest.raises(InvalidSettings) as raised:
        nightly({})

    assert [fault.split(":")[0] for fault in raised.value.faults] == ["Regions", "Retention"]
    assert lightsail.calls == []
