"""No test here may reach an account, whatever this machine's environment is."""

import os
import re
from pathlib import Path

import pytest

from translate import TEMPLATE

ROOT = TEMPLATE.parent
EVENTS = sorted((ROOT / "events").glob("*.json"))


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*filter(re.compile("AWS_|POWERTOOLS_").match, os.environ), "LIVE", "YES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
