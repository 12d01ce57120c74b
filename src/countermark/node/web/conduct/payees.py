"""At a payment platform: what waits, who is paid and was held, and the form that holds; figures of half a year."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.conduct import payees, payments, selectors
from countermark.node.conduct.payments import Hold
from countermark.node.conduct.telling import WAYS
from countermark.node.conduct.words import FIGURE_WORDS, MACHINE_WORDS, PROVED_WORDS
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.web.conduct.acts import day_of
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told

_HALF_A_YEAR = timedelta(days=182)


def index(request: HttpRequest, member: Member, sent: QueryDict | None = None) -> HttpResponseBase:
    """What waits for somebody, payees, and what was done in half a year; `sent`: a form that was refused."""
    last = now().date()
    first = last - _HALF_A_YEAR
    found = payees.figures(member, first, last)
    context = {
        "waiting": selectors.waiting(member),
        "payees": payees.payees(member),
        "counted": [(words, found[code]) for code, words in FIGURE_WORDS.items()],
        "first": first,
        "last": last,
        "sent": sent,
    }
    status = 200 if sent is None else 422
    return render(request, "conduct/payments.html", context | _for_holding(member), status=status)


@require_safe
@with_member
def payee(request: HttpRequest, member: Member, subject: str) -> HttpResponseBase:
    """What was done about one payee, and what can be."""
    found = payees.payee(member, subject)
    context = {"measures": found, "subject": subject, "about": "payees"} | for_forms()
    return render(request, "conduct/payee.html", context | _for_holding(member))


@require_POST
@with_member
def hold(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Hold pay-outs, or propose to end payment services; comes back to the payee's record, or to the form."""
    sent = request.POST
    wanted = Hold(
        payee=sent.get("payee", "").strip(),
        kind=sent.get("kind", "")[:20],
        held=sent.get("held", ""),
        reasons=sent.get("reasons", ""),
        ends_on=day_of(sent.get("ends_on", "")),
        label=sent.get("label", "")[:20],
        decided_by=sent.get("decided_by", ""),
        decision=sent.get("decision", ""),
        evidence=sent.get("evidence", ""),
        machine=sent.get("machine", "")[:20],
    )
    with refusals_told(request):
        payments.propose(member, wanted)
        messages.success(request, _("Done."))
        return HttpResponseRedirect(reverse("web:conduct-payee", args=[wanted.payee]), status=303)
    return index(request, member, sent)


def for_forms() -> dict[str, object]:
    """What the forms of a measure choose from."""
    return {"ways": WAYS.items(), "today": now().date().isoformat()}


def _for_holding(member: Member) -> dict[str, object]:
    return {
        "choices": payees.choices(member),
        "proved": PROVED_WORDS.items(),
        "machines": MACHINE_WORDS.items(),
        "today": now().date().isoformat(),
    }
