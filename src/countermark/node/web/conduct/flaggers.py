"""The status of a trusted flagger, taken down and ended; and the yearly ledger of one who files, as a file."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from countermark.node.conduct import ledger as ledgers
from countermark.node.notices import flaggers
from countermark.node.notices.flaggers import Award
from countermark.node.parties.access import Member
from countermark.node.web.conduct.acts import day_of, tried
from countermark.node.web.door import with_member


@require_POST
@with_member
def take_down(request: HttpRequest, member: Member, subject: str) -> HttpResponseBase:
    """Take down that an authority has made the filer a trusted flagger."""
    sent = request.POST
    award = Award(
        authority=sent.get("authority", ""),
        reference=sent.get("reference", ""),
        day=day_of(sent.get("day", "")),
        kinds=tuple(sent.getlist("kinds")[:10]),
        governed_by=sent.get("governed_by", "")[:40],
        is_entity=sent.get("is_entity") == "on",
    )
    return tried(request, "filers", subject, lambda: flaggers.take_down(member, subject, award))


@require_POST
@with_member
def end(request: HttpRequest, member: Member, subject: str) -> HttpResponseBase:
    """Say that the status is over."""
    return tried(request, "filers", subject, lambda: flaggers.end(member, subject, request.POST.get("reason", "")))


@require_safe
@with_member
def ledger(_request: HttpRequest, member: Member, subject: str, year: int) -> HttpResponseBase:
    """The ledger of a year, without personal data."""
    response = HttpResponse(ledgers.yearly(member, subject, year), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="notices-{year}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
