"""Regions that refuse or throttle requests, or have no Lightsail."""

import time
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import OTHER, REGION, MakeClient, both, refused


@both
def test_a_denied_region_denies_everything_until_it_is_allowed(
    make_client: MakeClient, controls: Control
) -> None:
    there = make_client(OTHER)
    controls.deny(OTHER)

    denied = refused(there.get_instances)
    make_client().get_instances()
    controls.allow(OTHER)
    there.get_instances()

    assert denied[::2] == (
        "AccessDeniedException",
        "The caller is not authorized to perform: lightsail:GetInstances",
    )


def test_single_operations_can_be_denied(client: LightsailClient, controls: Control) -> None:
    controls.deny(REGION, ["GetDisks"])

    client.get_instances()

    assert refused(client.get_disks)[0] == "AccessDeniedException"
    with pytest.raises(ValueError, match="GetDiscs"):
        controls.deny(REGION, ["GetDiscs"])


@both
def test_a_region_in_setup_has_its_own_error(make_client: MakeClient, controls: Control) -> None:
    controls.setup_in_progress(OTHER)
    there = make_client(OTHER)

    with pytest.raises(there.exceptions.RegionSetupInProgressException) as caught:
        there.get_instances()

    response: Any = caught.value.response
    assert "try again" in response["tip"]
    controls.allow(OTHER)
    there.get_instances()


@both
def test_requests_beyond_the_rate_are_throttled_region_by_region(
    make_client: MakeClient, controls: Control
) -> None:
    here, there = make_client(), make_client(OTHER)
    controls.rate_limit(0.001, burst=2)
    here.get_instances()
    here.get_instances()

    throttled = refused(here.get_instances)
    there.get_instances()
    controls.rate_limit(None)
    here.get_instances()

    assert throttled == ("ThrottlingException", None, "Rate exceeded")
    assert [call.outcome for call in controls.calls] == [
        "ok",
        "ok",
        "ThrottlingException",
        "ok",
        "ok",
    ]


def test_requests_are_allowed_again_with_real_time(
    client: LightsailClient, controls: Control
) -> None:
    controls.rate_limit(50, burst=1)
    client.get_instances()

    time.sleep(0.03)
    client.get_instances()


def test_each_call_takes_its_latency(client: LightsailClient, controls: Control) -> None:
    controls.latency_s = 0.05

    client.get_instances()

    (call,) = controls.calls
    assert call.finished_s is not None
    assert call.finished_s - call.started_s >= 0.05


def test_a_region_without_lightsail_has_no_endpoint(make_client: MakeClient) -> None:
    with pytest.raises(EndpointConnectionError):
        make_client("us-west-1").get_instances()
