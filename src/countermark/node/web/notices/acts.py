"""What is done with a notice: each a plain form of its page; what the law refuses comes back with its reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.notices import acting, attachments, deciding, disputes, filing, selectors
from countermark.node.notices.acting import Suit
from countermark.node.notices.completing import Completion
from countermark.node.notices.deciding import Decision
from countermark.node.notices.disputes import Dispute
from countermark.node.notices.states import DECISIONS, Deed
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@require_POST
@with_member
def act(request: HttpRequest, member: Member, notice_id: str, act: str) -> HttpResponseBase:
    """Undo, send now, withdraw, report a suit, answer a question."""
    return _tried(request, notice_id, lambda: _ACTS[act](member, notice_id, request))


@require_POST
@with_member
def decide(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """Decide on a notice; a restriction is followed by the page with the seller's link, shown this once."""
    deed, _sep, reason = request.POST.get("decision", "").partition(":")
    known = next((one for one in DECISIONS if one == deed), Deed.FILE)
    decision = Decision(
        deed=known,
        reason=reason[:40],
        note=request.POST.get("note", ""),
        second_look="second_look" in request.POST,
    )
    token = ""

    def perform() -> None:
        nonlocal token
        token = deciding.decide(member, notice_id, decision)

    answer = _tried(request, notice_id, perform)
    return _with_link(request, member, notice_id, token) if token else answer


@require_POST
@with_member
def link(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """A further link for the seller."""
    return _with_link(request, member, notice_id, deciding.link_again(member, notice_id))


def _with_link(request: HttpRequest, member: Member, notice_id: str, token: str) -> HttpResponseBase:
    """The link is in this one answer and nowhere else: not in a session, not in a redirect."""
    address = request.build_absolute_uri(reverse("web:seller", args=[token]))
    context = {"notice": selectors.notice(member, notice_id), "link": address}
    response = render(request, "notices/link.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _tried(request: HttpRequest, notice_id: str, perform: Callable[[], None]) -> HttpResponseBase:
    with refusals_told(request):
        perform()
        messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("web:notice", args=[notice_id]), status=303)


def _suit(member: Member, notice_id: str, request: HttpRequest) -> None:
    sent, file = request.POST, request.FILES.get("document")
    document = None
    if file is not None:
        (document,) = attachments.accept([(str(file.name), bytes(file.read(attachments.LARGEST + 1)))])
    suit = Suit(
        kind=sent.get("kind", "")[:40],
        paper=sent.get("paper", "")[:40],
        authority=sent.get("authority", ""),
        docket=sent.get("docket", ""),
        day=sent.get("day", "")[:10],
        document=document,
    )
    acting.report_suit(member, notice_id, suit)


def _body(member: Member, notice_id: str, request: HttpRequest) -> None:
    sent = request.POST
    dispute = Dispute(
        by_seller=sent.get("by") == "seller",
        body=sent.get("body", ""),
        reference=sent.get("reference", ""),
        day=sent.get("day", "")[:10],
    )
    disputes.go_to_body(member, notice_id, dispute)


def _answer(member: Member, notice_id: str, request: HttpRequest) -> None:
    """The words of an answer; where the notice was incomplete, also what completes it."""
    sent, evidence = request.POST, []
    file = request.FILES.get("evidence_file")
    if file is not None:
        (paper,) = attachments.accept([(str(file.name), bytes(file.read(attachments.LARGEST + 1)))])
        evidence.append((sent.get("evidence_kind", "")[:40], paper))
    brings = Completion(
        texts={name.removeprefix("lack."): sent.get(name, "") for name in sent if name.startswith("lack.")},
        declared=frozenset(sent.getlist("declared")[:20]),
        signer=sent.get("signer", ""),
        evidence=tuple(evidence),
    )
    acting.answer(member, notice_id, sent.get("words", ""), brings)


_ACTS: dict[str, Callable[[Member, str, HttpRequest], None]] = {
    "undo": lambda member, notice_id, _request: filing.undo(member, notice_id),
    "send": lambda member, notice_id, _request: filing.send_now(member, notice_id),
    "withdraw": lambda member, notice_id, request: acting.withdraw(member, notice_id, request.POST.get("reason", "")),
    "answer": _answer,
    "reply": lambda member, notice_id, request: acting.reply(member, notice_id, request.POST.get("words", "")),
    "complain": lambda member, notice_id, request: acting.complain(member, notice_id, request.POST.get("words", "")),
    "accept": lambda member, notice_id, _request: acting.accept(member, notice_id),
    "suit": _suit,
    "body": _body,
    "extend": lambda member, notice_id, request: disputes.extend(
        member, notice_id, request.POST.get("day", "")[:10], request.POST.get("why", "")
    ),
    "settle": lambda member, notice_id, request: disputes.settle(
        member,
        notice_id,
        request.POST.get("day", "")[:10],
        request.POST.get("outcome", "")[:40],
        request.POST.get("words", ""),
    ),
}
