"""The seller's page: no account, one link, plain words; what it may do stands in the law of the notice."""

import hashlib

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from countermark.node.conduct import selectors as conduct
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from countermark.node.notices import attachments, countering, seller_page
from countermark.node.notices.countering import Answer
from countermark.node.notices.languages import LANGUAGES, NAMES, language_of


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def seller(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was decided and why, how to answer and until when; the answer; and what happened next."""
    try:
        language = language_for(request, seller_page.seller_language(token))
    except NotFound:
        with translation.override(language_for(request, "")):
            return private(in_language(request, "notices/seller_closed.html", {}, 404))
    with translation.override(language):
        if request.method != "POST":
            return private(_shown(request, token, (), 200))
        if not ratelimit.consume(request, action="seller_answer", key=hashlib.sha256(token.encode()).hexdigest()):
            said = _("This was tried too often. Wait an hour and send it again; what you wrote still stands below.")
            return private(_shown(request, token, (FieldProblem("", "too-many", said),), 429))
        problems = _answered(request, token)
        if problems:
            return private(_shown(request, token, problems, 422))
    there = f"{reverse('web:seller', args=[token])}?lang={language}#answered"
    return private(HttpResponseRedirect(there, status=303))


def language_for(request: HttpRequest, stored: str) -> str:
    """The one that the address names, else the one stored for the seller, else the one its browser asks for."""
    browser = language_of(translation.get_language_from_request(request))
    return language_of(request.GET.get("lang", "")[:20]) or stored or browser or LANGUAGES[0]


def _answered(request: HttpRequest, token: str) -> tuple[FieldProblem, ...]:
    """Take the answer; gives what stands against it."""
    try:
        countering.counter(token, _answer(request))
    except Invalid as problem:
        return problem.problems
    except Conflict as problem:
        late = _("It is no longer possible to answer here. Whom else you can ask stands below.")
        return (FieldProblem("", problem.code, problem.detail if problem.code == "answered-already" else late),)
    return ()


def _shown(request: HttpRequest, token: str, problems: tuple[FieldProblem, ...], status: int) -> HttpResponse:
    sent, view = request.POST, seller_page.seller_view(token, translation.get_language() or LANGUAGES[0])
    context = {
        "view": view,
        "token": token,
        "measures": conduct.for_seller(token),
        "answer_at": "web:seller-measure",
        "problems": problems,
        "marked": {one.field for one in problems},
        "sent": sent,
        "ticked": sent.getlist("declared"),
        "fields": [(one, sent.get(f"field.{one.id}", "")) for one in view.fields],
        "accept": attachments.ACCEPT,
        "most": attachments.MOST,
        "largest": attachments.LARGEST // 1024 // 1024,
    }
    return in_language(request, "notices/seller.html", context, status)


def in_language(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    """A page for somebody without an account, in the active language, with the others to choose from."""
    language = translation.get_language() or LANGUAGES[0]
    offered = [(one, NAMES[one], one == language) for one in LANGUAGES]
    response = render(request, template, {**context, "languages": offered, "language": language}, status=status)
    response.headers["Content-Language"] = language
    return response


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


def private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a browser, nor named to another site, nor found by a search engine: the address is the key.

    Not `no-referrer`: under it a browser sends its own form with `Origin: null`, and the answer would be refused.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
