"""Figures of one agreement, the code to compare, and all agreements beside one another."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.insight import selectors
from countermark.node.insight.figures import Counts
from countermark.node.insight.selectors import Joint
from countermark.node.kernel.cells import harmless
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.insight.drawing import bars
from countermark.node.web.words import Word


@require_safe
@with_member
def joint(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every agreement beside the others. This page is for this organisation alone."""
    rows = [_summary(member, name, partner) for name, partner in selectors.agreements(member)]
    return render(request, "insight/joint.html", {"rows": rows})


@require_safe
@with_member
def one(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """One agreement, month by month."""
    problem = ""
    try:
        found = selectors.figures(member, name, **_places(request))
    except Invalid as error:
        problem, found = str(error), selectors.figures(member, name)
    shown: dict[str, Any] = {
        "found": found,
        "code": found.figures.code,
        "digest": found.figures.digest,
        "heads": [label for label, _value in _columns(found.figures.total)],
        "rows": [(month, [value for _label, value in _columns(counts)]) for month, counts in _lines(found)],
        "kinds": found.figures.total.findings_by_kind,
        "levels": found.figures.total.findings_by_level,
        "notices": found.figures.total.notices,
        "drawing": bars(found.figures.months),
        "query": "&".join(f"{key}={value}" for key, value in _places(request).items()) if not problem else "",
        "problem": problem,
    }
    return render(request, "insight/figures.html", shown, status=422 if problem else 200)


@require_safe
@with_member
def table(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """The same as CSV."""
    found = selectors.figures(member, name, **_places(request))
    answer = HttpResponse("".join(_csv(found)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="figures-{found.agreement}.csv"'
    return answer


def _summary(member: Member, name: str, partner: str) -> dict[str, Any]:
    try:
        found = selectors.figures(member, name)
    except Invalid as problem:
        return {"name": name, "partner": partner, "problem": str(problem)}
    return {"name": name, "partner": partner, "total": found.figures.total, "code": found.figures.code}


def _places(request: HttpRequest) -> dict[str, int]:
    given = {name: request.GET.get(name, "") for name in ("ours", "theirs")}
    return {name: int(text) for name, text in given.items() if text.isascii() and text.isdigit() and len(text) < 16}


def _lines(found: Joint) -> list[tuple[str, Counts]]:
    return [*found.figures.months.items(), (_("All"), found.figures.total)]


def _columns(one: Counts) -> list[tuple[Word, str]]:
    return [
        (_("Listings"), str(one.listings)),
        (_("Findings"), str(one.findings)),
        (_("Cases opened"), str(one.cases_opened)),
        (_("Cases closed"), str(one.cases_closed)),
        (_("Comments"), str(one.comments)),
        (_("Withdrawals"), str(one.withdrawals)),
        (_("Notices and answers"), str(sum(one.notices.values()))),
        (_("Days to close, half"), _days(one.closing.median_days, one.closing.count)),
        (_("Days to close, nine in ten"), _days(one.closing.p90_days, one.closing.count)),
        (_("Hours to receipt, half"), _days(one.receipt_lag.median / 3600, one.receipt_lag.count)),
    ]


def _days(value: float, count: int) -> str:
    return f"{value:.1f}" if count else "–"


def _csv(found: Joint) -> Iterator[str]:
    yield _row(["month", *(str(label) for label, _value in _columns(found.figures.total))])
    for month, counts in _lines(found):
        yield _row([month, *(value for _label, value in _columns(counts))])
    for place in found.places:
        yield _row(["feed", place.feed, str(place.counted)])
    yield _row(["code", found.figures.code])
    yield _row(["sha256", found.figures.digest])


def _row(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()
