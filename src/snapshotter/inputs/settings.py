"""What the stack was deployed with: the environment, read once into a frozen value."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools.utilities.parser import (
    BaseModel,
    Field,
    ValidationError,
    field_validator,
)
from pydantic import BeforeValidator, ConfigDict, ValidationInfo

from snapshotter.errors import InvalidSettings
from snapshotter.inputs import validation as faults
from snapshotter.model.kinds import KINDS, Kind
from snapshotter.policy.grammar import GRAMMAR, Retention, parse_retention
from snapshotter.policy.selection import NOT_PROTECTED

_TAG_CHARACTERS = re.compile(r"[\w +\-=.:/@]*")
_KEY_LIMIT = 128
_VALUE_LIMIT = 256
_LONGEST_SUFFIX = ":copy-to"


def from_env(env: Mapping[str, str], known_regions: frozenset[str]) -> "Settings":
    """Read the settings from the function's environment.

    env: the environment; variables that are not ours are passed over.
    known_regions: the regions in which Lightsail can be reached at all.

    Raises:
        InvalidSettings: names every parameter at fault, and what it accepts.
    """
    ours = {field.alias: env.get(str(field.alias), "") for field in _fields()}
    ours["REGIONS"] = ours["REGIONS"].strip() or env.get("AWS_REGION", "")
    given = {alias: value for alias, value in ours.items() if alias and value.strip()}
    try:
        return Settings.model_validate(given, context={"known_regions": known_regions})
    except ValidationError as error:
        raise InvalidSettings(faults.sentences(error, Settings)) from None


def _fields() -> list[Any]:
    return list(Settings.model_fields.values())


def _policy_name(value: str) -> str:
    # It is a dimension of the metrics too, and CloudWatch takes only ASCII there.
    if not value.isascii():
        raise ValueError("it has characters beyond ASCII")
    return _value(value)


def _value(value: str) -> str:
    if len(value) > _VALUE_LIMIT or not _TAG_CHARACTERS.fullmatch(value):
        raise ValueError("it cannot be the value of a tag")
    return value


def _tag_key(value: str) -> str:
    if len(value) > _KEY_LIMIT - len(_LONGEST_SUFFIX) or not _TAG_CHARACTERS.fullmatch(value):
        raise ValueError("it cannot be the key of a tag")
    if value.startswith(("aws:", "snapshotter:")):
        raise ValueError("that prefix is reserved")
    return value


def _tag_value(value: str) -> str:
    if value.strip().lower() in NOT_PROTECTED:
        raise ValueError("that word means `not protected`")
    return _value(value)


def _kinds(value: str) -> tuple[Kind, ...]:
    names = _words(value)
    unknown = [name for name in names if name not in KINDS]
    if unknown or not names:
        raise ValueError(f"unknown: {', '.join(unknown) or 'nothing is named'}")
    return tuple(kind for kind in KINDS.values() if kind.name in names)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("there is no such time zone") from None


def _hours(value: str) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) == 0:
        raise ValueError("it is not a whole number of 1 or more")
    return timedelta(hours=int(value))


def _switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("it is neither of the two")
    return value == "true"


def _words(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[,\s]+", value) if word))


def _checked(read: Any) -> BeforeValidator:
    return BeforeValidator(faults.checked(read))


class Settings(BaseModel):
    """One deployment: what it protects, where, and for how long. The fields are the parameters."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    policy_name: Annotated[str, _checked(_policy_name)] = Field(
        alias="POLICY_NAME",
        title="PolicyName",
        description="1 to 256 ASCII letters, digits, blanks and + - = . _ : / @",
    )
    selection_tag_key: Annotated[str, _checked(_tag_key)] = Field(
        "snapshot",
        alias="SELECTION_TAG_KEY",
        title="SelectionTagKey",
        description="1 to 120 letters, digits, blanks and + - = . _ : / @, "
        "not beginning with aws: or snapshotter:",
    )
    selection_tag_value: Annotated[str, _checked(_tag_value)] = Field(
        "",
        alias="SELECTION_TAG_VALUE",
        title="SelectionTagValue",
        description="empty, or up to 256 letters, digits, blanks and + - = . _ : / @; "
        f"none of {', '.join(sorted(NOT_PROTECTED))}",
    )
    resource_types: Annotated[tuple[Kind, ...], _checked(_kinds)] = Field(
        tuple(KINDS.values()),
        alias="RESOURCE_TYPES",
        title="ResourceTypes",
        description=f"a comma-separated list of {', '.join(KINDS)}",
    )
    regions: Annotated[tuple[str, ...], _checked(_words)] = Field(
        alias="REGIONS", title="Regions", description="a comma-separated list of Lightsail regions"
    )
    timezone: Annotated[ZoneInfo, _checked(_zone)] = Field(
        ZoneInfo("UTC"),
        alias="SCHEDULE_TIMEZONE",
        title="ScheduleTimezone",
        description="a name of the IANA time zone database, like Europe/Berlin",
    )
    retention: Annotated[Retention, _checked(parse_retention)] = Field(
        alias="RETENTION", title="Retention", description=GRAMMAR
    )
    copy_to_regions: Annotated[tuple[str, ...], _checked(_words)] = Field(
        (),
        alias="COPY_TO_REGIONS",
        title="CopyToRegions",
        description="empty, or a comma-separated list of Lightsail regions",
    )
    copy_retention_own: Annotated[Retention | None, _checked(parse_retention)] = Field(
        None,
        alias="COPY_RETENTION",
        title="CopyRetention",
        description=f"empty (as Retention), or {GRAMMAR}",
    )
    objective: Annotated[timedelta, _checked(_hours)] = Field(
        timedelta(hours=26),
        alias="RECOVERY_POINT_OBJECTIVE_HOURS",
        title="RecoveryPointObjectiveHours",
        description="a whole number of hours from 1",
    )
    enable_restore: Annotated[bool, _checked(_switch)] = Field(
        False, alias="ENABLE_RESTORE", title="EnableRestore", description="true or false"
    )

    @field_validator("regions", "copy_to_regions")
    @classmethod
    def _regions_are_known(cls, regions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = info.context["known_regions"] if info.context else frozenset()
        unknown = [region for region in regions if region not in known]
        if unknown:
            raise ValueError(f"not a Lightsail region: {', '.join(unknown)}; {listed(known)}")
        return regions

    @property
    def kinds_read(self) -> tuple[Kind, ...]:
        """The kinds to look at: a drill can have made any, and comes with disks of its own."""
        return tuple(KINDS.values()) if self.enable_restore else self.resource_types

    @property
    def all_regions(self) -> tuple[str, ...]:
        """Where snapshots of this stack may lie: originals first, then copies."""
        return tuple(dict.fromkeys((*self.regions, *self.copy_to_regions)))

    @property
    def copy_retention(self) -> Retention:
        """The retention of copies; the stack's own where none is given."""
        return self.copy_retention_own or self.retention


def listed(regions: frozenset[str]) -> str:
    """Name the regions there are, for the end of a sentence of refusal."""
    return f"Lightsail has {', '.join(sorted(regions))}"
