"""The account and the stacks of the integration tests, for tests that run the function."""

from tests.integration.conftest import _credentials, deploy, lightsail, mocked

__all__ = ["_credentials", "deploy", "lightsail", "mocked"]
