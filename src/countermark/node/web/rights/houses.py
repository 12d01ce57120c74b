"""Houses: what each makes, asks for and allows."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights import selectors, services
from countermark.node.rights.facts import BrandFacts
from countermark.node.rights.shown import AuthorisedSellerShown, BandShown, BrandShown, NeverMadeShown
from countermark.node.web.door import with_member
from countermark.node.web.fields import rows_of, shown_rows

BANDS = ("currency", "low", "high", "category")
SELLERS = ("name", "marketplace", "external_id")
NEVER = ("words", "explanation")


@require_safe
@with_member
def houses(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every house with how much is known about it."""
    shown = {
        "houses": [{"house": house, "address": address_of(house.name)} for house in selectors.brands(member)],
        "may_edit": member.may(Permission.RIGHTS_EDIT),
    }
    return render(request, "rights/houses.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def house(request: HttpRequest, member: Member) -> HttpResponseBase:
    """One house: price bands, authorised sellers, things never made; editable for those who may."""
    name = request.GET.get("name", "")[:200]
    found = selectors.brand(member, name)
    if request.method != "POST":
        return _page(request, member, found, rows=_rows_of(found), owner=found.owner)
    member.require(Permission.RIGHTS_EDIT)
    rows, owner = _sent(request.POST), request.POST.get("owner", "").strip()
    try:
        services.save_brand(member, _facts(found.name, owner, rows))
    except Invalid as problem:
        return _page(request, member, found, rows=rows, owner=owner, problem=problem)
    messages.success(request, _("Saved. The next scan uses it."))
    return HttpResponseRedirect(address_of(name), status=303)


def address_of(name: str) -> str:
    """The page of a house; names hold anything, so they stand in the query."""
    return f"{reverse('web:house')}?{urlencode({'name': name})}"


Rows = dict[str, list[dict[str, str]]]


def _sent(form: QueryDict) -> Rows:
    return {
        "bands": rows_of(form, "band", BANDS),
        "sellers": rows_of(form, "seller", SELLERS),
        "never": rows_of(form, "never", NEVER),
    }


def _rows_of(found: BrandShown) -> Rows:
    return {
        "bands": [
            {"currency": b.currency, "low": f"{b.low:f}", "high": f"{b.high:f}", "category": b.category}
            for b in found.price_bands
        ],
        "sellers": [
            {"name": s.name, "marketplace": s.marketplace, "external_id": s.external_id}
            for s in found.authorised_sellers
        ],
        "never": [{"words": ", ".join(n.words), "explanation": n.explanation} for n in found.never_made],
    }


def _facts(name: str, owner: str, rows: Rows) -> BrandFacts:
    return BrandFacts(
        name=name,
        owner=owner,
        price_bands=tuple(_band(number, row) for number, row in enumerate(rows["bands"])),
        authorised_sellers=tuple(AuthorisedSellerShown(**row) for row in rows["sellers"]),
        never_made=tuple(
            NeverMadeShown(words=_words(row["words"]), explanation=row["explanation"]) for row in rows["never"]
        ),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())


def _band(number: int, row: dict[str, str]) -> BandShown:
    amounts = {}
    for name in ("low", "high"):
        try:
            amounts[name] = Decimal(row[name].replace(" ", "").replace(",", "."))
        except InvalidOperation as error:
            problem = FieldProblem(
                f"price_bands.{number}.{name}", "price-not-a-number", "That is no amount.", "Write it like 1600.00."
            )
            raise Invalid([problem]) from error
    return BandShown(currency=row["currency"].upper(), category=row["category"], **amounts)


_PREFIXES = {"price_bands": "bands", "authorised_sellers": "sellers", "never_made": "never"}


def _marked(rows: Rows, problem: Invalid | None) -> tuple[Rows, list[str]]:
    """Each problem in the row it is about; those of no row aside."""
    aside: list[str] = []
    for one in problem.problems if problem else ():
        where, _dot, rest = one.field.partition(".")
        number = rest.partition(".")[0]
        there: Sequence[dict[str, str]] = rows.get(_PREFIXES.get(where, ""), [])
        if number.isdigit() and int(number) < len(there):
            there[int(number)]["problem"] = one.sentence()
        else:
            aside.append(one.sentence())
    return rows, aside


def _page(
    request: HttpRequest, member: Member, found: BrandShown, *, rows: Rows, owner: str, problem: Invalid | None = None
) -> HttpResponse:
    marked, aside = _marked(rows, problem)
    # Names of authorised sellers are personal data: who may not see them would save them away.
    may_edit = member.may(Permission.RIGHTS_EDIT) and member.may(Permission.PERSONAL_DATA_VIEW)
    shown: dict[str, Any] = {
        "house": found,
        "owner": owner,
        "may_edit": may_edit,
        "problems": aside,
        "failed": problem is not None,
        "bands": shown_rows(marked["bands"], (*BANDS, "problem")) if may_edit else marked["bands"],
        "sellers": shown_rows(marked["sellers"], (*SELLERS, "problem")) if may_edit else marked["sellers"],
        "never": shown_rows(marked["never"], (*NEVER, "problem")) if may_edit else marked["never"],
    }
    return render(request, "rights/house.html", shown, status=422 if problem else 200)
