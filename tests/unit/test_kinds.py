"""The kinds match botocore's service model of Lightsail."""

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


def input_of(method: str) -> StructureShape:
    shape = SERVICE.operation_model(OPERATIONS[method]).input_shape
    assert shape is not None
    return shape


def output_of(method: str) -> StructureShape:
    shape = SERVICE.operation_model(OPERATIONS[method]).output_shape
    assert shape is not None
    return shape


def snapshot_of(kind: Kind) -> StructureShape:
    shape = output_of(kind.get_method).members[kind.get_member]
    assert isinstance(shape, StructureShape)
    return shape


@every_kind
def test_lists_return_the_members_of_the_kind(kind: Kind) -> None:
    for listing in (kind.resources, kind.snapshots):
        assert listing.member in output_of(listing.method).members


@every_kind
def test_create_accepts_the_arguments_of_the_kind(kind: Kind) -> None:
    members = input_of(kind.create_method).members

    assert {kind.source_argument, kind.snapshot_argument, "tags"} <= set(members)


@every_kind
def test_get_and_delete_take_the_name_of_the_snapshot(kind: Kind) -> None:
    for method in (kind.get_method, kind.delete_method):
        assert list(input_of(method).members) == [kind.snapshot_argument]
    assert kind.get_member in output_of(kind.get_method).members


@every_kind
def test_snapshots_have_the_members_that_name_their_source(kind: Kind) -> None:
    members = set(snapshot_of(kind).members)

    assert {kind.from_name, kind.from_arn, "tags", "state", "sizeInGb"} <= members


@every_kind
def test_every_state_of_the_service_model_has_a_status(kind: Kind) -> None:
    state = snapshot_of(kind).members["state"]
    states = set(getattr(state, "enum", ()) or ("available",)) - {"unknown"}
    known = {kind.ready_state: Status.READY, "error": Status.FAILED}

    assert {state: kind.status(state) for state in states} == {
        state: known.get(state, Status.PENDING) for state in states
    }


@every_kind
def test_undocumented_state_is_unknown(kind: Kind) -> None:
    assert kind.status("rebuilding") is Status.UNKNOWN


@every_kind
def test_restore_accepts_the_arguments_of_the_kind(kind: Kind) -> None:
    how = kind.restoring
    members = input_of(how.method).members
    bundle = {how.bundle_argument} if how.bundle_argument else set()

    assert {kind.snapshot_argument, how.name_argument, "availabilityZone", "tags"} <= set(members)
    assert bundle <= set(members)
    assert (members[how.name_argument].type_name == "list") is how.many_names


@every_kind
def test_restored_resource_is_read_and_deleted_by_its_name(kind: Kind) -> None:
    how = kind.restoring

    assert kind.source_argument in input_of(how.get_method).members
    assert how.get_member in output_of(how.get_method).members
    assert {kind.source_argument, how.delete_flag} <= set(input_of(how.delete_method).members)


@every_kind
def test_bundles_are_listed_and_snapshots_name_theirs_as_in_the_kind(kind: Kind) -> None:
    how = kind.restoring
    if how.bundles is None:
        assert (how.bundle_argument, how.from_bundle) == (None, None)
        return
    bundles = output_of(how.bundles.method).members[how.bundles.member]

    assert how.from_bundle in snapshot_of(kind).members
    assert isinstance(bundles, ListShape)
    assert isinstance(bundles.member, StructureShape)
    assert {"bundleId", "diskSizeInGb", "isActive"} <= set(bundles.member.members)


@every_kind
def test_state_of_a_restored_resource_is_ready_failed_pending_or_unknown(kind: Kind) -> None:
    status = kind.restoring.status

    assert status(kind.restoring.ready_state) is Status.READY
    assert status("error") is Status.FAILED
    assert {status("pending"), status("creating")} == {Status.PENDING}
    assert status("stopped") is Status.UNKNOWN


def test_only_databases_cannot_be_copied() -> None:
    assert [kind for kind in KINDS.values() if not kind.copyable] == [DATABASE]
