"""The function's environment as CloudFormation would set it, from the real template.

Knows the intrinsic functions that the template uses there; any other raises, so that a template
that outgrows this is noticed.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from translate import translate

ACCOUNT = "123456789012"
"""The account of the documentation, which is nobody's."""

STACK = "snapshotter"
"""The stack's name in samconfig.toml, hence the policy's unless one is given."""

_ABSENT = object()


def environment(parameters: Mapping[str, str], *, region: str) -> dict[str, str]:
    """Return the variables that Lambda would set for the function.

    parameters: as given to `sam deploy`, text each; those left out have their defaults.
    region: where the stack stands.
    """
    template = _template()
    unknown = sorted(set(parameters) - set(template["Parameters"]))
    if unknown:
        raise ValueError(f"the template has no parameters {unknown}")
    names = {"AWS::StackName": STACK, "AWS::Region": region, "AWS::NoValue": _ABSENT}
    for name, declared in template["Parameters"].items():
        text = str(parameters.get(name, declared["Default"]))
        is_list = declared["Type"] == "CommaDelimitedList"
        names[name] = [item.strip() for item in text.split(",")] if is_list else text
    function = template["Resources"]["SnapshotFunction"]["Properties"]
    variables: dict[str, Any] = function["Environment"]["Variables"]
    values = {key: _resolve(value, names, template) for key, value in variables.items()}
    return {key: str(value) for key, value in values.items() if value is not _ABSENT}


def parameters_in(environ: Mapping[str, str]) -> dict[str, str]:
    """Find the template's parameters among variables of the same names in upper snake case."""
    names = {name: upper_snake(name) for name in _template()["Parameters"]}
    return {name: environ[key] for name, key in names.items() if environ.get(key)}


def upper_snake(name: str) -> str:
    """`CopyToRegions` is `COPY_TO_REGIONS`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


@cache
def _template() -> dict[str, Any]:
    return translate()


def _resolve(value: Any, names: Mapping[str, Any], template: Mapping[str, Any]) -> Any:
    """Replace the intrinsic functions in a value by their results."""
    if isinstance(value, list):
        return [_resolve(item, names, template) for item in value]
    if not isinstance(value, dict):
        return value
    ((function, given),) = value.items()
    if function == "Ref":
        return names[given]
    if function == "Condition":
        return _resolve(template["Conditions"][given], names, template)
    if function == "Fn::If":
        condition, then, otherwise = given
        holds = _resolve({"Condition": condition}, names, template)
        return _resolve(then if holds else otherwise, names, template)
    operands = _resolve(given, names, template)
    match function:
        case "Fn::Equals":
            return operands[0] == operands[1]
        case "Fn::Not":
            return not operands[0]
        case "Fn::Join":
            return str(operands[0]).join(operands[1])
    raise NotImplementedError(f"intrinsic function {function}")
