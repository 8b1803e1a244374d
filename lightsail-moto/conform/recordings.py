"""Recordings of live runs, without account, address and key data, and the backend beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore

from conform.run import PREFIX, Run
from conform.transcript import Exchange, Transcript

ROOT = Path(__file__).parents[1] / "tests" / "conformance" / "recorded"
STARTED = "20200101T000000Z"
ACCOUNT = "123456789012"
REMOVED = {
    "supportCode": "removed",
    "privateKeyBase64": "removed",
    "publicKeyBase64": "removed",
    "fingerprint": "removed",
    "masterUserPassword": "removed",
    "address": "removed",
    "ipAddress": "192.0.2.1",
    "publicIpAddress": "192.0.2.1",
    "privateIpAddress": "192.0.2.2",
    "ipv6Addresses": ["2001:db8::1"],
}
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_PRINCIPAL = re.compile(r"\b(user|role|assumed-role)/[\w+=,.@/-]+")
_ADDRESS = re.compile(
    r"(?<![\d.])(?!0\.0\.0\.0|192\.0\.2\.|203\.0\.113\.)\d+\.\d+\.\d+\.\d+(?![\d.])"
)


class NotScrubbed(Exception):
    """A recording would have had an address; it was not written."""


def record(run: Run, number: str, folder: Path = ROOT) -> Path:
    """Write what was answered, and return where.

    number: the account's. Names have a fixed time in them, and ids are numbered.

    Raises:
        NotScrubbed: an address is in a member that should have none.
    """
    now = datetime.now(UTC)
    recording = {
        "recorded": now.isoformat(timespec="seconds"),
        "botocore": botocore.__version__,
        "region": run.account.region,
        "copyRegion": run.account.copy_region,
        "exchanges": [_scrubbed(asdict(exchange)) for exchange in run.seen],
    }
    text = json.dumps(recording, indent=1, default=_seconds, ensure_ascii=True)
    text = text.replace(number, ACCOUNT).replace(f"{PREFIX}-{run.started}", f"{PREFIX}-{STARTED}")
    text = text.replace(f'"{run.started}"', f'"{STARTED}"')
    ids: dict[str, str] = {}
    text = _UUID.sub(
        lambda found: ids.setdefault(found[0], f"00000000-0000-0000-0000-{len(ids) + 1:012x}"), text
    )
    text = _PRINCIPAL.sub(r"\1/removed", text)
    left = _ADDRESS.findall(text)
    if left:
        raise NotScrubbed(f"The recording has addresses and was not written: {', '.join(left)}.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%d}-{run.account.region}.json"
    path.write_text(text + "\n")
    return path


def read(path: Path) -> tuple[dict[str, Any], Transcript]:
    """A recording and its transcript."""
    recording = json.loads(path.read_text())
    return recording, Transcript(Exchange(**each) for each in recording["exchanges"])


def _scrubbed(value: Any) -> Any:
    if isinstance(value, list):
        return [_scrubbed(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: REMOVED[key] if key in REMOVED and not isinstance(each, Mapping) else _scrubbed(each)
        for key, each in value.items()
    }


def _seconds(value: Any) -> float:
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    raise TypeError(f"not JSON: {value!r}")
