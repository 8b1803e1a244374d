"""What a user gives: parameters, environment variables, tags, events."""

from typing import Any

from snapshotter.inputs.request import RunAction
from snapshotter.model.inventory import Resource

from reference.markdown import code, table
from reference.source import descriptions, suffixes
from snapshotter.inputs.event import models
from snapshotter.inputs.settings import Settings
from snapshotter.model import tags
from snapshotter.model.kinds import INSTANCE, KINDS
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.selection import OFF_WORDS, Selector
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
    selector = Selector(
        key="KEY", value="", everything=False, retention=parse_retention("last=1"), copy_to=()
    )
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
    for action, model in models().items():
        for field in model.model_fields.values():
            keys.setdefault((field.title or "", field.description or ""), []).append(action)
    actions = table("action", "meaning", rows=((code(a), meanings.get(a)) for a in models()))
    return f"{actions}\n" + table(
        *("key", "actions", "accepted"),
        rows=(
            (code(key), "all" if len(takers) == len(models()) else ", ".join(takers), accepted)
            for (key, accepted), takers in keys.items()
        ),
    )
