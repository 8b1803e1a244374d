"""The value of the drill tag: what has to answer."""

from __future__ import annotations

import pytest

from snapshotter.policy.drilling import Drilling, parse_drilling


@pytest.mark.parametrize(
    ("value", "drilling", "written"),
    [
        ("", Drilling(), ""),
        ("1", Drilling(1), "1"),
        ("65535", Drilling(65535), "65535"),
        ("0080", Drilling(80), "80"),
        ("http:80", Drilling(80, "http", "/"), "http:80/"),
        ("http:80/", Drilling(80, "http", "/"), "http:80/"),
        ("http:8080/shop/health?full=1", Drilling(8080, "http", "/shop/health?full=1"), None),
        ("https:443/state", Drilling(443, "https", "/state"), None),
        ("http:80/büro", Drilling(80, "http", "/büro"), None),
    ],
)
def test_value_is_read_and_written_again(
    value: str, drilling: Drilling, written: str | None
) -> None:
    assert parse_drilling(value) == drilling
    assert str(drilling) == (value if written is None else written)
    assert parse_drilling(str(drilling)) == drilling


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "65536",
        "-1",
        "80 443",
        "80/path",
        "http",
        "http:",
        "http:/path",
        "http:0/path",
        "http:65536",
        "http:80/a b",
        "HTTP:80",
        "ftp:21",
        "http://web",
        "tcp:80",
    ],
)
def test_other_values_are_not_understood(value: str) -> None:
    assert parse_drilling(value) is None
