"""Many notices on one page: each row filled in and checked, signed once; then what became of each row."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from countermark.law.territories import MEMBER_STATES
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.notices import filing
from countermark.node.notices.bulk import filing as bulk
from countermark.node.notices.bulk import looking, selectors
from countermark.node.notices.bulk.choosing import Row, Together
from countermark.node.notices.bulk.looking import Looked, Sight
from countermark.node.notices.drafting import Prepared
from countermark.node.parties.access import Member
from countermark.node.review.infringing import decided_infringing
from countermark.node.web.door import with_member
from countermark.node.web.notices.mending import mending_page

#: Rows on the page; more come from a file.
MOST = 100
COUNTRIES = (*sorted(MEMBER_STATES), "CN", "GB", "US", "CH", "JP", "KR")
_ROW_FIELDS = ("country", "right", "ground", "explanation")


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def many(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The rows that were ticked, or what was decided to infringe and has no notice; checked, and filed when signed."""
    filing.require_filer(member)
    rows = rows_in(request) if request.method == "POST" else _wanted(request, member)
    if not rows:
        return render(request, "notices/many_none.html", {"batches": selectors.batches(member)})
    together = _together(request)
    refused: tuple[str, ...] = ()
    sight = None
    try:
        sight = looking.look(member, together, rows)
        if "file" in request.POST:
            _require_signature(together, sight)
            return _file(request, member, together, rows)
    except Invalid as problem:
        refused = tuple(one.sentence() for one in problem.problems)
    shown = _context(sight or Sight((), (), ()), together, refused)
    return render(request, "notices/many.html", shown, status=422 if refused else 200)


def rows_in(request: HttpRequest) -> list[Row]:
    """Rows as a form sends them; those marked to be left out are not there."""
    sent = request.POST
    found = []
    for number, finding in enumerate(sent.getlist("finding")[:MOST]):
        if f"leave.{number}" not in sent:
            chosen = {name: sent.get(f"{name}.{number}", "").strip() for name in _ROW_FIELDS}
            found.append(Row(finding=finding.strip(), **chosen))
    return found


def _wanted(request: HttpRequest, member: Member) -> list[Row]:
    ticked = [one[:60] for one in request.GET.getlist("finding")[:MOST]]
    if not ticked:
        ticked = selectors.without_notice(member, decided_infringing(member))[:MOST]
    return [Row(finding=one) for one in dict.fromkeys(ticked)]


def _together(request: HttpRequest) -> Together:
    sent = request.POST
    fields = {name.removeprefix("field."): str(value) for name, value in sent.items() if name.startswith("field.")}
    return Together(
        country=sent.get("country", "")[:2],
        explanation=sent.get("explanation", ""),
        fields={name[:40]: value for name, value in fields.items() if value.strip()},
        signer=sent.get("signer", "").strip(),
        declared=tuple(one[:64] for one in sent.getlist("declared")[:20]),
    )


def _require_signature(together: Together, sight: Sight) -> None:
    """Refuse what nobody signed: a batch of drafts that all say so would help nobody."""
    missing = [one for one in sight.declarations if one.version not in together.declared]
    problems = [
        FieldProblem("declared", "not-signed", _("Nobody has signed: “%(words)s”.") % {"words": one.text})
        for one in missing
    ]
    if not together.signer:
        problems.append(FieldProblem("signer", "signer-missing", _("Write the name of the person who signs.")))
    if problems:
        raise Invalid(problems)


def _file(request: HttpRequest, member: Member, together: Together, rows: list[Row]) -> HttpResponseBase:
    name = bulk.start(member, request.POST.get("key", "")[:64] or secrets.token_hex(16), together, rows)
    bulk.file_rows(member, name, MOST)
    counts = selectors.batch(member, name, size=1).counts
    minutes = int(filing.grace().total_seconds() // 60)
    said = ngettext("%(n)d notice is signed.", "%(n)d notices are signed.", counts["filed"]) % {"n": counts["filed"]}
    until = _("They are sent in %(n)d minutes; until then you can undo them.") % {"n": minutes}
    messages.success(request, f"{said} {until}" if counts["filed"] else _("No row could be filed; each says why."))
    return HttpResponseRedirect(reverse("web:notices-batch", args=[name]), status=303)


def _context(sight: Sight, together: Together, refused: tuple[str, ...]) -> dict[str, Any]:
    rows = [row_shown(number, one) for number, one in enumerate(sight.looked)]
    return {
        "rows": rows,
        "ready": sum(not row["blocking"] for row in rows),
        "together": together,
        "fields": [(one, together.fields.get(one.id, "")) for one in sight.fields],
        "declarations": [(one, one.version in together.declared) for one in sight.declarations],
        "countries": COUNTRIES,
        "refused": refused,
        "key": secrets.token_hex(16),
    }


def row_shown(number: int, looked: Looked) -> dict[str, Any]:
    """A row with what stands against it, and where that is mended."""
    made = looked.made
    problems = [
        (one, _where(one.field, made) if made else "") for one in looked.problems if one.code not in looking.UNSIGNED
    ]
    return {
        "number": number,
        "row": looked.row,
        "made": made,
        "countries": sorted({*COUNTRIES, made.paper.country} - {""}) if made else (),
        "blocking": [one for one in problems if one[0].blocks],
        "warnings": [one for one in problems if not one[0].blocks],
    }


def _where(field: str, made: Prepared) -> str:
    """The page on which an obstacle to one of many is mended; empty when it is this one."""
    return mending_page(
        field,
        right=made.right.id if made.right else "",
        listing=made.finding.row.listing_id,
        finding=made.finding.row.core_id,
        channel=made.channel.public_id if made.channel else "",
        agreement=made.agreement.name if made.agreement else "",
    )
