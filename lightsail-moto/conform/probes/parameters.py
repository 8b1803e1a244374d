"""Rows of probes, and their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conform.probes import RESTORES, Names, Probe

Parameters = Callable[[Names], Mapping[str, Any]]
OURS = ("source", "time")


def row(sid: str, text: str, _options: Mapping[str, Any], /, **requests: Parameters) -> list[Probe]:
    """Probes that differ in their operation."""
    return [Probe(sid, text, operation, given, **_options) for operation, given in requests.items()]


ALLOWED: Mapping[str, Any] = {}
REFUSED: Mapping[str, Any] = {"allowed": False}
WITH_RESTORES: Mapping[str, Any] = {"needs": RESTORES}
AFTER_RESTORES: Mapping[str, Any] = {"needs": RESTORES, "follows": True}


def named(**members: str) -> Parameters:
    """Members that are names of the run."""
    return lambda names: {member: names(what) for member, what in members.items()}


def with_tags(parameters: Parameters, *keys: str, policy: str | None = "") -> Parameters:
    """The same parameters, with tags in the request: the run's and the policy's among them."""
    return lambda names: {**parameters(names), "tags": names.tags(*keys, policy=policy)}


def with_only(parameters: Parameters, *keys: str) -> Parameters:
    """The same with the policy's tag and these, and no other."""
    return lambda names: {**parameters(names), "tags": names.only(*keys)}


def also(parameters: Parameters, **members: Any) -> Parameters:
    return lambda names: {**parameters(names), **members}
