"""Make, see and revoke tokens with which other tools read what was exchanged."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from countermark.node.exchange.facades import tokens
from countermark.node.insight import selectors as insight
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm, choice, line
from countermark.node.web.proving import with_proven_member


class TokenForm(PageForm):
    """A token to make; it reads with the role of whoever makes it."""

    name = line(gettext_lazy("For which tool"), longest=80, required=True)
    agreement = choice(gettext_lazy("Agreement"), [], required=False)
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=tokens.MOST_DAYS, initial=90)
    personal = forms.BooleanField(
        label=gettext_lazy("Personal data too"),
        required=False,
        help_text=gettext_lazy("Only where the tool needs them. Each hour of reading is written to the trail."),
    )

    def __init__(self, agreements: tuple[tuple[str, str], ...], data: Any = None) -> None:
        super().__init__(data)
        options = [("", _("All")), *((name, f"{name}: {partner}") for name, partner in agreements)]
        self.fields["agreement"].choices = options  # type: ignore[attr-defined]


@require_safe
@with_member
def page(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every token, newest first."""
    return _page(request, member, TokenForm(insight.agreements(member)))


@require_POST
@with_proven_member
@sensitive_variables("made")
def add(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Make a token; it is shown once, on this page only."""
    form = TokenForm(insight.agreements(member), request.POST)
    if not form.is_valid():
        return _page(request, member, form, status=422)
    try:
        made = tokens.add(member, **form.cleaned_data)
    except Invalid as problem:
        form.take(problem)
        return _page(request, member, form, status=422)
    return _page(request, member, TokenForm(insight.agreements(member)), made=made)


@require_POST
@with_member
def revoke(request: HttpRequest, member: Member, key: int) -> HttpResponseBase:
    """Close a token at once."""
    tokens.revoke(member, key)
    messages.success(request, _("Revoked. The tool is refused from now on."))
    return HttpResponseRedirect(reverse("web:tokens"), status=303)


def _page(request: HttpRequest, member: Member, form: TokenForm, *, status: int = 200, made: str = "") -> HttpResponse:
    shown = {"rows": tokens.listed(member), "form": form, "made": made}
    return render(request, "tokens/list.html", shown, status=status)
