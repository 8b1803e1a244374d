"""Turns what a model refused into sentences for people."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function


def sentences(error: ValidationError, model: type[BaseModel]) -> tuple[str, ...]:
    """For every fault: where it is, what was found and what is accepted.

    The title of a field is its name for people, its description what it accepts.
    """
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    found = (
        _sentence(fault, fields[str(fault["loc"][0])]) for fault in error.errors(include_url=False)
    )
    return tuple(dict.fromkeys(found))


def _sentence(fault: ErrorDetails, field: FieldInfo) -> str:
    if fault["type"] == "missing":
        return f"{field.title}: it is missing; accepted: {field.description}"
    why = f" ({fault['ctx']['error']})" if fault["type"] == "value_error" else ""
    given = shortened(fault["input"])
    return f"{field.title}: {given} is not accepted{why}; accepted: {field.description}"


def shortened(value: object, *, limit: int = 200) -> str:
    """A value as it was given, cut to a length that fits a console."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


class Reader:
    """Annotates a field: its value is what a function makes of a text, or of any value.

    What the function returns is not validated again: for that, a model would need schemas of our
    own types, which take longer to build than the rest of it.
    """

    def __init__(self, read: Callable[[Any], object], *, text: bool = True) -> None:
        self._read, self._text = read, text

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> object:
        if self._text and not isinstance(value, str):
            raise ValueError("it is not text")
        return self._read(value)
