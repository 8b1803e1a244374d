"""What is refused, with which code and message."""

from __future__ import annotations

from conform.statements import DoesNotHold, expect, holds
from conform.transcript import Exchange, NotReached, Transcript

TAKEN = ("refused-taken-by-instance", "refused-taken-by-address", "copy-taken-name")
MISSING = ("refused-missing-source", "refused-missing-snapshot", "refused-missing-delete")


def refused(seen: Transcript, step: str, code: str) -> Exchange:
    """The refusal of a step, which must have this code."""
    exchange = seen(step)
    expect(exchange.step, exchange.error.get("code", "accepted"), code)
    return exchange


@holds(
    "reported", "One name space for all types: a taken name is InvalidInputException, NameExists."
)
def taken_names_are_refused(seen: Transcript) -> None:
    for step in TAKEN:
        exchange = refused(seen, step, "InvalidInputException")
        expect(f"{step}, code", exchange.error.get("fineCode"), "NameExists")


@holds("reported", "The message of a taken name is `Some names are already in use: NAME`.")
def taken_names_are_named(seen: Transcript) -> None:
    for step in TAKEN:
        request = seen(step).request
        name = request.get("diskSnapshotName", request.get("targetSnapshotName"))
        wanted = f"Some names are already in use: {name}"
        expect(step, seen(step).error.get("message"), wanted)


@holds("reported", "A name that is not legal is InvalidInputException, in the known words.")
def illegal_names_are_refused(seen: Transcript) -> None:
    exchange = refused(seen, "refused-name", "InvalidInputException")
    wanted = (
        f"{exchange.request['diskSnapshotName']} is not a valid resource name. Resource names must "
        "be at least 2 characters long and contain only alphanumerics, -, _, and ."
    )
    expect("message", exchange.error["message"], wanted)


@holds("documented", "A name can have periods and underscores.")
def periods_and_underscores_are_legal(seen: Transcript) -> None:
    exchange = seen("create-system-disk-snapshot")
    expect(exchange.request["diskSnapshotName"], exchange.error.get("message"), None)


@holds("documented", "What does not exist is NotFoundException: in reads, deletes and as a source.")
def missing_resources_are_not_found(seen: Transcript) -> None:
    for step in MISSING:
        refused(seen, step, "NotFoundException")


@holds("documented", "A resource has 50 tags at most.")
def the_51st_tag_is_refused(seen: Transcript) -> None:
    refused(seen, "refused-51-tags", "InvalidInputException")


@holds("documented", "The prefix aws: is reserved for tags.")
def aws_tags_are_refused(seen: Transcript) -> None:
    refused(seen, "refused-aws-tag", "InvalidInputException")


@holds("documented", "A database snapshot cannot be copied.")
def database_copies_are_refused(seen: Transcript) -> None:
    refused(seen, "copy-database-snapshot", "InvalidInputException")


@holds("assumed", "An address type that the bundle is not for is refused.")
def address_types_fit_the_bundle(seen: Transcript) -> None:
    for step in ("refused-ipv6", "refused-ipv4", "refused-dualstack"):
        refused(seen, step, "InvalidInputException")


@holds("assumed", "A bundle with IPv6 alone is refused without an address type, as with dualstack.")
def the_default_type_fits_the_bundle(seen: Transcript) -> None:
    refused(seen, "refused-default-type", "InvalidInputException")


@holds("reported", "A bundle that the Region does not have is refused, in the known words.")
def unknown_bundles_are_refused(seen: Transcript) -> None:
    exchange = refused(seen, "refused-bundle", "InvalidInputException")
    wanted = "The specified bundle does not exist in this region"
    expect("message", exchange.error["message"], wanted)


@holds("published", "Domains are asked for in us-east-1 alone.")
def domains_are_refused_elsewhere(seen: Transcript) -> None:
    refused(seen, "refused-domains", "InvalidInputException")


@holds("documented", "An error has an HTTP status from 400 to 499, and a message.")
def refusals_are_client_errors(seen: Transcript) -> None:
    for exchange in seen:
        if exchange.error:
            expect(f"{exchange.step}, status", 400 <= exchange.error["status"] < 500, True)
            expect(f"{exchange.step}, message", bool(exchange.error.get("message")), True)


@holds("documented", "A throttled request is ThrottlingException with HTTP status 400.")
def throttling_has_status_400(seen: Transcript) -> None:
    throttled = [each.error["status"] for each in seen if each.step == "throttled"]
    if not throttled:
        raise NotReached("no request was throttled")
    if set(throttled) != {400}:
        raise DoesNotHold(f"expected HTTP status 400, found {sorted(set(throttled))}")
