"""File a notice from a finding: filled in, checked while it is written, signed at the end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from countermark.law.drafts import Problem
from countermark.law.territories import MEMBER_STATES
from countermark.node.kernel.errors import Invalid
from countermark.node.notices import attachments, drafting, filing, lawyer
from countermark.node.notices.drafting import Choice, Prepared
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member
from countermark.node.web.notices.mending import mending_page

#: Countries that are offered; the one of the right is always there.
_COUNTRIES = (*sorted(MEMBER_STATES), "CN", "GB", "US", "CH", "JP", "KR")


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def file(request: HttpRequest, member: Member, finding_id: str) -> HttpResponseBase:
    """The notice as it would be filed, with everything that stands against it; and its filing."""
    member.require(Permission.NOTICES_FILE)
    refused: tuple[str, ...] = ()
    choice = Choice()
    if request.method == "POST":
        try:
            choice = _choice(request)
            if "file" in request.POST:
                notice_id = filing.file(member, finding_id, choice)
                minutes = int(filing.grace().total_seconds() // 60)
                messages.success(
                    request, _("Signed. It is sent in %(n)d minutes; until then you can undo it.") % {"n": minutes}
                )
                return HttpResponseRedirect(reverse("web:notice", args=[notice_id]), status=303)
        except Invalid as problem:
            refused = tuple(one.sentence() for one in problem.problems)
    prepared = drafting.prepare(member, finding_id, choice)
    return render(request, "notices/file.html", _context(prepared, choice, refused), status=422 if refused else 200)


def _choice(request: HttpRequest) -> Choice:
    sent = request.POST
    fields = {name.removeprefix("field."): value for name, value in sent.items() if name.startswith("field.")}
    ticked = sent.getlist("declared")[:20]
    evidence = []
    file = request.FILES.get("evidence_file")
    if file is not None:
        data = bytes(file.read(attachments.LARGEST + 1))
        accepted = attachments.accept([(str(file.name), data)])
        evidence = [(sent.get("evidence_kind", "")[:40], accepted[0])]
    way = sent.get("agreement", "")[:40]
    return Choice(
        agreement="" if way.startswith("chn_") else way,
        channel=way if way.startswith("chn_") else "",
        right=sent.get("right", "")[:40],
        country=sent.get("country", "")[:2],
        regime=sent.get("regime", "")[:40],
        ground=sent.get("ground", "")[:40],
        explanation=sent.get("explanation", ""),
        fields={name[:40]: str(value)[:2000] for name, value in list(fields.items())[:20]},
        signer=sent.get("signer", ""),
        declared={name[:40]: sent.get(f"version.{name}", "")[:64] for name in ticked},
        evidence=tuple(evidence),
        purchases=tuple(one[:30] for one in sent.getlist("purchase")[:20]),
    )


def _context(prepared: Prepared, choice: Choice, refused: tuple[str, ...]) -> dict[str, Any]:
    known = prepared.regime.file.asked.evidence
    unsigned = {"not-signed", "signer-missing", "signature"}
    problems = [(one, _where(prepared, one)) for one in prepared.problems if one.code not in unsigned]
    return {
        "prepared": prepared,
        "choice": choice,
        "refused": refused,
        "blocking": [one for one in problems if one[0].blocks and one[0].field != "signature"],
        "warnings": [one for one in problems if not one[0].blocks],
        "countries": sorted({*_COUNTRIES, prepared.paper.country} - {""}),
        "regimes": [one.file for one in lawyer.regimes() if lawyer.follows(one.id, prepared.platform)],
        "platform": lawyer.platforms().get(prepared.platform, ""),
        "fields": [
            (one, prepared.paper.fields.get(one.id, choice.fields.get(one.id, "")))
            for one in prepared.fields
            if one.id != "signature"
        ],
        "evidence": [(known.get(one.kind, one.kind), one.digest) for one in prepared.paper.evidence],
        "accept": attachments.ACCEPT,
    }


def _where(prepared: Prepared, problem: Problem) -> str:
    """The page on which it is mended; empty when it is this one."""
    right = prepared.right.id if prepared.right else ""
    channel = prepared.channel.public_id if prepared.channel else ""
    return mending_page(problem.field, right=right, listing=prepared.finding.row.listing_id, channel=channel)
