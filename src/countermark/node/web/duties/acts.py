"""What is done at the desks: each a plain form of its page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.duties import holding, informing, labels, lists, persons, publishing
from countermark.node.duties.labels import Court
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.duties.forms import HoldForm, day_of
from countermark.node.web.duties.views import holds_page
from countermark.node.web.refusals import refusals_told


@require_POST
@with_member
def take_back(request: HttpRequest, member: Member, entry_id: str) -> HttpResponseBase:
    """Take an entry about a shop back."""
    return _tried(
        request, reverse("web:duties-lists"), lambda: lists.take_back(member, entry_id, request.POST.get("why", ""))
    )


@require_POST
@with_member
def about_notice(request: HttpRequest, member: Member, notice_id: str, act: str) -> HttpResponseBase:
    """Tell a partner, draft for the public, or write down what a court found."""
    sent, here = request.POST, reverse("web:duties-notice", args=[notice_id])
    if act == "tell":
        return _tried(
            request,
            here,
            lambda: lists.put_on(member, notice_id, sent.get("agreement", ""), day_of(sent.get("expires_on", ""))),
        )
    if act == "publish":
        return _tried(
            request, reverse("web:duties-publications"), lambda: publishing.draft(member, "notice", notice_id)
        )
    if act != "court":
        raise Http404
    court = Court(
        authority=sent.get("authority", ""),
        docket=sent.get("docket", ""),
        day=sent.get("day", ""),
        infringes=sent.get("infringes") == "yes",
    )
    return _tried(request, here, lambda: labels.record_court(member, notice_id, court))


@require_POST
@with_member
def place_hold(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Place a hold."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return holds_page(request, member, form, 422)
    given = form.cleaned_data
    try:
        holding.place(member, given["target"], given["reason"], given["case"], day_of(given["review_on"]))
    except Invalid as problem:
        form.take(problem, {"received_on": "review_on"})
        return holds_page(request, member, form, 422)
    except Conflict as problem:
        form.add_error("target", problem.detail)
        return holds_page(request, member, form, 409)
    messages.success(request, _("Held. You are reminded on that day."))
    return HttpResponseRedirect(reverse("web:duties-holds"), status=303)


@require_POST
@with_member
def change_hold(request: HttpRequest, member: Member, hold_id: str, act: str) -> HttpResponseBase:
    """Look again later, or end a hold."""
    acts: dict[str, Callable[[], object]] = {
        "review": lambda: holding.review(member, hold_id, day_of(request.POST.get("review_on", ""))),
        "end": lambda: holding.end(member, hold_id),
    }
    return _one_of(request, reverse("web:duties-holds"), acts, act)


@require_POST
@with_member
def draft_essence(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Draft the essence of a joint arrangement."""
    name = request.POST.get("agreement", "")
    return _tried(request, reverse("web:duties-publications"), lambda: publishing.draft(member, "essence", name))


@require_POST
@with_member
def change_publication(request: HttpRequest, member: Member, name: str, act: str) -> HttpResponseBase:
    """Change a draft, release it, or withdraw it."""
    sent = request.POST
    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: publishing.edit(member, name, sent.get("title", ""), sent.get("text", "")),
        "release": lambda: publishing.release(member, name, no_secret=sent.get("no_secret") == "on"),
        "withdraw": lambda: publishing.withdraw(member, name),
    }
    return _one_of(request, reverse("web:duties-publication", args=[name]), acts, act)


@require_POST
@with_member
def change_request(request: HttpRequest, member: Member, name: str, act: str) -> HttpResponseBase:
    """Extend a request, or write what was answered."""
    sent = request.POST
    acts: dict[str, Callable[[], object]] = {
        "extend": lambda: persons.extend(member, name, sent.get("why", "")),
        "answer": lambda: persons.answer(member, name, sent.get("outcome", ""), sent.get("words", "")),
    }
    return _one_of(request, reverse("web:duties-person", args=[name]), acts, act)


@require_POST
@with_member
def settle(request: HttpRequest, member: Member, number: int) -> HttpResponseBase:
    """Write how a person was informed, or why not."""
    sent = request.POST
    return _tried(
        request,
        reverse("web:duties-informing"),
        lambda: informing.settle(member, number, sent.get("done", ""), sent.get("words", "")),
    )


def _one_of(request: HttpRequest, here: str, acts: dict[str, Callable[[], object]], act: str) -> HttpResponseBase:
    if act not in acts:
        raise Http404
    return _tried(request, here, acts[act])


def _tried(request: HttpRequest, here: str, perform: Callable[[], object]) -> HttpResponseBase:
    with refusals_told(request):
        perform()
        messages.success(request, _("Done."))
    return HttpResponseRedirect(here, status=303)
