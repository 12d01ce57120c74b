"""Offer, decline, suspend, resume, end: each after a page that says in words what will happen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from countermark.node.exchange import selectors
from countermark.node.exchange.agreeing import drafting, lifecycle
from countermark.node.exchange.shown import AgreementShown
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.agreements.views import possible
from countermark.node.web.door import Page, PageOf, with_member
from countermark.node.web.exchange import banner
from countermark.node.web.proving import with_proven_member
from countermark.node.web.words import Word


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        title: of its page.
        button: verb and object.
        keep: the way back.
        done: said afterwards.
        perform: does it, with a reason where one is asked for.
        consequences: what will happen, in sentences.
        reason_help: who reads the reason; empty when none is asked for.
        grave: outward and not to be undone.
    """

    title: Word
    button: Word
    keep: Word
    done: Word
    perform: Callable[[Member, str, str], object]
    consequences: Callable[[AgreementShown], list[str]]
    reason_help: Word = ""
    grave: bool = True


def _offering(shown: AgreementShown) -> list[str]:
    lines = [
        _("The document is sent to the partner's node, as it stands now. The partner reads it."),
        _("Nothing counts before both organisations have signed."),
    ]
    if shown.in_force is not None:
        lines.append(_("The version in force goes on until then."))
    return lines


def _declining(shown: AgreementShown) -> list[str]:
    lines = [_("The partner is told that the document is declined, with your reason.")]
    if shown.in_force is not None:
        return [*lines, _("The version in force goes on as it is.")]
    return [*lines, _("The agreement is closed. Beginning anew makes another one.")]


def _suspending(_shown: AgreementShown) -> list[str]:
    return [
        _("At once, nothing new passes in either direction: no finding, no notice, no comment."),
        _("Receipts, withdrawals and key changes still pass, and what was received can still be read."),
        _("The partner is told your reason, in a signed entry that stays."),
        _("You can resume it at any time."),
    ]


def _resuming(shown: AgreementShown) -> list[str]:
    lines = [_("Entries pass again in both directions, in the order in which they are said.")]
    if shown.row.suspended_by_them:
        lines = [_("Your suspension ends. The partner's own goes on, so nothing new passes yet.")]
    return [*lines, _("The partner is told, in a signed entry.")]


def _ending(shown: AgreementShown) -> list[str]:
    days = shown.notice_days
    end = now() + timedelta(days=days)
    if days:
        first = ngettext(
            "It ends after the agreed notice of %(n)d day, on %(end)s. Until then everything goes on.",
            "It ends after the agreed notice of %(n)d days, on %(end)s. Until then everything goes on.",
            days,
        ) % {"n": days, "end": formats.date_format(timezone.localtime(end), "j M Y")}
    else:
        first = _("It ends at once: no notice was agreed.")
    return [
        first,
        _("After the end nothing new passes. Receipts, withdrawals and proofs of deletion still do."),
        _("Data are deleted as the terms say. Old entries stay, and their proofs still verify."),
        _("The partner is told your reason, in a signed entry. Notice cannot be taken back."),
    ]


_PARTNER_READS = gettext_lazy("One sentence. The partner reads it.")
ACTS: dict[str, Act] = {
    "offer": Act(
        gettext_lazy("Offer the document"),
        gettext_lazy("Send the offer"),
        gettext_lazy("Not yet"),
        gettext_lazy("The offer is on its way. This page says when the partner has answered."),
        lambda member, name, _reason: drafting.offer(member, name),
        _offering,
        grave=False,
    ),
    "decline": Act(
        gettext_lazy("Decline the document"),
        gettext_lazy("Decline it"),
        gettext_lazy("Keep discussing"),
        gettext_lazy("Declined. The partner is told why."),
        drafting.decline,
        _declining,
        _PARTNER_READS,
    ),
    "suspend": Act(
        gettext_lazy("Suspend the agreement"),
        gettext_lazy("Suspend it now"),
        gettext_lazy("Keep it running"),
        gettext_lazy("Suspended. Nothing new passes until you resume it."),
        lifecycle.suspend,
        _suspending,
        _PARTNER_READS,
    ),
    "resume": Act(
        gettext_lazy("Resume the agreement"),
        gettext_lazy("Resume it"),
        gettext_lazy("Keep it suspended"),
        gettext_lazy("Resumed. The partner is told."),
        lambda member, name, _reason: lifecycle.resume(member, name),
        _resuming,
        grave=False,
    ),
    "end": Act(
        gettext_lazy("End the agreement"),
        gettext_lazy("Give notice"),
        gettext_lazy("Keep the agreement"),
        gettext_lazy("Notice is given. The partner is told."),
        lifecycle.give_notice,
        _ending,
        _PARTNER_READS,
    ),
}


def with_member_for_act(page: PageOf[[str, str]]) -> Page[[str, str]]:
    """The door of an act: the stricter one when it is grave."""
    usual, strict = with_member(page), with_proven_member(page)

    def at_the_door(request: HttpRequest, /, name: str, act: str) -> HttpResponseBase:
        return (strict if ACTS[act].grave else usual)(request, name, act)

    return at_the_door


@require_http_methods(["GET", "HEAD", "POST"])
@with_member_for_act
def act(request: HttpRequest, member: Member, name: str, act: str) -> HttpResponseBase:
    """The page before an act, and the act."""
    member.require(Permission.AGREEMENTS_MANAGE)
    chosen, shown = ACTS[act], selectors.agreement(member, name)
    reason, problem = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            chosen.perform(member, name, reason)
        except Invalid as refused:
            problem = refused.detail
        else:
            banner.look_again(member)
            messages.success(request, chosen.done)
            return HttpResponseRedirect(reverse("web:agreement", args=[name]), status=303)
    elif not possible(member, shown)[act]:
        raise Conflict(_("This cannot be done with the agreement as it stands now."))
    context = {
        "act": chosen,
        "row": shown.row,
        "consequences": chosen.consequences(shown),
        "reason": reason,
        "problem": problem,
    }
    return render(request, "agreements/act.html", context, status=422 if problem else 200)
