"""A dry run over the fleet, the scheduled run, and the same event delivered again."""

import json
from collections.abc import Iterator
from datetime import timedelta

from demo.scenario import Run, Scenario, detail, format_tags, short
from invoke.events import EXAMPLES, read_event
from invoke.fleet import CORRECTED_POLICY, FLEET, NIGHT, correct_policy_tag
from snapshotter.model.tags import TAG_LIMIT

EVENT = EXAMPLES / "scheduled.json"
BUSY = {"cache-1", "orders-db"}
SELECTED = {member.name for member in FLEET if member.selected}


def dry_run(scenario: Scenario) -> None:
    printer = scenario.printer
    printer.title("Dry run: the fleet, and what the scheduled run would do")
    run = scenario.invoke({**read_event(EVENT), "dryRun": True}, NIGHT)
    printer.table([("Name", "Region", "Tags", "Dry run"), *_rows(run)], (20, 12, 24))
    printer.line()
    planned = run.resources("create", "planned") | run.resources("create", "deferred")
    printer.check(
        f"The {len(SELECTED)} resources whose tags ask for it are selected.", planned, SELECTED
    )
    requests = len(scenario.account.calls)
    printer.check(f"A dry run writes nothing: {requests} read requests.", scenario.writes(), [])


def scheduled_run(scenario: Scenario) -> None:
    printer = scenario.printer
    printer.title(f"{NIGHT:%A, %Y-%m-%d %H:%M} UTC: the scheduled run")
    run = scenario.invoke(read_event(EVENT), NIGHT)
    scenario.show(run)
    started = run.resources("create", "started")
    printer.check("A snapshot of all but the busy resources is started.", started, SELECTED - BUSY)
    deferred = run.resources("create", "deferred")
    printer.check("The busy ones are left to the next sweep.", deferred, BUSY)
    refused = run.resources("delete", "refused")
    printer.check("A policy that cannot be read is refused; crm is backed up.", refused, {"crm"})
    printer.check("The run succeeds: no retry could correct the tag.", run.error, None)
    _check_tags(scenario, run)
    printer.line()
    printer.text(
        f"The log has {len(run.records)} records, one for each outcome and one for the run, and "
        f"{len(run.metrics)} metric records. The first, with the operations of Lightsail:"
    )
    printer.line()
    printer.text(json.dumps(run.of("create", "started")[0]))


def repeated_delivery(scenario: Scenario) -> None:
    printer = scenario.printer
    at = NIGHT + timedelta(minutes=1)
    printer.title(f"{at:%H:%M}: the same event is delivered a second time")
    before = scenario.account.world()
    run = scenario.invoke(read_event(EVENT), at)
    scenario.show(run)
    exists = run.resources("create", "exists")
    printer.check("Every snapshot of the first delivery is found.", exists, SELECTED - BUSY)
    printer.check("Nothing in the account has changed.", scenario.account.world(), before)
    correct_policy_tag()
    tags = scenario.account.world()["us-east-1"]["Instance"]["crm"]["tags"]
    claim = f"The owner of crm corrects the tag: snapshot:keep={CORRECTED_POLICY}."
    printer.check(claim, tags["snapshot:keep"], CORRECTED_POLICY)


def _rows(run: Run) -> Iterator[tuple[str, str, str, str]]:
    creates = {o["resource"]: o for o in run.outcomes if o["action"] == "create"}
    for member in FLEET:
        outcome = creates.get(member.name)
        result = f"create {outcome['status']}: {detail(outcome)}" if outcome else "not selected"
        kind = "" if member.kind == "Instance" else f" ({member.kind})"
        yield f"{short(member.name)}{kind}", member.region, format_tags(member.tags), result


def _check_tags(scenario: Scenario, run: Run) -> None:
    source_tags = {member.name: member.tags for member in FLEET}
    found, expected = {}, {}
    for each in run.of("create", "started"):
        tags = scenario.snapshots(each["region"])[each["snapshot"]]["tags"]
        own = {key: value for key, value in tags.items() if key.startswith("snapshotter:")}
        source = sorted(source_tags[each["resource"]].items())[: TAG_LIMIT - len(own)]
        found[each["snapshot"]], expected[each["snapshot"]] = tags, {**dict(source), **own}
    scenario.printer.check("Every snapshot carries the tags of its source.", found, expected)
