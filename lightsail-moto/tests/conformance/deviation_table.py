"""More than twenty deviations of a server, and the statements that each of them breaks."""

from __future__ import annotations

from tests.conformance.deviations import Answer, deviation, each, error


def _one_page_more(answer: Answer) -> None:
    answer["nextPageToken"] = answer.get("nextPageToken", "again")


def _inherit(answer: Answer) -> None:
    answer["instanceSnapshot"]["tags"] += [{"key": "inherited", "value": "x"}]


DEVIATIONS = (
    deviation(
        "a create answers one operation",
        "CreateDiskSnapshot",
        "create_answers_two_operations",
        change=lambda answer: answer["operations"].pop(),
    ),
    deviation(
        "a create has its operations in reverse",
        "CreateInstanceSnapshot",
        "create_answers_two_operations",
        change=lambda answer: answer["operations"].reverse(),
    ),
    deviation(
        "a create has Succeeded at once",
        "CreateInstanceSnapshot",
        "create_has_started",
        change=each("operations.*", status="Succeeded", isTerminal=True),
    ),
    deviation(
        "a create is of another type",
        "CreateRelationalDatabaseSnapshot",
        "create_has_its_type",
        change=each("operations.*", operationType="CreateDatabaseSnapshot"),
    ),
    deviation(
        "a delete has only started",
        "DeleteDiskSnapshot",
        "delete_has_succeeded",
        change=each("operations.*", status="Started", isTerminal=False),
    ),
    deviation(
        "a delete has details",
        "DeleteInstanceSnapshot",
        "delete_has_succeeded",
        change=each("operations.*", operationDetails="deleted"),
    ),
    deviation(
        "a copy has another type",
        "CopySnapshot",
        "copy_has_started",
        change=each("operations.*", operationType="CreateInstanceSnapshot"),
    ),
    deviation(
        "a copy does not name the source Region",
        "CopySnapshot",
        "copy_names_its_source",
        change=each("operations.*", operationDetails="instance-1"),
    ),
    deviation(
        "a snapshot is in a zone",
        "GetDiskSnapshot",
        "snapshots_have_no_zone",
        "lists_have_what_was_created",
        change=each("diskSnapshot.location", availabilityZone="us-east-1a"),
    ),
    deviation(
        "an operation ends in error",
        "GetOperation",
        "create_ends",
        change=each("operation", status="Failed"),
    ),
    deviation(
        "an instance is deleted before its disk is detached",
        "DeleteInstance",
        "delete_instance_detaches",
        change=lambda answer: answer["operations"].reverse(),
    ),
    deviation(
        "an attached disk has no path",
        "GetDisk",
        "disk_has_a_path_while_attached",
        "lists_have_what_was_created",
        change=each("disk", path=None),
    ),
    deviation(
        "an ARN has the name",
        "GetStaticIps",
        "arns_have_a_uuid",
        change=each("staticIps.*", arn="arn:aws:lightsail:us-east-1:123456789012:StaticIp/one"),
    ),
    deviation(
        "a snapshot inherits a tag",
        "GetInstanceSnapshot",
        "tags_come_with_the_create",
        "copies_are_tagged_afterwards",
        "lists_have_what_was_created",
        change=_inherit,
    ),
    deviation(
        "a list does not end",
        "GetDiskSnapshots",
        "lists_end",
        change=_one_page_more,
    ),
    deviation(
        "zones are listed where nobody asked",
        "GetRegions",
        "zones_are_listed_on_request",
        change=each("regions.*", availabilityZones=[{"zoneName": "us-east-1a"}]),
    ),
    deviation(
        "a taken name has another finer code",
        "CreateDiskSnapshot",
        "taken_names_are_refused",
        refuse=error(only="NameExists", fine_code="Conflict"),
    ),
    deviation(
        "a taken name has another message",
        "CopySnapshot",
        "taken_names_are_named",
        refuse=error(only="NameExists", message="The name is taken."),
    ),
    deviation(
        "a missing snapshot is invalid input",
        "DeleteInstanceSnapshot",
        "missing_resources_are_not_found",
        refuse=error(),
    ),
    deviation(
        "a port is named in capitals",
        "CloseInstancePublicPorts",
        "closed_ports_are_named",
        change=each("operation", operationDetails="443/TCP"),
    ),
    deviation(
        "an address is attached in one operation",
        "AttachStaticIp",
        "attach_answers_two_operations",
        change=lambda answer: answer["operations"].pop(),
    ),
    deviation(
        "an attached address does not name its instance",
        "GetStaticIps",
        "attached_addresses_are_shown_on_both_sides",
        change=each("staticIps.*", attachedTo=None),
    ),
    deviation(
        "a snapshot has another source",
        "GetInstanceSnapshot",
        "instance_snapshot_names_its_source",
        "lists_have_what_was_created",
        change=each("instanceSnapshot", fromInstanceName="another"),
    ),
)
