"""What a seller does about a measure, behind its link and without an account: say that it has read it, answer it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from countermark.node.conduct import appeals
from countermark.node.kernel.errors import Conflict, Invalid


@sensitive_post_parameters()
@require_POST
def answer(request: HttpRequest, token: str, measure_id: str) -> HttpResponseBase:
    """Say that it was read, or answer; comes back to the page with what happened."""
    try:
        if "read" in request.POST:
            appeals.acknowledge(token, measure_id)
        else:
            appeals.appeal(token, measure_id, request.POST.get("words", ""))
    except Invalid as problem:
        messages.error(request, problem.problems[0].sentence())
    except Conflict as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("Kept. This page shows what happens next."))
    response = HttpResponseRedirect(f"{reverse('web:seller', args=[token])}#measures-title", status=303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
