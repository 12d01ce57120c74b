"""Grave acts: whoever logged in a while ago says again who it is, before and not after."""

import time
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from countermark.node.web.door import P, Page, PageOf, is_fragment_wanted, with_member


def with_proven_member(page: PageOf[P]) -> Page[P]:
    """As `with_member`, for a page that holds or does a grave act.

    Who has given neither password nor second factor for COUNTERMARK_STEP_UP_MINUTES gives one again, and is then where
    the form stands. What was sent meanwhile is not kept and not done: it may hold a passphrase.
    """

    @wraps(page)
    def proven(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated or lately_proven(request):
            return page_of_member(request, *args, **kwargs)
        return _ask(request)

    page_of_member: Page[P] = with_member(page)
    return proven


def lately_proven(request: HttpRequest) -> bool:
    """Whether this session was given a password or a second factor within the time that the setting says."""
    records = get_authentication_records(request, request.user)
    latest = max((float(one.get("at", 0)) for one in records), default=0.0)
    # Not the node's own clock, which tests move: allauth notes the moment by this one.
    return 0 <= time.time() - latest < 60 * settings.COUNTERMARK_STEP_UP_MINUTES


def _ask(request: HttpRequest) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        messages.info(request, _("Nothing was done yet. Say again who you are, then do it."))
    where = f"{_where_to_prove(request)}?{urlencode({'next': _form_of(request)})}"
    if is_fragment_wanted(request):
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = where
        return response
    return HttpResponseRedirect(where, status=303)


def _where_to_prove(request: HttpRequest) -> str:
    user = request.user
    assert isinstance(user, AbstractBaseUser)
    if user.has_usable_password():
        return reverse("account_reauthenticate")
    if Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return reverse("mfa_reauthenticate")
    # Nothing to ask for here: whoever vouches for this account does so again.
    logout(request)
    return reverse("account_login")


def _form_of(request: HttpRequest) -> str:
    """The page itself, or for what was sent, the page on which its form stands."""
    if request.method in ("GET", "HEAD") and not is_fragment_wanted(request):
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if came_from and url_has_allowed_host_and_scheme(came_from, hosts, require_https=request.is_secure()):
        # Two slashes at its head would be another host.
        return "/" + came_from.partition("//")[2].partition("/")[2].lstrip("/\\")
    return "/"
