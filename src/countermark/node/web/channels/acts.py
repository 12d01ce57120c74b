"""What is done with channels and messages: each a plain form; what is refused comes back with its reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.channels import mending, opening
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.notices import reported
from countermark.node.parties.access import Member
from countermark.node.web.channels import views
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@require_POST
@with_member
def open_one(request: HttpRequest, member: Member, connector_id: str) -> HttpResponseBase:
    """Open a channel."""
    sent = request.POST
    details = {name: str(value) for name, value in sent.items()}
    try:
        made = opening.open_channel(
            member,
            connector_id,
            name=sent.get("name", ""),
            marketplace=sent.get("marketplace", ""),
            platform=sent.get("platform", "")[:40],
            details=details,
        )
    except Invalid as problem:
        refused = tuple(one.sentence() for one in problem.problems)
        return views.page(request, member, opening=connector_id, refused=refused)
    messages.success(request, _("Opened."))
    return HttpResponseRedirect(reverse("web:channel", args=[made]), status=303)


@require_POST
@with_member
def on_channel(request: HttpRequest, member: Member, channel_id: str, act: str) -> HttpResponseBase:
    """Change, approve, pause, let go on, close."""
    perform = _ON_CHANNEL.get(act)
    if perform is None:
        raise NotFound("page")
    there = reverse("web:channels") if act == "close" else reverse("web:channel", args=[channel_id])
    return _tried(request, there, lambda: perform(member, channel_id, request))


@require_POST
@with_member
def on_message(request: HttpRequest, member: Member, dispatch_id: str, act: str) -> HttpResponseBase:
    """Send again, correct, mark as told, write down an answer, give up; then back to where the form stood."""
    perform = _ON_MESSAGE.get(act)
    if perform is None:
        raise NotFound("page")
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return _tried(request, back if safe else reverse("web:channels"), lambda: perform(member, dispatch_id, request))


def _tried(request: HttpRequest, there: str, perform: Callable[[], None]) -> HttpResponseBase:
    with refusals_told(request):
        perform()
        messages.success(request, _("Done."))
    return HttpResponseRedirect(there, status=303)


def _change(member: Member, channel_id: str, request: HttpRequest) -> None:
    details = {name: str(value) for name, value in request.POST.items()}
    opening.change(
        member,
        channel_id,
        marketplace=request.POST.get("marketplace", ""),
        details=details,
        platform=request.POST.get("platform"),
    )


def _rewrite(member: Member, dispatch_id: str, request: HttpRequest) -> None:
    texts = {name.removeprefix("text."): str(v) for name, v in request.POST.items() if name.startswith("text.")}
    mending.rewrite(member, dispatch_id, texts)


_ON_CHANNEL: dict[str, Callable[[Member, str, HttpRequest], None]] = {
    "change": _change,
    "approve": lambda member, one, request: opening.approve(member, one, request.POST.get("address", "")),
    "pause": lambda member, one, _request: opening.pause(member, one),
    "go-on": lambda member, one, _request: opening.go_on(member, one),
    "close": lambda member, one, _request: opening.close(member, one),
}
_ON_MESSAGE: dict[str, Callable[[Member, str, HttpRequest], None]] = {
    "again": lambda member, one, _request: mending.again(member, one),
    "told": lambda member, one, _request: mending.told(member, one),
    "give-up": lambda member, one, _request: mending.give_up(member, one),
    "rewrite": _rewrite,
    "heard": lambda member, one, request: reported.heard(
        member, one, request.POST.get("status", ""), request.POST.get("words", "")
    ),
}
