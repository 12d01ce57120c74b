"""Headers that Django does not set: what the browser may use, and who may embed our answers."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: Everything off but what a page of ours uses: the clipboard (copy an id) and passkeys.
PERMISSIONS = ", ".join(
    [f"{feature}=()" for feature in ("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media")]
    + [f"{feature}=()" for feature in ("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi")]
    + [
        f"{feature}=()"
        for feature in ("payment", "picture-in-picture", "screen-wake-lock", "usb", "xr-spatial-tracking")
    ]
    + ["clipboard-write=(self)", "publickey-credentials-create=(self)", "publickey-credentials-get=(self)"]
)


class HeadersMiddleware:
    """Add the headers to every answer, static files too. A page for one person is kept by no cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then add what is missing."""
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response
