"""One run against an account: its names, its tag, and the requests that it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from botocore import xform_name
from botocore.exceptions import ClientError

from conform.transcript import Exchange, Transcript, state_of

TAG = PREFIX = "lightsail-conformance"
NAME_PREFIX = rf"{PREFIX}-\d{{8}}T\d{{6}}Z-"
NAME = re.compile(rf"{NAME_PREFIX}[A-Za-z0-9._-]+")
THROTTLED = "ThrottlingException"
TRANSIENT = ("InvalidInputException", "OperationFailureException")
POLL_S, BUSY_S, LONGEST_S = 20, 10 * 60, 45 * 60

Client: TypeAlias = Any
"""A boto3 client for Lightsail; its methods are called by the names of operations."""


class Stopped(Exception):
    """A step on which the others depend was refused, or did not end."""


@dataclass(kw_only=True)
class Account:
    """Any Lightsail: how it is called and how time passes there.

    client: makes a client for a Region that makes so many attempts.
    wait: waits for so many seconds, of the account's time.
    """

    client: Callable[[str, int], Client]
    wait: Callable[[float], None]
    region: str
    copy_region: str


@dataclass
class Run:
    """started: the time of the run as 20261126T063600Z, a part of all names and the tag's value."""

    account: Account
    started: str
    seen: Transcript = field(default_factory=Transcript)
    _clients: dict[str, Client] = field(default_factory=dict)

    def name(self, what: str) -> str:
        return f"{PREFIX}-{self.started}-{what}"

    @property
    def tag(self) -> dict[str, str]:
        """The tag that everything has which a run creates."""
        return {"key": TAG, "value": self.started}

    def call(self, step: str, operation: str, *, region: str = "", **parameters: Any) -> Exchange:
        """Make one request and note what was answered; a refusal is an answer.

        A throttled request is noted as the step `throttled` and made again.
        """
        region = region or self.account.region
        while True:
            noted = self._request(step, operation, region, parameters)
            if noted.error.get("code") != THROTTLED:
                self._note(noted)
                return noted
            self._note(Exchange(**vars(noted) | {"step": "throttled"}))
            self.account.wait(5)

    def must(self, step: str, operation: str, **arguments: Any) -> Exchange:
        """The same for a request without which the run cannot go on.

        A refusal may be because something is busy, in words that nobody has published: for ten
        minutes each is noted as the step `busy`, and the request is made again.
        """
        for _ in range(BUSY_S // POLL_S):
            noted = self.call(step, operation, **arguments)
            if not noted.error:
                return noted
            if noted.error["code"] not in TRANSIENT or noted.error.get("fineCode") == "NameExists":
                break
            self.seen.remove(noted)
            self._note(Exchange(**vars(noted) | {"step": "busy"}))
            self.account.wait(POLL_S)
        raise Stopped(f"{step}: {operation} was refused: {dict(noted.error)}")

    def until(
        self, step: str, operation: str, ended: Callable[[dict[str, Any]], bool], **arguments: Any
    ) -> Exchange:
        """Make a request until its resource has reached what is waited for.

        An answer that has the state of the one before it replaces that.
        """
        waited = 0
        while True:
            noted = self.must(step, operation, **arguments)
            before = [other for other in self.seen[:-1] if other.step == step][-1:]
            if before and state_of(before[0].resource) == state_of(noted.resource):
                self.seen.remove(before[0])
            if ended(noted.resource):
                return noted
            if waited >= LONGEST_S:
                raise Stopped(f"{step}: still {state_of(noted.resource)} after {waited} s")
            self.account.wait(POLL_S)
            waited += POLL_S

    def pages(
        self,
        step: str,
        operation: str,
        *,
        ours: Callable[[Mapping[str, Any]], bool] | None = None,
        region: str = "",
        **parameters: Any,
    ) -> Exchange:
        """Read a whole list, and keep of it only what belongs to this run.

        ours: which items to keep instead. A token that comes twice, or that is refused, stays in
            the answer.
        """
        region = region or self.account.region
        items: list[Mapping[str, Any]] = []
        sizes: list[int] = []
        tokens: list[str] = []
        while True:
            sent = parameters | ({"pageToken": tokens[-1]} if tokens else {})
            page = (self.call if tokens else self.must)(step, operation, region=region, **sent)
            self.seen.remove(page)
            if page.error:
                token = tokens[-1]
                break
            key, listed = next((k, v) for k, v in page.answer.items() if isinstance(v, list))
            items += [item for item in listed if (ours or self.is_ours)(item)]
            sizes.append(len(listed))
            token = page.answer.get("nextPageToken", "")
            if not token or token in tokens:
                break
            tokens.append(token)
        answer = {key: items} | ({"nextPageToken": token} if token else {})
        return self._note(
            Exchange(
                step=step,
                operation=operation,
                region=region,
                request=parameters,
                answer=answer,
                pages=sizes,
            )
        )

    def is_ours(self, item: Mapping[str, Any]) -> bool:
        """Whether an item of a list was created by this run."""
        return str(item.get("name", item.get("resourceName", ""))).startswith(self.name(""))

    def _note(self, exchange: Exchange) -> Exchange:
        self.seen.append(exchange)
        return exchange

    def _request(
        self, step: str, operation: str, region: str, parameters: Mapping[str, Any]
    ) -> Exchange:
        if region not in self._clients:
            self._clients[region] = self.account.client(region, 1)
        method = getattr(self._clients[region], xform_name(operation))
        answer: dict[str, Any] = {}
        error: dict[str, Any] = {}
        try:
            answer = method(**parameters)
            answer.pop("ResponseMetadata")
        except ClientError as refused:
            error = _error(refused.response)
        return Exchange(
            step=step,
            operation=operation,
            region=region,
            request=parameters,
            answer=answer,
            error=error,
        )


def _error(response: Any) -> dict[str, Any]:
    members = {
        "code": response["Error"]["Code"],
        "fineCode": response.get("code"),
        "message": response["Error"]["Message"],
        "tip": response.get("tip"),
        "status": response["ResponseMetadata"]["HTTPStatusCode"],
    }
    return {name: value for name, value in members.items() if value}
