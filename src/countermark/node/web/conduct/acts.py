"""What is done about conduct: plain forms of a record; what policy or law refuses comes back with its reason."""

from collections.abc import Callable
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.conduct import appeals, measures, telling
from countermark.node.conduct.measures import Wanted
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.telling import Delivery
from countermark.node.kernel.errors import Conflict, NotFound
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@require_POST
@with_member
def take(request: HttpRequest, member: Member, about: str, subject: str) -> HttpResponseBase:
    """Take a measure, or propose one that a second person must confirm."""
    sent = request.POST
    tracks = (Track.NOTICES,) if about == "filers" else (Track.OFFERS, Track.ANSWERS)
    wanted = Wanted(
        track=next((one for one in tracks if one == sent.get("track")), tracks[0]),
        subject=subject[:60],
        kind=sent.get("kind", "")[:20],
        reasons=sent.get("reasons", ""),
        ends_on=day_of(sent.get("ends_on", "")),
        detail=sent.get("detail", ""),
    )
    return tried(request, about, subject, lambda: measures.propose(member, wanted))


@require_POST
@with_member
def act(request: HttpRequest, member: Member, about: str, subject: str, measure_id: str, act: str) -> HttpResponseBase:
    """Confirm, decline, lift, say how it was told, take an answer down, decide on it."""
    if act not in _ACTS:
        raise NotFound("act", act)
    return tried(request, about, subject, lambda: _ACTS[act](member, measure_id, request))


@require_POST
@with_member
def link(request: HttpRequest, member: Member, about: str, subject: str, measure_id: str) -> HttpResponseBase:
    """A link to the seller's page; it is in this one answer and nowhere else."""
    try:
        token = measures.link_for(member, measure_id)
    except Conflict as problem:
        messages.error(request, problem.detail)
        return _back(about, subject)
    page = "web:payee" if about == "payees" else "web:seller"
    context = {"link": request.build_absolute_uri(reverse(page, args=[token])), "back": _record(about, subject)}
    response = render(request, "conduct/link.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def tried(request: HttpRequest, about: str, subject: str, perform: Callable[[], object]) -> HttpResponseBase:
    """Do it, and come back to the record with what happened."""
    with refusals_told(request):
        perform()
        messages.success(request, _("Done."))
    return _back(about, subject)


def _back(about: str, subject: str) -> HttpResponseBase:
    return HttpResponseRedirect(_record(about, subject), status=303)


def _record(about: str, subject: str) -> str:
    return reverse(f"web:conduct-{about.removesuffix('s')}", args=[subject])


def day_of(text: str) -> date | None:
    """A day as a browser sends it; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """As a browser sends it, in the zone of the reader."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else timezone.make_aware(found)


def _told(member: Member, measure_id: str, request: HttpRequest) -> None:
    sent = request.POST
    delivery = Delivery(way=sent.get("way", "")[:20], at=_moment(sent.get("at", "")), receipt=sent.get("receipt", ""))
    telling.delivered(member, measure_id, delivery)


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "")


_ACTS: dict[str, Callable[[Member, str, HttpRequest], None]] = {
    "confirm": lambda member, name, request: measures.confirm(member, name, _words(request)),
    "decline": lambda member, name, request: measures.decline(member, name, _words(request)),
    "lift": lambda member, name, request: measures.lift(member, name, _words(request)),
    "told": _told,
    "answer": lambda member, name, request: appeals.record_appeal(member, name, _words(request)),
    "decide": lambda member, name, request: appeals.decide(
        member, name, _words(request), reverse=request.POST.get("outcome") == "reverse"
    ),
}
