"""The runbook knows everything that the function can say, and nothing that it cannot."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import get_args

import botocore.exceptions
import botocore.session
import pytest

from snapshotter.errors import InvalidInput
from snapshotter.inputs.event import parse_event
from snapshotter.inputs.settings import from_env
from snapshotter.model.outcome import ActionName, OutcomeStatus
from tests.docs.pages import page
from tests.docs.said import Said, a_stage
from tests.docs.scenes import AT_NIGHT, BAD_EVENTS, BAD_SETTINGS, EAST, SCENES, TAGGED
from tests.docs.sentences import codes, matches, sentences
from translate.stack import Stack

RUNBOOK = page("docs/operations.md")
OF_AN_OPERATION = "InternalError"
"""What the stand-in for Lightsail says of an operation that failed; the program passes it on."""
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def from_aws() -> set[str]:
    """Give the errors that Lightsail's own model names, and the one that every service has."""
    model = botocore.session.get_session().get_service_model("lightsail")
    return {shape.name for shape in model.error_shapes} | {"ThrottlingException"}


@pytest.fixture(scope="module")
def said() -> Said:
    """Everything that is said in all scenes, and when input is refused."""
    found = Said()
    for scene in SCENES:
        with a_stage(found) as stage:
            scene(stage)
    for refusal in refusals():
        found.codes.add(type(refusal).__name__)
        found.texts.add(str(refusal))
    return found


def refusals() -> Iterator[InvalidInput]:
    good = Stack({"PolicyName": "nightly"}).environment()
    for event, restores in product(BAD_EVENTS, (False, True)):
        with pytest.raises(InvalidInput) as refused:
            parse_event(event, now=NOW, regions=(EAST,), restores=restores)
        yield refused.value
    for change in BAD_SETTINGS:
        with pytest.raises(InvalidInput) as refused:
            from_env(good | change, frozenset({EAST}))
        yield refused.value


def test_every_code_of_the_program_is_in_the_runbook() -> None:
    assert set(RUNBOOK.column("code", "means")) == codes()


def test_every_code_in_the_runbook_is_given_by_a_run(said: Said) -> None:
    assert set(RUNBOOK.column("code", "means")) - said.codes == set()


def test_every_code_of_a_run_is_in_the_runbook(said: Said) -> None:
    documented = set(RUNBOOK.column("code", "means")) | from_aws()

    assert said.codes - documented == {OF_AN_OPERATION}


def test_every_error_that_lightsail_knows_is_in_the_runbook() -> None:
    assert set(RUNBOOK.column("code from AWS")) == from_aws()


@pytest.mark.parametrize("code", sorted(from_aws()))
def test_an_error_of_lightsail_is_told_by_its_own_code(code: str) -> None:
    found = Said()
    with a_stage(found) as stage:
        stage.account.seed.add_instance("web", tags=TAGGED)
        stage.account.inject("CreateInstanceSnapshot", error=code)
        stage.patch.setattr(
            "snapshotter.lightsail.clients._CONFIG.retries", {"total_max_attempts": 1}
        )
        stage.deploy()(AT_NIGHT)

    assert code in found.codes


def test_the_errors_of_botocore_that_the_runbook_names_exist() -> None:
    named = {span for span in RUNBOOK.spans if span.endswith("Error") and span != "Error"}

    assert {name for name in named if not hasattr(botocore.exceptions, name)} == set()


def test_every_sentence_of_the_code_is_in_the_runbook() -> None:
    missing = {
        sentence: where
        for sentence, where in sentences().items()
        if not any(matches(sentence, span) for span in RUNBOOK.spans)
    }

    assert missing == {}


def test_every_sentence_in_the_runbook_is_said_by_a_run(said: Said) -> None:
    quoted = RUNBOOK.column("it says")

    assert [each for each in quoted if not any(matches(each, text) for text in said.texts)] == []


def test_a_sentence_that_nobody_says_is_found(said: Said) -> None:
    assert not any(matches("it was eaten by …", text) for text in said.texts)
    assert not matches("the name … is taken in …", "the name of it is free")


def test_the_runbook_has_every_status_and_every_action(said: Said) -> None:
    assert set(RUNBOOK.column("status", "means")) == set(get_args(OutcomeStatus)) == said.statuses
    assert set(RUNBOOK.column("action", "is about")) == set(get_args(ActionName)) == said.actions


def test_the_runbook_has_every_metric(said: Said) -> None:
    assert set(RUNBOOK.column("metric")) == said.metrics


def test_the_readme_names_every_metric(said: Said) -> None:
    assert said.metrics - set(page("README.md").spans) == set()


def test_the_runbook_has_every_field_of_a_record(said: Said) -> None:
    assert set(RUNBOOK.column("field")) == said.fields
