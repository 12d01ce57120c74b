"""Open a case: a form, a preview, and the case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from countermark.node.cases import selectors, services
from countermark.node.cases.acts import OpenCase
from countermark.node.cases.shown import AgreementShown
from countermark.node.cases.states import AttachedKind
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.cases.forms import OpenForm
from countermark.node.web.cases.previewing import carried, preview_page
from countermark.node.web.door import with_member


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def open_case(request: HttpRequest, member: Member) -> HttpResponseBase:
    """A new case, with the listing or finding from whose page one came."""
    member.require(Permission.CASES_EDIT)
    agreements = selectors.agreements(member)
    if request.method != "POST":
        first = {name: request.GET.get(name, "")[:30] for name in ("listing", "finding")}
        form = OpenForm(agreements=agreements, initial=first | {"case_id": services.new_case_id()})
        return _form(request, form, agreements)
    form = OpenForm(request.POST, agreements=agreements)
    step = request.POST.get("step")
    if step == "change" or not form.is_valid():
        return _form(request, form, agreements, status=200 if step == "change" else 422)
    try:
        if step == "send":
            return _open(request, member, form)
        return _preview(request, member, form, agreements)
    except Invalid as problem:
        form.take(problem)
        return _form(request, form, agreements, status=422)


def _preview(
    request: HttpRequest, member: Member, form: OpenForm, agreements: tuple[AgreementShown, ...]
) -> HttpResponseBase:
    said = form.cleaned_data
    scene = services.new_scene(member, said["agreement"], said["purpose"], said["territories"], said["case_id"])
    previews = list(services.preview_opening(member, scene, form.act()))
    for kind, ref in _things(form):
        previews += services.preview_attaching(member, scene, kind, ref)
    partner = next(one.partner for one in agreements if one.name == said["agreement"])
    about = {"title": _("Open a joint case"), "back": reverse("web:cases"), "back_label": _("Cases")}
    return preview_page(request, partner, previews, carried(request, {}), about)


def _open(request: HttpRequest, member: Member, form: OpenForm) -> HttpResponseBase:
    said, things = form.cleaned_data, _things(form)
    opening: OpenCase = form.act()
    try:
        case_id = services.open_case(
            member,
            said["agreement"],
            opening,
            purpose=said["purpose"],
            territories=said["territories"],
            case_id=said["case_id"],
            listings=[ref for kind, ref in things if kind is AttachedKind.LISTING],
            findings=[ref for kind, ref in things if kind is AttachedKind.FINDING],
        )
    except Conflict as problem:
        if problem.code != "case-there":
            raise
        # The form was sent twice: the first time opened it.
        case_id = said["case_id"]
    else:
        messages.success(request, _("Opened. Your partner sees it at its next look."))
    return HttpResponseRedirect(reverse("web:case", args=[case_id]), status=303)


def _things(form: OpenForm) -> list[tuple[AttachedKind, str]]:
    said = form.cleaned_data
    both = ((AttachedKind.LISTING, said["listing"]), (AttachedKind.FINDING, said["finding"]))
    return [(kind, ref) for kind, ref in both if ref]


def _form(
    request: HttpRequest, form: OpenForm, agreements: tuple[AgreementShown, ...], status: int = 200
) -> HttpResponseBase:
    return render(request, "cases/open.html", {"form": form, "agreements": agreements}, status=status)
