"""Look back: what the listings held here say about a right that is new, or that was changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.findings import selectors as findings
from countermark.node.findings import services
from countermark.node.findings.states import ENDED
from countermark.node.kernel.errors import Conflict
from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights.shown import RightShown
from countermark.node.web.door import with_member


@require_POST
@with_member
def look_back(request: HttpRequest, member: Member, right_id: str) -> HttpResponseBase:
    """Order a look-back, or join the one that is under way."""
    services.look_back(member, right_id)
    messages.success(request, _("The listings held here are looked at with this right."))
    return HttpResponseRedirect(f"{reverse('web:right', args=[right_id])}#look-back", status=303)


def order(member: Member, right_id: str) -> bool:
    """After a change: order a look-back where there is something to look at and to look for; says whether it did."""
    if not (member.may(Permission.SCANS_RUN) and listings.any_listing(member)):
        return False
    try:
        services.look_back(member, right_id)
    except Conflict:
        return False
    return True


def shown_of(member: Member, right: RightShown) -> dict[str, Any]:
    """What the part of the right's page is given; the part asks for itself until the look-back ends."""
    done = findings.look_back(member, right.row.id)
    may_run = member.may(Permission.SCANS_RUN) and not right.row.withdrawn
    return {
        "right_id": right.row.id,
        "scan": done,
        "ended": done is None or done.state in ENDED,
        "something_held": done is not None or listings.any_listing(member),
        "may_look_back": may_run and bool(right.row.mark or right.aliases or right.references),
        "address": reverse("web:right", args=[right.row.id]),
    }


def part(request: HttpRequest, member: Member, right: RightShown) -> HttpResponse:
    """The part alone, for the page that watches it."""
    return render(request, "rights/_look_back.html", {"back": shown_of(member, right)})
