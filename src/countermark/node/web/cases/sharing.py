"""What partners gave us and what we gave them; giving one thing; taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from countermark.node.cases import given, selectors, sharing
from countermark.node.cases.shown import SharedShown
from countermark.node.cases.states import AttachedKind
from countermark.node.kernel.errors import NotFound
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web import lists, narrowing
from countermark.node.web.cases.forms import GiveForm, WithdrawForm
from countermark.node.web.cases.previewing import carried, preview_page
from countermark.node.web.choices import translated
from countermark.node.web.door import with_member
from countermark.node.web.lists import FilterForm
from countermark.node.web.words import word


@require_safe
@with_member
def shared(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Listings and findings that passed between the sides, newest first."""
    chosen = lists.given(request, ("side", "kind", "partner"))
    ours, cursor = chosen.get("side") == "ours", request.GET.get("after", "")[:30]
    page = given.shared(
        member, ours=ours, kind=chosen.get("kind", ""), agreement=chosen.get("partner", ""), cursor=cursor
    )
    shown = {
        "rows": [{"item": row, "address": reverse("web:shared-item", args=[row.row])} for row in page.rows],
        "ours": ours,
        "tab": "ours" if ours else "theirs",
        "help_text": _("Only what the agreement names passes between the sides, and each field can be read here."),
    }
    return lists.render_list(
        request,
        "cases/shared.html",
        shown,
        filters=_filters(member, chosen),
        cursor=cursor,
        next_cursor=page.next_cursor,
    )


@require_safe
@with_member
def shared_item(request: HttpRequest, member: Member, key: int) -> HttpResponseBase:
    """One thing that was shared, every field as it was given."""
    found = given.shared_item(member, key)
    return render(request, "cases/shared_item.html", _detail(member, found))


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def withdraw(request: HttpRequest, member: Member, key: int) -> HttpResponseBase:
    """Take back something we gave, with the reason that the partner reads."""
    member.require(Permission.EXCHANGE_SHARE)
    found = given.shared_item(member, key)
    if not found.ours:
        raise NotFound("shared item", "")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sharing.withdraw_shared(member, found.agreement, found.kind, found.ref, form.cleaned_data["why"])
        messages.success(request, _("Withdrawn. The partner sees since when and why."))
        return HttpResponseRedirect(reverse("web:shared-item", args=[key]), status=303)
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/withdraw.html", _detail(member, found) | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def give(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Share one listing or finding, after a preview."""
    member.require(Permission.EXCHANGE_SHARE)
    agreements = selectors.agreements(member)
    first = {name: request.GET.get(name, "")[:30] for name in ("listing", "finding")}
    form = GiveForm(request.POST if request.method == "POST" else None, agreements=agreements, initial=first)
    step = request.POST.get("step")
    if request.method != "POST" or step == "change" or not form.is_valid():
        status = 422 if request.method == "POST" and step != "change" else 200
        return render(request, "cases/give.html", {"form": form, "agreements": agreements}, status=status)
    said = form.cleaned_data
    kind = AttachedKind.LISTING if said["listing"] else AttachedKind.FINDING
    ref = said["listing"] or said["finding"]
    if step != "send":
        previews = sharing.preview_sharing(member, said["agreement"], kind, ref, purpose=said["purpose"])
        partner = next(one.partner for one in agreements if one.name == said["agreement"])
        about = {"title": pgettext("with a partner", "Share"), "back": _page_of(kind, ref), "back_label": ref}
        return preview_page(request, partner, previews, carried(request, {}), about)
    _share(request, member, kind, ref, said)
    return HttpResponseRedirect(_page_of(kind, ref), status=303)


def _share(request: HttpRequest, member: Member, kind: AttachedKind, ref: str, said: dict[str, Any]) -> None:
    share = sharing.share_listings if kind is AttachedKind.LISTING else sharing.share_findings
    outcome = share(member, said["agreement"], [ref], purpose=said["purpose"])
    if outcome.refused:
        messages.error(request, outcome.refused[0].message)
    elif outcome.known:
        messages.success(request, _("The partner has it already, as it is now."))
    else:
        messages.success(request, _("Shared. Your partner sees it at its next look."))


def _page_of(kind: AttachedKind, ref: str) -> str:
    return reverse("web:listing" if kind is AttachedKind.LISTING else "web:finding", args=[ref])


def _detail(member: Member, found: SharedShown) -> dict[str, Any]:
    return {
        "item": found,
        "fields": [{"words": translated(one.words), "field": one} for one in found.fields],
        "may_withdraw": found.ours and found.withdrawn_at is None and member.may(Permission.EXCHANGE_SHARE),
        "tab": "ours" if found.ours else "theirs",
    }


def _filters(member: Member, chosen: dict[str, str]) -> FilterForm:
    def field(name: str, label: str, options: list[tuple[str, Any]], everything: str = "") -> narrowing.Select:
        made = narrowing.select(name, chosen.get(name, ""), options, everything)
        return narrowing.Select(name, label, made.value, made.options)

    fields = (
        field("side", _("Who gave it"), [("ours", _("we"))], _("partners")),
        field("kind", _("Kind"), [(kind, word("attached_kind", kind)) for kind in ("listing", "finding")]),
        field("partner", _("Partner"), [(name, partner) for name, partner in selectors.partners(member)]),
    )
    return FilterForm(reverse("web:shared"), chosen, "", fields)
