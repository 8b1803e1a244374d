"""A stack of template.yaml with its parameters filled in, without an account.

Resolves the intrinsic functions that the template uses, and raises on any other.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from translate import translate

ABSENT = object()
"""The value of `AWS::NoValue`: the member that has it is left out."""

_ARNS = {
    "AWS::CloudWatch::Alarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::{account}:policy/{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
}
_REFERRED_TO_BY_ARN = {"AWS::IAM::ManagedPolicy", "AWS::SNS::Topic"}


def translated() -> dict[str, Any]:
    """Return the plain CloudFormation of template.yaml; it must not be changed."""
    return translate()


@dataclass(frozen=True)
class Stack:
    """The template as CloudFormation would resolve it for these parameters.

    parameters: as given to `sam deploy`, each a text; the others have their defaults.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    region: str = "us-east-1"
    account: str = "123456789012"
    name: str = "snapshotter"
    template: Mapping[str, Any] = field(default_factory=translated)

    def __post_init__(self) -> None:
        unknown = set(self.parameters) - set(self.template["Parameters"])
        if unknown:
            raise ValueError(f"the template has no parameters {sorted(unknown)}")

    def properties(self, logical_id: str) -> dict[str, Any]:
        """Return the properties of a resource with everything filled in."""
        resolved: dict[str, Any] = self.resolve(
            self.template["Resources"][logical_id]["Properties"]
        )
        return resolved

    def resources(self, kind: str) -> list[str]:
        """Return the logical ids of the resources of a kind that this stack would have."""
        return [
            logical_id
            for logical_id, each in self.template["Resources"].items()
            if each["Type"] == kind and ("Condition" not in each or self.holds(each["Condition"]))
        ]

    def environment(self) -> dict[str, str]:
        """Return the variables that Lambda sets for the function."""
        variables: dict[str, str] = self.properties("SnapshotFunction")["Environment"]["Variables"]
        return variables

    def parameter(self, name: str) -> str:
        """Return the value of a parameter of type String or Number, as text."""
        declared = self.template["Parameters"][name]
        if declared["Type"] not in ("String", "Number"):
            raise NotImplementedError(f"parameters of type {declared['Type']}")
        return str(self.parameters[name] if name in self.parameters else declared["Default"])

    def faults(self) -> list[str]:
        """Return why CloudFormation would refuse these parameters, one text for each fault."""
        found = []
        for name, declared in self.template["Parameters"].items():
            value = self.parameter(name)
            # A pattern is anchored where the whole value must match.
            if not re.search(declared.get("AllowedPattern", ""), value):
                found.append(f"{name} {declared['ConstraintDescription']}")
            allowed = declared.get("AllowedValues")
            if allowed and value not in map(str, allowed):
                found.append(f"{name} must be one of {allowed}")
        for rule in self.template.get("Rules", {}).values():
            if self.resolve(rule["RuleCondition"]):
                broken = [e for e in rule["Assertions"] if not self.resolve(e["Assert"])]
                found += [each["AssertDescription"] for each in broken]
        return found

    def resolve(self, value: Any) -> Any:
        """Replace every intrinsic function in a value by its result.

        Raises:
            NotImplementedError: the function is not one that the template uses.
        """
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not ABSENT]
        if not isinstance(value, dict):
            return value
        key = next(iter(value), "")
        if len(value) == 1 and (key in ("Ref", "Condition") or key.startswith("Fn::")):
            if key not in _FUNCTIONS:
                raise NotImplementedError(f"intrinsic function {key}")
            return _FUNCTIONS[key](self, value[key])
        resolved = {name: self.resolve(item) for name, item in value.items()}
        return {name: item for name, item in resolved.items() if item is not ABSENT}

    def ref(self, name: str) -> Any:
        """Return the value of `Ref`: of a parameter, a pseudo parameter or a resource."""
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::NoValue": ABSENT,
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::StackName": self.name,
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.template["Parameters"]:
            return self.parameter(name)
        if name in self.template["Resources"]:
            by_arn = self.template["Resources"][name]["Type"] in _REFERRED_TO_BY_ARN
            return self.attribute(name, "Arn") if by_arn else self._physical_name(name)
        raise KeyError(f"no parameter or resource {name}")

    def attribute(self, logical_id: str, attribute: str) -> str:
        """Return the value of `Fn::GetAtt`: an ARN, or the name of a queue."""
        kind = self.template["Resources"][logical_id]["Type"]
        if (kind, attribute) == ("AWS::SQS::Queue", "QueueName"):
            return self._physical_name(logical_id)
        if attribute != "Arn" or kind not in _ARNS:
            raise NotImplementedError(f"{attribute} of {kind}")
        return _ARNS[kind].format(
            account=self.account, region=self.region, name=self._physical_name(logical_id)
        )

    def holds(self, condition: str) -> bool:
        """Return whether a condition of the template is true."""
        return bool(self.resolve(self.template["Conditions"][condition]))

    def _physical_name(self, logical_id: str) -> str:
        return f"{self.name}-{logical_id}"


def _if(stack: Stack, arguments: list[Any]) -> Any:
    condition, then, otherwise = arguments
    return stack.resolve(then if stack.holds(condition) else otherwise)


def _contains(stack: Stack, arguments: list[Any]) -> bool:
    texts, text = stack.resolve(arguments)
    return text in texts


def _equals(stack: Stack, arguments: list[Any]) -> bool:
    left, right = stack.resolve(arguments)
    return bool(left == right)


def _join(stack: Stack, arguments: list[Any]) -> str:
    delimiter, items = stack.resolve(arguments)
    return str(delimiter).join(items)


def _split(stack: Stack, arguments: list[Any]) -> list[str]:
    delimiter, text = stack.resolve(arguments)
    return str(text).split(delimiter)


def _get_att(stack: Stack, arguments: str | list[str]) -> str:
    logical_id, attribute = arguments.split(".") if isinstance(arguments, str) else arguments
    return stack.attribute(logical_id, attribute)


def _sub(stack: Stack, arguments: str | list[Any]) -> str:
    text, given = (arguments, {}) if isinstance(arguments, str) else arguments
    values = {name: str(stack.resolve(value)) for name, value in given.items()}

    def fill(match: re.Match[str]) -> str:
        if match[1] in values:
            return values[match[1]]
        name, _, attribute = match[1].partition(".")
        return stack.attribute(name, attribute) if attribute else str(stack.ref(name))

    return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", fill, text)


_FUNCTIONS: dict[str, Callable[[Stack, Any], Any]] = {
    "Condition": Stack.holds,
    "Fn::And": lambda stack, arguments: all(stack.resolve(arguments)),
    "Fn::Contains": _contains,
    "Fn::Equals": _equals,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::Join": _join,
    "Fn::Not": lambda stack, arguments: not any(stack.resolve(arguments)),
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Ref": Stack.ref,
}
