"""Everything done in a case goes three steps: a form, a preview of what the partner will see, and the act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from countermark.node.cases import files, selectors, services
from countermark.node.cases.acts import Act, Assign, CloseCase, Comment, Detach, Reopen, SetDue
from countermark.node.cases.shown import CaseShown
from countermark.node.cases.states import AttachedKind, CaseEntry, Outcome
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.cases import forms
from countermark.node.web.cases.previewing import carried, preview_page
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm
from countermark.node.web.words import Word, word

Sent = Any
_FORMS: dict[str, Callable[[CaseShown, Sent, Sent], PageForm]] = {
    "comment": lambda case, sent, _files: forms.CommentForm(sent, people=case.people),
    "assign": lambda case, sent, _files: forms.AssignForm(sent, people=case.people),
    "due": lambda _case, sent, _files: forms.DueForm(sent),
    "attach": lambda _case, sent, _files: forms.AttachForm(sent),
    "file": lambda _case, sent, sent_files: forms.FileForm(sent, sent_files),
    "detach": lambda _case, sent, _files: forms.DetachForm(sent),
    "close": lambda _case, sent, _files: forms.CloseForm(sent),
    "reopen": lambda _case, sent, _files: PageForm(sent),
}
_NAMES = {"assignee": "to", "name": "file"}


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def act(request: HttpRequest, member: Member, case_id: str, what: str) -> HttpResponseBase:
    """One thing that can be done in a case, as a page of its own."""
    member.require(Permission.CASES_EDIT)
    if what not in _FORMS:
        raise Http404
    case = selectors.case(member, case_id)
    if request.method != "POST":
        return _form(request, case, what, _FORMS[what](case, None, None))
    form = _FORMS[what](case, request.POST, request.FILES)
    if request.POST.get("step") == "change":
        return _form(request, case, what, form)
    if not form.is_valid():
        return _form(request, case, what, form, status=422)
    try:
        made, more = _act_of(member, case, what, form)
        if request.POST.get("step") != "send":
            previews = services.preview(member, case_id, made)
            return preview_page(request, case.row.partner, previews, carried(request, more), _about(case, what))
        _send(member, case, what, form, made)
    except Invalid as problem:
        form.take(problem, _NAMES)
        return _form(request, case, what, form, status=422)
    messages.success(request, _("Said. %(partner)s sees it at its next look.") % {"partner": case.row.partner.name})
    return HttpResponseRedirect(reverse("web:case", args=[case_id]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def correct(request: HttpRequest, member: Member, case_id: str, entry: str) -> HttpResponseBase:
    """Other words for what one's own side said; the first ones stay in the history."""
    member.require(Permission.CASES_EDIT)
    case = selectors.case(member, case_id)
    before = services.correcting(member, case_id, entry, "-")
    is_title = before.of is CaseEntry.OPENED
    sent = request.POST if request.method == "POST" else None
    first = {"text": case.row.title, "summary": case.summary} if is_title else {}
    form = forms.CorrectForm(sent, initial=first)
    if not is_title:
        del form.fields["summary"]
    if sent is None or sent.get("step") == "change":
        return _form(request, case, "correct", form)
    if not form.is_valid():
        return _form(request, case, "correct", form, status=422)
    said = form.cleaned_data
    made = services.correcting(member, case_id, entry, said["text"], said.get("summary", ""))
    try:
        if sent.get("step") != "send":
            previews = services.preview(member, case_id, made)
            return preview_page(request, case.row.partner, previews, carried(request, {}), _about(case, "correct"))
        services.perform(member, case_id, made)
    except Invalid as problem:
        form.take(problem, {"title": "text"})
        return _form(request, case, "correct", form, status=422)
    messages.success(request, _("Corrected. Both versions stay in the history."))
    return HttpResponseRedirect(reverse("web:case", args=[case_id]), status=303)


def _act_of(member: Member, case: CaseShown, what: str, form: PageForm) -> tuple[Act, dict[str, str]]:
    """What a form says, and what its preview must carry besides the form's own fields."""
    said = form.cleaned_data
    match what:
        case "comment":
            written = Comment(text=said["text"], mentions=tuple(said["mentions"]), comment_id=said["comment_id"])
            made = services.with_id(written)
            return made, {"comment_id": made.comment_id}
        case "assign":
            return Assign(to=said["to"]), {}
        case "due":
            return SetDue(on=said["on"]), {}
        case "attach":
            return services.attaching_by_id(member, case.row.id, said["ref"]), {}
        case "file":
            staged = said["staged"] or _stage(member, said["file"])
            act = services.staged_act(member, staged, said["description"], shows_persons=said["shows_persons"])
            return act, {"staged": staged}
        case "detach":
            return Detach(kind=AttachedKind(said["kind"]), ref=said["ref"]), {}
        case "close":
            return CloseCase(outcome=Outcome(said["outcome"])), {}
        case _:
            return Reopen(), {}


def _send(member: Member, case: CaseShown, what: str, form: PageForm, made: Act) -> None:
    said = form.cleaned_data
    if what == "file":
        persons = said["shows_persons"]
        services.attach_file(
            member, case.row.id, said["staged"], description=said["description"], shows_persons=persons
        )
    elif what == "detach":
        services.detach(member, case.row.id, said["kind"], said["ref"])
    else:
        services.perform(member, case.row.id, made)


def _stage(member: Member, file: Any) -> str:
    if file.size > files.LARGEST_FILE:
        files.media_type_of("", b"0" * (files.LARGEST_FILE + 1))
    return files.stage(member, file.name, file.read()).public_id


def _form(request: HttpRequest, case: CaseShown, what: str, form: PageForm, status: int = 200) -> HttpResponseBase:
    shown = {"case": case, "what": what, "form": form, "title": word("case_act", what)}
    return render(request, "cases/act.html", shown, status=status)


def _about(case: CaseShown, what: str) -> dict[str, Word]:
    return {
        "title": word("case_act", what),
        "back": reverse("web:case", args=[case.row.id]),
        "back_label": case.row.title or case.row.id,
    }
