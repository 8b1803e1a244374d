"""Wrong answers, each in one operation, and the statements that do not hold with each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from lightsail_moto import LightsailBackend
from lightsail_moto.exceptions import LightsailError

Answer = dict[str, Any]


@dataclass(frozen=True)
class Deviation:
    """change: alters the answer in place. refuse: returns another error than the backend's."""

    what: str
    operation: str
    breaks: frozenset[str]
    change: Callable[[Answer], object]
    refuse: Callable[[LightsailError], LightsailError]


@contextmanager
def deviating(deviation: Deviation) -> Iterator[None]:
    """The backend, with this deviation in every answer of the operation."""
    correct = LightsailBackend.perform

    def perform(self: LightsailBackend, operation: str, *given: Any, **options: Any) -> Answer:
        deviates = operation == deviation.operation
        try:
            answer = correct(self, operation, *given, **options)
        except LightsailError as error:
            raise (deviation.refuse(error) if deviates else error) from None
        if deviates:
            deviation.change(answer)
        return answer

    with patch.object(LightsailBackend, "perform", perform):
        yield


def _deviation(
    what: str,
    operation: str,
    *breaks: str,
    change: Callable[[Answer], object] = lambda _: None,
    refuse: Callable[[LightsailError], LightsailError] = lambda error: error,
) -> Deviation:
    return Deviation(what, operation, frozenset(breaks), change, refuse)


def _each(path: str, /, **members: Any) -> Callable[[Answer], None]:
    """Set members of what is at the path, where `*` is every item; None removes a member."""

    def change(answer: Answer) -> None:
        found: list[Any] = [answer]
        for part in path.split("."):
            found = [
                child
                for each in found
                for child in (each if part == "*" else [each[part]] if part in each else [])
            ]
        for each in found:
            each.update({name: value for name, value in members.items() if value is not None})
            for name in (name for name, value in members.items() if value is None):
                each.pop(name, None)

    return change


def _error(
    code: str = "InvalidInputException", *, only: str = "", **members: str
) -> Callable[[LightsailError], LightsailError]:
    """Another error; only: in place of those with this finer code."""

    def other(error: LightsailError) -> LightsailError:
        if only and error.fine_code != only:
            return error
        given = {"fine_code": error.fine_code, "message": error.message} | members
        return LightsailError(given.pop("message"), error=code, **given)

    return other


def _one_page_more(answer: Answer) -> None:
    answer["nextPageToken"] = answer.get("nextPageToken", "again")


def _inherit(answer: Answer) -> None:
    answer["instanceSnapshot"]["tags"] += [{"key": "inherited", "value": "x"}]


DEVIATIONS = (
    _deviation(
        "a create answers one operation",
        "CreateDiskSnapshot",
        "create_answers_two_operations",
        change=lambda answer: answer["operations"].pop(),
    ),
    _deviation(
        "a create has its operations in reverse",
        "CreateInstanceSnapshot",
        "create_answers_two_operations",
        change=lambda answer: answer["operations"].reverse(),
    ),
    _deviation(
        "a create has Succeeded at once",
        "CreateInstanceSnapshot",
        "create_has_started",
        change=_each("operations.*", status="Succeeded", isTerminal=True),
    ),
    _deviation(
        "a create is of another type",
        "CreateRelationalDatabaseSnapshot",
        "create_has_its_type",
        change=_each("operations.*", operationType="CreateDatabaseSnapshot"),
    ),
    _deviation(
        "a delete has only started",
        "DeleteDiskSnapshot",
        "delete_has_succeeded",
        change=_each("operations.*", status="Started", isTerminal=False),
    ),
    _deviation(
        "a delete has details",
        "DeleteInstanceSnapshot",
        "delete_has_succeeded",
        change=_each("operations.*", operationDetails="deleted"),
    ),
    _deviation(
        "a copy has another type",
        "CopySnapshot",
        "copy_has_started",
        change=_each("operations.*", operationType="CreateInstanceSnapshot"),
    ),
    _deviation(
        "a copy does not name the source Region",
        "CopySnapshot",
        "copy_names_its_source",
        change=_each("operations.*", operationDetails="instance-1"),
    ),
    _deviation(
        "a snapshot is in a zone",
        "GetDiskSnapshot",
        "snapshots_have_no_zone",
        "lists_have_what_was_created",
        change=_each("diskSnapshot.location", availabilityZone="us-east-1a"),
    ),
    _deviation(
        "an operation ends in error",
        "GetOperation",
        "create_ends",
        change=_each("operation", status="Failed"),
    ),
    _deviation(
        "an instance is deleted before its disk is detached",
        "DeleteInstance",
        "delete_instance_detaches",
        change=lambda answer: answer["operations"].reverse(),
    ),
    _deviation(
        "an attached disk has no path",
        "GetDisk",
        "disk_has_a_path_while_attached",
        "lists_have_what_was_created",
        change=_each("disk", path=None),
    ),
    _deviation(
        "an ARN has the name",
        "GetStaticIps",
        "arns_have_a_uuid",
        change=_each("staticIps.*", arn="arn:aws:lightsail:us-east-1:123456789012:StaticIp/one"),
    ),
    _deviation(
        "a snapshot inherits a tag",
        "GetInstanceSnapshot",
        "tags_come_with_the_create",
        "copies_are_tagged_afterwards",
        "lists_have_what_was_created",
        change=_inherit,
    ),
    _deviation(
        "a list does not end",
        "GetDiskSnapshots",
        "lists_end",
        change=_one_page_more,
    ),
    _deviation(
        "zones are listed where nobody asked",
        "GetRegions",
        "zones_are_listed_on_request",
        change=_each("regions.*", availabilityZones=[{"zoneName": "us-east-1a"}]),
    ),
    _deviation(
        "a taken name has another finer code",
        "CreateDiskSnapshot",
        "taken_names_are_refused",
        refuse=_error(only="NameExists", fine_code="Conflict"),
    ),
    _deviation(
        "a taken name has another message",
        "CopySnapshot",
        "taken_names_are_named",
        refuse=_error(only="NameExists", message="The name is taken."),
    ),
    _deviation(
        "a missing snapshot is invalid input",
        "DeleteInstanceSnapshot",
        "missing_resources_are_not_found",
        refuse=_error(),
    ),
    _deviation(
        "a port is named in capitals",
        "CloseInstancePublicPorts",
        "closed_ports_are_named",
        change=_each("operation", operationDetails="443/TCP"),
    ),
    _deviation(
        "an address is attached in one operation",
        "AttachStaticIp",
        "attach_answers_two_operations",
        change=lambda answer: answer["operations"].pop(),
    ),
    _deviation(
        "an attached address does not name its instance",
        "GetStaticIps",
        "attached_addresses_are_shown_on_both_sides",
        change=_each("staticIps.*", attachedTo=None),
    ),
    _deviation(
        "a snapshot has another source",
        "GetInstanceSnapshot",
        "instance_snapshot_names_its_source",
        "lists_have_what_was_created",
        change=_each("instanceSnapshot", fromInstanceName="another"),
    ),
)
