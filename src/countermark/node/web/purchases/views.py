"""All test purchases, one as a timeline, its check, its bag, its hold and its files."""

import tempfile
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.cases import seals
from countermark.node.evidence import retaining
from countermark.node.evidence.exhibits.facts import LANGUAGES
from countermark.node.evidence.purchases import bagging, checking, viewing
from countermark.node.evidence.purchases.acts import Act, Stage
from countermark.node.evidence.purchases.fields import FIELDS
from countermark.node.evidence.purchases.viewing import PurchaseRow, Step
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.parties.selectors import actor_names
from countermark.node.web.door import with_member
from countermark.node.web.purchases.words import CHOICE, DO, DONE, FIELD, MOVER, STAGE
from countermark.proof.verifying import Report

#: Fields whose values are codes.
_CHOICES = {asked.name for fields in FIELDS.values() for asked in fields if asked.kind == "choice"}


@require_safe
@with_member
def purchases(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list, newest first."""
    stage = request.GET.get("stage", "")
    after = request.GET.get("after", "")
    rows, cursor = viewing.purchases(member, stage, int(after) if after.isdecimal() and len(after) < 19 else 0)
    shown = {
        "rows": [_row(row) for row in rows],
        "next_cursor": cursor,
        "stage": stage if stage in set(Stage) else "",
        "stages": [("", _("All")), *((one.value, STAGE[one]) for one in Stage)],
    }
    return render(request, "purchases/list.html", shown)


@require_safe
@with_member
def purchase(request: HttpRequest, member: Member, purchase_id: str) -> HttpResponseBase:
    """The page of one purchase."""
    return _page(request, member, purchase_id, None)


@require_POST
@with_member
def check(request: HttpRequest, member: Member, purchase_id: str) -> HttpResponseBase:
    """Compare what is stored with what was recorded, and show each part."""
    return _page(request, member, purchase_id, checking.check_purchase(member, purchase_id))


@require_POST
@with_member
def hold(request: HttpRequest, member: Member, purchase_id: str) -> HttpResponseBase:
    """Set a legal hold, or lift it."""
    set_hold(request, member, purchase_id)
    return HttpResponseRedirect(reverse("web:purchase", args=[purchase_id]), status=303)


def set_hold(request: HttpRequest, member: Member, subject: str) -> None:
    """Set or lift a hold from what a form sent. Raises Invalid for a day that cannot be read."""
    reason, day = request.POST.get("reason", ""), request.POST.get("review_on", "")
    if request.POST.get("act") == "release":
        retaining.release(member, subject, reason)
        messages.success(request, _("The hold is lifted."))
        return
    try:
        review = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise Invalid.of("review_on", "not-a-day", "The day cannot be read.", "Choose it again.") from error
    retaining.hold(member, subject, reason, review)
    messages.success(request, _("Held: nothing of it is deleted until the hold is lifted."))


@require_POST
@with_member
def bag(request: HttpRequest, member: Member, purchase_id: str) -> HttpResponseBase:
    """The bag, as a download."""
    # The response closes the file, and with it the file is gone.
    out = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        name = bagging.export_purchase(member, purchase_id, out, seals.extract_with_seal(member, purchase_id))
    except BaseException:
        out.close()
        raise
    out.seek(0)
    response = FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@with_member
def file(request: HttpRequest, member: Member, purchase_id: str, name: str) -> HttpResponseBase:
    """One file, always as a download; or the receipt of a deletion."""
    if name == "receipt.json":
        return download(HttpResponse(retaining.receipt(member, purchase_id)), f"{purchase_id}-deleted.json")
    opened = viewing.open_file(member, purchase_id, name)
    return download(FileResponse(opened.file), opened.name)


def download(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """A file as a download that no browser opens in our pages."""
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, member: Member, purchase_id: str, report: Report | None) -> HttpResponseBase:
    found, names = viewing.purchase(member, purchase_id), actor_names(member)
    shown = {
        "purchase": found,
        "row": _row(found.row),
        "steps": [_step(step, names) for step in found.steps],
        "report": report,
        "next": (found.next.value, DO[found.next]) if found.next in found.allowed else None,
        "others": [(one.value, DO[one]) for one in found.allowed if one not in {found.next, Act.CORRECT}],
        "may_correct": Act.CORRECT in found.allowed,
        "languages": LANGUAGES.items(),
        "may_export": member.may(Permission.EVIDENCE_EXPORT),
        "held_by": names.get(found.held_by, found.held_by),
        "tellings": seals.tellings_of(member, purchase_id),
    }
    return render(request, "purchases/detail.html", shown)


def _row(row: PurchaseRow) -> dict[str, Any]:
    return {
        "purchase": row,
        "stage": STAGE[row.stage],
        "mover": MOVER[row.mover],
        "opinion": CHOICE.get(row.opinion, row.opinion),
    }


def _step(step: Step, names: dict[str, str]) -> dict[str, Any]:
    return {
        "step": step,
        "what": DONE.get(step.action, step.action),
        "who": names.get(step.actor, step.actor),
        "at": datetime.fromisoformat(step.at) if step.at else None,
        "recorded": datetime.fromisoformat(step.recorded),
        "words": [
            (FIELD.get(name, name), CHOICE.get(value, value) if name in _CHOICES else value)
            for name, value in step.words
        ],
        "may_be_corrected": step.act not in {None, Act.CORRECT} and bool(step.at),
    }
