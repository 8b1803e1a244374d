"""The table of kinds agrees with botocore's model of the service, word by word."""

import boto3
import pytest
from botocore import xform_name
from botocore.model import OperationModel

from snapshotter.kinds import DATABASE, KINDS, Kind, Status

SERVICE = (
    boto3.session.Session(region_name="us-east-1")
    .client("lightsail", aws_access_key_id="testing", aws_secret_access_key="testing")
    .meta.service_model
)
OPERATIONS = {xform_name(name): name for name in SERVICE.operation_names}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def operation(method: str) -> OperationModel:
    return SERVICE.operation_model(OPERATIONS[method])


@every_kind
def test_lists_answer_with_the_members_of_the_table(kind: Kind) -> None:
    for listing in (kind.resources, kind.snapshots):
        assert listing.member in operation(listing.method).output_shape.members


@every_kind
def test_create_takes_the_arguments_of_the_table(kind: Kind) -> None:
    members = operation(kind.create_method).input_shape.members

    assert {kind.source_argument, kind.snapshot_argument, "tags"} <= set(members)


@every_kind
def test_get_and_delete_take_a_snapshot_by_its_name(kind: Kind) -> None:
    for method in (kind.get_method, kind.delete_method):
        assert list(operation(method).input_shape.members) == [kind.snapshot_argument]
    assert kind.get_member in operation(kind.get_method).output_shape.members


@every_kind
def test_snapshots_name_their_source_as_the_table_says(kind: Kind) -> None:
    snapshot = operation(kind.get_method).output_shape.members[kind.get_member]

    assert {kind.from_name, kind.from_arn, "tags", "state", "sizeInGb"} <= set(snapshot.members)


@every_kind
def test_states_of_the_model_are_all_understood(kind: Kind) -> None:
    state = operation(kind.get_method).output_shape.members[kind.get_member].members["state"]
    words = set(state.enum or ("available",))

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


def test_only_databases_cannot_be_copied() -> None:
    assert [kind for kind in KINDS.values() if not kind.copyable] == [DATABASE]
