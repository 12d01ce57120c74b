"""A problem as a page, as a line inside a page that waits for a part, or as problem+json (RFC 9457)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermark.node.kernel.errors import FieldProblem, Invalid, NotPermitted, Problem
from countermark.node.kernel.requests import request_id
from countermark.node.web.door import is_fragment_wanted
from countermark.node.web.words import Word, word


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a person is told.

    Attributes:
        status: HTTP status.
        title: what kind of problem.
        detail: what happened here.
        kept: what was kept or lost.
        steps: what to do.
        roles: who holds the permission that was missing, in words.
        problems: fields with their mend.
        code: for machines.
    """

    status: int
    title: Word
    detail: Word
    kept: Word
    steps: Word
    roles: tuple[str, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    code: str = "problem"
    extra: Mapping[str, str] = field(default_factory=dict)


#: For each status: title, what happened when nobody says it better, what was kept, what to do.
_WORDS: Mapping[int, tuple[Word, Word, Word, Word]] = {
    400: (
        gettext_lazy("The request cannot be read"),
        gettext_lazy("Something in the address or the form is not as this page sends it."),
        gettext_lazy("Nothing was changed."),
        gettext_lazy("Go back and send the form again."),
    ),
    403: (
        gettext_lazy("Not permitted"),
        gettext_lazy("Your role does not allow this."),
        gettext_lazy("Nothing was changed."),
        gettext_lazy("Ask an administrator of your organisation for another role."),
    ),
    404: (
        gettext_lazy("Not found"),
        gettext_lazy("There is no such page here."),
        gettext_lazy("Nothing was changed."),
        gettext_lazy("Check the address, or start from the head of this page."),
    ),
    405: (
        gettext_lazy("Not done this way"),
        gettext_lazy("This address only answers to its form."),
        gettext_lazy("Nothing was changed."),
        gettext_lazy("Go back and use the button on the page."),
    ),
    409: (
        gettext_lazy("Someone was faster"),
        gettext_lazy("The thing has changed since this page was made."),
        gettext_lazy("Nothing was changed by you."),
        gettext_lazy("Open it again and look at what it is now."),
    ),
    413: (
        gettext_lazy("Too large"),
        gettext_lazy("What was sent is larger than this node accepts."),
        gettext_lazy("Nothing was kept of it."),
        gettext_lazy("Split the file, or compress the pictures, and send it again."),
    ),
    422: (
        gettext_lazy("Not accepted"),
        gettext_lazy("Something in the form cannot be accepted."),
        gettext_lazy("Nothing was changed."),
        gettext_lazy("Go back: the form still holds what you wrote. Mend what is named and send it again."),
    ),
    429: (
        gettext_lazy("Too many tries"),
        gettext_lazy("This was tried too often in a short time."),
        gettext_lazy("Nothing was changed."),
        gettext_lazy("Wait a few minutes and try again."),
    ),
    500: (
        gettext_lazy("Something broke on our side"),
        gettext_lazy("The node met an error that nobody foresaw."),
        gettext_lazy("What was saved before is safe; this last step was not done."),
        gettext_lazy("Try again. If it breaks again, tell your administrator the reference below."),
    ),
}


def trouble(status: int, problem: Problem | None = None, **said: Word) -> Trouble:
    """The words for a status, with what a problem knows better."""
    title, detail, kept, steps = _WORDS.get(status, _WORDS[500])
    roles = tuple(str(word("role", role)) for role in problem.roles) if isinstance(problem, NotPermitted) else ()
    return Trouble(
        status=status,
        title=said.get("title", title),
        detail=said.get("detail", problem.detail if problem else detail),
        kept=said.get("kept", kept),
        steps=said.get("steps", steps),
        roles=roles,
        problems=problem.problems if isinstance(problem, Invalid) else (),
        code=problem.code if problem else f"http-{status}",
    )


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer a problem in the form that the request can use."""
    return told(request, trouble(problem.status, problem), pointer=problem.pointer)


def told(request: HttpRequest, what: Trouble, *, pointer: str = "") -> HttpResponse:
    """Answer trouble: problem+json for machines, a line for a waiting part of a page, a page for people."""
    if _wants_json(request):
        return _as_json(what, pointer)
    if is_fragment_wanted(request):
        return _as_line(request, what)
    return render(request, "problems/page.html", {"trouble": what, "reference": request_id()}, status=what.status)


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "json" in accepted and "text/html" not in accepted


def _as_json(what: Trouble, pointer: str) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": str(what.title),
        "status": what.status,
        "detail": str(what.detail),
        "code": what.code,
        "request_id": request_id(),
        "errors": [
            {"pointer": f"/{p.field.replace('.', '/')}", "code": p.code, "detail": p.sentence()} for p in what.problems
        ],
    }
    if pointer:
        body["pointer"] = pointer
    return HttpResponse(json.dumps(body), status=what.status, content_type="application/problem+json")


def _as_line(request: HttpRequest, what: Trouble) -> HttpResponse:
    """The page keeps what it shows; the trouble is told beside it."""
    response = HttpResponse(
        render_to_string("problems/_line.html", {"trouble": what, "reference": request_id()}, request),
        status=what.status,
    )
    response.headers["HX-Retarget"] = "#toasts"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Reselect"] = ".toast"
    response.headers["HX-Push-Url"] = "false"
    return response


def csrf_words() -> dict[str, str]:
    """What to say when a form came without its token: most often the log-in ended in another tab."""
    return {
        "title": _("This form is out of date"),
        "detail": _("It was opened before you logged in or out, or your browser sent no cookies."),
        "kept": _("Nothing was changed. What you wrote is still in the form when you go back."),
        "steps": _("Go back, reload the page, and send the form again."),
    }
