"""What all types of resource have in common.

A record changes with the clock: a Transition holds the next state and when it is reached, and
`settle` applies it when the record is read. Nothing runs in the background.

Record forms, here and in the modules of each type: botocore's service model and the outputs
in the AWS CLI reference. Members without a value are absent, never null.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from lightsail_moto.models.validation import Tags, write_tags

Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """How something fails; `state` is the state of the resource from then on."""

    error_code: str
    error_details: str
    state: str = "error"


@dataclass(frozen=True)
class Transition:
    """At `due` the state becomes `state`."""

    due: datetime
    state: str


@dataclass(kw_only=True, eq=False)
class Resource:
    """`zone` is "all" for snapshots.

    support_prefix: the letters before the id in a support code; without them it has the name.
    """

    type: ClassVar[str]
    ready: ClassVar[str] = "available"
    support_prefix: ClassVar[str] = ""

    name: str
    region: str
    zone: str
    arn: str
    support_code: str
    created_at: datetime
    tags: Tags = field(default_factory=dict)
    state: str
    transition: Transition | None = None
    number: int = 0

    def settle(self, now: datetime) -> None:
        """Bring the state up to `now`."""
        if self.transition and now >= self.transition.due:
            self.state = self.transition.state
            self.transition = None

    def describe(self) -> Record:
        """The record as Lightsail answers it, in a dict of the caller's own."""
        return {
            "name": self.name,
            "arn": self.arn,
            "supportCode": self.support_code,
            "createdAt": self.created_at,
            "location": {"availabilityZone": self.zone, "regionName": self.region},
            "resourceType": self.type,
            "tags": write_tags(self.tags),
            **self.details(),
        }

    def details(self) -> Record:
        """The members that only this type has."""
        raise NotImplementedError


def present(**members: Any) -> Record:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None}
