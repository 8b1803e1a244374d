"""Reads the owner's tags: which resources are protected, and how."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from snapshotter.model.inventory import Resource
from snapshotter.model.tags import DRILL
from snapshotter.policy.drilling import DRILL_GRAMMAR, Drilling, parse_drilling
from snapshotter.policy.grammar import GRAMMAR, Retention, RetentionError, parse_retention

OFF_WORDS = frozenset({"off", "false", "no", "never", "disabled"})
_NO_COPIES = "none"
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_COPY_GRAMMAR = "region names like us-west-2, separated by blanks, or `none` for no copies"


class Wish(StrEnum):
    """The protection that the tag of a resource asks for."""

    PROTECTED = "protected"
    OFF = "off"
    """Protection was ended on purpose: by an off-word, or by another stack's value."""
    UNTAGGED = "untagged"


class TagFault(NamedTuple):
    """A tag of the owner's that cannot be understood, as a sentence."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Protection:
    """How one selected resource is protected.

    retention: the policy in force; None where the tag cannot be understood. With a fault,
    nothing of the resource is pruned or copied. A fault about drills stops drills alone.
    drill: None where no drill is asked for.
    """

    resource: Resource
    retention: Retention | None
    copy_to: tuple[str, ...] = ()
    faults: tuple[TagFault, ...] = ()
    drill: Drilling | None = None
    drill_fault: TagFault | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """The stack's rule for selecting resources, and its defaults for what tags leave open.

    everything: a resource without the tag is protected too.
    """

    key: str
    value: str
    everything: bool
    retention: Retention
    copy_to: tuple[str, ...]

    def wish(self, resource: Resource) -> Wish:
        """Read the selection tag. What a drill made is not protected, whatever it carries."""
        if DRILL in resource.tags:
            return Wish.OFF
        if self.key not in resource.tags:
            return Wish.PROTECTED if self.everything else Wish.UNTAGGED
        value = resource.tags[self.key]
        if self.value:
            return Wish.PROTECTED if value == self.value else Wish.OFF
        return Wish.OFF if (value or "").strip().lower() in OFF_WORDS else Wish.PROTECTED

    def protection(self, resource: Resource) -> Protection:
        """Read the resource's own tags; the stack's defaults apply where there is none."""
        retention, keep_fault = self._retention(resource)
        copy_to, copy_fault = self._copy_to(resource)
        drill, drill_fault = self._drill(resource)
        return Protection(
            resource=resource,
            retention=retention,
            copy_to=tuple(region for region in copy_to if region != resource.region),
            faults=tuple(fault for fault in (keep_fault, copy_fault) if fault),
            drill=drill,
            drill_fault=drill_fault,
        )

    def _retention(self, resource: Resource) -> tuple[Retention | None, TagFault | None]:
        key = f"{self.key}:keep"
        if key not in resource.tags:
            return self.retention, None
        value = resource.tags[key] or ""
        try:
            return parse_retention(value), None
        except RetentionError as error:
            return None, _fault(key, value, error.faults, GRAMMAR)

    def _copy_to(self, resource: Resource) -> tuple[tuple[str, ...], TagFault | None]:
        key = f"{self.key}:copy-to"
        if key not in resource.tags:
            return self.copy_to, None
        value = resource.tags[key] or ""
        words = tuple(dict.fromkeys(value.split()))
        if words == (_NO_COPIES,):
            return (), None
        wrong = [
            f"{word!r} is not the name of a region" for word in words if not _REGION.fullmatch(word)
        ]
        if wrong or not words:
            return (), _fault(key, value, wrong or ["it is empty"], _COPY_GRAMMAR)
        return words, None

    def _drill(self, resource: Resource) -> tuple[Drilling | None, TagFault | None]:
        key = f"{self.key}:drill"
        if key not in resource.tags:
            return None, None
        value = (resource.tags[key] or "").strip()
        if value.lower() in OFF_WORDS:
            return None, None
        drill = parse_drilling(value)
        if drill is None:
            return None, _fault(key, value, ["it names no port"], DRILL_GRAMMAR)
        return drill, None


def _fault(key: str, value: str, faults: Iterable[str], accepted: str) -> TagFault:
    why = "; ".join(faults)
    return TagFault(key, f"the tag {key!r} has the value {value!r}: {why}. Accepted: {accepted}")
