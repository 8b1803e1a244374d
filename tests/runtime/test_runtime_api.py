"""The stand-in for the Lambda service shows what Lambda would."""

import pytest

from tests.runtime.conftest import Written
from tests.support.runtime_api import FunctionError, RuntimeApi


def test_the_event_reaches_the_handler_and_its_answer_comes_back(written: Written) -> None:
    api = written("def handler(event, context): return {'got': event}")

    result = api.invoke({"a": [1, None, "é"]})

    assert result.payload == {"got": {"a": [1, None, "é"]}}
    assert result.error is None


def test_an_exception_is_a_function_error(written: Written) -> None:
    api = written("def handler(event, context): raise KeyError('web-1')")

    assert api.invoke({}).error == FunctionError("KeyError", "'web-1'")


def test_the_process_stays_warm_while_its_environment_is_the_same(written: Written) -> None:
    api = written("""
        import os
        count = 0
        def handler(event, context):
            global count
            count += 1
            return [os.environ["STAGE"], count]
    """)
    stages = ["a", "a", "b", "b"]

    assert [api.invoke({}, env={"STAGE": stage}).payload for stage in stages] == [
        ["a", 1],
        ["a", 2],
        ["b", 1],
        ["b", 2],
    ]


def test_the_function_is_told_the_time_that_it_has(written: Written) -> None:
    api = written("def handler(event, context): return context.get_remaining_time_in_millis()")

    assert 50_000 < api.invoke({}, deadline_s=60).payload <= 60_000


def test_the_log_of_an_invocation_is_its_own(written: Written) -> None:
    api = written("def handler(event, context): print('saw', event)")

    assert api.invoke(1).log == ("saw 1",)
    assert api.invoke(2).log == ("saw 2",)


@pytest.mark.parametrize(
    "answer", ["{1, 2}", "__import__('datetime').datetime.now()"], ids=["set", "datetime"]
)
def test_an_answer_that_json_has_no_word_for_is_an_error(written: Written, answer: str) -> None:
    error = written(f"def handler(event, context): return {answer}").invoke({}).error

    assert error
    assert error.type == "Runtime.MarshalError"


def test_an_answer_that_is_not_strict_json_is_refused(written: Written) -> None:
    api = written("def handler(event, context): return float('nan')")

    with pytest.raises(ValueError, match="NaN is not JSON"):
        api.invoke({})


def test_a_process_that_ends_is_told_and_the_next_invocation_is_cold(written: Written) -> None:
    api = written("""
        import os
        def handler(event, context):
            if event == "end":
                os._exit(3)
            return "well"
    """)

    assert api.invoke("end").error == FunctionError(
        "Runtime.ExitError", "Runtime exited with status 3"
    )
    assert api.invoke({}).payload == "well"


def test_a_module_that_cannot_be_imported_fails_at_init(written: Written) -> None:
    error = written("import nothing_of_that_name").invoke({}).error

    assert error
    assert (error.type, error.at_init) == ("Runtime.ImportModuleError", True)


def test_a_handler_that_is_not_there_fails_at_init() -> None:
    with RuntimeApi("snapshotter.handler.nothing") as api:
        error = api.invoke({}).error

    assert error
    assert (error.type, error.at_init) == ("Runtime.HandlerNotFound", True)


def test_a_function_that_says_nothing_is_given_up(written: Written) -> None:
    api = written("import time\ndef handler(event, context): time.sleep(60)", patience_s=1)

    with pytest.raises(TimeoutError):
        api.invoke({})
