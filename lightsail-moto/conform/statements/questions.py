"""What nobody has published. The answers are printed; a run does not fail for them."""

from __future__ import annotations

from conform.statements import QUESTIONS, Question, asks
from conform.statements.resources import states, tags_of
from conform.transcript import Exchange, Transcript, state_of

OUTCOMES = {
    "What is the message of NotFoundException?": "refused-missing-snapshot",
    "What does GetOperation answer for an id that does not exist?": "refused-missing-operation",
    "Does an instance with a snapshot in progress take a second one?": "create-second-snapshot",
    "Can a pending snapshot be deleted?": "delete-pending-snapshot",
    "Can a pending snapshot be copied?": "copy-pending",
    "Is a deleted snapshot still found right after the delete?": "get-deleted",
    "Do names differ by case alone?": "create-name-in-capitals",
    "What happens to a snapshot request with a disk and an instance?": "refused-two-sources",
    "What does attaching an attached address answer?": "attach-static-ip-again",
    "What does a key pair that does not exist answer?": "refused-key-pair",
}
"""Questions that the outcome of one step answers."""


def outcome(exchange: Exchange) -> str:
    """Accepted, or the refusal in one line."""
    if not exchange.error:
        return "accepted"
    error = exchange.error
    code = "/".join(error[key] for key in ("code", "fineCode") if key in error)
    return f"refused with HTTP {error['status']}, {code}: {error['message']}"


QUESTIONS += [
    Question(text, lambda seen, step=step: outcome(seen(step)))  # type: ignore[misc]
    for text, step in OUTCOMES.items()
]


@asks("Which HTTP status does NotFoundException have?")
def status_of_not_found(seen: Transcript) -> str:
    return ", ".join(
        sorted(
            {
                str(seen(step).error.get("status"))
                for step in ("refused-missing-source", "refused-missing-snapshot")
            }
        )
    )


@asks("Can a snapshot be deleted while it is being copied, and does the copy end well?")
def delete_of_copied(seen: Transcript) -> str:
    ended = states(seen, "wait-late")[-1]
    return f"{outcome(seen('delete-copied-source'))}; the copy is {ended}"


@asks("Which tags does a copy have before it is tagged?")
def tags_of_copies(seen: Transcript) -> str:
    return ", ".join(sorted(tags_of(seen("get-copy").resource))) or "none"


@asks("Which from… members does a copy have?")
def origin_of_copies(seen: Transcript) -> str:
    found = {
        f"{key}={value if isinstance(value, str) else len(value)}"
        for step in ("wait-copy", "wait-copy-there")
        for key, value in seen(step).resource.items()
        if key.startswith("from")
    }
    return ", ".join(sorted(found)) or "none"


@asks("How many items does a page have?")
def page_sizes(seen: Transcript) -> str:
    sizes = {each.step: max(each.pages) for each in seen if len(each.pages) > 1}
    return ", ".join(f"{step}: {size}" for step, size in sizes.items()) or "no list had two pages"


@asks("What does TagResource answer?")
def answer_of_tag_resource(seen: Transcript) -> str:
    answered = seen("tag-resource").operations
    return ", ".join(f"{each['operationType']} {each['status']}" for each in answered) or "nothing"


@asks("Does TagResource add to the tags that are there, and replace the value of a key?")
def merging_of_tags(seen: Transcript) -> str:
    steps = ("wait-instance-snapshot", "get-tagged", "get-tagged-again")
    before, first, again = (tags_of(seen(step).resource) for step in steps)
    adds, replaces = before.items() <= first.items(), again.get("colour") == "green"
    return f"adds: {'yes' if adds else 'no'}, replaces: {'yes' if replaces else 'no'}"


@asks("What do too many tags, and reserved ones, answer?")
def refused_tags(seen: Transcript) -> str:
    return "; ".join(outcome(seen(step)) for step in ("refused-51-tags", "refused-aws-tag"))


@asks("Does an empty list of ports close the firewall?")
def empty_firewall(seen: Transcript) -> str:
    ports = seen("get-no-ports").resource["networking"]["ports"]
    return f"{outcome(seen('put-no-ports'))}; {len(ports)} ports are open then"


@asks("Which states does a database snapshot have, and its database meanwhile?")
def database_states(seen: Transcript) -> str:
    database = state_of(seen("get-database-in-snapshot").resource)
    return f"{', '.join(states(seen, 'wait-database-snapshot'))}; the database is {database}"


@asks("What is refused because something is busy, and in which words?")
def refusals_of_the_busy(seen: Transcript) -> str:
    found = {f"{each.operation} {outcome(each)}" for each in seen if each.step == "busy"}
    return "; ".join(sorted(found)) or "nothing was refused"


@asks("After how many requests is a caller throttled?")
def throttling(seen: Transcript) -> str:
    numbers = [number for number, each in enumerate(seen) if each.step == "throttled"]
    return f"after {numbers[0]}, {len(numbers)} in all" if numbers else f"not within {len(seen)}"
