"""Names in code spans exist: parameters, metrics, error codes, tags, API operations."""

import re

import botocore.exceptions

from snapshotter.policy.selection import SUFFIXES
from tests.docs.pages import ROOT, Page, on_every_written_page
from tests.docs.shell import service_model
from translate.code import BUCKET, KEY
from translate.stack import translated

_NAME = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+|snapshot(?:ter)?:[a-z-]+")
_PERMISSION = re.compile(r"(lightsail|logs|sqs|sns|kms|lambda):([A-Z]\w+)(\*?)")


def unknown_names(page: Page) -> list[str]:
    return [span for span in page.spans if _NAME.fullmatch(span) and span not in known()]


def known() -> set[str]:
    lightsail = service_model("lightsail")
    text = (ROOT / "docs" / "reference.md").read_text() + (ROOT / "template.yaml").read_text()
    return {
        *re.findall(r"snapshotter:[a-z-]+|\w+", text),
        *lightsail.operation_names,
        *(shape.name for shape in lightsail.error_shapes),
        "ThrottlingException",
        *vars(botocore.exceptions),
        *(BUCKET, KEY),
        *(f"snapshot{suffix}" for suffix in SUFFIXES),
    }


@on_every_written_page
def test_every_name_exists(page: Page) -> None:
    assert unknown_names(page) == []


def test_an_unknown_name_is_found() -> None:
    text = "`KeepRegions` `snapshotter:age` `Regions` `snapshot:kep` `snapshotter:hold`"

    assert unknown_names(Page("a page", text)) == ["KeepRegions", "snapshotter:age", "snapshot:kep"]


def unknown_permissions(page: Page) -> list[str]:
    found = []
    for span in page.spans:
        if match := _PERMISSION.fullmatch(span):
            service, name, star = match.groups()
            names = {*service_model(service).operation_names, "InvokeFunction", "ViaService"}
            if not any(each.startswith(name) if star else each == name for each in names):
                found.append(span)
    return found


@on_every_written_page
def test_every_permission_exists(page: Page) -> None:
    assert unknown_permissions(page) == []


def test_an_unknown_permission_is_found() -> None:
    text = "`lightsail:Freeze` `lightsail:GetDisks` `sqs:Send*`"

    assert unknown_permissions(Page("a page", text)) == ["lightsail:Freeze"]


def refused_values(page: Page) -> list[tuple[str, str]]:
    """Find `Parameter` set to `VALUE`, and `Parameter=VALUE`, that the template refuses."""
    declared = translated()["Parameters"]
    given = re.findall(r"`(\w+)` (?:set )?to `([^`]+)`", " ".join(page.text.split()))
    given += [(name, value) for name, _, value in (span.partition("=") for span in page.spans)]
    return [
        (name, value)
        for name, value in given
        if value and "AllowedValues" in declared.get(name, {})
        if value not in map(str, declared[name]["AllowedValues"])
    ]


@on_every_written_page
def test_every_value_of_a_parameter_is_accepted(page: Page) -> None:
    assert refused_values(page) == []


def test_a_refused_value_is_found() -> None:
    text = "Set `ScheduleState` to `OFF`, or to `DISABLED`; `EnableRestore=yes`"

    assert refused_values(Page("a page", text)) == [
        ("ScheduleState", "OFF"),
        ("EnableRestore", "yes"),
    ]
