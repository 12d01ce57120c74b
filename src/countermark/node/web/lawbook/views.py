"""Regimes and their rules, each with its tag; one rule, its sources, and the signature under it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from countermark.law.tags import Tag
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.lawbook import selectors, signing
from countermark.node.notices import migrating
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm, line


class SignForm(PageForm):
    """What a reviewer writes beside a signature."""

    words = line(
        gettext_lazy("What was read"),
        required=True,
        longest=signing.LONGEST_WORDS,
        help_text=gettext_lazy("The text, its edition, and what it says on this point."),
    )
    name = line(gettext_lazy("Your name, as signed"), longest=signing.LONGEST_NAME)


@require_safe
@with_member
def regimes(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every regime, how well it is known, and the open notices that run under an earlier version of it."""
    shown = {
        "rows": selectors.regimes(member),
        "tags": [(tag.value, tag.words, tag.is_confirmed) for tag in Tag],
        "outdated": migrating.outdated(member),
    }
    return render(request, "lawbook/regimes.html", shown)


@require_safe
@with_member
def regime(request: HttpRequest, member: Member, regime_id: str) -> HttpResponseBase:
    """The rules of one regime."""
    rows = selectors.rules(member, regime_id)
    shown = {"rows": rows, "title": selectors.title_of(regime_id), "regime_id": regime_id}
    return render(request, "lawbook/rules.html", shown)


@require_safe
@with_member
def counting(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The ways of counting: they are signed like rules."""
    return render(request, "lawbook/rules.html", {"rows": selectors.counting(member), "title": _("Ways of counting")})


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def rule(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """One rule: read it; sign it, or take the signature back."""
    if request.method != "POST":
        return _page(request, member, name, SignForm(initial={"name": member.name}))
    member.require(Permission.LAWBOOK_SIGN)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, member, name, form, 422)
    words, version = form.cleaned_data["words"], request.POST.get("version", "")[:64]
    try:
        if request.POST.get("act") == "take_back":
            signing.take_back(member, name, version, words=words)
        else:
            signing.sign(member, name, version, words=words, name=form.cleaned_data["name"])
    except Invalid as problem:
        form.take(problem)
        return _page(request, member, name, form, 422)
    except Conflict as problem:
        form.add_error(None, problem.detail)
        return _page(request, member, name, form, 409)
    messages.success(request, _("Written. It stands in the history below."))
    return HttpResponseRedirect(reverse("web:lawbook-rule", args=[name]), status=303)


def _page(request: HttpRequest, member: Member, name: str, form: SignForm, status: int = 200) -> HttpResponse:
    found = selectors.rule(member, name)
    regime_id = name.partition("/")[0] if "/" in name else ""
    shown = {
        "row": found,
        "form": form,
        "history": selectors.history(member, name),
        "regime_id": regime_id,
        "regime_title": selectors.title_of(regime_id) if regime_id else "",
        "may_sign": member.may(Permission.LAWBOOK_SIGN) and found.standing.code != "confirmed",
    }
    return render(request, "lawbook/rule.html", shown, status=status)
