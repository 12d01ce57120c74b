"""Bring a file of listings in, follow it, and mend what was set aside."""

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermark.node.kernel.cells import harmless
from countermark.node.kernel.errors import Invalid
from countermark.node.listings import selectors, services
from countermark.node.listings.shown import ImportReport
from countermark.node.listings.states import ENDED
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web import lists
from countermark.node.web.door import is_fragment_wanted, with_member
from countermark.node.web.fields import PageForm, line
from countermark.node.web.lists import FilterForm

#: Problems on one page of the report, and in one step of the download.
PROBLEMS_SHOWN = 50
PROBLEMS_READ = 200


class ImportForm(PageForm):
    """A file, its pictures, and what its rows leave out."""

    file = forms.FileField(
        label=gettext_lazy("File of listings"),
        help_text=gettext_lazy(
            "CSV, JSON Lines, Parquet, a saved page with schema.org data, or a Google Merchant feed (XML or TSV)."
        ),
    )
    pictures = forms.FileField(
        label=gettext_lazy("Pictures"),
        required=False,
        help_text=gettext_lazy("A ZIP of the pictures that the listings name: JPEG, PNG or WebP."),
    )
    marketplace = line(
        gettext_lazy("Marketplace"), longest=200, help_text=gettext_lazy("For rows that name none, for example Bazaar.")
    )
    language = line(
        gettext_lazy("Language"), longest=35, help_text=gettext_lazy("For texts that name none: fr, en, zh-Hans.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def start(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The form; a worker reads the file."""
    member.require(Permission.LISTINGS_IMPORT)
    if request.method != "POST":
        return _form(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    given = form.cleaned_data
    try:
        import_id = services.request_import(
            member,
            given["file"].file,
            given["file"].name,
            pictures=given["pictures"].file if given["pictures"] else None,
            marketplace=given["marketplace"],
            language=given["language"],
        )
    except Invalid as problem:
        form.take(problem, {"listings": "file", "archive": "pictures"})
        return _form(request, form, status=422)
    return HttpResponseRedirect(reverse("web:import", args=[import_id]), status=303)


@require_safe
@with_member
def imports(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Files that were brought in, newest first."""
    cursor = request.GET.get("after", "")[:30]
    page = selectors.imports(member, cursor)
    filters = FilterForm(reverse("web:imports"), {}, "", ())
    shown = {"rows": page.rows, "may_import": member.may(Permission.LISTINGS_IMPORT)}
    return lists.render_list(
        request, "listings/imports.html", shown, filters=filters, cursor=cursor, next_cursor=page.next_cursor
    )


@require_safe
@with_member
def report(request: HttpRequest, member: Member, import_id: str) -> HttpResponseBase:
    """How far a file is, and what was wrong with it; the page asks for its progress until it ends."""
    cursor = request.GET.get("after", "")[:30]
    found = selectors.import_report(member, import_id, cursor, PROBLEMS_SHOWN)
    shown = _report(member, found, cursor)
    part = is_fragment_wanted(request) and request.GET.get("part") == "progress"
    return render(request, "listings/_import_progress.html" if part else "listings/import.html", shown)


@require_POST
@with_member
def cancel(request: HttpRequest, member: Member, import_id: str) -> HttpResponseBase:
    """Stop an import; what it kept stays."""
    services.cancel_import(member, import_id)
    messages.success(request, _("The import stops. Rows that were kept stay."))
    return HttpResponseRedirect(reverse("web:import", args=[import_id]), status=303)


@require_safe
@with_member
def problems(request: HttpRequest, member: Member, import_id: str) -> HttpResponseBase:
    """What was set aside, as CSV: row, field, problem, mend. No cell can act as a formula."""
    selectors.import_summary(member, import_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    writer = csv.writer(response)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(member, import_id))
    response.headers["Content-Disposition"] = f'attachment; filename="problems-{import_id}.csv"'
    return response


def _rows(member: Member, import_id: str) -> Iterator[list[str]]:
    yield ["row", "field", "code", "problem", "mend", "found"]
    cursor: str | None = ""
    while cursor is not None:
        page = selectors.import_report(member, import_id, cursor, PROBLEMS_READ)
        for one in page.problems:
            yield [str(one.row), one.field, one.code, one.message, one.mend, one.excerpt]
        cursor = page.next_cursor


def _report(member: Member, found: ImportReport, cursor: str) -> dict[str, Any]:
    address = reverse("web:import", args=[found.summary.id])
    ended = found.summary.state in ENDED
    return {
        "report": found,
        "one": found.summary,
        "ended": ended,
        "address": address,
        "may_cancel": member.may(Permission.LISTINGS_IMPORT) and not ended,
        "first_address": address if cursor else "",
        "next_address": f"{address}?after={found.next_cursor}" if found.next_cursor else "",
    }


def _form(request: HttpRequest, form: ImportForm, status: int = 200) -> HttpResponseBase:
    return render(request, "listings/import_form.html", {"form": form}, status=status)
