"""Serve the copy of a kept picture. The original bytes never reach a browser as a picture."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from countermark.node.evidence import selectors
from countermark.node.evidence.shown import PictureSize
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member

#: The address names the capture, the capture never changes: a browser may keep it for a year, no shared cache may.
CACHING = "private, max-age=31536000, immutable"
SANDBOX = "sandbox; default-src 'none'"


@require_safe
@with_member
def picture(request: HttpRequest, member: Member, capture_id: str) -> HttpResponseBase:
    """The copy of a picture; `?size=thumb` or `full`. 404 for one of another organisation."""
    size = PictureSize.THUMB if request.GET.get("size") == "thumb" else PictureSize.FULL
    shown = selectors.shown_bytes(member, capture_id, size)
    etag = f'"{shown.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return _dressed(HttpResponse(status=304), etag)
    return _dressed(HttpResponse(shown.data, content_type=shown.media_type), etag)


def _dressed(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHING
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
