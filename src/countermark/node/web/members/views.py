"""Let people in, change what they may do, let them go."""

import secrets
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.parties import selectors, services
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import GRANTED, Permission, Role
from countermark.node.parties.shown import MemberShown
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm, choice, line
from countermark.node.web.words import ROLE


class MemberForm(PageForm):
    """A person to let in."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, help_text=gettext_lazy("The person logs in with it.")
    )
    name = line(gettext_lazy("Name"), longest=150, help_text=gettext_lazy("As colleagues know the person."))
    role = choice(gettext_lazy("Role"), [(role.value, ROLE[role]) for role in Role])


@require_safe
@with_member
def members(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Everyone, by name."""
    return _page(request, member, MemberForm(initial={"role": Role.ANALYST.value}))


@require_POST
@with_member
@sensitive_variables("password")
def add(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Let a person in; the first password is shown once, on this page only."""
    member.require(Permission.MEMBERS_MANAGE)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, member, form, status=422)
    password = secrets.token_urlsafe(12)
    try:
        added = services.add_member(member, **form.cleaned_data, password=password)
    except Invalid as problem:
        form.take(problem)
        return _page(request, member, form, status=422)
    except Conflict as problem:
        form.add_error("email", problem.detail)
        return _page(request, member, form, status=409)
    fresh = MemberForm(initial={"role": Role.ANALYST.value})
    return _page(request, member, fresh, let_in=added, password=password)


@require_POST
@with_member
def change_role(request: HttpRequest, member: Member, user_id: int) -> HttpResponseBase:
    """Give a colleague another role; it counts from their next click."""
    services.change_role(member, user_id, request.POST.get("role", ""))
    messages.success(request, _("Role changed. It counts from the next click of that person."))
    return HttpResponseRedirect(reverse("web:members"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def remove(request: HttpRequest, member: Member, user_id: int) -> HttpResponseBase:
    """End a membership, after a page that says what this means."""
    member.require(Permission.MEMBERS_MANAGE)
    if request.method == "POST":
        services.remove_member(member, user_id)
        messages.success(request, _("Removed. The account is closed and every session of it has ended."))
        return HttpResponseRedirect(reverse("web:members"), status=303)
    return render(request, "members/remove.html", {"one": _colleague(member, user_id)})


def _colleague(member: Member, user_id: int) -> MemberShown:
    for one in selectors.members(member):
        if one.user_id == user_id:
            return one
    raise NotFound("member")


def _page(
    request: HttpRequest,
    member: Member,
    form: MemberForm,
    *,
    status: int = 200,
    let_in: Member | None = None,
    password: str = "",
) -> HttpResponse:
    shown: dict[str, Any] = {
        "rows": selectors.members(member),
        "me": member.user_id,
        "may_manage": member.may(Permission.MEMBERS_MANAGE),
        "roles": [(role.value, ROLE[role]) for role in Role],
        "table": _table(),
        "form": form,
        "let_in": let_in,
        "password": password,
    }
    return render(request, "members/list.html", shown, status=status)


def _table() -> list[dict[str, Any]]:
    """Which role may do what, drawn from the one table that decides it."""
    return [
        {"permission": permission.value, "roles": [permission in GRANTED[role] for role in Role]}
        for permission in Permission
    ]
