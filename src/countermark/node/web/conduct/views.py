"""What waits for somebody, the record of a seller, the record of one who files."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from countermark.model import RightKind
from countermark.node.conduct import passing, selectors
from countermark.node.kernel.time import now
from countermark.node.listings import selectors as listings
from countermark.node.notices import flaggers
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.web.conduct import payees
from countermark.node.web.conduct.payees import for_forms
from countermark.node.web.door import with_member


@require_safe
@with_member
def conduct(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Proposals, answers and warnings that wait for somebody; sellers with strikes; those who file."""
    if member.organisation_kind is OrganisationKind.PAYMENT:
        return payees.index(request, member)
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE
    context = {
        "waiting": selectors.waiting(member) if decides else None,
        "sellers": selectors.sellers(member),
        "filers": selectors.filers(member),
        "decides": decides,
    }
    return render(request, "conduct/index.html", context)


@require_safe
@with_member
def seller(request: HttpRequest, member: Member, subject: str) -> HttpResponseBase:
    """What counts against a shop, why and until when, and what was done about it."""
    record = selectors.seller_record(member, subject)
    shop = listings.seller(member, subject)
    context = {"record": record, "shop": shop, "about": "sellers"} | for_forms()
    return render(request, "conduct/seller.html", context)


@require_safe
@with_member
def filer(request: HttpRequest, member: Member, subject: str) -> HttpResponseBase:
    """How good the notices of one who files are: the same page on both sides."""
    record = selectors.filer_record(member, subject)
    year = now().year
    context = {
        "record": record,
        "about": "filers",
        "about_us": passing.about_us(member, subject) if record.is_own else (),
        "may_answer": member.may(Permission.NOTICES_FILE),
        "flagger": flaggers.in_force(member, subject),
        "may_take_down": not record.is_own and member.may(Permission.NOTICES_SANCTION),
        "governors": flaggers.GOVERNORS.items(),
        "kinds": [str(one) for one in RightKind],
        "years": (year - 1, year),
    }
    return render(request, "conduct/filer.html", context | for_forms())
