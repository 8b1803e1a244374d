"""docs/security.md describes the deployed roles: statements, actions and conditions."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.docs.pages import Page, page, spans_of
from translate.stack import translated

SECURITY = page("docs/security.md")
_KEY = re.compile(r"[a-z]+:[A-Za-z]+(/[\w:-]+)?")
_IAM = {"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Find every statement that has a Sid, wherever it is in the template."""
    if isinstance(value, dict):
        if "Sid" in value:
            yield value
        for each in value.values():
            yield from statements(each)
    elif isinstance(value, list):
        for each in value:
            yield from statements(each)


def actions(statement: dict[str, Any]) -> frozenset[str]:
    given = statement["Action"]
    return frozenset([given] if isinstance(given, str) else given)


def keys(statement: dict[str, Any]) -> frozenset[str]:
    return frozenset(key for test in statement.get("Condition", {}).values() for key in test)


def deployed() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the actions and the condition keys of each statement of the template, by Sid."""
    found = list(statements(translated()["Resources"]))
    assert len({each["Sid"] for each in found}) == len(found)
    return {each["Sid"]: (actions(each), keys(each)) for each in found}


def described(security: Page) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the same from the page."""
    return {
        next(spans_of(sid)): (
            frozenset(spans_of(allows)),
            frozenset(span for span in spans_of(condition) if _KEY.fullmatch(span)),
        )
        for sid, allows, _, condition in security.table("Sid", "allows", "on", "only if")
    }


def iam() -> dict[str, Any]:
    """Return the roles and policies of the template."""
    return {n: each for n, each in translated()["Resources"].items() if each["Type"] in _IAM}


def test_every_statement_is_described_with_its_actions_and_conditions() -> None:
    assert described(SECURITY) == deployed()


def test_a_wrong_description_is_found() -> None:
    text = SECURITY.text

    assert described(Page("a page", text.replace("`lightsail:CopySnapshot`", "", 1))) != deployed()
    assert described(Page("a page", text.replace("`aws:SourceArn`", ""))) != deployed()


def test_it_has_at_most_200_lines() -> None:
    assert len(SECURITY.text.splitlines()) <= 200


def boundary() -> list[dict[str, Any]]:
    (block,) = (each for each in SECURITY.blocks if each.language == "json")
    found: list[dict[str, Any]] = json.loads(block.text)["Statement"]
    return found


def test_the_offered_boundary_allows_exactly_what_the_roles_do_without_restores() -> None:
    allowed = [actions(each) for each in boundary() if each["Effect"] == "Allow"]
    needed = [actions(each) for each in statements(without_restores(list(iam().values())))]

    assert frozenset().union(*allowed) == frozenset().union(*needed)


def without_restores(value: Any) -> Any:
    """Leave out what exists only under a condition for restores."""
    if isinstance(value, list):
        return [without_restores(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "restore" in str(value.get("Condition", "")).lower() and "Type" in value:
        return {}
    condition, then, otherwise = (*value.get("Fn::If", ()), None, None, None)[:3]
    if condition is None:
        return {key: without_restores(each) for key, each in value.items()}
    return without_restores(otherwise if "restore" in condition.lower() else then)


def test_the_boundary_denies_only_deletes_and_tags() -> None:
    denied = [action for each in boundary() if each["Effect"] == "Deny" for action in actions(each)]
    used = {action for sid in deployed().values() for action in sid[0]}
    matched = {action for action in used for each in denied if fnmatchcase(action, each)}

    assert denied
    assert not {each for each in matched if not re.match("lightsail:(Delete|Tag)", each)}
