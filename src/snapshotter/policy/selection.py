"""What the owner's tags say: which resources are protected, and how each of them is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from snapshotter.model.inventory import Resource
from snapshotter.model.tags import DRILL
from snapshotter.policy.grammar import GRAMMAR, Retention, RetentionError, parse_retention

NOT_PROTECTED = frozenset({"off", "false", "no", "never", "disabled"})
_NO_COPIES = "none"
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_LAST_PORT = 65_535
_DRILL_GRAMMAR = f"nothing, a TCP port from 1 to {_LAST_PORT} that has to answer, or `off`"
_COPY_GRAMMAR = "region names like us-west-2, separated by blanks, or `none` for no copies"


@dataclass(frozen=True, slots=True)
class TagFault:
    """A tag of the owner's that cannot be understood, as a sentence."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Drilling:
    """How a recovery point is proven: by being restored, and by a port, if one is named."""

    port: int | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """How one selected resource is protected.

    With a fault, nothing of the resource is pruned or copied: whoever cannot read the
    owner's wish must not guess it. A fault about drills stops drills, and nothing else.
    drill: None where no drill is asked for.
    """

    resource: Resource
    retention: Retention
    copy_to: tuple[str, ...] = ()
    faults: tuple[TagFault, ...] = ()
    drill: Drilling | None = None
    drill_fault: TagFault | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """The stack's rule for choosing resources, and what holds where a resource is silent."""

    key: str
    value: str
    retention: Retention
    copy_to: tuple[str, ...]

    def selects(self, resource: Resource) -> bool:
        """Tell whether the owner wants this resource protected by this stack.

        What a drill has made is nobody's, whatever it carries.
        """
        if self.key not in resource.tags or DRILL in resource.tags:
            return False
        value = resource.tags[self.key]
        if self.value:
            return value == self.value
        return (value or "").strip().lower() not in NOT_PROTECTED

    def protection(self, resource: Resource) -> Protection:
        """Read the resource's own wishes; where it has none, the stack's hold."""
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

    def _retention(self, resource: Resource) -> tuple[Retention, TagFault | None]:
        key = f"{self.key}:keep"
        if key not in resource.tags:
            return self.retention, None
        value = resource.tags[key] or ""
        try:
            return parse_retention(value), None
        except RetentionError as error:
            return self.retention, _fault(key, value, error.faults, GRAMMAR)

    def _copy_to(self, resource: Resource) -> tuple[tuple[str, ...], TagFault | None]:
        key = f"{self.key}:copy-to"
        if key not in resource.tags:
            return self.copy_to, None
        value = resource.tags[key] or ""
        words = tuple(dict.fromkeys(value.split()))
        if words == (_NO_COPIES,):
            return (), None
        wrong = [
            f"{word!r} is not a region's name" for word in words if not _REGION.fullmatch(word)
        ]
        if wrong or not words:
            return (), _fault(key, value, wrong or ["it is empty"], _COPY_GRAMMAR)
        return words, None

    def _drill(self, resource: Resource) -> tuple[Drilling | None, TagFault | None]:
        key = f"{self.key}:drill"
        if key not in resource.tags:
            return None, None
        value = (resource.tags[key] or "").strip()
        if value.lower() in NOT_PROTECTED:
            return None, None
        if not value:
            return Drilling(), None
        if re.fullmatch(r"[0-9]{1,5}", value) and 1 <= int(value) <= _LAST_PORT:
            return Drilling(int(value)), None
        return None, _fault(key, value, ["it is no port"], _DRILL_GRAMMAR)


def _fault(key: str, value: str, faults: Iterable[str], accepted: str) -> TagFault:
    why = "; ".join(faults)
    return TagFault(key, f"the tag {key!r} has the value {value!r}: {why}. Accepted: {accepted}")
