"""Times as text, and back. Every time in this program is an aware datetime in UTC."""

from datetime import UTC, datetime


def to_iso(time: datetime) -> str:
    """Write a time as ISO 8601 in UTC, with `Z`: `2026-11-23T04:50:00Z`."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read ISO 8601 with an offset or `Z`; returns the time in UTC.

    Raises:
        ValueError: the text is not ISO 8601, has no offset, or is beyond the calendar in UTC.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("it names no offset from UTC")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is beyond the calendar in UTC") from None


def from_tag(value: str | None) -> datetime | None:
    """Read the time in the value of a tag; None if there is none or it cannot be read."""
    try:
        return from_iso(value) if value else None
    except ValueError:
        return None
