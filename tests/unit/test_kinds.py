"""The kinds match botocore's service model of Lightsail."""

from __future__ import annotations

import boto3
import pytest
from botocore import xform_name
from botocore.model import ListShape, StructureShape

from snapshotter.model.kinds import DATABASE, KINDS, Kind, Status

SERVICE = (
    boto3.session.Session(region_name="us-east-1")
    .client("lightsail", aws_access_key_id="testing", aws_secret_access_key="testing")
    .meta.service_model
)
OPERATIONS = {xform_name(name): name for name in SERVICE.operation_names}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def accepts(method: str) -> set[str]:
    """The arguments of a method; empty for a method that the kind does not have."""
    shape = SERVICE.operation_model(OPERATIONS[method]).input_shape if method else None
    return set(shape.members) if shape else set()


def member_of(method: str, member: str) -> StructureShape:
    """The record in the answer of a method, or the records of its list."""
    shape = SERVICE.operation_model(OPERATIONS[method]).output_shape
    assert shape is not None
    found = shape.members[member]
    record = found.member if isinstance(found, ListShape) else found
    assert isinstance(record, StructureShape)
    return record


@every_kind
def test_every_call_accepts_the_arguments_of_the_kind(kind: Kind) -> None:
    bundle = {kind.bundle_argument} - {""}
    wanted = {
        kind.get_resource: {kind.resource_argument},
        kind.delete_resource: {kind.resource_argument, kind.delete_flag},
        kind.get_snapshot: {kind.snapshot_argument},
        kind.create_snapshot: {kind.resource_argument, kind.snapshot_argument, "tags"},
        kind.delete_snapshot: {kind.snapshot_argument},
        kind.create_from_snapshot: {
            *(kind.snapshot_argument, kind.new_name_argument, "availabilityZone", "tags"),
            *bundle,
        },
        kind.list_bundles: {"includeInactive"} if kind.list_bundles else set(),
    }

    assert {method: accepts(method) & names for method, names in wanted.items()} == wanted


@every_kind
def test_every_answer_has_the_members_of_the_kind(kind: Kind) -> None:
    of_snapshot = {kind.from_name, kind.from_arn, kind.from_bundle, "tags", "state", "sizeInGb"}
    for method, member, members in (
        (kind.list_resources, kind.resources_member, {"name", "arn", "state", "tags"}),
        (kind.get_resource, kind.resource_member, {"name", "arn", "state", "tags"}),
        (kind.list_snapshots, kind.snapshots_member, of_snapshot - {""}),
        (kind.get_snapshot, kind.snapshot_member, of_snapshot - {""}),
    ):
        assert members <= set(member_of(method, member).members)
    if kind.list_bundles:
        bundle = {"bundleId", "diskSizeInGb", "ramSizeInGb", "cpuCount", "price", "isActive"}
        assert bundle <= set(member_of(kind.list_bundles, "bundles").members)


@every_kind
def test_every_state_has_a_status(kind: Kind) -> None:
    state = member_of(kind.get_snapshot, kind.snapshot_member).members["state"]
    states = {*(getattr(state, "enum", ()) or ("available",)), "creating", "rebuilding", ""}
    known = {
        kind.ready_state: Status.READY,
        "pending": Status.PENDING,
        "creating": Status.PENDING,
        "error": Status.FAILED,
    }

    assert {state: kind.snapshot_status(state) for state in states} == {
        state: known.get(state, Status.UNKNOWN) for state in states
    }
    assert kind.resource_status(kind.running_state) is Status.READY
    assert kind.resource_status("stopped") is Status.UNKNOWN


def test_only_instances_are_made_several_at_a_time_and_only_databases_cannot_be_copied() -> None:
    assert [kind for kind in KINDS.values() if not kind.copyable] == [DATABASE]
    assert [kind.new_name_argument for kind in KINDS.values() if kind.many_names] == [
        "instanceNames"
    ]
