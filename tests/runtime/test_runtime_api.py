"""The Runtime API of the tests reports what Lambda reports."""

import pytest

from tests.runtime.conftest import Written
from tests.support.runtime_api import FunctionError


def test_handler_receives_the_event_and_its_response_is_returned(written: Written) -> None:
    api = written("def handler(event, context): return {'received': event}")

    result = api.invoke({"a": [1, None, "é"]})

    assert result.payload == {"received": {"a": [1, None, "é"]}}
    assert result.error is None


def test_exception_is_a_function_error(written: Written) -> None:
    api = written("def handler(event, context): raise KeyError('web-1')")

    assert api.invoke({}).error == FunctionError("KeyError", "'web-1'")


def test_process_is_kept_while_its_environment_is_the_same(written: Written) -> None:
    api = written("""
        import os
        count = 0
        def handler(event, context):
            global count
            count += 1
            return [os.environ["NAME"], count]
    """)
    names = ["a", "a", "b", "b"]

    assert [api.invoke({}, env={"NAME": name}).payload for name in names] == [
        ["a", 1],
        ["a", 2],
        ["b", 1],
        ["b", 2],
    ]


def test_context_reports_the_remaining_time(written: Written) -> None:
    api = written("def handler(event, context): return context.get_remaining_time_in_millis()")

    assert 50_000 < api.invoke({}, deadline_s=60).payload <= 60_000


def test_log_has_the_lines_of_one_invocation(written: Written) -> None:
    api = written("def handler(event, context): print('saw', event)")

    assert api.invoke(1).log == ("saw 1",)
    assert api.invoke(2).log == ("saw 2",)


@pytest.mark.parametrize(
    "answer", ["{1, 2}", "__import__('datetime').datetime.now()"], ids=["set", "datetime"]
)
def test_response_that_json_cannot_represent_is_an_error(written: Written, answer: str) -> None:
    error = written(f"def handler(event, context): return {answer}").invoke({}).error

    assert error
    assert error.type == "Runtime.MarshalError"


def test_response_that_is_not_strict_json_is_refused(written: Written) -> None:
    api = written("def handler(event, context): return float('nan')")

    with pytest.raises(ValueError, match="NaN is not JSON"):
        api.invoke({})


def test_exit_of_the_process_is_an_error_and_the_next_invocation_starts_a_new_one(
    written: Written,
) -> None:
    api = written("""
        import os
        def handler(event, context):
            if event == "end":
                os._exit(3)
            return "alive"
    """)

    assert api.invoke("end").error == FunctionError(
        "Runtime.ExitError", "Runtime exited with status 3"
    )
    assert api.invoke({}).payload == "alive"


def test_module_that_cannot_be_imported_fails_at_init(written: Written) -> None:
    error = written("import nothing_of_that_name").invoke({}).error

    assert error
    assert (error.type, error.at_init) == ("Runtime.ImportModuleError", True)


def test_missing_handler_fails_at_init(written: Written) -> None:
    error = written("", "missing").invoke({}).error

    assert error
    assert (error.type, error.at_init) == ("Runtime.HandlerNotFound", True)


def test_function_that_does_not_respond_times_out(written: Written) -> None:
    api = written("import time\ndef handler(event, context): time.sleep(60)", timeout_s=0.2)

    with pytest.raises(TimeoutError):
        api.invoke({})
