"""Turns what a model refused into sentences for people."""

from collections.abc import Callable

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function


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


class Reader:
    """Annotates a field: its value is what a function makes of a text.

    What is no text is refused. What the function returns is not validated again: for that, a model
    would need schemas of our own types, which take longer to build than the rest of it.
    """

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("it is not text")
        return self._read(value)
