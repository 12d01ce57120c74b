"""The seller's page: no account, one link, plain words; what it may do stands in the law of the notice."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from countermark.node.conduct import selectors as conduct
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid
from countermark.node.notices import attachments, countering, selectors
from countermark.node.notices.countering import Answer


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def seller(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was decided and why, how to answer and until when; the answer; and what happened next."""
    problems: tuple[FieldProblem, ...] = ()
    view = selectors.seller_view(token)
    if request.method == "POST":
        try:
            countering.counter(token, _answer(request))
            return _private(HttpResponseRedirect(reverse("web:seller", args=[token]), status=303))
        except Invalid as problem:
            problems = problem.problems
        except Conflict as problem:
            problems = (FieldProblem("", problem.code, problem.detail),)
    sent = request.POST
    context = {
        "view": view,
        "token": token,
        "measures": conduct.for_seller(token),
        "problems": problems,
        "sent": sent,
        "ticked": sent.getlist("declared"),
        "fields": [(one, sent.get(f"field.{one.id}", "")) for one in view.fields],
        "accept": attachments.ACCEPT,
        "most": attachments.MOST,
    }
    return _private(render(request, "notices/seller.html", context, status=422 if problems else 200))


def _answer(request: HttpRequest) -> Answer:
    sent = request.POST
    files = request.FILES.getlist("papers")[: attachments.MOST + 1]
    read = [(str(one.name), bytes(one.read(attachments.LARGEST + 1))) for one in files]
    fields = {name.removeprefix("field."): str(value) for name, value in sent.items() if name.startswith("field.")}
    ticked = sent.getlist("declared")[:20]
    return Answer(
        reason=sent.get("reason", "")[:40],
        words=sent.get("words", ""),
        fields={name[:40]: value for name, value in list(fields.items())[:20]},
        declared={name[:40]: sent.get(f"version.{name}", "")[:64] for name in ticked},
        signer=sent.get("signer", ""),
        papers=attachments.accept(read),
        pass_identity=sent.get("pass_identity") == "on",
    )


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a browser, nor named to another site, nor found by a search engine: the address is the key.

    Not `no-referrer`: under it a browser sends its own form with `Origin: null`, and the answer would be refused.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
