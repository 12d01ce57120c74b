"""Record an act of a purchase, or correct one: a form that a phone fills in beside the parcel."""

from typing import Any, BinaryIO

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from countermark.node.evidence.purchases import kinds, recording, viewing
from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.purchases.recording import Upload
from countermark.node.evidence.purchases.viewing import PurchaseShown
from countermark.node.kernel.errors import Invalid, NotFound
from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member
from countermark.node.web.purchases.forms import ActForm
from countermark.node.web.purchases.words import DO, DONE, HELP

#: Names of the file fields: the camera for films and photographs, and whatever lies on the device already.
_FILES = ("film", "photo", "more")


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def order(request: HttpRequest, member: Member, listing_id: str) -> HttpResponseBase:
    """Begin the record of a purchase from a listing."""
    member.require(Permission.EVIDENCE_PURCHASE)
    found = listings.listing(member, listing_id)
    offered = found.row.price
    known = {"price": str(offered.amount), "currency": offered.currency} if offered else {}
    form = ActForm(Act.ORDER, request.POST if request.method == "POST" else None, known)
    back = reverse("web:listing", args=[listing_id])
    if request.method == "POST" and form.is_valid():
        retention = request.POST.get("retention", "case")[:10]
        try:
            made = recording.order(member, found.row.id, form.given(), _files(request), retention)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Recorded. When the parcel comes, do not open it before the camera runs."))
            return HttpResponseRedirect(reverse("web:purchase", args=[made]), status=303)
    return _page(request, Act.ORDER, form, back, title=found.row.title)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def act(request: HttpRequest, member: Member, purchase_id: str, act: str) -> HttpResponseBase:
    """Record one more act."""
    found = viewing.purchase(member, purchase_id)
    if act not in set(Act) - {Act.ORDER, Act.CORRECT}:
        raise NotFound("act of a purchase", act)
    done, back = Act(act), reverse("web:purchase", args=[purchase_id])
    if done not in found.allowed:
        # Pressed twice, or a colleague was faster: what there is now says more than a refusal.
        messages.warning(request, _("Nothing was recorded: at this stage it cannot be. Look at what is there already."))
        return HttpResponseRedirect(back, status=303)
    form = ActForm(done, request.POST if request.method == "POST" else None, _known(found))
    if request.method == "POST" and form.is_valid():
        try:
            recording.record(member, purchase_id, done, form.given(), _files(request))
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Recorded: %(what)s.") % {"what": DONE[done]})
            return HttpResponseRedirect(back, status=303)
    return _page(request, done, form, back, title=purchase_id)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def correct(request: HttpRequest, member: Member, purchase_id: str, seq: int) -> HttpResponseBase:
    """Say what is meant in place of the words of an earlier act."""
    found = viewing.purchase(member, purchase_id)
    step = next((one for one in found.steps if one.seq == seq and one.act not in {None, Act.CORRECT}), None)
    if step is None or step.act is None or Act.CORRECT not in found.allowed:
        raise NotFound("act that could be corrected")
    form = ActForm(step.act, request.POST if request.method == "POST" else None, _standing(found, seq))
    form.ask_what_was_wrong()
    back = reverse("web:purchase", args=[purchase_id])
    if request.method == "POST" and form.is_valid():
        try:
            recording.record(member, purchase_id, Act.CORRECT, form.given(), _files(request), corrects=seq)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Corrected. The first words stay in the chain."))
            return HttpResponseRedirect(back, status=303)
    return _page(request, Act.CORRECT, form, back, title=purchase_id)


def _known(found: PurchaseShown) -> dict[str, str]:
    """What need not be typed again: the object is with whoever had it last."""
    return {"by": found.holder} if found.holder else {}


def _standing(found: PurchaseShown, seq: int) -> dict[str, str]:
    """The words of an act as they are meant now; not what was wrong with them before."""
    last = next(one for one in reversed(found.steps) if seq in {one.seq, one.corrects} and one.act)
    words = {name: value for name, value in last.words if name != recording.CORRECTION}
    return {"at": last.at, **words} if last.at else {}


def _files(request: HttpRequest) -> list[Upload]:
    sent = [one for name in _FILES for one in request.FILES.getlist(name)]
    return [Upload(_readable(one), one.size or 0, one.name or "") for one in sent]


def _readable(one: "UploadedFile[Any]") -> BinaryIO:
    file: BinaryIO = one.file  # type: ignore[assignment]
    return file


def _page(request: HttpRequest, act: Act, form: ActForm, back: str, *, title: str) -> HttpResponseBase:
    shown = {
        "form": form,
        "act": act,
        "heading": DO[act],
        "help": HELP[act],
        "back": back,
        "title": title,
        "accept": kinds.ACCEPT,
        "is_order": act is Act.ORDER,
        "shows": act is Act.OPEN,
        "largest_film": kinds.largest_film(),
        "largest": kinds.LARGEST,
    }
    return render(request, "purchases/act.html", shown, status=422 if form.is_bound and form.errors else 200)
