"""What owners write on their sources, and what it means."""

from __future__ import annotations

from typing import Any, TypeAlias

from tests.failure.managed import (
    COPY_TO,
    HOLD,
    OWNER,
    POLICY,
    REGIONS,
    RETENTION,
    SELECTED,
    SOURCE,
    TIME,
    WEST,
    Tags,
)

Source: TypeAlias = Any
"""The backend's record of an instance, a disk or a database."""

INVALID_VALUES = ("forever", None, "everywhere")
SOURCE_TAGS: tuple[Tags, ...] = (
    SELECTED,
    {"snapshot": "daily"},
    {"snapshot": "", "snapshot:keep": "last=1"},
    {"snapshot": None, "snapshot:keep": "within=2d hourly=2"},
    {"snapshot": None, "snapshot:keep": "forever"},
    {"snapshot": None, "snapshot:keep": None},
    {"snapshot": None, "snapshot:copy-to": "none"},
    {"snapshot": None, "snapshot:copy-to": f"{WEST} mars-north-1"},
    {"snapshot": None, "snapshot:copy-to": "everywhere"},
    {
        "snapshot": None,
        OWNER: POLICY,
        HOLD: "on the source",
        SOURCE: "arn",
        TIME: "never",
        RETENTION: "all",
    },
    {"snapshot": None, **{f"aws:{n}": str(n) for n in range(3)}},
    {"snapshot": None, **{f"k{n:02}": None for n in range(49)}},
    {"snapshot": " OFF "},
    {"team": "shop"},
)
ABSENT = "absent"
"""A tag that is set to this is removed."""
TAG_CHANGES = (
    ("snapshot", ABSENT),
    ("snapshot", ABSENT),
    ("snapshot", None),
    ("snapshot", "off"),
    ("snapshot:keep", ABSENT),
    ("snapshot:keep", "daily=30"),
    ("snapshot:keep", "last=1"),
    ("snapshot:keep", "forever"),
)


def is_selected(source: Source) -> bool:
    tags = source.tags
    return "snapshot" in tags and (tags["snapshot"] or "").strip().lower() != "off"


def is_lost(source: Source) -> bool:
    """Whether it has no selection tag, so that it is lost if it has a recovery point."""
    return "snapshot" not in source.tags


def policy_of(source: Source, default: str) -> str | None:
    """The policy in force; None where its tag cannot be read."""
    text = source.tags.get("snapshot:keep", default)
    return None if text in INVALID_VALUES else text


def is_valid(source: Source) -> bool:
    """Whether its tags `snapshot:keep` and `snapshot:copy-to` can be read."""
    keys = ("snapshot:keep", "snapshot:copy-to")
    return all(source.tags[key] not in INVALID_VALUES for key in keys if key in source.tags)


def copy_regions(source: Source) -> list[str]:
    words = (source.tags.get("snapshot:copy-to") or " ".join(COPY_TO)).split()
    return [each for each in words if each in REGIONS and each != source.region]
