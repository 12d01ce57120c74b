"""Figures of notices for a period: on a page, as CSV and JSON, and the log they were counted from."""

from datetime import UTC, date, timedelta

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.insight import notice_log, transparency
from countermark.node.insight.figures import Spread
from countermark.node.insight.notice_figures import NoticeFigures, Share
from countermark.node.insight.suspensions import suspensions
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.words import Word

#: A half-year, when no other period is asked for.
_USUAL = timedelta(days=182)


@require_safe
@with_member
def figures(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What a period held, and the counters of a transparency report."""
    first, last, problem = _period(request)
    try:
        found = notice_log.figures(member, first, last)
    except Invalid as error:
        problem = str(error)
        found = notice_log.figures(member, last - _USUAL, last)
    shown = {
        "found": found,
        "rows": _rows(found),
        "indicators": transparency.indicators(*_report(member, found.first, found.last)),
        "digest": found.digest,
        "problem": problem,
        "query": f"first={found.first.isoformat()}&last={found.last.isoformat()}",
    }
    return render(request, "duties/figures.html", shown, status=422 if problem else 200)


@require_safe
@with_member
def as_json(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The transparency report with all figures."""
    first, last, _problem = _period(request)
    everything = notice_log.figures(member, first, last)
    found, suspended = _report(member, first, last)
    made = transparency.report(found, member.organisation_name, suspended, everything)
    return _saved(JsonResponse(made), "figures.json")


@require_safe
@with_member
def as_tables(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The tables of a transparency report, a file for each point of the law."""
    first, last, _problem = _period(request)
    found, suspended = _report(member, first, last)
    made = transparency.tables(found, member.organisation_name, suspended)
    return _saved(HttpResponse(made, content_type="application/zip"), "transparency-report.zip")


@require_safe
@with_member
def as_csv(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The rows of the report as CSV."""
    first, last, _problem = _period(request)
    found, suspended = _report(member, first, last)
    rows = [["point", "what", "value", "unit"]]
    rows += [list(msgspec.structs.astuple(one)) for one in transparency.indicators(found, suspended)]
    text = "".join(notice_log.row(one) for one in [*rows, ["digest", "sha256 of these figures", found.digest, ""]])
    return _saved(HttpResponse(text, content_type="text/csv; charset=utf-8"), "figures.csv")


@require_safe
@with_member
def log(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The log itself, to be counted again elsewhere."""
    lines = notice_log.written(notice_log.lines(member))
    return _saved(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), "notice-log.csv")


def _report(member: Member, first: date, last: date) -> tuple[NoticeFigures, dict[str, int] | None]:
    """Figures of the notices under the regulation, which its report is about, and suspensions by cause."""
    return notice_log.figures_of_law(member, first, last, "eu-dsa"), suspensions(member, first, last)


def _saved(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _period(request: HttpRequest) -> tuple[date, date, str]:
    today = now().astimezone(UTC).date()
    try:
        last = date.fromisoformat(request.GET.get("last") or today.isoformat())
        first = date.fromisoformat(request.GET.get("first") or (last - _USUAL).isoformat())
    except ValueError:
        return today - _USUAL, today, _("A day is written like 2026-03-01.")
    return first, last, ""


def _rows(found: NoticeFigures) -> list[tuple[Word, str]]:
    return [
        (_("Notices filed"), str(found.notices)),
        (_("Decided, and the offer went down"), _share(found.removed)),
        (_("Removals without a notice"), _share(found.proactive)),
        (_("Answers of sellers"), str(found.complaints)),
        (_("Removals that were reversed"), _share(found.reversal)),
        (_("Notices that turned out wrong"), _share(found.false_notices)),
        (_("Shops with an upheld notice"), str(found.sellers_upheld)),
        (_("Shops with two or more"), str(found.sellers_repeated)),
        (_("Questions, and answers to them"), f"{found.questions} / {found.answers}"),
        (_("Decided by a machine alone"), str(found.automated)),
        (_("Days to a decision, half"), _days(found.to_decision)),
        (_("Days to decide an answer, half"), _days(found.to_complaint_decision)),
        (_("Days to answer a question, half"), _days(found.to_answer)),
    ]


def _share(one: Share) -> str:
    return f"{one.count} / {one.out_of}" + (f" ({one.percent} %)" if one.percent else "")


def _days(one: Spread) -> str:
    return f"{one.median_days:.1f}" if one.count else "–"
