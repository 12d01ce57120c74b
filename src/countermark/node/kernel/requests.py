"""Which request, or which piece of work, we are in: so that log lines and audit rows can be put together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Id of the request under way, `req_…`; empty outside of one."""
    return _request_id.get()


@contextmanager
def under_request(identifier: str) -> Iterator[None]:
    """Everything inside belongs to the request of that id."""
    token = _request_id.set(identifier)
    try:
        yield
    finally:
        _request_id.reset(token)
