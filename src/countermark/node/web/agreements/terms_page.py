"""Write terms: of a draft, as an answer to the partner's offer, or as the next version of an agreement in force."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from countermark.node.exchange import selectors
from countermark.node.exchange.agreeing import drafting
from countermark.node.exchange.rules.terms import read_terms, standard_terms, write_terms
from countermark.node.exchange.shown import AgreementShown
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.web.agreements.terms_sent import in_order_of, sent_terms
from countermark.node.web.agreements.terms_shown import TermsShown
from countermark.node.web.agreements.views import possible
from countermark.node.web.door import with_member


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def edit(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """The form; saving writes the next document, which nobody has signed."""
    member.require(Permission.AGREEMENTS_MANAGE)
    shown = selectors.agreement(member, name)
    may = possible(member, shown)
    if not may["edit"] and not may["amend"]:
        raise Conflict(_("The terms cannot be changed as the agreement stands now."))
    sides = _sides(member, shown)
    if request.method != "POST":
        return _page(request, shown, TermsShown(_terms(shown, sides), sides))
    before = _terms(shown, sides)
    plain = in_order_of(before, sent_terms(request.POST, sides))
    try:
        terms = write_terms(read_terms(plain))
    except Invalid as problem:
        return _page(request, shown, TermsShown(plain, sides, problem.problems), status=422)
    if terms == before:
        messages.info(request, _("Nothing was changed."))
    elif may["amend"]:
        drafting.begin_amendment(member, name, terms)
        messages.success(request, _("The amendment is drafted. Read it, then offer it."))
    else:
        drafting.rewrite(member, name, terms)
        messages.success(request, _("Saved as a new document. Read it, then offer it."))
    return HttpResponseRedirect(reverse("web:agreement", args=[name]), status=303)


def _terms(shown: AgreementShown, sides: tuple[str, str]) -> Mapping[str, Any]:
    """What the form begins with: the newest document; standard terms where it cannot be read."""
    version = shown.discussed or shown.in_force
    if version is not None and version.terms.get("v") == 1:
        return version.terms
    return write_terms(standard_terms(OrganisationKind(sides[0]), OrganisationKind(sides[1])))


def _sides(member: Member, shown: AgreementShown) -> tuple[str, str]:
    """Kinds in the order of the agreement's parties, which a form does not change."""
    version = shown.discussed or shown.in_force
    said = version.terms.get("sides") if version else None
    ours, theirs = member.organisation_kind.value, shown.row.partner_kind.value
    if isinstance(said, list | tuple) and sorted(map(str, said)) == sorted((ours, theirs)):
        return str(said[0]), str(said[1])
    return ours, theirs


def _page(request: HttpRequest, shown: AgreementShown, form: TermsShown, *, status: int = 200) -> HttpResponse:
    row = shown.row
    context = {
        "row": row,
        "terms": form.context(),
        "answering": row.pending and not row.proposed_by_us,
        "amending": row.version and not row.pending,
    }
    return render(request, "agreements/terms.html", context, status=status)
