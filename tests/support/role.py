"""The function's role of template.yaml, asked what it may do.

Evaluates as IAM does what the template uses: allow and deny, wildcards in actions and resources,
and a few condition operators. Whatever else it meets raises.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translate.stack import Stack

Tags = Mapping[str, str | None]
_KNOWN_MEMBERS = {"Sid", "Effect", "Action", "Resource", "Condition"}


@dataclass(frozen=True)
class Statement:
    """One statement of a policy, its lists always lists."""

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
            NotImplementedError: it has members or operators that are not known here.
        """
        unknown = set(statement) - _KNOWN_MEMBERS
        operators = set(statement.get("Condition", {})) - set(_OPERATORS)
        if unknown or operators:
            raise NotImplementedError(f"in a policy: {sorted(unknown | operators)}")
        return cls(
            sid=statement.get("Sid", ""),
            effect=statement["Effect"],
            actions=_listed(statement["Action"]),
            resources=_listed(statement["Resource"]),
            conditions=tuple(
                (operator, key.lower(), _listed(values))
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            ),
        )

    def applies(self, action: str, resource: str, context: Mapping[str, str]) -> bool:
        """Tell whether the statement speaks of this action on this resource."""
        return (
            any(_matches(pattern.lower(), action.lower()) for pattern in self.actions)
            and any(_matches(pattern, resource) for pattern in self.resources)
            and all(
                _OPERATORS[operator](context.get(key), values)
                for operator, key, values in self.conditions
            )
        )


@dataclass(frozen=True)
class Role:
    """What a role may do: nothing, but what a statement allows and none denies."""

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
        """Read the role that a stack with these parameters would have."""
        stack = Stack(parameters or {}, region=region, account=account, name=stack_name)
        return cls.from_properties(stack.properties(logical_id))

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> "Role":
        """Read a role from the resolved properties of an AWS::IAM::Role.

        Raises:
            NotImplementedError: it has managed policies, whose text is not in the template.
        """
        if properties.get("ManagedPolicyArns"):
            raise NotImplementedError("managed policies")
        return cls(
            tuple(
                Statement.from_json(statement)
                for policy in properties["Policies"]
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
    ) -> bool:
        """Tell whether one call is allowed, on every one of its resources.

        action: as in `lightsail:CreateInstanceSnapshot`.
        region: where the call is sent.
        resources: ARNs that the action is authorised on; `*` for one that knows no resources.
        request_tags: the tags that the call carries; a key-only tag is None.
        resource_tags: the tags that the resources have.
        """
        context = {"aws:requestedregion": region}
        for prefix, tags in (("aws:requesttag", request_tags), ("aws:resourcetag", resource_tags)):
            context |= {
                f"{prefix}/{key}".lower(): value or "" for key, value in (tags or {}).items()
            }
        return all(self._allows_on(action, resource, context) for resource in resources or ("*",))

    def actions(self, service: str) -> set[str]:
        """Name the actions of a service that are allowed at all, as they are written."""
        return {
            action
            for statement in self.statements
            if statement.effect == "Allow"
            for action in statement.actions
            if action.startswith(f"{service}:")
        }

    def _allows_on(self, action: str, resource: str, context: Mapping[str, str]) -> bool:
        effects = {
            statement.effect
            for statement in self.statements
            if statement.applies(action, resource, context)
        }
        return effects == {"Allow"}


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _matches(pattern: str, text: str) -> bool:
    """Compare as IAM does: `*` is any number of characters, `?` is one."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _equals(value: str | None, accepted: Sequence[str]) -> bool:
    return value in accepted


def _equals_if_exists(value: str | None, accepted: Sequence[str]) -> bool:
    return value is None or value in accepted


def _like(value: str | None, accepted: Sequence[str]) -> bool:
    return value is not None and any(_matches(pattern, value) for pattern in accepted)


def _null(value: str | None, accepted: Sequence[str]) -> bool:
    return str(value is None).lower() in accepted


_OPERATORS: dict[str, Callable[[str | None, Sequence[str]], bool]] = {
    "ArnLike": _like,
    "Null": _null,
    "StringEquals": _equals,
    "StringEqualsIfExists": _equals_if_exists,
    "StringLike": _like,
}
