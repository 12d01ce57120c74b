"""The exchange at a glance, and the three things a person does there: try again, download a proof, look closer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.exchange import applying, selectors, thawing
from countermark.node.exchange.shown import FeedShown, KeyShown, KeyState, PartnerStanding
from countermark.node.exchange.states import TALKING, FeedState
from countermark.node.exchange.watching.alarming import alarms_in
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.parties.selectors import actor_names
from countermark.node.web.door import with_member
from countermark.node.web.exchange import banner, sentences
from countermark.node.web.proving import with_proven_member
from countermark.proof.extracts import Extract, write_extract

_WARNED = (KeyState.ENDS_SOON, KeyState.ENDED, KeyState.REVOKED)


@require_safe
@with_member
def status(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every partner, our log, and what needs a person."""
    standings = selectors.standing_of(member)
    shown = {
        "alarms": alarms_in(standings, now()),
        "partners": [_partner(one, member) for one in standings if one.agreement.state in TALKING],
        "others": [one.agreement for one in standings if one.agreement.state not in TALKING],
        "log": selectors.log(member),
        "may_retry": member.may(Permission.EXCHANGE_SHARE),
        "may_manage": member.may(Permission.AGREEMENTS_MANAGE),
        "thaw_reasons": [(str(code), words) for code, words in sentences.THAW_REASONS.items()],
        "here": True,
        "help_text": _("Each side signs what it says, signs for what it got, and witnesses the log of the other."),
    }
    return render(request, "exchange/status.html", shown)


@require_POST
@with_member
def retry(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Try an entry again that could not be applied."""
    applying.retry(member, request.POST.get("entry", ""))
    banner.look_again(member)
    messages.success(request, _("It waits to be applied again. Reload in a minute to see how it went."))
    return HttpResponseRedirect(reverse("web:exchange"), status=303)


@require_POST
@with_proven_member
def thaw(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """Propose that a feed goes on, confirm what another administrator proposed, or take a proposal back."""
    step = request.POST.get("step", "")
    try:
        if step == "confirm":
            thawing.confirm(member, name)
            messages.success(request, _("The feed goes on. The partner is told, in a signed entry."))
        elif step == "withdraw":
            thawing.withdraw(member, name)
            messages.success(request, _("The proposal is withdrawn. The feed stands still."))
        else:
            thawing.propose(member, name, request.POST.get("reason", ""))
            messages.success(request, _("Proposed. Another administrator must look and confirm."))
    except (Conflict, Invalid) as problem:
        messages.error(request, problem.detail)
    banner.look_again(member)
    return HttpResponseRedirect(reverse("web:exchange"), status=303)


@require_POST
@with_member
def contradiction(request: HttpRequest, member: Member, number: int) -> HttpResponseBase:
    """The file with two signed statements for one place."""
    return download(selectors.contradiction_extract(member, number), f"contradiction-{number}")


def download(extract: Extract, name: str) -> HttpResponse:
    """An extract as a file; “countermark verify” reads it."""
    response = HttpResponse(write_extract(extract), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(name)[:100]}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _partner(standing: PartnerStanding, member: Member) -> dict[str, Any]:
    return {
        "standing": standing,
        "row": standing.agreement,
        "talk": standing.talk,
        "feeds": [_feed(feed, member) for feed in (standing.ours, standing.theirs) if feed is not None],
        "refusals": [{"row": one, "why": sentences.reason(one.code)} for one in standing.refusals],
        "sides": [_side(standing.keys, ours=ours) for ours in (True, False)],
        "keys_warned": any(_warned(key, standing.keys) for key in standing.keys),
    }


def _feed(feed: FeedShown, member: Member) -> dict[str, Any]:
    frozen = feed.state == FeedState.FROZEN
    why, to_do = sentences.frozen(feed.reason, ours=feed.ours) if frozen else ("", "")
    shown: dict[str, Any] = {"feed": feed, "why": why, "to_do": to_do, "frozen": frozen}
    if feed.thaw_by:
        shown |= {
            "thaw_mine": feed.thaw_by == member.actor,
            "thaw_by": actor_names(member).get(feed.thaw_by, feed.thaw_by),
            "thaw_found": sentences.THAW_REASONS.get(feed.thaw_reason, feed.thaw_reason),
        }
    return shown


def _side(keys: tuple[KeyShown, ...], *, ours: bool) -> dict[str, Any]:
    """Keys of one side; those that ended long ago and were replaced are counted only."""
    mine = [key for key in keys if key.ours is ours]
    shown = [key for key in mine if key.state is not KeyState.ENDED or _warned(key, keys)]
    lines = [{"key": key, "warned": _warned(key, keys)} for key in shown]
    return {"ours": ours, "lines": lines, "replaced": len(mine) - len(shown)}


def _warned(key: KeyShown, keys: tuple[KeyShown, ...]) -> bool:
    """A key that ends, or has ended, without another one of its purpose that goes on."""
    if key.state not in _WARNED:
        return False
    return not any(one.ours is key.ours and one.purpose is key.purpose and one.state is KeyState.USED for one in keys)
