"""Letters: the report as a plain text that is read on a telephone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import itemgetter
from typing import NamedTuple

from snapshotter.inputs.event import AlarmChange, ReportEvent, Send
from snapshotter.inputs.schedules import is_first_of_week
from snapshotter.inputs.settings import Settings
from snapshotter.model.names import from_iso
from snapshotter.report.item import Attention, age, count_of, date_of
from snapshotter.report.status import Record, StatusReport

SUBJECT_LIMIT = 100
TEXT_LIMIT = 256 * 1024
"""Source of both: SNS, Publish. The subject is ASCII on one line."""

_CHANGES = {"ALARM": "is on", "OK": "has ended", "INSUFFICIENT_DATA": "has no data"}
_MOST_ITEMS, _MOST_NAMES, _MOST_FAILURES = 40, 50, 10


class Sender(NamedTuple):
    """Where a letter comes from."""

    stack: str
    account: str
    region: str
    function: str


class Letter(NamedTuple):
    """A subject and a text, for SNS."""

    subject: str
    text: str


def is_due(report: StatusReport, request: ReportEvent, settings: Settings) -> bool:
    """Return whether a letter is sent. A dry run sends none."""
    if request.dry_run or request.send is not Send.IF_NEEDED:
        return request.send is Send.ALWAYS and not request.dry_run
    at, expression = request.scheduled_time, settings.digest_expression
    return bool(report.attention) or is_first_of_week(at, expression, settings.timezone)


def write_letter(
    report: StatusReport,
    sender: Sender,
    settings: Settings,
    *,
    failures: Sequence[str] | None = (),
    alarm: AlarmChange | None = None,
) -> Letter:
    """Write the letter of a report.

    failures: what failed in the last 24 hours, from the log; None where it could not be read.
    alarm: the alarm that is the occasion for the letter, if one is.
    """
    blocks = [
        *([f"The {_change(alarm)}."] if alarm else []),
        *_attention(report.attention),
        *_failures(failures),
        *_fine(report, settings),
        *([] if alarm else _kept(report.resources)),
        _signature(sender),
    ]
    text = "\n\n".join(blocks) + "\n"
    return Letter(
        subject=_subject(report, failures, alarm),
        text=text.encode()[:TEXT_LIMIT].decode(errors="ignore"),
    )


def _subject(
    report: StatusReport, failures: Sequence[str] | None, alarm: AlarmChange | None
) -> str:
    """The worst thing: of those that need attention, else of those that failed."""
    ended = alarm is not None and alarm.state == "OK"
    worst = [each.brief for each in report.attention] or ([] if ended else [*(failures or ())])
    if not worst and alarm and not ended:
        worst = [f"the {_change(alarm)}"]
    if not worst:
        protected = report.summary["protected"]
        well = f"all is well ({count_of(protected, 'resource')})"
        worst = [well if protected else "nothing that is asked for is protected"]
    end = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
    line = " ".join(f"Snapshotter: {worst[0].rstrip('.')}".split())
    printable = "".join(each if " " <= each <= "~" else "?" for each in line)
    limit = SUBJECT_LIMIT - len(end)
    return (printable if len(printable) <= limit else f"{printable[: limit - 3]}...") + end


def _change(alarm: AlarmChange) -> str:
    return f"alarm {alarm.name} {_CHANGES.get(alarm.state, alarm.state)}"


def _attention(items: Sequence[Attention]) -> Iterator[str]:
    if not items:
        yield "Nothing needs attention now."
    yield from (_block(each) for each in items[:_MOST_ITEMS])
    if left := items[_MOST_ITEMS:]:
        names = sorted({each.resource or each.region or each.brief for each in left})
        more = len(names) - _MOST_NAMES
        named = ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        yield f"{len(left)} more need{'s' * (len(left) == 1)} attention: {named}"


def _block(item: Attention) -> str:
    remedy = f"What to do: {item.do[:1].lower()}{item.do[1:]}"
    return "\n  ".join(line for line in (item.what, *item.details, remedy, item.after) if line)


def _failures(failures: Sequence[str] | None) -> Iterator[str]:
    if failures is None:
        yield "The log of the last 24 hours could not be read, so failures in it are not listed."
    elif failures:
        more = len(failures) - _MOST_FAILURES
        lines = [*failures[:_MOST_FAILURES], *([f"and {more} more"] if more > 0 else [])]
        yield "\n  ".join(["Failed in the last 24 hours:", *lines])


def _fine(report: StatusReport, settings: Settings) -> Iterator[str]:
    protected = [each for each in report.resources if each["protection"] in ("protected", "lost")]
    named = {(each.region, each.resource_type, each.resource) for each in report.attention}
    place = itemgetter("region", "resourceType", "resource")
    fine = [each for each in protected if place(each) not in named]
    hours = sorted(each["ageHours"] for each in fine if "ageHours" in each)
    ages = [age(timedelta(hours=each)) for each in hours]
    up_to = "up to " if ages and ages[0] != ages[-1] else ""
    newest = f"Newest backups are {up_to}{ages[-1]} old" if ages else ""
    details = "; ".join(each for each in (newest, _copies(report.resources)) if each)
    unread = f", not counting those in {', '.join(report.unread)}" if report.unread else ""
    count = f"Fine: {len(fine)} of {count_of(len(protected), 'resource')}{unread}" if fine else ""
    lines = [each for each in (count, details, _proof(report, settings)) if each]
    if lines:
        yield " ".join(f"{each}." for each in lines)


def _copies(resources: Sequence[Record]) -> str:
    counts = Counter(
        point["region"]
        for each in resources
        for point in each["points"]
        if point["region"] != each["region"] and point["status"] == "ready"
    )
    return "; ".join(f"{count_of(n, 'copy')} in {region}" for region, n in sorted(counts.items()))


def _proof(report: StatusReport, settings: Settings) -> str:
    """The newest restore test that passed, and how long it took."""
    proven = [each for each in report.resources if "verified" in each]
    newest = max(proven, key=lambda each: from_iso(each["verified"]), default=None)
    if newest is None:
        return ""
    date = date_of(from_iso(newest["verified"]), settings.timezone, from_iso(report.scheduled_time))
    seconds = newest.get("recoverySeconds")
    took = f", in {count_of(-(-seconds // 60), 'minute')}" if seconds else ""
    return f"Last restore test that passed: {newest['resource']} on {date}{took}"


def _kept(resources: Sequence[Record]) -> Iterator[str]:
    """What is kept of sources that are gone or whose protection was ended: it costs money."""
    ended = [each["points"] for each in resources if each["protection"] in ("gone", "off")]
    sizes = [[each["sizeGb"] for each in points if each["status"] == "ready"] for points in ended]
    if kept := [each for each in sizes if each]:
        yield (
            "Kept of resources that are gone, or whose protection was ended: "
            f"{count_of(sum(map(len, kept)), 'recovery point')} of "
            f"{count_of(len(kept), 'resource')}, at most {sum(map(sum, kept))} GB."
        )


def _signature(sender: Sender) -> str:
    return (
        f"Stack {sender.stack} in account {sender.account}, {sender.region}\n"
        f"https://{sender.region}.console.aws.amazon.com/lambda/home?region={sender.region}"
        f"#/functions/{sender.function}"
    )
