"""What an invocation imports: nothing that only other actions need."""

from __future__ import annotations

import json

import pytest

from lightsail_moto import control
from tests.runtime.conftest import Written

ONLY_FOR_REPORTS = {
    "snapshotter.inputs.schedules",
    "snapshotter.notify",
    "snapshotter.report.letter",
    "snapshotter.report.status",
}
LISTS_ITS_MODULES = """
    import sys

    from snapshotter.handler import lambda_handler

    def handler(event, context):
        lambda_handler(event, context)
        return [name for name in sys.modules if name.startswith("snapshotter.")]
"""


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({}, set(), id="snapshot"),
        pytest.param({"action": "sweep"}, set(), id="sweep"),
        pytest.param({"action": "report"}, ONLY_FOR_REPORTS, id="report"),
    ],
)
def test_modules_of_reports_and_letters_are_imported_by_those_alone(
    written: Written,
    environment: dict[str, str],
    event: dict[str, str],
    expected: set[str],
) -> None:
    control().seed.add_instance("web", tags={"snapshot": None})

    result = written(LISTS_ITS_MODULES).invoke(event, env=environment)

    assert result.error is None, json.dumps(result.log)
    assert set(result.payload) & ONLY_FOR_REPORTS == expected
