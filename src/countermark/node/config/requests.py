"""Each request gets an id and leaves one log line: method, route, status, time. Never a query string or a body."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from countermark.node.kernel.ids import new_id
from countermark.node.kernel.requests import under_request

log = structlog.get_logger(__name__)


class RequestMiddleware:
    """The outermost layer: names the request, measures it, tells the client the name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under a new request id."""
        identifier = new_id("req")
        began = time.perf_counter()
        with under_request(identifier), structlog.contextvars.bound_contextvars(request_id=identifier):
            response = self._get_response(request)
            log.info(
                "request",
                method=request.method,
                route=_route(request),
                status=response.status_code,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
            )
        response.headers["X-Request-Id"] = identifier
        return response


def _route(request: HttpRequest) -> str:
    """The pattern, not the address: an address may hold what a person typed."""
    match = request.resolver_match
    return match.route if match else "(no route)"
