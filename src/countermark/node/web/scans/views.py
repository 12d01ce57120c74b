"""Scans are jobs of the workers; these pages order, watch, cancel and retry them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.findings import selectors, services
from countermark.node.findings.filters import ScanChoices, ScanScope
from countermark.node.findings.states import ENDED, ScanState
from countermark.node.kernel.errors import Invalid
from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights import selectors as rights
from countermark.node.web import choices, lists
from countermark.node.web.door import is_fragment_wanted, with_member
from countermark.node.web.lists import FilterForm

#: Scans on one page, and imports offered as a scope.
SHOWN = 50
IMPORTS_OFFERED = 30


@require_safe
@with_member
def scans(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list with the form that starts one."""
    return _list(request, member)


@require_POST
@with_member
def start(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Order a scan of everything, of one marketplace or of one import."""
    kind, _colon, value = request.POST.get("scope", "").partition(":")
    scope = ScanScope(marketplace=value if kind == "marketplace" else "", import_id=value if kind == "import" else "")
    chosen = ScanChoices(logos="logos" in request.POST, reading="reading" in request.POST)
    try:
        scan_id = services.request_scan(member, scope, chosen)
    except Invalid as problem:
        return _list(request, member, problem=problem)
    return HttpResponseRedirect(reverse("web:scan", args=[scan_id]), status=303)


@require_safe
@with_member
def scan(request: HttpRequest, member: Member, scan_id: str) -> HttpResponseBase:
    """One scan; the page asks for its progress until it ends."""
    found = selectors.scan(member, scan_id)
    ended = found.state in ENDED
    shown = {
        "scan": found,
        "ended": ended,
        "unusable": selectors.pictures_of_scan(member, found.id) if found.pictures_unreadable else (),
        "address": reverse("web:scan", args=[scan_id]),
        "may_cancel": member.may(Permission.SCANS_CANCEL) and not ended and not found.cancel_requested,
        "may_retry": member.may(Permission.SCANS_RUN) and found.state is ScanState.FAILED,
        "help_text": _("A scan survives restarts: it goes on where it stood, nothing twice, nothing lost."),
    }
    part = is_fragment_wanted(request) and request.GET.get("part") == "progress"
    return render(request, "scans/_progress.html" if part else "scans/detail.html", shown)


@require_POST
@with_member
def cancel(request: HttpRequest, member: Member, scan_id: str) -> HttpResponseBase:
    """Ask a scan to stop; what it found stays."""
    services.cancel_scan(member, scan_id)
    messages.success(request, _("The scan stops. What it found so far stays."))
    return HttpResponseRedirect(reverse("web:scan", args=[scan_id]), status=303)


@require_POST
@with_member
def retry(request: HttpRequest, member: Member, scan_id: str) -> HttpResponseBase:
    """Put the parts that were given up back into the queue."""
    services.retry_failed(member, scan_id)
    messages.success(request, _("The failed parts wait again."))
    return HttpResponseRedirect(reverse("web:scan", args=[scan_id]), status=303)


def _list(request: HttpRequest, member: Member, problem: Invalid | None = None) -> HttpResponse:
    before = request.GET.get("after", "")[:40]
    rows = selectors.scans(member, before, SHOWN + 1)
    following = rows[SHOWN - 1].id if len(rows) > SHOWN else None
    may_run = member.may(Permission.SCANS_RUN)
    shown: dict[str, Any] = {
        "rows": rows[:SHOWN],
        "may_run": may_run,
        "scopes": _scopes(member, request) if may_run else [],
        "missing": _missing(member),
        "may_read": services.can_read(),
        "problem": problem,
        "help_text": _("A scan compares listings with the rights of the moment it is ordered."),
    }
    filters = FilterForm(reverse("web:scans"), {}, "", ())
    response = lists.render_list(
        request, "scans/list.html", shown, filters=filters, cursor=before, next_cursor=following
    )
    response.status_code = 422 if problem else 200
    return response


def _scopes(member: Member, request: HttpRequest) -> list[dict[str, Any]]:
    """What a scan may look at: everything, one marketplace, one of the latest imports."""
    chosen = f"import:{request.GET['import'][:40]}" if request.GET.get("import") else ""
    everything = [("", _("All listings"))]
    marketplaces = [(f"marketplace:{m}", _("Marketplace %(name)s") % {"name": m}) for m in choices.marketplaces(member)]
    imports = [
        (f"import:{one.id}", _("Import %(name)s") % {"name": one.name[:60]})
        for one in listings.imports(member, size=IMPORTS_OFFERED).rows
        if one.rows_good
    ]
    return [
        {"value": value, "label": label, "chosen": value == chosen}
        for value, label in everything + marketplaces + imports
    ]


def _missing(member: Member) -> str:
    """What a scan would need and is not there: `rights`, `listings` or nothing."""
    if not rights.any_right(member):
        return "rights"
    return "" if listings.any_listing(member) else "listings"
