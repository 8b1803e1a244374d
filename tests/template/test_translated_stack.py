"""A stack is resolved as CloudFormation resolves it."""

from typing import Any

import pytest

from translate.stack import Stack

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Name": {"Type": "String", "Default": ""},
        "Regions": {"Type": "String", "Default": ""},
        "Zones": {"Type": "CommaDelimitedList", "Default": ""},
        "Days": {"Type": "Number", "Default": 90},
    },
    "Conditions": {
        "HasName": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]},
        "IsNamed": {"Fn::Equals": [{"Condition": "HasName"}, True]},
    },
    "Resources": {
        "Policy": {"Type": "AWS::IAM::ManagedPolicy"},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": {"Type": "AWS::SNS::Topic"},
    },
}


def a_stack(**parameters: str) -> Stack:
    return Stack(parameters, region="eu-west-1", name="nightly", template=TEMPLATE)


QUEUE = "arn:aws:sqs:eu-west-1:123456789012:nightly-Queue"
FUNCTIONS: list[tuple[object, object]] = [
    ({"Ref": "Days"}, "90"),
    ({"Ref": "AWS::StackName"}, "nightly"),
    ({"Ref": "Queue"}, "nightly-Queue"),
    ({"Ref": "Topic"}, "arn:aws:sns:eu-west-1:123456789012:nightly-Topic"),
    ({"Ref": "Policy"}, "arn:aws:iam::123456789012:policy/nightly-Policy"),
    ({"Fn::Join": ["-", ["x", {"Ref": "Regions"}]]}, "x-a,b"),
    ({"Fn::Split": [",", {"Ref": "Regions"}]}, ["a", "b"]),
    ({"Fn::Contains": [["x", "a,b"], {"Ref": "Regions"}]}, True),
    ({"Fn::If": ["HasName", 1, 2]}, 2),
    ({"Fn::If": ["IsNamed", 1, 2]}, 2),
    ({"Fn::GetAtt": ["Queue", "Arn"]}, QUEUE),
    ({"Fn::GetAtt": ["Queue", "QueueName"]}, "nightly-Queue"),
    ({"Fn::Sub": "${AWS::Region}/${Queue}/${Queue.Arn}"}, f"eu-west-1/nightly-Queue/{QUEUE}"),
    ({"Fn::Sub": ["${Mine}/${Days}", {"Mine": {"Ref": "Queue"}}]}, "nightly-Queue/90"),
    (["x", {"Ref": "AWS::NoValue"}], ["x"]),
    ({"a": 1, "b": {"Ref": "AWS::NoValue"}}, {"a": 1}),
]


@pytest.mark.parametrize(("value", "result"), FUNCTIONS)
def test_a_function_is_replaced_by_its_result(value: object, result: object) -> None:
    assert a_stack(Regions="a,b").resolve(value) == result
    assert a_stack(Regions="a,b").resolve({"x": [value]}) == {"x": [result]}


def test_a_parameter_replaces_its_default() -> None:
    assert a_stack(Name="x").resolve({"Fn::If": ["HasName", {"Ref": "Name"}, ""]}) == "x"


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Cidr": ["10.0.0.0/8", 2, 8]},
        {"Fn::GetAtt": ["Topic", "TopicArn"]},
        {"Ref": "Zones"},
    ],
)
def test_a_function_that_is_not_supported_is_refused(value: object) -> None:
    with pytest.raises(NotImplementedError):
        a_stack().resolve(value)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="Quueue"):
        a_stack().resolve({"Ref": "Quueue"})


def test_a_parameter_that_the_template_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="Region"):
        a_stack(Region="eu-west-1")
