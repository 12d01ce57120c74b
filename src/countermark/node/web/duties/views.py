"""What waits, and each desk of duties."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from countermark.law.retention import shipped_retention
from countermark.node.cases.states import TakenBack
from countermark.node.duties import holding, informing, labels, lists, persons, publishing, retaining
from countermark.node.insight import selectors as insight
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member
from countermark.node.web.duties.forms import HoldForm, RequestForm, day_of
from countermark.node.web.words import word


@require_safe
@with_member
def overview(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What waits for somebody, one line a desk."""
    member.require(Permission.NOTICES_VIEW)
    own = member.organisation_id
    desks: list[dict[str, Any]] = [
        {"name": _("What partners are told of shops"), "url": "web:duties-lists", "waits": 0},
        {"name": _("For the public"), "url": "web:duties-publications", "waits": _drafts(member)},
        {"name": _("How long what is kept"), "url": "web:duties-retention", "waits": 0},
    ]
    if member.may(Permission.PERSONAL_DATA_EXPORT):
        desks.append(
            {"name": _("Requests of persons"), "url": "web:duties-persons", "waits": persons.open_requests(own)}
        )
        desks.append(
            {"name": _("Persons to be informed"), "url": "web:duties-informing", "waits": informing.open_count(own)}
        )
    if member.may(Permission.RETENTION_HOLD):
        desks.append({"name": _("Legal holds to look at"), "url": "web:duties-holds", "waits": holding.due(own)})
    return render(request, "duties/overview.html", {"desks": sorted(desks, key=lambda one: -one["waits"])})


def _drafts(member: Member) -> int:
    return sum(one.may_release for one in publishing.publications(member))


@require_safe
@with_member
def listed(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What partners were told of shops, and what they told us."""
    shown = {
        "rows": lists.entries(member),
        "reasons": [(one.value, word("taken_back", one.value)) for one in TakenBack],
        "may_share": member.may(Permission.EXCHANGE_SHARE),
    }
    return render(request, "duties/lists.html", shown)


@require_safe
@with_member
def about_notice(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """What follows from a notice: its label, a court's word, whom to tell, what to publish."""
    row = labels.notice_row(member, notice_id)
    said = labels.of_notice(member, notice_id)
    shown = {
        "notice_id": row.public_id,
        "title": row.title,
        "said": said,
        "may_tell": said is not None and said.label in {"upheld", "court"} and member.may(Permission.EXCHANGE_SHARE),
        "partners": lists.recipients(member),
        "may_publish": bool(row.decision) and member.may(Permission.NOTICES_DECIDE),
        "may_record": bool(row.filed_at)
        and (member.may(Permission.NOTICES_FILE) or member.may(Permission.NOTICES_DECIDE)),
        "courts": row.court_findings.order_by("-day", "-pk"),
    }
    return render(request, "duties/notice.html", shown)


@require_safe
@with_member
def holds(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every hold, those to look at first."""
    return holds_page(request, member, HoldForm(initial={"target": request.GET.get("target", "")[:80]}))


def holds_page(request: HttpRequest, member: Member, form: HoldForm, status: int = 200) -> HttpResponse:
    """The register with a form."""
    return render(
        request,
        "duties/holds.html",
        {"rows": holding.holds(member), "unregistered": holding.unregistered(member), "form": form},
        status=status,
    )


@require_safe
@with_member
def publications(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Drafts that wait for a second person, and what is public."""
    may_essence = member.may(Permission.PERSONAL_DATA_EXPORT)
    shown = {
        "rows": publishing.publications(member),
        "agreements": insight.agreements(member) if may_essence else (),
    }
    return render(request, "duties/publications.html", shown)


@require_safe
@with_member
def publication(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """One of them, to be read, changed, released or withdrawn."""
    may = member.may(Permission.NOTICES_DECIDE) or member.may(Permission.PERSONAL_DATA_EXPORT)
    return render(request, "duties/publication.html", {"one": publishing.publication(member, name), "may_change": may})


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def persons_desk(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Requests by their last day; a new one."""
    form = RequestForm(request.POST) if request.method == "POST" else RequestForm()
    status = 200
    if request.method == "POST":
        member.require(Permission.PERSONAL_DATA_EXPORT)
        status = 422
        if form.is_valid():
            try:
                given = form.cleaned_data | {"received_on": day_of(form.cleaned_data["received_on"])}
                name = persons.receive(member, persons.Asked(**given))
                return _private(render(request, "duties/person.html", _one(member, name), status=201))
            except Invalid as problem:
                form.take(problem)
    shown = {"rows": persons.requests(member), "form": form}
    return _private(render(request, "duties/persons.html", shown, status=status))


@require_safe
@with_member
def person(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """One request."""
    return _private(render(request, "duties/person.html", _one(member, name)))


def _one(member: Member, name: str) -> dict[str, Any]:
    return {"one": persons.request(member, name), "outcomes": persons.OUTCOMES.items()}


@require_safe
@with_member
def informing_list(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Persons to be informed, by day, and how or why not."""
    shown = {"rows": informing.waiting(member), "ways": informing.DONE.items()}
    return render(request, "duties/informing.html", shown)


@require_safe
@with_member
def retention(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The table of retention, with sources."""
    member.require(Permission.NOTICES_VIEW)
    receipts = retaining.receipts(member) if member.may(Permission.RETENTION_HOLD) else ()
    return render(request, "duties/retention.html", {"rows": shipped_retention().values(), "receipts": receipts})


@require_safe
@with_member
def receipt(_request: HttpRequest, member: Member, subject: str) -> HttpResponseBase:
    """The receipt of a deletion, byte for byte, as a file."""
    response = HttpResponse(retaining.receipt(member, subject), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="deleted-{subject}.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
