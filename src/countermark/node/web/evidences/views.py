"""One piece of evidence: what was seen, who had it, whether it is unchanged, and its bag."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.cases import seals
from countermark.node.evidence import bagging, checking, collecting, retaining, viewing
from countermark.node.evidence.exhibits.facts import LANGUAGES
from countermark.node.kernel.errors import Invalid
from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.parties.selectors import actor_names
from countermark.node.web.door import with_member
from countermark.node.web.evidences.courts import destination
from countermark.node.web.evidences.words import DONE
from countermark.node.web.purchases.views import set_hold
from countermark.proof.verifying import Report


@require_POST
@with_member
def capture(request: HttpRequest, member: Member, listing_id: str) -> HttpResponseBase:
    """Ask for the page of a listing to be captured; a worker does it."""
    member.require(Permission.EVIDENCE_CAPTURE)
    found = listings.listing(member, listing_id)
    if not found.record.url:
        raise Invalid.of("url", "no-address", "The listing came without an address.", "Capture its address by command.")
    evidence_id = collecting.request_capture(member, found.record.url, listing_id=found.row.id)
    messages.success(request, _("The page is captured as soon as a worker is free. Look again in a minute."))
    return HttpResponseRedirect(reverse("web:evidence", args=[evidence_id]), status=303)


@require_safe
@with_member
def evidence(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """The page of one piece."""
    return _page(request, member, evidence_id, None)


@require_POST
@with_member
def check(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """Compare what is stored with what was sealed, and show each part."""
    return _page(request, member, evidence_id, checking.check_evidence(member, evidence_id))


@require_POST
@with_member
def hold(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """Set a legal hold, or lift it."""
    set_hold(request, member, evidence_id)
    return HttpResponseRedirect(reverse("web:evidence", args=[evidence_id]), status=303)


@require_POST
@with_member
def bag(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """The bag, as a download."""
    # The response closes the file, and with it the file is gone.
    out = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        extract = seals.extract_with_seal(member, evidence_id)
        name = bagging.export_bag(member, evidence_id, out, extract, destination(request, member, evidence_id))
    except BaseException:
        out.close()
        raise
    out.seek(0)
    response = FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@with_member
def receipt(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """What was deleted, when, and by which rule, as a download."""
    response = HttpResponse(retaining.receipt(member, evidence_id), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{evidence_id}-deleted.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@with_member
def file(request: HttpRequest, member: Member, evidence_id: str, sha256: str) -> HttpResponseBase:
    """One file, always as a download: what a stranger made never opens in our pages."""
    return download(viewing.open_file(member, evidence_id, sha256))


def download(opened: viewing.OpenedFile) -> HttpResponse:
    """A file as a download that no browser opens in our pages."""
    response = HttpResponse(opened.data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{opened.name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, member: Member, evidence_id: str, report: Report | None) -> HttpResponseBase:
    found = viewing.evidence(member, evidence_id)
    names = actor_names(member)
    lines = [
        {
            "line": line,
            "who": names.get(line.actor, line.actor),
            "what": DONE.get(line.action, line.action),
            "detail": sorted(line.detail.items()),
        }
        for line in found.custody
    ]
    shown = {
        "evidence": found,
        "lines": lines,
        "report": report,
        "held_by": names.get(found.held_by, found.held_by),
        "tellings": seals.tellings_of(member, evidence_id),
        "languages": LANGUAGES.items(),
        "may_export": member.may(Permission.EVIDENCE_EXPORT),
        "may_try_again": found.row.state == "failed" and bool(found.row.listing_id),
        "may_act": found.row.sealed_at is not None and found.deleted_at is None,
    }
    return render(request, "evidences/detail.html", shown)
