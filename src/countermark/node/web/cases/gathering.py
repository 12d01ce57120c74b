"""Give several listings to a case at once: find them, choose them, see field by field what leaves, send."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from countermark.node.cases import selectors, services
from countermark.node.cases.shown import CaseShown
from countermark.node.cases.states import AttachedKind, CaseState
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.listings import selectors as listings
from countermark.node.listings.shown import ListingFilters
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.cases.previewing import preview_page
from countermark.node.web.door import with_member


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def gather(request: HttpRequest, member: Member, case_id: str) -> HttpResponseBase:
    """Choose listings, preview all of them, and attach them with one entry."""
    member.require(Permission.CASES_EDIT)
    case = selectors.case(member, case_id)
    if case.row.state != CaseState.OPEN:
        raise Conflict("This case is closed. Open it again first.", code="case-closed")
    refs, step = request.POST.getlist("ref"), request.POST.get("step")
    if request.method != "POST" or step == "change":
        return _choosing(request, member, case)
    try:
        act = services.attaching_many(member, case_id, AttachedKind.LISTING, refs)
        if step != "send":
            about = {
                "title": _("Attach listings"),
                "back": reverse("web:case", args=[case_id]),
                "back_label": case.row.title or case_id,
            }
            fields = [("ref", item.ref) for item in act.items]
            return preview_page(request, case.row.partner, services.preview(member, case_id, act), fields, about)
        services.perform(member, case_id, act)
    except Invalid as problem:
        return _choosing(request, member, case, problem=problem.problems[0].sentence())
    count = len(act.items)
    said = ngettext("%(n)d listing is attached.", "%(n)d listings are attached.", count) % {"n": count}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("web:case", args=[case_id]), status=303)


def _choosing(request: HttpRequest, member: Member, case: CaseShown, problem: str = "") -> HttpResponseBase:
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    page = listings.listings(member, ListingFilters(words=words), size=services.MOST_ATTACHED)
    attached = {one.ref for one in case.attachments}
    chosen = set(request.POST.getlist("ref"))
    shown: dict[str, Any] = {
        "case": case,
        "words": words,
        "problem": problem,
        "rows": [{"listing": one, "attached": one.id in attached, "chosen": one.id in chosen} for one in page.rows],
        "more": page.next_cursor is not None,
        "most": services.MOST_ATTACHED,
    }
    return render(request, "cases/gather.html", shown, status=422 if problem else 200)
