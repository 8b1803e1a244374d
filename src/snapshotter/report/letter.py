"""Letters: the report as a plain text that is read on a telephone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from snapshotter.inputs.request import AlarmChange, Request, Send
from snapshotter.model.times import from_tag
from snapshotter.report.item import Attention
from snapshotter.report.points import Record
from snapshotter.report.status import StatusReport
from snapshotter.report.wording import age, count_of, date_of

SUBJECT_LIMIT = 100
TEXT_LIMIT = 256 * 1024
"""Source of both: SNS, Publish. The subject is ASCII on one line."""

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
    zone: tzinfo,
    *,
    failures: Sequence[str] | None = (),
    alarm: AlarmChange | None = None,
) -> Letter:
    """Write the letter of a report.

    failures: what failed in the last 24 hours, from the log; None where it could not be read.
    alarm: the alarm that is the occasion for the letter, if one is.
    """
    blocks = [
        *([f"The alarm {alarm.name} {_change(alarm)}."] if alarm else []),
        *_attention(report.attention),
        *_failures(failures),
        *_fine(report, zone),
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
        worst = [f"the alarm {alarm.name} is on"]
    if not worst:
        worst = [f"all is well ({count_of(report.summary['protected'], 'resource')})"]
    end = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
    line = " ".join(f"Snapshotter: {worst[0].rstrip('.')}".split())
    printable = "".join(each if " " <= each <= "~" else "?" for each in line)
    limit = SUBJECT_LIMIT - len(end)
    return (printable if len(printable) <= limit else f"{printable[: limit - 3]}...") + end


def _change(alarm: AlarmChange) -> str:
    changes = {"ALARM": "is on", "OK": "has ended"}
    return changes.get(alarm.state, f"is in the state {alarm.state}")


def _attention(items: Sequence[Attention]) -> Iterator[str]:
    if not items:
        yield "Nothing needs attention now."
    yield from (_block(each) for each in items[:_MOST_ITEMS])
    if left := items[_MOST_ITEMS:]:
        names = sorted({each.resource or each.region or "" for each in left})
        yield f"{len(left)} more need attention: {', '.join(names)}"


def _block(item: Attention) -> str:
    remedy = f"What to do: {item.do[0].lower()}{item.do[1:]}"
    after = ("The function tries again every hour.",) if item.stale else ()
    return "\n  ".join((item.what, *item.details, remedy, *after))


def _failures(failures: Sequence[str] | None) -> Iterator[str]:
    if failures is None:
        yield "The log of the last 24 hours could not be read, so failures in it are not listed."
    elif failures:
        more = len(failures) - _MOST_FAILURES
        lines = [*failures[:_MOST_FAILURES], *([f"and {more} more"] if more > 0 else [])]
        yield "\n  ".join(["Failed in the last 24 hours:", *lines])


def _fine(report: StatusReport, zone: tzinfo) -> Iterator[str]:
    protected = [each for each in report.resources if each["protection"] in ("protected", "lost")]
    named = {(each.region, each.resource) for each in report.attention}
    fine = [each for each in protected if (each["region"], each["resource"]) not in named]
    ages = [each["ageHours"] for each in fine if "ageHours" in each]
    newest = f"Newest backups are {age(timedelta(hours=max(ages)))} old" if ages else ""
    details = "; ".join(each for each in (newest, _copies(report.resources)) if each)
    count = f"Fine: {len(fine)} of {count_of(len(protected), 'resource')}" if fine else ""
    lines = [each for each in (count, details, _proof(report.resources, zone)) if each]
    if lines:
        yield " ".join(f"{each}." for each in lines)


def _copies(resources: Sequence[Record]) -> str:
    counts: dict[str, int] = {}
    for each in resources:
        for point in each["points"]:
            if point["region"] != each["region"] and point["status"] == "ready":
                counts[point["region"]] = counts.get(point["region"], 0) + 1
    return "; ".join(f"{count_of(n, 'copy')} in {region}" for region, n in sorted(counts.items()))


def _proof(resources: Sequence[Record], zone: tzinfo) -> str:
    """The newest restore test that passed, and how long it took."""
    proven = [each for each in resources if "verified" in each]
    newest = max(proven, key=lambda each: each["verified"], default=None)
    time = from_tag(newest["verified"]) if newest else None
    if newest is None or time is None:
        return ""
    seconds = newest.get("recoverySeconds")
    took = f", in {count_of(-(-seconds // 60), 'minute')}" if seconds else ""
    return f"Last restore test that passed: {newest['resource']} on {date_of(time, zone)}{took}"


def _signature(sender: Sender) -> str:
    return (
        f"Stack {sender.stack} in account {sender.account}, {sender.region}\n"
        f"https://{sender.region}.console.aws.amazon.com/lambda/home?region={sender.region}"
        f"#/functions/{sender.function}"
    )
