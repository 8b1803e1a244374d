"""The account and the stacks of the integration tests, for what the template says of a run."""

from tests.integration.conftest import _credentials, deploy, lightsail

__all__ = ["_credentials", "deploy", "lightsail"]
