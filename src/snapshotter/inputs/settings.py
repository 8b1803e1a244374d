"""The stack's parameters: the environment, read once into a frozen value."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from snapshotter.errors import InvalidSettings
from snapshotter.inputs import values
from snapshotter.inputs.values import Reader
from snapshotter.model.kinds import KINDS, Kind
from snapshotter.policy.grammar import GRAMMAR, Retention, parse_retention
from snapshotter.policy.selection import OFF_WORDS


def from_env(env: Mapping[str, str], known_regions: frozenset[str]) -> "Settings":
    """Read the settings from the function's environment.

    env: the environment; other variables than ours are ignored.
    known_regions: the regions that have Lightsail.

    Raises:
        InvalidSettings: names every parameter at fault, and what it accepts.
    """
    aliases = [str(field.alias) for field in Settings.model_fields.values()]
    ours = {alias: env.get(alias, "") for alias in aliases}
    ours["REGIONS"] = ours["REGIONS"].strip() or env.get("AWS_REGION", "")
    given = {alias: value for alias, value in ours.items() if value.strip()}
    try:
        return Settings.model_validate(given, context={"known_regions": known_regions})
    except ValidationError as error:
        raise InvalidSettings(values.sentences(error, Settings)) from None


def _parameter(name: str, default: Any, accepted: str, title: str = "") -> Any:
    """A variable of the environment, and what it accepts in words; `...` for no default."""
    title = title or name.title().replace("_", "")
    return Field(default, alias=name, title=title, description=accepted)


class Settings(BaseModel):
    """One deployment: what it protects, where, and for how long. A field is a parameter."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    policy_name: Annotated[str, Reader(values.policy_name)] = _parameter(
        "POLICY_NAME", ..., "1 to 256 ASCII letters, digits, blanks and + - = . _ : / @"
    )
    selection_tag_key: Annotated[str, Reader(values.tag_key)] = _parameter(
        "SELECTION_TAG_KEY",
        "snapshot",
        "1 to 120 letters, digits, blanks and + - = . _ : / @, "
        "neither aws nor snapshotter, nor beginning with aws: or snapshotter:, in any case",
    )
    selection_tag_value: Annotated[str, Reader(values.selection_value)] = _parameter(
        "SELECTION_TAG_VALUE",
        "",
        "empty, or up to 256 letters, digits, blanks and + - = . _ : / @; "
        f"none of {', '.join(sorted(OFF_WORDS))}",
    )
    selects_everything: Annotated[bool, values.either("all", "tagged")] = _parameter(
        "SELECTION", False, "tagged, or all (with SelectionTagValue empty)"
    )
    resource_types: Annotated[tuple[Kind, ...], Reader(values.kinds)] = _parameter(
        "RESOURCE_TYPES", tuple(KINDS.values()), f"a comma-separated list of {', '.join(KINDS)}"
    )
    regions: Annotated[tuple[str, ...], Reader(values.words)] = _parameter(
        "REGIONS", ..., "a comma-separated list of Lightsail regions"
    )
    timezone: Annotated[ZoneInfo, Reader(values.zone)] = _parameter(
        "SCHEDULE_TIMEZONE",
        ZoneInfo("UTC"),
        "a name of the IANA time zone database, like Europe/Berlin",
    )
    retention: Annotated[Retention, Reader(parse_retention)] = _parameter("RETENTION", ..., GRAMMAR)
    copy_to_regions: Annotated[tuple[str, ...], Reader(values.words)] = _parameter(
        "COPY_TO_REGIONS", (), "empty, or a comma-separated list of Lightsail regions"
    )
    copy_retention_own: Annotated[Retention | None, Reader(parse_retention)] = _parameter(
        "COPY_RETENTION", None, f"empty (as Retention), or {GRAMMAR}"
    )
    cooling_off: Annotated[timedelta, Reader(values.days)] = _parameter(
        "COOLING_OFF_DAYS",
        timedelta(days=7),
        f"a whole number of days from 0 to {values.MOST_DAYS}",
    )
    objective: Annotated[timedelta, Reader(values.hours)] = _parameter(
        "RECOVERY_POINT_OBJECTIVE_HOURS", timedelta(hours=26), "a whole number of hours from 1"
    )
    all_metrics: Annotated[bool, values.either("all", "alarms")] = _parameter(
        "METRICS", False, "alarms or all"
    )
    topic_arn: str = _parameter(
        "TOPIC_ARN", "", "empty, or the ARN of the topic for letters", title="NotificationEmail"
    )
    sweep_expression: str = _parameter(
        "SWEEP_EXPRESSION", "rate(1 hour)", "the schedule of the sweeps"
    )
    digest_expression: str = _parameter(
        "DIGEST_EXPRESSION", "", "empty, or the schedule of the digests"
    )
    schedule_enabled: Annotated[bool, values.either("ENABLED", "DISABLED")] = _parameter(
        "SCHEDULE_STATE", True, "ENABLED or DISABLED"
    )
    stack_name: str = _parameter("STACK_NAME", "", "any text", title="the stack's name")
    enable_restore: Annotated[bool, values.either("true", "false")] = _parameter(
        "ENABLE_RESTORE", False, "true or false"
    )

    @field_validator("selects_everything")
    @classmethod
    def _no_value_with_all(cls, everything: bool, info: ValidationInfo) -> bool:
        if everything and info.data.get("selection_tag_value"):
            raise ValueError("SelectionTagValue must be empty with Selection=all")
        return everything

    @field_validator("regions", "copy_to_regions")
    @classmethod
    def _regions_are_known(cls, regions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = info.context["known_regions"] if info.context else frozenset()
        unknown = [region for region in regions if region not in known]
        if unknown:
            there = ", ".join(sorted(known))
            raise ValueError(f"not a Lightsail region: {', '.join(unknown)}; Lightsail has {there}")
        return regions

    @property
    def kinds_read(self) -> tuple[Kind, ...]:
        """The kinds to read: a drill can have made any, and disks of its own."""
        return tuple(KINDS.values()) if self.enable_restore else self.resource_types

    @property
    def all_regions(self) -> tuple[str, ...]:
        """The regions that may hold snapshots of this stack: originals first, then copies."""
        return tuple(dict.fromkeys((*self.regions, *self.copy_to_regions)))

    @property
    def copy_retention(self) -> Retention:
        """The retention of copies; the stack's own where none is given."""
        return self.copy_retention_own or self.retention
