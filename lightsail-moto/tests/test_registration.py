"""moto's private interfaces that registration uses: these tests fail when they change."""

import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import moto
import pytest
import requests
from moto import backend_index, mock_aws
from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

import lightsail_moto
from lightsail_moto import RegistrationError, control, lightsail_backends, register
from lightsail_moto.models import LightsailBackend
from lightsail_moto.urls import url_bases


def test_registering_twice_adds_nothing() -> None:
    before = list(backend_index.backend_url_patterns)

    register()

    assert backend_index.backend_url_patterns == before
    ours = [pattern.pattern for service, pattern in before if service == "lightsail"]
    assert ours == url_bases


def test_moto_finds_the_backend_its_urls_and_its_hosts() -> None:
    get: Any = get_backend
    app = DomainDispatcherApplication(create_backend_app)

    assert sys.modules["moto.lightsail"] is lightsail_moto
    assert get("lightsail") is lightsail_backends
    assert LightsailBackend("us-east-1", "123456789012").url_bases == url_bases
    assert app.backend_url_patterns is backend_index.backend_url_patterns
    for host in ("lightsail", "lightsail-fips"):
        assert app.get_backend_for_host(f"{host}.eu-west-1.amazonaws.com") == "lightsail"


def test_a_moto_with_a_lightsail_of_its_own_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = ModuleType("moto.lightsail")
    shipped.__spec__ = moto.__spec__
    monkeypatch.setitem(sys.modules, "moto.lightsail", shipped)

    with pytest.raises(RegistrationError, match=r"ships moto\.lightsail"):
        register()


def test_a_moto_without_the_list_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_index, "backend_url_patterns", {})

    with pytest.raises(RegistrationError, match="not a list"):
        register()


def test_plain_http_is_answered_inside_the_mock() -> None:
    with mock_aws():
        answer = requests.post(
            "https://lightsail.us-east-1.amazonaws.com/",
            data="{}",
            headers={
                "X-Amz-Target": "Lightsail_20161128.GetInstances",
                "Content-Type": "application/x-amz-json-1.1",
            },
            timeout=5,
        )

        assert answer.json() == {"instances": []}
        assert re.fullmatch(r"\w{52}", answer.headers["x-amzn-requestid"])
        assert control().calls[0].operation == "GetInstances"


def test_importing_alone_does_not_register() -> None:
    program = (
        "import lightsail_moto, sys; from moto import backend_index; "
        "assert 'moto.lightsail' not in sys.modules; "
        "assert 'lightsail' not in dict(backend_index.backend_url_patterns)"
    )

    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
