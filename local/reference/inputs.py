"""What a user gives: parameters, environment variables, tags, events."""

from typing import Any

from reference.markdown import code, table
from reference.source import descriptions, suffixes
from snapshotter import tags
from snapshotter.keys import MODELS
from snapshotter.kinds import INSTANCE, KINDS
from snapshotter.model import Resource
from snapshotter.request import RunAction
from snapshotter.retention import parse_retention
from snapshotter.selection import NOT_PROTECTED, Selector
from snapshotter.settings import Settings
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
    titles = {str(field.alias): field.title for field in Settings.model_fields.values()}
    return table(
        *("variable", "set from"),
        rows=(
            (code(name), code(titles[name]) if name in titles else f"always {code(value)}")
            for name, value in Stack().environment().items()
        ),
    )


def tags_of_owners() -> str:
    off = ", ".join(code(word) for word in sorted(NOT_PROTECTED))
    rows = [("`KEY`", f"any value or none: protected; {off}: not protected")]
    selector = Selector("KEY", "", parse_retention("last=1"), ())
    for suffix in suffixes(Selector):
        # An unreadable value is answered with what the tag accepts.
        unreadable = {"KEY": None, f"KEY{suffix}": "?"}
        read = selector.protection(Resource(INSTANCE, "us-east-1", "web-1", "arn", unreadable))
        faults = (*read.faults, *filter(None, [read.drill_fault]))
        rows += [(code(each.key), each.message.partition("Accepted: ")[2]) for each in faults]
    return table("tag", "accepted", rows=rows)


def tags_of_ours() -> str:
    meanings = descriptions(tags.ownership)
    keys = [each for each in vars(tags).values() if str(each).startswith(tags.OURS)]
    rows = ((code(key), meanings.get(key)) for key in keys if key != tags.OURS)
    return table("tag", "meaning", rows=rows)


def resource_types() -> str:
    return table(
        *("type", "snapshot is ready when", "restored resource is ready when"),
        *("copied to other regions", "characters in names"),
        rows=(
            (
                code(kind.name),
                code(kind.ready_state),
                code(kind.restoring.ready_state),
                "yes" if kind.copyable else "no, Lightsail cannot copy it",
                "letters, digits, `-`" if kind.plain_names else "letters, digits, `.` `-` `_`",
            )
            for kind in KINDS.values()
        ),
    )


def events() -> str:
    meanings = descriptions(RunAction)
    keys: dict[tuple[str, str], list[str]] = {}
    for action, model in MODELS.items():
        for field in model.model_fields.values():
            keys.setdefault((field.title or "", field.description or ""), []).append(action)
    actions = table("action", "meaning", rows=((code(a), meanings.get(a)) for a in MODELS))
    return f"{actions}\n" + table(
        *("key", "actions", "accepted"),
        rows=(
            (code(key), "all" if len(takers) == len(MODELS) else ", ".join(takers), accepted)
            for (key, accepted), takers in keys.items()
        ),
    )
