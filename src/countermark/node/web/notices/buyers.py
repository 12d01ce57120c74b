"""Tell the buyers of an illegal product: begin, list orders, take the words away, record that it was done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.notices import buyers, orders, selectors
from countermark.node.notices.languages import NAMES
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@require_safe
@with_member
def page(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """How far it is, and the next step."""
    found = buyers.shown(member, notice_id)
    texts = [(language, NAMES[language], message, public) for language, message, public in found.texts]
    context = {"notice": selectors.notice(member, notice_id), "buyers": found, "texts": texts}
    return render(request, "notices/buyers.html", context)


@require_POST
@with_member
def act(request: HttpRequest, member: Member, notice_id: str, act: str) -> HttpResponseBase:
    """Begin, add orders, or record that it was done; what is refused is said on the page."""
    sent = request.POST
    with refusals_told(request):
        if act == "begin":
            buyers.begin(member, notice_id, sent.get("trader", ""), sent.get("redress", ""))
        elif act == "done":
            buyers.done(member, notice_id, sent.get("sent", "").strip(), sent.get("published_at", ""))
        else:
            _take(request, member, notice_id)
    return HttpResponseRedirect(reverse("web:notice-buyers", args=[notice_id]), status=303)


def _take(request: HttpRequest, member: Member, notice_id: str) -> None:
    file = request.FILES.get("file")
    data = bytes(file.read(orders.LARGEST + 1)) if file is not None else b""
    new, read = buyers.take_orders(member, notice_id, data)
    messages.success(request, _("%(new)d orders were added.") % {"new": new})
    if read.bad:
        messages.error(request, _("%(bad)d rows were left out:") % {"bad": read.bad})
    for one in read.problems[:10]:
        messages.error(request, one.sentence())


@require_safe
@with_member
def references(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """References of the orders whose buyers can be reached, as CSV, for the marketplace's own mailing."""
    lines = "\r\n".join(("order", *buyers.references(member, notice_id)))
    headers = {"Content-Disposition": 'attachment; filename="orders.csv"', "Cache-Control": "no-store"}
    return HttpResponse(f"{lines}\r\n", content_type="text/csv; charset=utf-8", headers=headers)
