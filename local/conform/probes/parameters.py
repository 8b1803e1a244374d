"""The parameters of probes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conform.probes import Names

Parameters = Callable[[Names], Mapping[str, Any]]
OURS = ("source", "time")


def named(**members: str) -> Parameters:
    """Members that are names of the run."""
    return lambda names: {member: names(what) for member, what in members.items()}


def with_tags(parameters: Parameters, *keys: str, **tags: str | None) -> Parameters:
    """The same parameters, with tags in the request."""
    return lambda names: {**parameters(names), "tags": names.tags(*keys, **tags)}  # type: ignore[arg-type]


def also(parameters: Parameters, **members: Any) -> Parameters:
    return lambda names: {**parameters(names), **members}
