"""Names in code on the pages are names of something.

This catches what the other tests do not look for: a parameter that was renamed, an operation that
does not exist, a tag that nobody writes.
"""

import re
from collections.abc import Iterator
from typing import Any

import botocore.exceptions
import botocore.session
import pytest

from snapshotter import errors
from snapshotter.model import tags
from snapshotter.model.kinds import KINDS
from tests.docs.pages import Page, page, pages
from tests.docs.sentences import codes
from tests.docs.test_messages import from_aws
from tests.docs.test_stack import deployed
from translate.code import BUCKET, KEY
from translate.stack import translated

ALL = pytest.mark.parametrize("shown", pages(), ids=str)
_CAMEL = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_OUR_TAG = re.compile(r"snapshotter:[a-z]+")
_SUFFIX = re.compile(r"(?:snapshot)?:([a-z-]+)")
_ACTION = re.compile(r"(lightsail|logs|sqs|sns|kms|lambda):([A-Z]\w+)(\*?)")
_SUFFIXES = {"keep", "copy-to", "drill"}
"""What an owner may write after the selection tag's key."""


def known() -> set[str]:
    """Give every name in capitals that the pages may use."""
    template = translated()
    return {
        *template["Parameters"],
        *template["Outputs"],
        *members(template),
        *deployed(),
        BUCKET,
        KEY,
        *codes(),
        *from_aws(),
        *KINDS,
        *metrics(),
        *vars(errors),
        *vars(botocore.exceptions),
        *lightsail().operation_names,
    }


def members(value: Any) -> Iterator[str]:
    """Give the names of everything in the template: resources, properties and what is in them."""
    if isinstance(value, dict):
        yield from value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from members(each)


def lightsail() -> Any:
    return botocore.session.get_session().get_service_model("lightsail")


def metrics() -> set[str]:
    """Give the metrics that the runbook has, which its own test holds against what is emitted."""
    return set(page("docs/operations.md").column("metric"))


def strangers(shown: Page) -> list[str]:
    names = known()
    written = {value for name, value in vars(tags).items() if name.isupper()}
    found = []
    for span in shown.spans:
        if _CAMEL.fullmatch(span) and span not in names:
            found.append(span)
        if _OUR_TAG.fullmatch(span) and span not in written:
            found.append(span)
        if (suffix := _SUFFIX.fullmatch(span)) and suffix[1] not in _SUFFIXES:
            found.append(span)
        if (action := _ACTION.fullmatch(span)) and not is_action(*action.groups()):
            found.append(span)
    return found


def is_action(service: str, name: str, star: str) -> bool:
    """Tell whether an operation exists, or any that begins like this."""
    session = botocore.session.get_session()
    names = [*session.get_service_model(service).operation_names, "InvokeFunction"]
    return any(each.startswith(name) if star else each == name for each in names)


@ALL
def test_every_name_on_a_page_is_the_name_of_something(shown: Page) -> None:
    assert strangers(shown) == []


def test_a_name_of_nothing_is_found() -> None:
    text = "`KeepRegions` `snapshotter:age` `snapshot:kep` `lightsail:Freeze` `Regions`"

    assert strangers(Page("a page", text)) == [
        "KeepRegions",
        "snapshotter:age",
        "snapshot:kep",
        "lightsail:Freeze",
    ]
