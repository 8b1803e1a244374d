"""The stack's parameters: the environment, read once into a frozen value."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

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


class Settings(BaseModel):
    """One deployment: what it protects, where, and for how long. A field is a parameter."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    policy_name: Annotated[str, Reader(values.policy_name)] = Field(
        alias="POLICY_NAME",
        title="PolicyName",
        description="1 to 256 ASCII letters, digits, blanks and + - = . _ : / @",
    )
    selection_tag_key: Annotated[str, Reader(values.tag_key)] = Field(
        "snapshot",
        alias="SELECTION_TAG_KEY",
        title="SelectionTagKey",
        description="1 to 120 letters, digits, blanks and + - = . _ : / @, "
        "neither aws nor snapshotter, nor beginning with aws: or snapshotter:, in any case",
    )
    selection_tag_value: Annotated[str, Reader(values.selection_value)] = Field(
        "",
        alias="SELECTION_TAG_VALUE",
        title="SelectionTagValue",
        description="empty, or up to 256 letters, digits, blanks and + - = . _ : / @; "
        f"none of {', '.join(sorted(OFF_WORDS))}",
    )
    selects_everything: Annotated[bool, values.either("all", "tagged")] = Field(
        False,
        alias="SELECTION",
        title="Selection",
        description="tagged, or all (with SelectionTagValue empty)",
    )
    resource_types: Annotated[tuple[Kind, ...], Reader(values.kinds)] = Field(
        tuple(KINDS.values()),
        alias="RESOURCE_TYPES",
        title="ResourceTypes",
        description=f"a comma-separated list of {', '.join(KINDS)}",
    )
    regions: Annotated[tuple[str, ...], Reader(values.words)] = Field(
        alias="REGIONS", title="Regions", description="a comma-separated list of Lightsail regions"
    )
    timezone: Annotated[ZoneInfo, Reader(values.zone)] = Field(
        ZoneInfo("UTC"),
        alias="SCHEDULE_TIMEZONE",
        title="ScheduleTimezone",
        description="a name of the IANA time zone database, like Europe/Berlin",
    )
    retention: Annotated[Retention, Reader(parse_retention)] = Field(
        alias="RETENTION", title="Retention", description=GRAMMAR
    )
    copy_to_regions: Annotated[tuple[str, ...], Reader(values.words)] = Field(
        (),
        alias="COPY_TO_REGIONS",
        title="CopyToRegions",
        description="empty, or a comma-separated list of Lightsail regions",
    )
    copy_retention_own: Annotated[Retention | None, Reader(parse_retention)] = Field(
        None,
        alias="COPY_RETENTION",
        title="CopyRetention",
        description=f"empty (as Retention), or {GRAMMAR}",
    )
    cooling_off: Annotated[timedelta, Reader(values.days)] = Field(
        timedelta(days=7),
        alias="COOLING_OFF_DAYS",
        title="CoolingOffDays",
        description=f"a whole number of days from 0 to {values.MOST_DAYS}",
    )
    objective: Annotated[timedelta, Reader(values.hours)] = Field(
        timedelta(hours=26),
        alias="RECOVERY_POINT_OBJECTIVE_HOURS",
        title="RecoveryPointObjectiveHours",
        description="a whole number of hours from 1",
    )
    all_metrics: Annotated[bool, values.either("all", "alarms")] = Field(
        False, alias="METRICS", title="Metrics", description="alarms or all"
    )
    topic_arn: str = Field(
        "",
        alias="TOPIC_ARN",
        title="NotificationEmail",
        description="empty, or the ARN of the topic for letters",
    )
    sweep_expression: str = Field(
        "rate(1 hour)",
        alias="SWEEP_EXPRESSION",
        title="SweepExpression",
        description="the schedule of the sweeps",
    )
    digest_expression: str = Field(
        "",
        alias="DIGEST_EXPRESSION",
        title="DigestExpression",
        description="empty, or the schedule of the digests",
    )
    schedule_enabled: Annotated[bool, values.either("ENABLED", "DISABLED")] = Field(
        True, alias="SCHEDULE_STATE", title="ScheduleState", description="ENABLED or DISABLED"
    )
    stack_name: str = Field(
        "", alias="STACK_NAME", title="the stack's name", description="any text"
    )
    enable_restore: Annotated[bool, values.either("true", "false")] = Field(
        False, alias="ENABLE_RESTORE", title="EnableRestore", description="true or false"
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
            raise ValueError(f"not a Lightsail region: {', '.join(unknown)}; {listed(known)}")
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


def listed(regions: frozenset[str]) -> str:
    """The regions that exist, as the end of a message."""
    return f"Lightsail has {', '.join(sorted(regions))}"
