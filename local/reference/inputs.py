"""What a user gives: parameters, environment variables, tags, events."""

from typing import Any

from reference import code, table
from snapshotter.inputs.event import MEANINGS, models
from snapshotter.inputs.settings import Settings
from snapshotter.model import tags
from snapshotter.model.kinds import KINDS
from snapshotter.policy.selection import OFF_WORDS, SUFFIXES
from translate.stack import Stack, translated


def parameters() -> str:
    template = translated()
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    sections = (
        f"### {group['Label']['default']}\n\n"
        + table(
            *("parameter", "default", "description", "accepted"),
            rows=(_parameter(name, template["Parameters"][name]) for name in group["Parameters"]),
        )
        for group in groups
    )
    return "\n".join(sections)


def _parameter(name: str, declared: dict[str, Any]) -> tuple[str, ...]:
    accepted = ", ".join(code(each) for each in declared.get("AllowedValues", ()))
    accepted = accepted or declared.get("ConstraintDescription", "").removeprefix("must be ")
    default = code(declared["Default"]) if declared["Default"] != "" else "empty"
    return code(name), default, declared["Description"], accepted


def environment() -> str:
    set_from = {str(f.alias): code(f.title) for f in Settings.model_fields.values()}
    constants = {name: f"always {code(text)}" for name, text in Stack().environment().items()}
    rows = ((code(name), source) for name, source in (constants | set_from).items())
    return table("variable", "set from", rows=rows)


def tags_of_owners() -> str:
    off = ", ".join(code(word) for word in sorted(OFF_WORDS))
    rows = [("`KEY`", f"any value or none: protected; {off}: not protected")]
    rows += [(code(f"KEY{suffix}"), accepted) for suffix, accepted in SUFFIXES.items()]
    return table("tag", "accepted", rows=rows)


def tags_of_ours() -> str:
    return table("tag", "meaning", rows=((code(key), text) for key, text in tags.MEANINGS.items()))


def resource_types() -> str:
    return table(
        *("type", "snapshot is ready when", "restored resource is ready when"),
        *("copied to other regions", "characters in names"),
        rows=(
            (
                code(kind.name),
                code(kind.ready_state),
                code(kind.running_state),
                "yes" if kind.copyable else "no, Lightsail cannot copy it",
                "letters, digits, `-`" if kind.plain_names else "letters, digits, `.` `-` `_`",
            )
            for kind in KINDS.values()
        ),
    )


def events() -> str:
    keys: dict[tuple[str, str], list[str]] = {}
    for action, model in models().items():
        for field in model.model_fields.values():
            if field.title:
                keys.setdefault((field.title, field.description or ""), []).append(action)
    actions = table("action", "meaning", rows=((code(a), text) for a, text in MEANINGS.items()))
    return f"{actions}\n" + table(
        *("key", "actions", "accepted"),
        rows=(
            (code(key), "all" if len(takers) == len(models()) else ", ".join(takers), accepted)
            for (key, accepted), takers in keys.items()
        ),
    )
