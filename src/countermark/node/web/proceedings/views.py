"""Proceedings: their list, the opening of one, and one with its clocks and what can happen next."""

import secrets
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermark.law.regime import Regime
from countermark.law.wording import said
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings import happening, opening, regimes, selectors
from countermark.node.proceedings.happening import Said
from countermark.node.proceedings.opening import Opening
from countermark.node.rights import selectors as rights
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm, choice, line
from countermark.node.web.refusals import refusals_told

#: Whose working days count, where the law leaves it to the case.
_WHOSE_DAYS = {
    "eu-customs": gettext_lazy("That of the customs office that holds the goods: a code such as FR."),
    "eu-customs-application": gettext_lazy("That of the customs office that decides: a code such as FR."),
    "udrp": gettext_lazy("That of the registrar: a code such as FR."),
}


class OpenForm(PageForm):
    """What a person says when it opens a proceeding; fields that its law does not ask for are taken away."""

    about = line(
        gettext_lazy("What it is about"),
        required=True,
        longest=opening.LONGEST_ABOUT,
        help_text=gettext_lazy("The goods, the domain, the recordal. Name no person."),
    )
    since = forms.DateField(
        label=gettext_lazy("First day on which something happened"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    right = choice(gettext_lazy("Right that it rests on"), [("", gettext_lazy("None yet"))], required=False)
    place = line(gettext_lazy("Country whose working days count"), required=True, longest=2)
    zone = line(
        gettext_lazy("Time zone of its days"), longest=60, help_text=gettext_lazy("Such as Europe/Paris; empty is UTC.")
    )
    facts = forms.MultipleChoiceField(
        label=gettext_lazy("What is true from the start"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def shaped(self, member: Member, regime: Regime) -> "OpenForm":
        """The form as this law needs it, with the rights of the house."""
        kinds = regime.file.applies.kinds
        page = rights.rights(member, size=200) if member.may(Permission.RIGHTS_VIEW) else None
        found = (
            [(one.id, f"{one.title} {one.office} {one.number}") for one in page.rows if one.kind in kinds]
            if page
            else []
        )
        self.fields["right"].choices = [("", _("None yet")), *found]  # type: ignore[attr-defined]
        self.fields["place"].help_text = _WHOSE_DAYS.get(regime.id, "")
        facts = [
            (one, said(regime.file.facts[one], get_language() or "en")) for one in regimes.facts_at_opening(regime)
        ]
        self.fields["facts"].choices = facts  # type: ignore[attr-defined]
        for name, is_asked in (
            ("place", not regime.file.place),
            ("zone", not regime.file.zone),
            ("facts", bool(facts)),
        ):
            if not is_asked:
                del self.fields[name]
        if regime.id == "us-inform":
            del self.fields["right"]
        return self


@require_safe
@with_member
def proceedings(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Proceedings that are open, or those that are closed; and what can be opened."""
    closed = "closed" in request.GET
    page = selectors.proceedings(member, request.GET.get("after", "")[:30], closed=closed)
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "closed": closed,
        "regimes": regimes.regimes_of(member) if regimes.may_write(member) else (),
    }
    return render(request, "proceedings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def open_one(request: HttpRequest, member: Member, regime_id: str) -> HttpResponseBase:
    """Open a proceeding under one law."""
    member.require(regimes.writing(member))
    regime = regimes.regime_of(member, regime_id)
    if request.method != "POST":
        return _opening(request, regime, OpenForm(initial={"since": now().date()}).shaped(member, regime))
    form = OpenForm(request.POST).shaped(member, regime)
    if not form.is_valid():
        return _opening(request, regime, form, 422)
    given = form.cleaned_data
    wanted = Opening(
        regime=regime.id,
        about=given["about"],
        since=given["since"],
        right=given.get("right", ""),
        place=given.get("place", ""),
        zone=given.get("zone", ""),
        facts=frozenset(given.get("facts", ())),
        key=request.POST.get("key", ""),
    )
    try:
        name = opening.open_one(member, wanted)
    except Invalid as problem:
        form.take(problem)
        return _opening(request, regime, form, 422)
    return HttpResponseRedirect(reverse("web:proceeding", args=[name]), status=303)


@require_safe
@with_member
def proceeding(request: HttpRequest, member: Member, proceeding_id: str) -> HttpResponseBase:
    """One proceeding: where it stands, each clock, what can happen next and what was written."""
    shown = selectors.proceeding(member, proceeding_id)
    context = {"shown": shown, "may_move": member.may(Permission.LAWBOOK_SIGN)}
    return render(request, "proceedings/detail.html", context)


@require_POST
@with_member
def act(request: HttpRequest, member: Member, proceeding_id: str, act: str) -> HttpResponseBase:
    """Write what happened, take the last back, or move to the law of today; comes back with what stands against it."""
    sent = request.POST
    with refusals_told(request):
        done = _("Written. The clocks below are counted from it.")
        if act == "happened":
            happening.happened(member, proceeding_id, _said(request))
        elif act == "take-back":
            happening.take_back(member, proceeding_id, sent.get("reason", ""), _seen(request))
            done = _("Taken back. State and clocks are as before it.")
        else:
            happening.move_to_todays_law(member, proceeding_id, sent.get("reason", ""))
        messages.success(request, done)
    return HttpResponseRedirect(reverse("web:proceeding", args=[proceeding_id]), status=303)


def _said(request: HttpRequest) -> Said:
    sent = request.POST
    try:
        day = date.fromisoformat(sent.get("day", "").strip()[:10])
    except ValueError:
        day = None
    facts = {name.removeprefix("fact."): str(value) for name, value in sent.items() if name.startswith("fact.")}
    return Said(
        event=sent.get("event", "")[:40],
        actor=sent.get("actor", "")[:40],
        day=day,
        facts=facts,
        note=sent.get("note", ""),
        seen=_seen(request),
    )


def _seen(request: HttpRequest) -> int | None:
    """How many steps the page showed on which the form stood."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _opening(request: HttpRequest, regime: Regime, form: OpenForm, status: int = 200) -> HttpResponse:
    key = request.POST.get("key", "")[:64] or secrets.token_hex(16)
    return render(request, "proceedings/open.html", {"regime": regime.file, "form": form, "key": key}, status=status)
