"""How moto comes to know this backend.

moto has no door for services from outside, so two of its private ones are used:
`moto.backend_index.backend_url_patterns`, a module-level list that both the in-process mock
and the server read, and the import of `moto.<service>`. Both are checked here, and again by a
test, so that a moto that moves them is noticed.
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
    """moto has a Lightsail of its own, or its doors have moved."""


def register() -> None:
    """Make `mock_aws` and moto's server answer for Lightsail. Safe to call twice.

    Call it before `mock_aws` starts: later, boto3 is answered but plain HTTP is not.
    """
    package = sys.modules[__package__ or "lightsail_moto"]
    _import_door(package)
    _url_door()


def _import_door(package: ModuleType) -> None:
    if sys.modules.get(MODULE) is package:
        return
    if importlib.util.find_spec(MODULE) is not None:
        raise RegistrationError(
            f"this moto ships {MODULE}: use it, or read what it lacks before shadowing it"
        )
    sys.modules[MODULE] = package


def _url_door() -> None:
    from lightsail_moto.urls import url_bases

    patterns = getattr(backend_index, "backend_url_patterns", None)
    if not isinstance(patterns, list):
        raise RegistrationError("moto.backend_index.backend_url_patterns is not a list any more")
    known = {(service, pattern.pattern) for service, pattern in patterns}
    for base in url_bases:
        if (SERVICE, base) not in known:
            patterns.append((SERVICE, re.compile(base)))
