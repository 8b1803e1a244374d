"""Reads the owner's tags: which resources are protected, and how."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from snapshotter.model.firewall import LAST_PORT
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import DRILL_PREFIX
from snapshotter.model.resource import Resource
from snapshotter.model.tags import DRILL, POLICY
from snapshotter.policy.grammar import GRAMMAR, Retention, RetentionError, parse_retention

OFF_WORDS = frozenset({"off", "false", "no", "never", "disabled"})
KEEP, DRILLS, COPY_TO = ":keep", ":drill", ":copy-to"
SUFFIXES = {
    KEEP: GRAMMAR,
    DRILLS: (
        f"no value, or on an instance with an IPv4 address a TCP port from 1 to {LAST_PORT}, "
        "http:PORT/PATH or https:PORT/PATH (which must answer with a status below 400), or `off`"
    ),
    COPY_TO: (
        "names of regions among the stack's Regions and CopyToRegions, separated by blanks, or "
        "`none` for no copies"
    ),
}
"""What follows the selection key in the keys of the owner's other tags, and what each accepts."""

_NO_COPIES = "none"
_CHECK = re.compile(r"(?:(?P<scheme>https?):)?(?P<port>[0-9]{1,5})(?P<path>/\S*)?")

Stops = Literal["pruning", "copies", "drills"]


class Wish(StrEnum):
    """The protection that the tag of a resource asks for."""

    PROTECTED = "protected"
    OFF = "off"
    """Protection was ended on purpose: by an off-word, or by another stack's value."""
    UNTAGGED = "untagged"


class TagFault(NamedTuple):
    """A tag of the owner's that cannot be understood or followed.

    value: empty for a key-only tag. why: what is wrong; accepted: what would be right.
    stops: what is not done until the tag is corrected; "pruning" stops pruning and copies.
    """

    key: str
    value: str
    why: str
    accepted: str
    stops: Stops

    @property
    def message(self) -> str:
        value = f'the value "{self.value}"' if self.value else "no value"
        return f'the tag "{self.key}" has {value}: {self.why}'


class Drilling(NamedTuple):
    """A drill that is asked for.

    port: that must accept connections; None if the restore alone is the proof. scheme, path: of
    a request that must be answered; scheme is None if a connection is enough.
    """

    port: int | None = None
    scheme: str | None = None
    path: str = "/"

    def __str__(self) -> str:
        if self.scheme is None:
            return "" if self.port is None else str(self.port)
        return f"{self.scheme}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Protection:
    """How one selected resource is protected.

    retention: the policy in force; None where it is not known for certain, since a tag or its key
    cannot be understood. copy_to: where copies are made; empty while a fault stops them.
    drill: None where no drill is asked for, or a fault stops it.
    """

    resource: Resource
    retention: Retention | None
    copy_to: tuple[str, ...] = ()
    faults: tuple[TagFault, ...] = ()
    drill: Drilling | None = None

    @property
    def prunes(self) -> bool:
        """Whether recovery points may be deleted."""
        return all(fault.stops != "pruning" for fault in self.faults)


def is_of_drill(resource: Resource) -> bool:
    """Return whether a drill made a resource. A tag alone does not tell: an owner may copy it."""
    return {DRILL, POLICY} <= resource.tags.keys() and resource.name.startswith(DRILL_PREFIX)


def parse_drilling(text: str) -> Drilling | None:
    """Read the value of the drill tag; None if it cannot be understood."""
    if not text:
        return Drilling()
    match = _CHECK.fullmatch(text)
    if match is None or not 1 <= int(match["port"]) <= LAST_PORT:
        return None
    if match["scheme"] is None and match["path"] is not None:
        return None
    return Drilling(int(match["port"]), match["scheme"], match["path"] or "/")


