"""The door of every page: who asks, and what happens when nobody does."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from countermark.node.parties.access import Member, member_of

P = ParamSpec("P")
PageOf = Callable[Concatenate[HttpRequest, Member, P], HttpResponseBase]
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def with_member(page: PageOf[P]) -> Page[P]:
    """Give a page the member who asks; send anyone else to log in, and back here afterwards.

    Raises NotPermitted when the account belongs to no organisation.
    """

    @wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        member = member_of(request.user)
        request.member = member  # type: ignore[attr-defined]
        return page(request, member, *args, **kwargs)

    return guarded


def is_fragment_wanted(request: HttpRequest) -> bool:
    """Whether a part of a page asks for itself; a person's browser gets the whole page at the same address."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def _to_login(request: HttpRequest) -> HttpResponseBase:
    if not is_fragment_wanted(request):
        return redirect_to_login(_where_to_return(request))
    # A log-in page swapped into the middle of another page would be worse than leaving the page.
    where = urlencode({"next": request.headers.get("HX-Current-URL", "/").partition("//")[2].partition("/")[2]})
    response = HttpResponse(status=401)
    response.headers["HX-Redirect"] = f"{resolve_url(settings.LOGIN_URL)}?{where}"
    return response


def _where_to_return(request: HttpRequest) -> str:
    """The page itself, or its folder when it was a form that cannot be sent again."""
    return request.get_full_path() if request.method == "GET" else "/"
