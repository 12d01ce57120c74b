"""Add, edit, withdraw and reinstate a right. What a change means is said before it is made."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights import selectors, services
from countermark.node.rights.shown import AliasShown, RightShown
from countermark.node.web import choices
from countermark.node.web.door import with_member
from countermark.node.web.rights import looking_back
from countermark.node.web.rights.forms import RightForm, alias_rows, aliases_of, initial_of


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def add(request: HttpRequest, member: Member) -> HttpResponseBase:
    """A new right; its pictures come on its own page."""
    member.require(Permission.RIGHTS_EDIT)
    if request.method != "POST":
        first = {"brand": request.GET.get("brand", "")[:200], "kind": "trademark", "status": "in_force"}
        return _form(request, member, RightForm(initial=first), ())
    form, aliases = RightForm(request.POST), aliases_of(request.POST)
    if not form.is_valid():
        return _form(request, member, form, aliases, status=422)
    try:
        right_id = services.add_right(member, form.facts(aliases, source=""))
    except Invalid as problem:
        form.take(problem)
        return _form(request, member, form, aliases, status=422)
    except Conflict as problem:
        there = reverse("web:right", args=[problem.pointer])
        return _form(request, member, form, aliases, status=409, conflict=problem, there=there)
    looking = looking_back.order(member, right_id)
    messages.success(request, _("Added. Give it reference pictures, so that copies can be recognised."))
    if looking:
        messages.success(request, _("The listings held here are looked at with it meanwhile."))
    return HttpResponseRedirect(reverse("web:right", args=[right_id]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def edit(request: HttpRequest, member: Member, right_id: str) -> HttpResponseBase:
    """Change what is known about a right; its id stays."""
    member.require(Permission.RIGHTS_EDIT)
    right = selectors.right(member, right_id)
    if request.method != "POST":
        return _form(request, member, RightForm(initial=initial_of(right)), right.aliases, right=right)
    form, aliases = RightForm(request.POST), aliases_of(request.POST)
    if not form.is_valid():
        return _form(request, member, form, aliases, right=right, status=422)
    try:
        changed = services.edit_right(member, right_id, form.facts(aliases, source=right.source))
    except Invalid as problem:
        form.take(problem)
        return _form(request, member, form, aliases, right=right, status=422)
    if not changed:
        messages.success(request, _("Nothing was changed."))
    elif looking_back.order(member, right_id):
        messages.success(request, _("Saved. The listings held here are looked at with it."))
    else:
        messages.success(request, _("Saved. The next scan uses it."))
    return HttpResponseRedirect(reverse("web:right", args=[right_id]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def withdraw(request: HttpRequest, member: Member, right_id: str) -> HttpResponseBase:
    """Stop relying on a right, after a page that says what this means."""
    member.require(Permission.RIGHTS_EDIT)
    right = selectors.right(member, right_id)
    reason = request.POST.get("reason", "")
    problem = ""
    if request.method == "POST":
        try:
            services.withdraw_right(member, right_id, reason)
        except Invalid as refused:
            problem = refused.detail
        else:
            messages.success(request, _("Withdrawn. The next scan no longer uses it."))
            return HttpResponseRedirect(reverse("web:right", args=[right_id]), status=303)
    shown = {"right": right, "reason": reason, "problem": problem}
    return render(request, "rights/withdraw.html", shown, status=422 if problem else 200)


@require_POST
@with_member
def reinstate(request: HttpRequest, member: Member, right_id: str) -> HttpResponseBase:
    """Rely on a withdrawn right again."""
    services.reinstate_right(member, right_id)
    looking_back.order(member, right_id)
    messages.success(request, _("Relied on again."))
    return HttpResponseRedirect(reverse("web:right", args=[right_id]), status=303)


def _form(
    request: HttpRequest,
    member: Member,
    form: RightForm,
    aliases: tuple[AliasShown, ...],
    *,
    right: RightShown | None = None,
    status: int = 200,
    conflict: Conflict | None = None,
    there: str = "",
) -> HttpResponse:
    shown: dict[str, Any] = {
        "form": form,
        "right": right,
        "aliases": alias_rows(aliases),
        "houses": choices.brands(member),
        "conflict": conflict,
        "there": there,
    }
    return render(request, "rights/form.html", shown, status=status)
