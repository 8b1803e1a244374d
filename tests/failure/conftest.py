"""The same account and the same stacks as the integration tests have, and the form of the proof."""

from __future__ import annotations

from tests.integration.conftest import Client, Deploy, _credentials, client, deploy, lightsail

__all__ = ["Client", "Deploy", "_credentials", "client", "deploy", "lightsail"]
