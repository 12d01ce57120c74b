"""A line to the machine of another house: HTTPS to public addresses only, bounded in time and size, no redirects.

What a name leads to is checked as for partners (`kernel.reaching`). Tokens travel in headers and stand in no message
of this module.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from countermark.node.exchange.wire.backoff import read_retry_after
from countermark.node.kernel.addresses import AddressRefused, Reach
from countermark.node.kernel.answers import AnswerTooLong, read_unpacked
from countermark.node.kernel.deadlines import TooSlow, deadline
from countermark.node.kernel.reaching import open_client
from countermark.node.kernel.time import now

#: Seconds for one call, and bytes of its answer.
LONGEST_CALL, LARGEST_ANSWER = 60.0, 4 * 1024 * 1024


class NotReached(Exception):
    """No answer came.

    Attributes:
        nothing_sent: the connection was never made, so the other side surely took nothing.
    """

    def __init__(self, detail: str, *, nothing_sent: bool) -> None:
        super().__init__(detail)
        self.detail, self.nothing_sent = detail, nothing_sent


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: HTTP status, JSON (None when it is none), and how long we are asked to wait."""

    status: int
    said: Any
    retry_after: timedelta | None = None

    def text(self, *names: str) -> str:
        """A text within the answer, by names; empty when there is none."""
        found = self.said
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) else None
        return str(found)[:200] if isinstance(found, (str, int)) else ""


class Line:
    """Asks over HTTP. Close it, or use it in a `with`; opens no connection before the first question."""

    def __init__(self, *, loopback: bool = False, transport: httpx.BaseTransport | None = None) -> None:
        self._client: httpx.Client | None = None
        self._loopback, self._transport = loopback, transport

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        document: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask, and read the answer.

        Args:
            method, url: as HTTP has them.
            headers: besides those of every request.
            document: sent as JSON.
            form: sent as a form instead.

        Raises:
            NotReached.
        """
        content = json.dumps(document, ensure_ascii=False).encode() if document is not None else None
        extra = {"Content-Type": "application/json"} if content is not None else {}
        client = self._open()
        request = client.build_request(
            method, url, headers={"Accept": "application/json", **extra, **headers}, content=content, data=form
        )
        try:
            with deadline(LONGEST_CALL):
                answer = client.send(request, stream=True)
                try:
                    return _read(answer, now())
                finally:
                    answer.close()
        except (AddressRefused, httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise NotReached(_words(error), nothing_sent=True) from error
        except (TooSlow, AnswerTooLong, httpx.HTTPError) as error:
            raise NotReached(_words(error), nothing_sent=False) from error

    def close(self) -> None:
        """Close its connections."""
        if self._client is not None:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> httpx.Client:
        if self._client is None:
            if self._transport is not None:
                self._client = httpx.Client(transport=self._transport, trust_env=False)
            else:
                self._client = open_client(Reach(allow_loopback_http=self._loopback))
        return self._client


def _read(answer: httpx.Response, moment: datetime) -> Reply:
    body = read_unpacked(answer, LARGEST_ANSWER)
    try:
        said = json.loads(body) if body else None
    except (ValueError, RecursionError):
        said = None
    return Reply(answer.status_code, said, read_retry_after(answer.headers.get("retry-after", ""), moment))


def _words(error: Exception) -> str:
    if isinstance(error, AddressRefused):
        return str(error)[:200]
    if isinstance(error, TooSlow | httpx.TimeoutException):
        return "It did not answer in time."
    if isinstance(error, AnswerTooLong):
        return "Its answer is too long."
    return "It could not be reached." if isinstance(error, httpx.TransportError) else "Its answer cannot be read."