@dataclass(frozen=True, slots=True)
class Selector:
    """The stack's rule for selecting resources, and its defaults for what tags leave open.

    key, value: of the selection tag; any value if it is empty. everything: a resource without the
    tag is protected too. retention: the stack's. copy_to, regions: CopyToRegions and Regions.
    """

    key: str
    value: str
    everything: bool
    retention: Retention
    copy_to: tuple[str, ...]
    regions: tuple[str, ...]

    def wish(self, resource: Resource) -> Wish:
        """Read the selection tag. What a drill made is not protected, whatever it carries."""
        if is_of_drill(resource):
            return Wish.OFF
        if self.key not in resource.tags:
            return Wish.PROTECTED if self.everything else Wish.UNTAGGED
        value = resource.tags[self.key] or ""
        if self.value:
            return Wish.PROTECTED if value == self.value else Wish.OFF
        return Wish.OFF if _is_off(value) else Wish.PROTECTED

    def key_in_other_case(self, resource: Resource) -> str | None:
        """The key of a tag that was probably meant to select a resource which is not selected."""
        if self.wish(resource) is not Wish.UNTAGGED:
            return None
        folded = self.key.casefold()
        return next((key for key in sorted(resource.tags) if key.casefold() == folded), None)

    def protection(self, resource: Resource) -> Protection:
        """Read the resource's own tags; the stack's defaults apply where there is none."""
        slips = tuple(self._slips(resource))
        retention, keep_fault = self._retention(resource)
        copy_to, copy_fault = self._copy_to(resource)
        drill, drill_fault = self._drill(resource)
        faults = tuple(f for f in (*slips, keep_fault, copy_fault, drill_fault) if f is not None)
        return Protection(
            resource=resource,
            retention=None if slips else retention,
            copy_to=copy_to if all(each.stops == "drills" for each in faults) else (),
            faults=faults,
            drill=drill,
        )

    def _slips(self, resource: Resource) -> Iterator[TagFault]:
        """Keys that begin like those of the owner's tags: somebody believes that they hold."""
        prefix = f"{self.key}:".casefold()
        known = [f"{self.key}{suffix}" for suffix in SUFFIXES]
        for key in sorted(resource.tags):
            if key.casefold().startswith(prefix) and key not in known:
                meant = _meant(key.casefold()[len(prefix) - 1 :])
                probably = f"; {self.key}{meant} was probably meant" if meant else ""
                why = f"there is no such key{probably}"
                accepted = f"the keys {', '.join(known)}, to the letter"
                yield TagFault(key, resource.tags[key] or "", why, accepted, "pruning")

    def _fault(self, suffix: str, value: str, why: str, stops: Stops) -> TagFault:
        return TagFault(f"{self.key}{suffix}", value, why, SUFFIXES[suffix], stops)

    def _value(self, resource: Resource, suffix: str) -> str | None:
        """The value of one of the owner's tags; None where there is no such tag."""
        key = f"{self.key}{suffix}"
        return (resource.tags[key] or "") if key in resource.tags else None

    def _retention(self, resource: Resource) -> tuple[Retention | None, TagFault | None]:
        value = self._value(resource, KEEP)
        if value is None:
            return self.retention, None
        try:
            return parse_retention(value), None
        except RetentionError as error:
            return None, self._fault(KEEP, value, str(error), "pruning")

    def _copy_to(self, resource: Resource) -> tuple[tuple[str, ...], TagFault | None]:
        """Find the regions to copy to. That of the resource is passed over in both lists."""
        words, fault = (self.copy_to if resource.kind.copyable else ()), None
        if (value := self._value(resource, COPY_TO)) is not None:
            words = tuple(dict.fromkeys(value.split()))
            if words == (_NO_COPIES,) or (fault := self._copy_fault(resource, value, words)):
                words = ()
        return tuple(region for region in words if region != resource.region), fault

    def _copy_fault(
        self, resource: Resource, value: str, words: tuple[str, ...]
    ) -> TagFault | None:
        key, only_none = f"{self.key}{COPY_TO}", f"`{_NO_COPIES}`"
        if not resource.kind.copyable:
            why = f"Lightsail cannot copy snapshots of a {resource.kind.noun} to another region"
            return TagFault(key, value, why, only_none, "copies")
        if not self.copy_to:
            why = "this stack makes no copies, since its parameter CopyToRegions is empty"
            return TagFault(key, value, why, only_none, "pruning")
        regions = tuple(dict.fromkeys((*self.regions, *self.copy_to)))
        if wrong := ", ".join(f'"{word}"' for word in words if word not in regions):
            why = f"{wrong} is not among the regions of this stack ({', '.join(regions)})"
            return self._fault(COPY_TO, value, why, "pruning")
        return None if words else self._fault(COPY_TO, value, "it names no region", "pruning")

    def _drill(self, resource: Resource) -> tuple[Drilling | None, TagFault | None]:
        value = self._value(resource, DRILLS)
        if value is None or _is_off(value):
            return None, None
        drill = parse_drilling(value.strip())
        if drill is None:
            why = "it names no port"
        elif drill.port is None:
            return drill, None
        elif resource.kind is not INSTANCE:
            why = f"nothing on a {resource.kind.noun} can answer on a port"
        elif resource.address_type == "ipv6":
            why = "the instance has IPv6 only, and the function reaches IPv4 alone"
        else:
            return drill, None
        return None, self._fault(DRILLS, value, why, "drills")


def _is_off(value: str) -> bool:
    return value.strip().lower() in OFF_WORDS


def _meant(suffix: str) -> str:
    """The suffix that was probably meant; empty where none is similar."""
    from difflib import get_close_matches  # slips are rare

    return next(iter(get_close_matches(suffix, SUFFIXES, n=1)), "")
