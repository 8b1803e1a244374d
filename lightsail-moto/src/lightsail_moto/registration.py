"""How moto finds this backend.

moto has no plugin mechanism for services, so two of its private interfaces are used:
`moto.backend_index.backend_url_patterns`, a module-level list that both the in-process mock
and the server read, and the import of `moto.<service>`. Both are checked here and by a test,
so that a change in moto is noticed.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from types import ModuleType

from moto import backend_index

SERVICE = "lightsail"
MODULE = f"moto.{SERVICE}"


class RegistrationError(RuntimeError):
    """moto has a Lightsail backend of its own, or its private interfaces have changed."""


def register() -> None:
    """Make `mock_aws` and moto's server answer for Lightsail. Safe to call twice.

    Call it before `mock_aws` starts: later, boto3 is answered but plain HTTP is not.
    """
    package = sys.modules[__package__ or "lightsail_moto"]
    _register_module(package)
    _register_urls()


def _register_module(package: ModuleType) -> None:
    if sys.modules.get(MODULE) is package:
        return
    if importlib.util.find_spec(MODULE) is not None:
        raise RegistrationError(
            f"this moto ships {MODULE}: use it, or check what it lacks before replacing it"
        )
    sys.modules[MODULE] = package


def _register_urls() -> None:
    from lightsail_moto.urls import url_bases

    patterns = getattr(backend_index, "backend_url_patterns", None)
    if not isinstance(patterns, list):
        raise RegistrationError("moto.backend_index.backend_url_patterns is not a list any more")
    known = {(service, pattern.pattern) for service, pattern in patterns}
    for base in url_bases:
        if (SERVICE, base) not in known:
            patterns.append((SERVICE, re.compile(base)))
