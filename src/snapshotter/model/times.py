"""Moments as text, and back. A moment in this program is an aware datetime in UTC."""

from datetime import UTC, datetime


def to_iso(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC, with `Z`: `2026-11-23T04:50:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read ISO 8601 with an offset or `Z`; the answer is in UTC.

    Raises:
        ValueError: the text is not ISO 8601, or names no offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("it names no offset from UTC")
    return moment.astimezone(UTC)
