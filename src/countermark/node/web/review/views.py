"""The review screen: open the next item, decide, undo, skip, hold. Every change is a plain form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import services
from countermark.node.review.shown import ReviewItem
from countermark.node.review.verdicts import Verdict
from countermark.node.web import narrowing
from countermark.node.web.door import is_fragment_wanted, with_member
from countermark.node.web.narrowing import Narrowing
from countermark.node.web.review import context
from countermark.node.web.review.context import Attempt, Said
from countermark.node.web.words import JUDGED

#: Longest time a page reports an item was looked at; more is a page left open.
LONGEST_LOOK = 3600


@require_GET
@with_member
def queue(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The first item of the queue, or what to do now that it is clear."""
    wanted = narrowing.read(request.GET)
    item = services.open_next(member, wanted.filters)
    return _page(request, member, wanted, item)


@require_GET
@with_member
def item(request: HttpRequest, member: Member, finding_id: str) -> HttpResponseBase:
    """One item; a part of the page when the page asks, the whole page otherwise."""
    wanted = narrowing.read(request.GET)
    opened = services.open_item(member, finding_id, wanted.filters)
    if is_fragment_wanted(request):
        shown = context.of_item(wanted, opened)
        return render(request, "review/_item.html", shown | {"item": opened})
    return _page(request, member, wanted, opened)


@require_GET
@with_member
def filters(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What the queue can be narrowed to; inside the menu, or as a page of its own."""
    member.require(Permission.REVIEW_VIEW)
    shown = {"filters": context.of_filters(member, narrowing.read(request.GET))}
    return render(request, "review/_filter.html" if is_fragment_wanted(request) else "review/filter.html", shown)


@require_POST
@with_member
def decide(request: HttpRequest, member: Member, finding_id: str) -> HttpResponseBase:
    """Judge an item one holds; the next one comes."""
    member.require(Permission.REVIEW_DECIDE)
    wanted = narrowing.read(request.GET)
    attempt = Attempt.from_form(request.POST)
    try:
        services.decide(
            member,
            finding_id,
            verdict=_verdict(attempt.verdict),
            reason=attempt.reason,
            note=attempt.note,
            lease_token=request.POST.get("lease", ""),
            seconds=_seconds(request.POST.get("seconds", "")),
        )
    except Invalid as problem:
        again = services.open_item(member, finding_id, wanted.filters)
        return _screen(request, member, wanted, again, Said(problem.detail), attempt=attempt, problem=problem)
    except Conflict as problem:
        following = services.open_next(member, wanted.filters)
        kept = Said(problem.title, detail=f"{problem.detail} {_('The next item is here.')}", note=attempt.note)
        return _screen(request, member, wanted, following, kept, status=409, kept=kept, onwards=True)
    return _onwards(request, member, wanted, Said(_("Saved: %s.") % str(JUDGED[attempt.verdict]).lower()))


@require_POST
@with_member
def undo(request: HttpRequest, member: Member, decision_id: str) -> HttpResponseBase:
    """Take back one's own decision; the item comes back."""
    wanted = narrowing.read(request.GET)
    back = services.undo(member, decision_id, wanted.filters)
    said = Said(_("Taken back. The item is yours again."))
    if is_fragment_wanted(request):
        return _screen(request, member, wanted, back, said, status=200)
    messages.success(request, said.words)
    return HttpResponseRedirect(wanted.address(reverse("web:review-item", args=[back.finding.row.core_id])), status=303)


@require_POST
@with_member
def skip(request: HttpRequest, member: Member, finding_id: str) -> HttpResponseBase:
    """Put an item aside for a day, for this member only."""
    wanted = narrowing.read(request.GET)
    services.skip(member, finding_id)
    said = Said(
        _("Skipped: put aside for a day, for you only."),
        back_address=wanted.address(reverse("web:review-unskip", args=[finding_id])),
        back_label=_("Take it back"),
    )
    return _onwards(request, member, wanted, said)


@require_POST
@with_member
def unskip(request: HttpRequest, member: Member, finding_id: str) -> HttpResponseBase:
    """Take a skip back; the item comes back."""
    wanted = narrowing.read(request.GET)
    services.unskip(member, finding_id)
    if not is_fragment_wanted(request):
        return HttpResponseRedirect(wanted.address(reverse("web:review-item", args=[finding_id])), status=303)
    back = services.open_item(member, finding_id, wanted.filters)
    return _screen(request, member, wanted, back, Said(_("Back again.")), status=200)


@require_POST
@with_member
def renew(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Hold an item for longer; the page asks while it is visible and used. 409 when someone else has it."""
    lease = services.renew_lease(member, request.POST.get("item", ""), request.POST.get("lease", ""))
    response = HttpResponse(status=204)
    if lease.until is not None:
        response.headers["X-Lease-Until"] = lease.until.isoformat()
        response.headers["X-Lease-Clock"] = f"{timezone.localtime(lease.until):%H:%M}"
    return response


def _page(request: HttpRequest, member: Member, wanted: Narrowing, opened: ReviewItem | None) -> HttpResponse:
    return render(request, "review/page.html", context.of_page(member, wanted, opened, _cursor(request)))


def _onwards(request: HttpRequest, member: Member, wanted: Narrowing, said: Said) -> HttpResponseBase:
    """The next item, as a part of the page or by way of the queue's address."""
    if not is_fragment_wanted(request):
        messages.success(request, said.words)
        return HttpResponseRedirect(wanted.address(reverse("web:review")), status=303)
    following = services.open_next(member, wanted.filters)
    return _screen(request, member, wanted, following, said, status=200, onwards=True)


def _screen(  # noqa: PLR0913 - what happened, and what to show after it
    request: HttpRequest,
    member: Member,
    wanted: Narrowing,
    opened: ReviewItem | None,
    said: Said,
    *,
    status: int = 422,
    attempt: Attempt | None = None,
    problem: Invalid | None = None,
    kept: Said | None = None,
    onwards: bool = False,
) -> HttpResponse:
    """What the page shows after a form, whole for one without JavaScript."""
    shown = context.of_page(member, wanted, opened, "", attempt=attempt, problem=problem)
    shown |= {
        "kept": kept,
        "said": said if status == 200 else None,
        "spoken": context.spoken(said, opened, onwards=onwards),
    }
    template = "review/_after.html" if is_fragment_wanted(request) else "review/page.html"
    return render(request, template, shown, status=status)


def _verdict(text: str) -> Verdict:
    try:
        return Verdict(text)
    except ValueError as error:
        raise Invalid.of("verdict", "verdict-missing", _("No verdict was chosen."), _("Choose one.")) from error


def _seconds(text: str) -> int:
    return min(int(text), LONGEST_LOOK) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _cursor(request: HttpRequest) -> str:
    return request.GET.get("after", "")[:100]
