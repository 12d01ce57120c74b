"""A filer is told of a measure through the exchange, after a preview; and answers one that it was told of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from countermark.node.conduct import passing
from countermark.node.kernel.errors import Conflict
from countermark.node.parties.access import Member
from countermark.node.web.conduct.acts import tried
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def tell(request: HttpRequest, member: Member, subject: str, measure_id: str) -> HttpResponseBase:
    """What the filer would see, field by field; a POST says exactly that."""
    if request.method == "POST":
        version = request.POST.get("version", "")[:200]
        return tried(request, "filers", subject, lambda: passing.tell(member, measure_id, version))
    try:
        leaving = passing.leaving(member, measure_id)
    except Conflict as problem:
        messages.error(request, problem.detail)
        return HttpResponseRedirect(reverse("web:conduct-filer", args=[subject]), status=303)
    return render(request, "conduct/tell.html", {"leaving": leaving, "subject": subject})


@require_POST
@with_member
def answer(request: HttpRequest, member: Member, subject: str, measure_id: str) -> HttpResponseBase:
    """Answer a measure about one's own notices."""
    with refusals_told(request):
        passing.answer(member, subject, measure_id, request.POST.get("words", ""))
        messages.success(request, _("Answered. The marketplace hears it by somebody who had no part in the measure."))
    return HttpResponseRedirect(reverse("web:conduct-filer", args=[subject]), status=303)
