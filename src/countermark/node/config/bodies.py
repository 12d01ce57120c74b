"""Request bodies, before Django: it writes a whole body to disk before any page is asked, so the limit stands here."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

#: What a form needs beside its files.
SLACK = 1024 * 1024

_ANSWER = b'{"title":"Too large","status":413,"detail":"The upload is larger than this node takes. Split it."}'


class BoundedBodies:
    """An ASGI application around another one: answers 413 to a body above COUNTERMARK_MAX_UPLOAD_BYTES.

    A body that says its length is refused before a byte of it is read; one that does not is cut off at the limit, as
    if its sender had hung up.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body bounded."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        limit = int(settings.COUNTERMARK_MAX_UPLOAD_BYTES) + SLACK
        if _declared(scope) > limit:
            await _refuse(send)
            return
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= limit else {"type": "http.disconnect"}

        await self._application(scope, bounded, send)


def _declared(scope: Scope) -> int:
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(values[0]) if values and values[0].isdigit() else 0


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(_ANSWER)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _ANSWER})
