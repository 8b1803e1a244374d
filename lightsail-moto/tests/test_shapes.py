"""The backend against botocore's service model."""

import inspect
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import get_session

from lightsail_moto import Control, LightsailBackend
from lightsail_moto.checking import WrongAnswer, check_answer
from lightsail_moto.models import implemented_operations

from .support import Client, MakeClient, both, refused

MODEL = get_session().get_service_model("lightsail")


@pytest.mark.parametrize("operation", sorted(implemented_operations()))
def test_a_method_has_the_members_of_its_input_and_the_same_are_required(operation: str) -> None:
    shape = MODEL.operation_model(operation).input_shape
    assert shape is not None

    method = getattr(LightsailBackend, implemented_operations()[operation])
    parameters = list(inspect.signature(method).parameters.values())[1:]

    required = {each.name for each in parameters if each.default is inspect.Parameter.empty}
    assert {each.name for each in parameters} == {xform_name(name) for name in shape.members}
    assert required == {xform_name(name) for name in shape.required_members}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"disk": {"colour": "red"}}, id="unknown-member"),
        pytest.param({"disk": {"tags": [{"key": "k", "colour": "red"}]}}, id="unknown-nested"),
        pytest.param({"disk": {"sizeInGb": "8"}}, id="wrong-type"),
        pytest.param({"disk": {"attachedTo": None}}, id="null"),
    ],
)
def test_an_answer_that_does_not_fit_the_model_is_an_error(answer: dict[str, Any]) -> None:
    with pytest.raises(WrongAnswer, match="GetDisk"):
        check_answer("GetDisk", answer)


def test_every_answer_is_checked(
    client: Client, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LightsailBackend, "get_disks", lambda _: {"discs": []})

    with pytest.raises(WrongAnswer, match="discs"):
        client.get_disks()


def test_an_operation_that_is_not_covered_raises_in_process(client: Client) -> None:
    with pytest.raises(NotImplementedError, match="GetBuckets"):
        client.get_buckets()


@pytest.mark.parametrize("make_client", ["http"], indirect=True)
def test_an_operation_that_is_not_covered_is_an_error_by_its_name_over_http(
    client: Client,
) -> None:
    code, _, message = refused(client.get_buckets)

    assert (code, message) == ("NotImplemented", "lightsail_moto has no operation GetBuckets")


@both
def test_errors_have_the_exceptions_of_the_model(client: Client) -> None:
    with pytest.raises(client.exceptions.NotFoundException) as caught:
        client.get_disk(diskName="none")

    response: Any = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RequestId"]


@both
def test_tag_values_that_look_like_queries_do_not_confuse_the_request(
    client: Client, controls: Control
) -> None:
    controls.seed.add_disk("data")
    message = refused(
        client.tag_resource, resourceName="data", tags=[{"key": "k", "value": "&Action=GetDisks"}]
    )[2]

    assert "not allowed" in message
    assert controls.calls[-1].operation == "TagResource"


def test_the_fips_host_is_answered(make_client: MakeClient, controls: Control) -> None:
    client = make_client(fips=True)

    client.get_instances()

    assert client.meta.endpoint_url == "https://lightsail-fips.us-east-1.amazonaws.com"
    assert controls.calls[0].region == "us-east-1"
