"""The backend process: Lightsail over HTTP, which counts its requests.

`python -m bench.server '{"instances": 200, …}'` prints its URL, then for every line of
input the requests since the last one, and ends with its input.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bench.fleet import seed_fleet
from lightsail_moto import Call, control, serve


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The resources in the backend, and how it responds.

    rate: requests a second in each region, with a burst of one second; None is no limit.
    page_size: items a page; Lightsail's is not published.
    """

    instances: int
    nights: int = 0
    regions: tuple[str, ...] = ("us-east-1",)
    latency_ms: float = 0
    rate: float | None = None
    page_size: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Requests to the backend. throttled: those that were answered with ThrottlingException."""

    requests: int
    throttled: int

    @property
    def admitted(self) -> int:
        return self.requests - self.throttled


def main() -> None:
    """Serve until standard input ends."""
    given = json.loads(sys.argv[1])
    world = World(**{**given, "regions": tuple(given["regions"])})
    with serve() as url:
        account = control()
        account.latency_s = world.latency_ms / 1000
        account.page_size = world.page_size
        now = datetime.now(UTC).replace(microsecond=0)
        seed_fleet(account, world.regions, instances=world.instances, nights=world.nights, now=now)
        account.rate_limit(world.rate)
        print(url, flush=True)
        seen = 0
        for _ in sys.stdin:
            calls = account.calls[seen:]
            seen += len(calls)
            print(json.dumps(asdict(count(calls))), flush=True)


def count(calls: Sequence[Call]) -> Count:
    throttled = sum(call.outcome == "ThrottlingException" for call in calls)
    return Count(requests=len(calls), throttled=throttled)


if __name__ == "__main__":
    main()
