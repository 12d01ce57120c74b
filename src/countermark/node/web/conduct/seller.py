"""What a seller does about a measure, behind its link and without an account: say that it has read it, answer it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from countermark.node.conduct import appeals
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices.languages import language_of


@sensitive_post_parameters()
@require_POST
def answer(request: HttpRequest, token: str, measure_id: str, page: str = "web:seller") -> HttpResponseBase:
    """Say that it was read, or answer; comes back to the page that the link opens, with what happened."""
    language = language_of(request.GET.get("lang", "")[:20])
    with override(language or get_language()):
        _do(request, token, measure_id)
    chosen = f"?lang={language}" if language else ""
    response = HttpResponseRedirect(f"{reverse(page, args=[token])}{chosen}#measures-title", status=303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _do(request: HttpRequest, token: str, measure_id: str) -> None:
    """In the active language. What is refused is told as the page can say it."""
    if not ratelimit.consume(request, action="seller_answer", key=f"{measure_id[:40]} {token[:43]}"):
        messages.error(request, _("This was tried too often. Wait an hour and try again."))
        return
    try:
        if "read" in request.POST:
            appeals.acknowledge(token, measure_id)
        else:
            appeals.appeal(token, measure_id, request.POST.get("words", ""))
    except Invalid as problem:
        messages.error(request, problem.problems[0].sentence())
    except Conflict as problem:
        messages.error(request, _(problem.detail) if problem.detail else problem.code)
    else:
        messages.success(request, _("Kept. This page shows what happens next."))
