"""Turns what a Parser model refused into sentences for people."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.parser import BaseModel, ValidationError
from pydantic import BeforeValidator


def sentences(error: ValidationError, model: type[BaseModel]) -> tuple[str, ...]:
    """For every fault: where it is, what was found and what is accepted.

    The title of a field is its name for people, its description what it accepts.
    """
    by_alias = {
        field.alias or name: (field.title or field.alias or name, field.description or "")
        for name, field in model.model_fields.items()
    }
    known = ", ".join(title for title, _ in by_alias.values())
    found = [
        _sentence(str(fault["loc"][0]) if fault["loc"] else "", fault, by_alias, known)
        for fault in error.errors(include_url=False)
    ]
    return tuple(dict.fromkeys(found))


def _sentence(key: str, fault: object, by_alias: dict[str, tuple[str, str]], known: str) -> str:
    details = fault if isinstance(fault, dict) else {}
    if key not in by_alias:
        return f"{key!r} is not known; accepted: {known}"
    title, accepted = by_alias[key]
    why = str(details["ctx"]["error"]) if details["type"] == "value_error" else ""
    if details["type"] == "missing":
        return f"{title}: it is missing; accepted: {accepted}"
    text = f"{title}: {shortened(details['input'])} is not accepted"
    return f"{text}{f' ({why})' if why else ''}; accepted: {accepted}"


def shortened(value: object, *, limit: int = 200) -> str:
    """A value as it was given, cut to a length that fits a console."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def checked(read: Callable[[str], object]) -> BeforeValidator:
    """Make a validator from a reader of text; it refuses what is not text."""

    def validate(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("it is not text")
        return read(value)

    return BeforeValidator(validate)
