"""Letters: the report as a plain text that is read on a telephone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any

from snapshotter.inputs.request import AlarmChange, Request, Send
from snapshotter.report.item import Attention
from snapshotter.report.status import StatusReport
from snapshotter.report.wording import age, count_of

SUBJECT_LIMIT = 100
"""Source: SNS, Publish. ASCII, without line breaks."""

_MOST_ITEMS = 40
_MOST_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a letter comes from."""

    stack: str
    account: str
    region: str
    function: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and a text, for SNS."""

    subject: str
    text: str


def is_due(report: StatusReport, request: Request, zone: tzinfo) -> bool:
    """Whether a letter is sent: a digest on Mondays, or while something needs attention."""
    if request.dry_run:
        return False
    if request.send is Send.IF_NEEDED:
        monday = request.scheduled_time.astimezone(zone).weekday() == 0
        return monday or bool(report.attention)
    return request.send is Send.ALWAYS


def write_letter(
    report: StatusReport,
    sender: Sender,
    *,
    failures: Sequence[str] | None = (),
    alarm: AlarmChange | None = None,
) -> Letter:
    """Write the letter of a report.

    failures: what failed in the last 24 hours, from the log; None where it could not be read.
    alarm: the alarm that is the occasion for the letter, if one is.
    """
    blocks = [
        *([_alarm(alarm)] if alarm else []),
        *(_block(each) for each in report.attention[:_MOST_ITEMS]),
        *_more(report),
        *_failures(failures),
        _fine(report),
        _signature(sender),
    ]
    return Letter(_subject(report, failures, alarm), "\n\n".join(blocks) + "\n")


def _subject(
    report: StatusReport, failures: Sequence[str] | None, alarm: AlarmChange | None
) -> str:
    count = len(report.attention)
    if count:
        more = f" (and {count - 1} more)" if count > 1 else ""
        return _cut(f"Snapshotter: {report.attention[0].brief}", more)
    if alarm is not None and alarm.state == "ALARM":
        what = f"{failures[0]}" if failures else f"the alarm {alarm.name} is on"
        return _cut(f"Snapshotter: {what}", "")
    return f"Snapshotter: all is well ({count_of(report.summary['protected'], 'resource')})"


def _cut(text: str, end: str) -> str:
    room = SUBJECT_LIMIT - len(end)
    short = text if len(text) <= room else f"{text[: room - 3]}..."
    ascii_only = (short + end).encode("ascii", "replace").decode()
    return " ".join(ascii_only.split())


def _alarm(alarm: AlarmChange) -> str:
    state = {"ALARM": "is on", "OK": "is off again"}.get(alarm.state, f"is {alarm.state}")
    return f"The alarm {alarm.name} {state}."


def _block(item: Attention) -> str:
    remedy = f"What to do: {item.do[0].lower()}{item.do[1:]}"
    after = ("The function tries again every hour.",) if item.stale else ()
    return "\n  ".join((item.what, *item.details, remedy, *after))


def _more(report: StatusReport) -> Iterator[str]:
    left = report.attention[_MOST_ITEMS:]
    if left:
        names = ", ".join(sorted({each.resource or each.region or "" for each in left})[:100])
        yield f"{count_of(len(left), 'more item')} need attention: {names}"


def _failures(failures: Sequence[str] | None) -> Iterator[str]:
    if failures is None:
        yield "The log of the last 24 hours could not be read, so failures in it are not listed."
    elif failures:
        lines = [f"  {each}" for each in failures[:_MOST_FAILURES]]
        more = len(failures) - _MOST_FAILURES
        yield "\n".join(
            ["Failed in the last 24 hours:", *lines, *([f"  and {more} more"] if more > 0 else [])]
        )


def _fine(report: StatusReport) -> str:
    protected = [each for each in report.resources if each["protection"] in ("protected", "lost")]
    named = {(each.region, each.resource) for each in report.attention}
    fine = [each for each in protected if (each["region"], each["resource"]) not in named]
    ages = [each["ageHours"] for each in fine if "ageHours" in each]
    newest = f"Newest backups are {age(timedelta(hours=max(ages)))} old" if ages else ""
    details = "; ".join(each for each in (newest, _copies(report.resources)) if each)
    count = f"Fine: {len(fine)} of {count_of(len(protected), 'resource')}"
    return " ".join(f"{each}." for each in (count, details, _proof(report.resources)) if each)


def _copies(resources: Sequence[dict[str, Any]]) -> str:
    counts: dict[str, int] = {}
    for each in resources:
        for point in each["points"]:
            if point["region"] != each["region"] and point["status"] == "ready":
                counts[point["region"]] = counts.get(point["region"], 0) + 1
    return "; ".join(f"{count_of(n, 'copy')} in {region}" for region, n in sorted(counts.items()))


def _proof(resources: Sequence[dict[str, Any]]) -> str:
    """The newest restore test, and how long it took."""
    proven = [each for each in resources if "verified" in each]
    newest = max(proven, key=lambda each: each["verified"], default=None)
    if newest is None:
        return ""
    took = newest.get("recoverySeconds")
    after = f", in {-(-took // 60)} minutes" if took else ""
    return f"Last restore test passed: {newest['resource']} at {newest['verified']}{after}"


def _signature(sender: Sender) -> str:
    return (
        f"Stack {sender.stack} in account {sender.account}, {sender.region}\n"
        f"https://{sender.region}.console.aws.amazon.com/lambda/home?region={sender.region}"
        f"#/functions/{sender.function}"
    )
