"""All agreements; one of them: where it stands, what it says, what changed, who signed, what can be done."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.exchange import selectors
from countermark.node.exchange.shown import AgreementRow, AgreementShown, VersionShown
from countermark.node.exchange.states import CLOSED, IN_FORCE
from countermark.node.kernel.time import now
from countermark.node.parties import selectors as parties
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.agreements import programme, wording
from countermark.node.web.door import with_member


@require_safe
@with_member
def agreements(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list, by partner."""
    shown = {
        "rows": selectors.agreements(member),
        "may_manage": member.may(Permission.AGREEMENTS_MANAGE),
        "help_text": _("Nothing passes to a partner before both organisations have signed the same document."),
    }
    return render(request, "agreements/list.html", shown)


@require_safe
@with_member
def agreement(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """One agreement; `?version=` shows an older document of it."""
    shown = selectors.agreement(member, name)
    read = _wanted(shown, request.GET.get("version", ""))
    against = wording.to_compare_with(shown, read) if read else None
    context = {
        "shown": shown,
        "row": shown.row,
        "read": read,
        "reading": wording.reading_of(read) if read else None,
        "difference": wording.difference(read, against) if read and against else None,
        "next": next_step(shown.row),
        "compared_by": parties.actor_names(member).get(shown.compared_by, shown.compared_by),
        "may": possible(member, shown),
        "may_manage": member.may(Permission.AGREEMENTS_MANAGE),
        "programme": programme.shown(member, name),
    }
    return render(request, "agreements/detail.html", context)


@require_safe
@with_member
def document(request: HttpRequest, member: Member, name: str, digest: str) -> HttpResponseBase:
    """A document to be signed elsewhere, as a file."""
    data = selectors.document_of(member, name, digest)
    response = HttpResponse(data, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name[:40]}-{digest[:8]}.json"'
    return response


def possible(member: Member, shown: AgreementShown) -> dict[str, bool]:
    """What a member can do with an agreement as it stands now; only these are offered."""
    if not member.may(Permission.AGREEMENTS_MANAGE):
        return {}
    row = shown.row
    by_our_notice = now() + timedelta(days=shown.notice_days)
    discussed = bool(row.pending) and row.state not in CLOSED
    in_force = row.state in IN_FORCE
    return {
        "edit": discussed,
        "offer": discussed and row.proposed_by_us is True and not row.offered,
        "compare": discussed and row.compared_at is None,
        "sign": discussed and row.offered and not row.signed_by_us,
        "decline": discussed,
        "amend": in_force and not row.pending,
        "suspend": in_force and not row.suspended_by_us,
        "resume": in_force and row.suspended_by_us,
        "end": in_force and (row.ends_at is None or row.ends_at > by_our_notice),
    }


def next_step(row: AgreementRow) -> str:
    """Whose move it is, and which, in one sentence."""
    if row.state in CLOSED:
        return _("Nothing more can be done under it. A new agreement begins anew.")
    if not row.pending:
        return _("Both have signed. Nothing waits.")
    if row.proposed_by_us and not row.offered:
        return _("Your move: read the draft, then offer it to the partner.")
    if row.signed_by_us:
        return _("The partner's move: you have signed, the partner has not yet.")
    if row.signed_by_them:
        return _("Your move: the partner has signed. Read the document, then sign, answer, or decline.")
    if row.proposed_by_us:
        return _("The partner's move: it reads your offer. You can sign it meanwhile.")
    return _("Your move: read the partner's offer, then sign, answer with other terms, or decline.")


def _wanted(shown: AgreementShown, digest: str) -> VersionShown | None:
    chosen = next((one for one in shown.versions if digest and one.digest == digest), None)
    return chosen or shown.discussed or shown.in_force or next(iter(shown.versions), None)


def context_of_party(shown: AgreementShown) -> dict[str, Any]:
    """Both sides for the page where fingerprints are read aloud."""
    ours = next((one for one in shown.parties if one.ours), None)
    theirs = next((one for one in shown.parties if not one.ours), None)
    return {"shown": shown, "row": shown.row, "ours": ours, "theirs": theirs}
