"""Papers of a notice: what the partner would get, before it gets it; and the papers that it passed on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from countermark.node.kernel.errors import Conflict
from countermark.node.notices import passing, selectors
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def passing_on(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """Each paper with what the agreement says of it; those that are ticked go."""
    if request.method == "POST":
        _pass(request, member, notice_id)
        return HttpResponseRedirect(reverse("web:notice", args=[notice_id]), status=303)
    papers = passing.passable(member, notice_id)
    context = {
        "notice": selectors.notice(member, notice_id),
        "papers": papers,
        "some_may_go": any(one.may_go for one in papers),
    }
    return render(request, "notices/passing.html", context)


def _pass(request: HttpRequest, member: Member, notice_id: str) -> None:
    wanted = frozenset(one[:64] for one in request.POST.getlist("paper")[:50])
    try:
        gone = passing.pass_on(member, notice_id, wanted)
    except Conflict as problem:
        messages.error(request, problem.detail)
        return
    if gone:
        messages.success(
            request, ngettext("%(n)d paper is on its way.", "%(n)d papers are on their way.", gone) % {"n": gone}
        )
    else:
        messages.error(request, _("No paper was chosen, so nothing left."))


@require_safe
@with_member
def brought(request: HttpRequest, member: Member, notice_id: str, sha256: str) -> HttpResponseBase:
    """A paper of the partner, to save; never shown inside the page, whatever it claims to be."""
    media_type, data = passing.take_out(member, notice_id, sha256)
    headers = {
        "Content-Disposition": f'attachment; filename="{sha256[:16]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(data, content_type=media_type, headers=headers)
