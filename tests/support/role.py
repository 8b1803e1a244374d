"""The roles of template.yaml, evaluated as IAM evaluates them.

Supports what the template uses: allow and deny, wildcards in actions and resources, and some
condition operators. Anything else raises.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from translate.stack import Stack

Tags = Mapping[str, str | None]
Context = Mapping[str, Sequence[str]]
"""The values of each condition key, in lower case; an absent key has none."""
_SUPPORTED = {"Sid", "Effect", "Action", "Resource", "Condition"}


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Operator, condition key and accepted values; all must hold."""

    @classmethod
    def from_json(cls, statement: Mapping[str, Any]) -> "Statement":
        """Read a statement.

        Raises:
            NotImplementedError: a member or an operator is not supported.
        """
        members = set(statement) - _SUPPORTED
        operators = set(statement.get("Condition", {})) - set(_OPERATORS)
        if members or operators:
            raise NotImplementedError(f"not supported: {sorted(members | operators)}")
        return cls(
            sid=statement.get("Sid", ""),
            effect=statement["Effect"],
            actions=_as_tuple(statement["Action"]),
            resources=_as_tuple(statement["Resource"]),
            conditions=tuple(
                (operator, key.lower(), _as_tuple(values))
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            ),
        )

    def applies(self, action: str, resource: str, context: Context) -> bool:
        """Whether the statement covers this action on this resource."""
        return (
            any(_matches(pattern.lower(), action.lower()) for pattern in self.actions)
            and any(_is_on(pattern, resource) for pattern in self.resources)
            and all(
                _OPERATORS[operator](context.get(key, ()), values)
                for operator, key, values in self.conditions
            )
        )


@dataclass(frozen=True)
class Role:
    """What a role may do: what a statement allows and none denies."""

    statements: tuple[Statement, ...]

    @classmethod
    def from_template(
        cls,
        parameters: Mapping[str, str] | None = None,
        region: str = "us-east-1",
        account: str = "123456789012",
        *,
        stack_name: str = "snapshotter",
        logical_id: str = "FunctionRole",
    ) -> "Role":
        """Read the role of a stack with these parameters."""
        stack = Stack(parameters or {}, region=region, account=account, name=stack_name)
        managed = {
            stack.ref(each): stack.properties(each)
            for each in stack.resources("AWS::IAM::ManagedPolicy")
        }
        return cls.from_properties(stack.properties(logical_id), managed)

    @classmethod
    def from_properties(
        cls,
        properties: Mapping[str, Any],
        managed: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> "Role":
        """Read a role from the resolved properties of an AWS::IAM::Role.

        managed: the properties of the template's managed policies, by ARN.

        Raises:
            NotImplementedError: a managed policy is not one of the template's.
        """
        arns = properties.get("ManagedPolicyArns", [])
        if not set(arns) <= set(managed):
            raise NotImplementedError(f"policies that AWS manages: {sorted(arns)}")
        return cls(
            tuple(
                Statement.from_json(statement)
                for policy in [*properties.get("Policies", []), *map(managed.__getitem__, arns)]
                for statement in policy["PolicyDocument"]["Statement"]
            )
        )

    def allows(
        self,
        action: str,
        *,
        region: str,
        resources: Sequence[str] = ("*",),
        request_tags: Tags | None = None,
        resource_tags: Tags | None = None,
        other: Mapping[str, str] = MappingProxyType({}),
    ) -> bool:
        """Whether one call is allowed, on all of its resources.

        action: as in `lightsail:CreateInstanceSnapshot`.
        region: where the call is sent.
        resources: the ARNs that the action is authorised on; `*` if it has no resource type.
        request_tags: the tags in the call; None for a key-only tag.
        resource_tags: the tags of the resources.
        other: condition keys that are not about tags or regions, and their values.
        """
        context = {"aws:requestedregion": [region], "aws:tagkeys": list(request_tags or ())}
        for prefix, tags in (("aws:requesttag", request_tags), ("aws:resourcetag", resource_tags)):
            context |= {
                f"{prefix}/{key}".lower(): [value or ""] for key, value in (tags or {}).items()
            }
        context |= {key.lower(): [value] for key, value in other.items()}
        return all(self._allows_on(action, resource, context) for resource in resources or ("*",))

    def _allows_on(self, action: str, resource: str, context: Context) -> bool:
        effects = {
            statement.effect
            for statement in self.statements
            if statement.applies(action, resource, context)
        }
        return effects == {"Allow"}


def _as_tuple(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _is_on(pattern: str, resource: str) -> bool:
    """Whether the ARN of a statement covers the ARN of a call; `*` as a call's covers nothing else.

    IAM's guide: "You cannot use a wildcard in the portion of the ARN that specifies the resource
    type". Only `*` alone is in common use there. Another one matches nothing here.
    """
    if pattern == "*":
        return True
    parts, given = pattern.split(":", 5), resource.split(":", 5)
    kind = re.split("[/:]", parts[-1])[0]
    if len(parts) != len(given) or (parts[-1] != "*" and re.search(r"[*?]", kind)):
        return False
    return all(map(_matches, parts, given))


def _matches(pattern: str, text: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """IAM's wildcards: `*` is any number of characters, `?` is one."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _equals(values: Sequence[str], accepted: Sequence[str]) -> bool:
    return any(value in accepted for value in values)


def _equals_if_exists(values: Sequence[str], accepted: Sequence[str]) -> bool:
    return not values or _equals(values, accepted)


def _all_equal(values: Sequence[str], accepted: Sequence[str]) -> bool:
    """True without a value, as in IAM."""
    return all(value in accepted for value in values)


def _like(values: Sequence[str], accepted: Sequence[str]) -> bool:
    return any(_matches(pattern, value) for value in values for pattern in accepted)


def _null(values: Sequence[str], accepted: Sequence[str]) -> bool:
    return str(not values).lower() in accepted


_OPERATORS: dict[str, Callable[[Sequence[str], Sequence[str]], bool]] = {
    "ArnLike": _like,
    "ForAllValues:StringEquals": _all_equal,
    "Null": _null,
    "StringEquals": _equals,
    "StringEqualsIfExists": _equals_if_exists,
    "StringLike": _like,
}
