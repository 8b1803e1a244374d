"""The bundles that a run uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conform.run import Run, Stopped


@dataclass(frozen=True)
class Plans:
    """The bundles that a run uses, as Lightsail describes them; database is None for none."""

    instance: Mapping[str, Any]
    database: Mapping[str, Any] | None = None


def cheapest(run: Run, *, database: bool) -> Plans:
    """The plans with the lowest prices: of Linux with an IPv4 address, and of a database."""

    def fits(bundle: Mapping[str, Any]) -> bool:
        linux = "LINUX_UNIX" in bundle.get("supportedPlatforms", ())
        return linux and bool(bundle.get("publicIpv4AddressCount", 1))

    def is_active(bundle: Mapping[str, Any]) -> bool:
        return bool(bundle.get("isActive", True))

    instance = _cheapest(run, "get-bundles", "GetBundles", fits)
    if not database:
        return Plans(instance)
    listed = ("get-database-bundles", "GetRelationalDatabaseBundles")
    return Plans(instance, _cheapest(run, *listed, is_active))


def _cheapest(
    run: Run, step: str, operation: str, fits: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    listed = run.pages(step, operation, ours=fits).answer["bundles"]
    if not listed:
        raise Stopped(f"{step}: no bundle can be used")
    lowest: Mapping[str, Any] = min(listed, key=lambda bundle: float(bundle["price"]))
    # The others are not part of the transcript.
    listed[:] = [lowest]
    return lowest
