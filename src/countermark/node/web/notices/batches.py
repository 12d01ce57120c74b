"""A batch after it was signed: which rows are notices now, which stayed drafts and why; undo, and try again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from countermark.node.notices.bulk import filing as bulk
from countermark.node.notices.bulk import looking, selectors
from countermark.node.notices.states import RowState
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.notices.many import MOST, row_shown, rows_in
from countermark.node.web.refusals import refusals_told


@require_safe
@with_member
def batch(request: HttpRequest, member: Member, batch_id: str) -> HttpResponseBase:
    """What became of each row; the drafts of the page with what stands against them now."""
    shown = selectors.batch(member, batch_id, "", request.GET.get("after", "")[:100], MOST)
    drafts = selectors.batch(member, batch_id, RowState.DRAFT, "", MOST).rows
    sight = looking.look(member, shown.together, [one.chosen for one in drafts]) if drafts else None
    signed = shown.together.declared
    context = {
        "batch": shown,
        "filed": [one for one in shown.rows if one.state != RowState.DRAFT],
        "drafts": [row_shown(number, one) for number, one in enumerate(sight.looked)] if sight else [],
        "declarations": [one for one in sight.declarations if one.version not in signed] if sight else (),
        "waiting": shown.counts[RowState.WAITING],
        "unsigned": not shown.together.signer,
    }
    return render(request, "notices/batch.html", context)


@require_POST
@with_member
def again(request: HttpRequest, member: Member, batch_id: str) -> HttpResponseBase:
    """File the drafts once more, as they were corrected."""
    kept = rows_in(request)
    staying = {one.finding for one in kept}
    left_out = [one for one in request.POST.getlist("finding")[:MOST] if one not in staying]
    with refusals_told(request):
        declared, signer = request.POST.getlist("declared")[:20], request.POST.get("signer", "")[:300]
        bulk.try_again(member, batch_id, kept, left_out, declared, signer)
        bulk.file_rows(member, batch_id, MOST)
        messages.success(request, _("Tried again."))
    return _back(batch_id)


@require_POST
@with_member
def undo(request: HttpRequest, member: Member, batch_id: str) -> HttpResponseBase:
    """Take back what was not sent."""
    many = bulk.undo_batch(member, batch_id)
    said = ngettext("%(n)d notice was taken back.", "%(n)d notices were taken back.", many) % {"n": many}
    messages.success(request, said if many else _("Everything was sent already. Withdraw single notices instead."))
    return _back(batch_id)


def _back(batch_id: str) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("web:notices-batch", args=[batch_id]), status=303)
