"""What the service does that makes the function's work harder."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lightsail_moto import Call
from tests.failure.managed import REGIONS
from tests.failure.people import KINDS, READS, PeopleMachine, pick, rule_before_a_run
from tests.failure.state_machine import indices

CREATES = [f"Create{kind}Snapshot" for kind in KINDS]
DELETES = [f"Delete{kind}Snapshot" for kind in KINDS]
WRITES = [*CREATES, *DELETES, "CopySnapshot", "TagResource"]
FAULTS: tuple[dict[str, Any], ...] = (
    {"error": "ThrottlingException", "times": 2},
    {"http_status": 500, "times": 2},
    {"http_status": 503, "times": 12},
    {"drop_connection": True},
    {"drop_connection": True, "when": "after"},
    {"drop_connection": True, "times": 12},
    {"http_status": 500, "when": "after", "times": 12},
    {"error": "InvalidInputException", "message": "Please try again in a few minutes."},
    {"error": "ServiceException", "times": 12},
    {"failed_operation": ("InternalError", "The operation failed.")},
)


class FaultMachine(PeopleMachine):
    """The account, with a rule for each way in which the service fails."""

    @rule_before_a_run(delete=st.sampled_from(DELETES))
    def snapshot_is_deleted_just_before_the_function_deletes_it(self, delete: str) -> None:
        def delete_first(call: Call) -> None:
            (name,) = call.parameters.values()
            self.account.delete(self.account.find(call.region, name))

        self.account.on_calls.append((delete, "before", delete_first))

    @rule_before_a_run(
        operation=st.sampled_from([*WRITES * 3, *READS, "GetOperationsForResource"]),
        fault=st.sampled_from(FAULTS),
    )
    def call_fails(self, operation: str, fault: dict[str, Any]) -> None:
        if "failed_operation" not in fault or operation in WRITES:
            self.lightsail.inject(operation, **fault)

    @rule_before_a_run(
        region=st.sampled_from([None, *REGIONS]), state=st.sampled_from(["error", "odd"])
    )
    def snapshot_ends_in_error(self, region: str | None, state: str) -> None:
        self.lightsail.end_in_error(lambda _: True, region=region, state=state)

    @rule_before_a_run(
        region=st.sampled_from(REGIONS),
        denied=st.sampled_from([[], [], None, ["CopySnapshot"], ["TagResource"], READS, DELETES]),
    )
    def region_denies(self, region: str, denied: list[str] | None) -> None:
        """Deny some operations, or all (None), or none any more."""
        if denied == []:
            self.lightsail.allow(region)
        else:
            self.lightsail.deny(region, denied)

    @rule_before_a_run(
        delay_s=st.sampled_from([0, 60, 7200]), shift=st.booleans(), size=st.integers(1, 3)
    )
    def lists_are_late_and_shift(self, delay_s: int, shift: bool, size: int) -> None:
        self.lightsail.list_delay_s, self.lightsail.shift_pages = delay_s, shift
        self.lightsail.page_size = size

    @rule_before_a_run(
        snapshot_s=st.sampled_from([0, 300, 7200]),
        copy_s=st.sampled_from([0, 300, 90_000]),
        concurrent=st.booleans(),
        carry=st.booleans(),
    )
    def service_changes_its_pace(
        self, snapshot_s: int, copy_s: int, concurrent: bool, carry: bool
    ) -> None:
        self.lightsail.snapshot_seconds, self.lightsail.copy_seconds = snapshot_s, copy_s
        self.lightsail.concurrent_snapshots = concurrent
        self.lightsail.copies_carry_source = carry

    @rule_before_a_run(index=indices, state=st.sampled_from(["stopping", "modifying", "available"]))
    def source_is_busy(self, index: int, state: str) -> None:
        source = pick(self.account.sources, index)
        if source is not None and source.type == "RelationalDatabase":
            self.lightsail.set_database_state(source.name, source.region, state)
        elif source is not None:
            self.lightsail.auto_snapshot_in_progress(source.name, source.region)
