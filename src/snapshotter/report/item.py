"""One thing that needs a person's attention."""

from typing import NamedTuple

from snapshotter.model.inventory import Resource


class Attention(NamedTuple):
    """One thing that is wrong.

    brief: for the subject of a letter, without a full stop. what, do: one sentence each.
    details: further sentences for a letter. stale: the resource has no recovery point within the
    objective, which has a metric of its own.
    """

    brief: str
    what: str
    do: str
    details: tuple[str, ...] = ()
    region: str | None = None
    resource_type: str | None = None
    resource: str | None = None
    stale: bool = False


def about(
    resource: Resource,
    *,
    brief: str,
    what: str,
    do: str,
    details: tuple[str, ...] = (),
    stale: bool = False,
) -> Attention:
    """An item about one resource."""
    kind = resource.kind.name
    return Attention(brief, what, do, details, resource.region, kind, resource.name, stale)


def named(resource: Resource) -> str:
    """A resource as a letter names it: `web-1 (instance, us-east-1)`."""
    return f"{resource.name} ({resource.kind.noun}, {resource.region})"
