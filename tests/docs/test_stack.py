"""What the pages say of the stack: its roles, its alarms, its queries and its numbers."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.docs.pages import Page, page, spans_of
from tests.support.role import Role
from translate.stack import translated

SECURITY, RUNBOOK = "docs/security.md", "docs/operations.md"
_KEY = re.compile(r"[a-z]+:[A-Za-z]+(/[\w:-]+)?")


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


def deployed() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Give, by Sid, the actions and the condition keys of each statement of the template."""
    found = list(statements(translated()["Resources"]))
    assert len({each["Sid"] for each in found}) == len(found)
    return {each["Sid"]: (actions(each), keys(each)) for each in found}


def actions(statement: dict[str, Any]) -> frozenset[str]:
    given = statement["Action"]
    return frozenset([given] if isinstance(given, str) else given)


def keys(statement: dict[str, Any]) -> frozenset[str]:
    return frozenset(key for test in statement.get("Condition", {}).values() for key in test)


def described(security: Page) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Give the same as the page has it."""
    return {
        sid.strip("`"): (
            frozenset(spans_of(allows)),
            frozenset(span for span in spans_of(condition) if _KEY.fullmatch(span)),
        )
        for sid, allows, _, condition in security.table("Sid", "allows", "on", "only if")
    }


def test_the_page_on_security_has_every_statement_with_its_actions_and_conditions() -> None:
    assert described(page(SECURITY)) == deployed()


def test_a_statement_that_is_told_otherwise_is_found() -> None:
    text = page(SECURITY).text

    assert described(Page("a page", text.replace("`lightsail:CopySnapshot`", "", 1))) != deployed()
    assert described(Page("a page", text.replace("`aws:SourceArn`", ""))) != deployed()


def test_every_statement_of_the_functions_role_is_explained() -> None:
    sids = {each["Sid"] for each in statements(translated()["Resources"]["FunctionRole"])}
    explained = {
        sid
        for heading in re.findall(r"^\*\*([\w, ]+)\.\*\*", page(SECURITY).text, re.M)
        for sid in heading.split(", ")
    }

    assert explained == sids


def boundary() -> list[dict[str, Any]]:
    (block,) = (each for each in page(SECURITY).blocks if each.language == "json")
    found: list[dict[str, Any]] = json.loads(block.text)["Statement"]
    return found


def test_the_boundary_that_is_offered_allows_what_the_roles_do_without_restores() -> None:
    allowed = {
        action for each in boundary() if each["Effect"] == "Allow" for action in actions(each)
    }
    needed = {
        action
        for role in ("FunctionRole", "ScheduleRole")
        for each in statements(without_restores(translated()["Resources"][role]))
        for action in actions(each)
    }

    assert needed - allowed == set()
    assert allowed - needed == set()


def without_restores(value: Any) -> Any:
    """Leave out what stands under a condition of its own for restores."""
    if isinstance(value, list):
        return [without_restores(each) for each in value]
    if not isinstance(value, dict):
        return value
    condition, then, otherwise = (*value.get("Fn::If", ()), None, None, None)[:3]
    if isinstance(condition, str) and "restore" in condition.lower():
        return without_restores(otherwise)
    return (
        {key: without_restores(each) for key, each in value.items()}
        if then is None
        else (without_restores(then))
    )


def test_the_boundary_denies_deletes_and_claims_only() -> None:
    denied = [action for each in boundary() if each["Effect"] == "Deny" for action in actions(each)]
    used = {action for sid in deployed().values() for action in sid[0]}

    assert {action for action in used for pattern in denied if fnmatchcase(action, pattern)} <= {
        action for action in used if action.startswith(("lightsail:Delete", "lightsail:Tag"))
    }


@pytest.mark.parametrize("kind", ["Instance", "Disk", "RelationalDatabase"])
def test_a_resource_with_another_policys_tag_cannot_be_marked_as_a_drill(kind: str) -> None:
    role = Role.from_template({"EnableRestore": "true"})
    mark = {"snapshotter:policy": "snapshotter", "snapshotter:drill": "x"}

    def may(tags: dict[str, str]) -> bool:
        return role.allows(
            "lightsail:TagResource",
            region="us-east-1",
            resources=[f"arn:aws:lightsail:us-east-1:123456789012:{kind}/1"],
            request_tags=mark,
            resource_tags=tags,
        )

    assert may({})
    assert not may({"snapshotter:policy": "none"})


def names_of(kind: str) -> set[str]:
    return {name for name, each in translated()["Resources"].items() if each["Type"] == kind}


def alarm_headings(runbook: Page) -> set[str]:
    """Give the headings of the third level between `Alarms` and the next of the second."""
    section = re.search(r"^## Alarms\n(.*?)^## ", runbook.text, re.M | re.S)
    assert section is not None
    return set(re.findall(r"^### (.+)$", section[1], re.M))


def test_the_runbook_has_every_alarm() -> None:
    assert alarm_headings(page(RUNBOOK)) == names_of("AWS::CloudWatch::Alarm")


def test_the_runbook_has_every_saved_query() -> None:
    kept = {
        json.dumps(translated()["Resources"][name]["Properties"]["Name"]).rpartition("/")[2]
        for name in names_of("AWS::Logs::QueryDefinition")
    }

    assert set(page(RUNBOOK).column("query")) == {name.rstrip('"}') for name in kept}


@pytest.mark.parametrize("alarm", sorted(names_of("AWS::CloudWatch::Alarm")))
def test_what_an_alarm_asks_for_is_an_event_that_the_runbook_knows(alarm: str) -> None:
    description = translated()["Resources"][alarm]["Properties"]["AlarmDescription"]
    events = re.findall(r"\{[^}]*\}", description)

    for event in events:
        assert any(json.loads(event) == _object(span) for span in page(RUNBOOK).spans)


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
