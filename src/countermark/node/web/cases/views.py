"""All cases under filters; one case with its history; its files."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from countermark.node.cases import files, selectors
from countermark.node.cases.selectors import CaseFilters
from countermark.node.cases.shown import CaseRow, CaseShown
from countermark.node.cases.states import CaseState
from countermark.node.exchange.states import AgreementState
from countermark.node.kernel.ids import new_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web import lists, narrowing
from countermark.node.web.cases import forms
from countermark.node.web.cases.wording import line_in_words, who_in_words
from countermark.node.web.door import with_member
from countermark.node.web.lists import FilterForm
from countermark.node.web.words import word

_NAMES = ("q", "state", "assignee", "due", "partner", "mine")


@require_safe
@with_member
def cases(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list, the case opened last first."""
    given = lists.given(request, _NAMES)
    cursor = request.GET.get("after", "")[:30]
    page = selectors.cases(member, _wanted(given), cursor)
    shown = {
        "rows": [_row(row) for row in page.rows],
        "late": selectors.count_overdue(member),
        "may_open": member.may(Permission.CASES_EDIT),
        "tab": "cases",
        "help_text": _("A joint case is worked on by two organisations; both see the same history."),
    }
    return lists.render_list(
        request,
        "cases/list.html",
        shown,
        filters=_filters(member, given),
        cursor=cursor,
        next_cursor=page.next_cursor,
    )


@require_safe
@with_member
def case(request: HttpRequest, member: Member, case_id: str) -> HttpResponseBase:
    """One case: facts, what is attached, history, and what can be done next."""
    return render(request, "cases/detail.html", detail_of(request, member, case_id))


@require_safe
@with_member
def file(request: HttpRequest, member: Member, case_id: str, file_id: str) -> HttpResponseBase:
    """A file as a download: never shown inside the page, and never guessed at."""
    found = files.download(member, case_id, file_id)
    response = HttpResponse(found.data, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def detail_of(request: HttpRequest, member: Member, case_id: str) -> dict[str, Any]:
    """What the page of a case is given."""
    found = selectors.case(member, case_id)
    cursor = request.GET.get("after", "")[:64]
    history = selectors.history(member, case_id, cursor)
    may_edit = member.may(Permission.CASES_EDIT) and found.agreement_state == AgreementState.AGREED
    shown: dict[str, Any] = {
        "case": found,
        "row": _row(found.row),
        "history": history,
        "lines": [line_in_words(line) for line in history.lines],
        "older": history.next_cursor,
        "newest": reverse("web:case", args=[case_id]) if cursor else "",
        "may_edit": may_edit,
        "may_take_files": member.may(Permission.PERSONAL_DATA_VIEW),
        "help_text": _("Whatever is done here is seen by both sides, after a preview of what the other side will see."),
    }
    return shown | (blank_forms(found) if may_edit else {})


def blank_forms(found: CaseShown) -> dict[str, Any]:
    """The forms beside the history, filled with what is known."""
    row = found.row
    return {
        "comment": forms.CommentForm(people=found.people, initial={"comment_id": new_id("cmt")}, prefix=None),
        "assign": forms.AssignForm(
            people=found.people, initial={"to": row.assigned_to.address if row.assigned_to else ""}
        ),
        "due": forms.DueForm(initial={"on": row.due_on}),
        "attach": forms.AttachForm(),
        "file": forms.FileForm(),
        "close": forms.CloseForm(),
    }


def _row(row: CaseRow) -> dict[str, Any]:
    return {
        "case": row,
        "address": reverse("web:case", args=[row.id]),
        "assigned": who_in_words(row.assigned_to) if row.assigned_to else "",
        "outcome": word("outcome", row.outcome) if row.outcome else "",
    }


def _wanted(given: dict[str, str]) -> CaseFilters:
    state = given.get("state", "open")
    return CaseFilters(
        state=CaseState(state) if state in CaseState.values else None,
        assignee=given.get("assignee", ""),
        due=given.get("due", ""),
        agreement=given.get("partner", ""),
        mine=given.get("mine") == "yes",
        words=given.get("q", ""),
    )


def _filters(member: Member, given: dict[str, str]) -> FilterForm:
    def field(name: str, label: str, options: list[tuple[str, Any]], everything: str = "") -> narrowing.Select:
        made = narrowing.select(name, given.get(name, ""), options, everything)
        return narrowing.Select(name, label, made.value, made.options)

    fields = (
        field(
            "state",
            _("State"),
            [("closed", word("case_state", "closed")), ("both", _("both"))],
            pgettext("cases", "open"),
        ),
        field(
            "assignee",
            _("In the hands of"),
            [("me", _("me")), ("us", _("our side")), ("them", _("the partner")), ("nobody", _("nobody"))],
        ),
        field("due", _("Due"), [("late", _("late")), ("week", _("within a week")), ("none", _("no day set"))]),
        field("partner", _("Partner"), [(name, partner) for name, partner in selectors.partners(member)]),
        field("mine", _("Asked to look"), [("yes", _("I am"))]),
    )
    return FilterForm(reverse("web:cases"), given, _("Words of the title or summary, or an id"), fields)
