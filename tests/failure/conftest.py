"""The fixtures of the integration tests."""

from __future__ import annotations

from tests.integration.conftest import (
    Client,
    Deploy,
    _credentials,
    client,
    deploy,
    lightsail,
    mocked,
)

__all__ = ["Client", "Deploy", "_credentials", "client", "deploy", "lightsail", "mocked"]
