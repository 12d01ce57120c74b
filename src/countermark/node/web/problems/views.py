"""Answers that Django itself asks for: the error handlers and the page for a missing form token."""

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from countermark.node.web.problems.answers import csrf_words, told, trouble


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when it was too large."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return told(request, trouble(413 if too_large else 400))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 that no room explained."""
    return told(request, trouble(403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for an address that no page has."""
    return told(request, trouble(404))


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Must not itself break: nothing here asks the database."""
    return told(request, trouble(500))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token."""
    return told(request, trouble(403, None, **csrf_words()))
