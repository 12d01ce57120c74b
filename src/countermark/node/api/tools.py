"""The door of a company's own tools: a token in the header, read-only, counted; errors in the form of each facade."""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from countermark.node.exchange.facades import tokens
from countermark.node.exchange.facades.tokens import Reading, TooMany, UnknownToken
from countermark.node.kernel.errors import Problem

log = structlog.get_logger(__name__)
P = ParamSpec("P")
ToolView: TypeAlias = Callable[Concatenate[HttpRequest, Reading, P], HttpResponseBase]
TAXII = "application/taxii+json;version=2.1"
PROBLEM = "application/problem+json"
_REALM = 'Bearer realm="countermark", Basic realm="countermark", charset="UTF-8"'


class BadQuestion(Problem):
    """A parameter that cannot be read."""

    code, title, status = "bad-question", "Not understood", 400


class NotAcceptable(Problem):
    """The client takes nothing that this address gives."""

    code, title, status = "not-acceptable", "Not in that form", 406


def with_token(
    media_type: str, *, check_accept: bool = False
) -> Callable[[ToolView[P]], Callable[..., HttpResponseBase]]:
    """Give a view whoever reads with the token in the header.

    Args:
        media_type: of errors.
        check_accept: whether the client must say that it takes TAXII.
    """

    def wrap(view: ToolView[P]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                reading = tokens.opened(_token(request))
                if request.method not in {"GET", "HEAD"}:
                    return _refuse_writing(request, media_type)
                if check_accept:
                    check_accepted(request)
                return view(request, reading, *args, **kwargs)
            except UnknownToken:
                log.info("facade.unknown_token")
                answer = told(media_type, 401, "unknown-token", "A valid token is needed. It may have run out.")
                answer.headers["WWW-Authenticate"] = _REALM
                return answer
            except TooMany as many:
                answer = told(media_type, 429, "too-many", f"At most {tokens.MOST_A_MINUTE} requests a minute.")
                answer.headers["Retry-After"] = str(many.seconds)
                return answer
            except Problem as problem:
                return told(media_type, problem.status, problem.code, problem.detail)

        return guarded

    return wrap


def told(media_type: str, status: int, code: str, detail: str) -> HttpResponse:
    """An error, as TAXII 2.1 (3.6.1) or RFC 9457 has it."""
    if media_type == TAXII:
        said = {"title": code, "description": detail, "error_code": code, "http_status": str(status)}
    else:
        said = {"status": status, "code": code, "detail": detail}  # type: ignore[dict-item]
    return HttpResponse(json.dumps(said), status=status, content_type=media_type)


def check_accepted(request: HttpRequest) -> None:
    """Make sure that the client takes TAXII 2.1.

    Raises:
        NotAcceptable.
    """
    for one in request.headers.get("Accept", "*/*").split(","):
        kind, *parameters = (part.strip().lower() for part in one.split(";"))
        versions = [part.removeprefix("version=").strip('"') for part in parameters if part.startswith("version=")]
        if kind in {"*/*", "application/*"} or (kind == "application/taxii+json" and versions in ([], ["2.1"])):
            return
    raise NotAcceptable(f"This address answers {TAXII}.")


def _refuse_writing(request: HttpRequest, media_type: str) -> HttpResponse:
    if request.method in {"POST", "DELETE"}:
        return told(media_type, 403, "read-only", "Nothing can be written through this door: can_write is false.")
    answer = told(media_type, 405, "wrong-method", "This address answers GET.")
    answer.headers["Allow"] = "GET, HEAD"
    return answer


def _token(request: HttpRequest) -> str:
    """The token of the header: as bearer, or as the password of Basic, which TAXII clients know."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic" and len(given) <= 400:
        try:
            return base64.b64decode(given.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
