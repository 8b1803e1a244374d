"""Requests and answers against botocore's shapes."""

from __future__ import annotations

import json

from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.resource import Record


class WrongAnswer(AssertionError):
    """An answer of this backend that the service model does not allow."""


def check_answer(operation: str, answer: Record) -> None:
    """WrongAnswer for an unknown member, a wrong type or a null, at any depth.

    Enums are not checked: the live service has been seen to leave them.
    """
    shape = get_service_model("lightsail").operation_model(operation).output_shape
    report = ParamValidator().validate(answer, shape)
    if report.has_errors():
        raise WrongAnswer(f"{operation}: {report.generate_report()}")


def read_parameters(operation: str, body: str) -> Record:
    """The members of a request that the input shape knows; InvalidInput if they do not fit it."""
    shape = get_service_model("lightsail").operation_model(operation).input_shape
    try:
        given = json.loads(body or "{}")
    except ValueError as unreadable:
        raise InvalidInput("The request is not JSON.") from unreadable
    members = shape.members if shape else {}
    parameters = {name: value for name, value in given.items() if name in members}
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        raise InvalidInput(report.generate_report())
    return parameters
