"""The table of kinds agrees with botocore's model of the service, word by word."""

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


def takes(method: str) -> StructureShape:
    shape = SERVICE.operation_model(OPERATIONS[method]).input_shape
    assert shape is not None
    return shape


def answers(method: str) -> StructureShape:
    shape = SERVICE.operation_model(OPERATIONS[method]).output_shape
    assert shape is not None
    return shape


def snapshot_of(kind: Kind) -> StructureShape:
    shape = answers(kind.get_method).members[kind.get_member]
    assert isinstance(shape, StructureShape)
    return shape


@every_kind
def test_lists_answer_with_the_members_of_the_table(kind: Kind) -> None:
    for listing in (kind.resources, kind.snapshots):
        assert listing.member in answers(listing.method).members


@every_kind
def test_create_takes_the_arguments_of_the_table(kind: Kind) -> None:
    members = takes(kind.create_method).members

    assert {kind.source_argument, kind.snapshot_argument, "tags"} <= set(members)


@every_kind
def test_get_and_delete_take_a_snapshot_by_its_name(kind: Kind) -> None:
    for method in (kind.get_method, kind.delete_method):
        assert list(takes(method).members) == [kind.snapshot_argument]
    assert kind.get_member in answers(kind.get_method).members


@every_kind
def test_snapshots_name_their_source_as_the_table_says(kind: Kind) -> None:
    members = set(snapshot_of(kind).members)

    assert {kind.from_name, kind.from_arn, "tags", "state", "sizeInGb"} <= members


@every_kind
def test_states_of_the_model_are_all_understood(kind: Kind) -> None:
    state = snapshot_of(kind).members["state"]
    words = set(getattr(state, "enum", ()) or ("available",))

    assert {word: kind.status(word) for word in words if word != "unknown"} == {
        word: Status.READY
        if word == kind.ready_state
        else Status.FAILED
        if word == "error"
        else Status.PENDING
        for word in words
        if word != "unknown"
    }


@every_kind
def test_a_word_that_nobody_documented_is_neither_good_nor_bad(kind: Kind) -> None:
    assert kind.status("mending") is Status.UNKNOWN


@every_kind
def test_restore_takes_the_arguments_of_the_table(kind: Kind) -> None:
    how = kind.restoring
    members = takes(how.method).members
    bundle = {how.bundle_argument} if how.bundle_argument else set()

    assert {kind.snapshot_argument, how.name_argument, "availabilityZone", "tags"} <= set(members)
    assert bundle <= set(members)
    assert (members[how.name_argument].type_name == "list") is how.many_names


@every_kind
def test_what_is_restored_is_read_and_deleted_by_its_name(kind: Kind) -> None:
    how = kind.restoring

    assert kind.source_argument in takes(how.get_method).members
    assert how.get_member in answers(how.get_method).members
    assert {kind.source_argument, how.delete_flag} <= set(takes(how.delete_method).members)


@every_kind
def test_bundles_are_listed_and_named_by_snapshots_as_the_table_says(kind: Kind) -> None:
    how = kind.restoring
    if how.bundles is None:
        assert (how.bundle_argument, how.from_bundle) == (None, None)
        return
    bundles = answers(how.bundles.method).members[how.bundles.member]

    assert how.from_bundle in snapshot_of(kind).members
    assert isinstance(bundles, ListShape)
    assert isinstance(bundles.member, StructureShape)
    assert {"bundleId", "diskSizeInGb", "isActive"} <= set(bundles.member.members)


@every_kind
def test_restored_resource_is_ready_failed_or_still_to_come(kind: Kind) -> None:
    status = kind.restoring.status

    assert status(kind.restoring.ready_state) is Status.READY
    assert status("error") is Status.FAILED
    assert {status("pending"), status("creating")} == {Status.PENDING}
    assert status("stopped") is Status.UNKNOWN


def test_only_databases_cannot_be_copied() -> None:
    assert [kind for kind in KINDS.values() if not kind.copyable] == [DATABASE]
