"""All listings under filters, one listing, and one shop with its listings."""

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.duties import labels
from countermark.node.evidence import viewing
from countermark.node.evidence.purchases import viewing as purchases
from countermark.node.findings import selectors as findings
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.shown import FindingRow
from countermark.node.listings import selectors
from countermark.node.listings.shown import ListingFilters, ListingRow, ListingShown
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.web import choices, lists, narrowing
from countermark.node.web.door import with_member
from countermark.node.web.evidence import picture_address
from countermark.node.web.lists import FilterForm
from countermark.node.web.purchases.words import STAGE

_NAMES = ("q", "marketplace", "picture", "currency", "low", "high", "since", "until", "import")
_PICTURES = {"with": True, "without": False}


@require_safe
@with_member
def listings(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list, the latest brought in first."""
    given = lists.given(request, _NAMES)
    cursor = request.GET.get("after", "")[:30]
    page = selectors.listings(member, _wanted(given), cursor)
    filters = _filters(member, given)
    shown = {
        "rows": [_row(row) for row in page.rows],
        "may_import": member.may(Permission.LISTINGS_IMPORT),
        "range": {name: given.get(name, "") for name in ("currency", "low", "high", "since", "until")},
        "currencies": ("EUR", "USD", "GBP", "CHF", "CNY", "JPY"),
        "help_text": _("What shops offer, as captured last. The original text is never changed."),
    }
    return lists.render_list(
        request, "listings/list.html", shown, filters=filters, cursor=cursor, next_cursor=page.next_cursor
    )


@require_safe
@with_member
def listing(request: HttpRequest, member: Member, listing_id: str) -> HttpResponseBase:
    """One listing with its pictures, its shop and the findings about it."""
    found = selectors.listing(member, listing_id)
    about = _about(member, found)
    pictures = [
        {
            "thumb": picture_address(p.capture_id, "thumb"),
            "full": picture_address(p.capture_id, "full"),
            "picture": p,
        }
        for p in found.pictures
    ]
    shown = {"listing": found, "record": found.record, "pictures": pictures, "findings": about}
    shown |= {
        "may_open_case": member.may(Permission.CASES_EDIT),
        "may_share": member.may(Permission.EXCHANGE_SHARE),
    }
    shown["unusable"] = findings.pictures_of_listing(member, listing_id) if member.may(Permission.SCANS_VIEW) else ()
    shown["said"] = labels.of_listing(member, found.row.id)
    shown["captures"] = viewing.evidence_of_listing(member, found.row.id)
    shown["purchases"] = [(row, STAGE[row.stage]) for row in purchases.purchases_of_listing(member, found.row.id)]
    shown["may_purchase"] = member.may(Permission.EVIDENCE_PURCHASE)
    shown["may_capture"] = member.may(Permission.EVIDENCE_CAPTURE) and bool(found.record.url)
    return render(request, "listings/detail.html", shown)


@require_safe
@with_member
def seller(request: HttpRequest, member: Member, seller_id: str) -> HttpResponseBase:
    """One shop and its listings."""
    shop = selectors.seller(member, seller_id)
    cursor = request.GET.get("after", "")[:30]
    page = selectors.listings(member, ListingFilters(seller=seller_id), cursor)
    filters = FilterForm(reverse("web:shop", args=[seller_id]), {}, "", ())
    about = findings.findings(member, FindingFilters(seller=seller_id), size=10) if _may_findings(member) else None
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE and member.may(Permission.NOTICES_VIEW)
    shown: dict[str, Any] = {
        "has_record": decides,
        "seller": shop,
        "rows": [_row(row) for row in page.rows],
        "findings": about.rows if about else (),
        "said": labels.of_seller(member, seller_id),
    }
    return lists.render_list(
        request, "listings/seller.html", shown, filters=filters, cursor=cursor, next_cursor=page.next_cursor
    )


def _about(member: Member, found: ListingShown) -> tuple[FindingRow, ...]:
    """Findings about one listing; the search by its id on the marketplace may bring others, which are left out."""
    if not _may_findings(member):
        return ()
    page = findings.findings(member, FindingFilters(words=found.row.external_id, marketplace=found.row.marketplace))
    return tuple(row for row in page.rows if row.listing_id == found.row.id)


def _may_findings(member: Member) -> bool:
    return member.may(Permission.FINDINGS_VIEW)


def _wanted(given: dict[str, str]) -> ListingFilters:
    return ListingFilters(
        words=given.get("q", ""),
        marketplace=given.get("marketplace", ""),
        has_picture=_PICTURES.get(given.get("picture", "")),
        currency=given.get("currency", "").upper(),
        price_low=_amount(given.get("low", "")),
        price_high=_amount(given.get("high", "")),
        captured_since=_day(given.get("since", "")),
        captured_until=_day(given.get("until", "")),
        import_id=given.get("import", ""),
    )


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and 0 <= value < 10**15 else None


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()) if day else None


def _filters(member: Member, given: dict[str, str]) -> FilterForm:
    marketplaces = choices.marketplaces(member)
    pictures = narrowing.select(
        "picture", given.get("picture", ""), [("with", _("with a picture")), ("without", _("without"))]
    )
    fields = (
        narrowing.select("marketplace", given.get("marketplace", ""), [(m, m) for m in marketplaces]),
        narrowing.Select("picture", _("Pictures"), pictures.value, pictures.options),
    )
    return FilterForm(reverse("web:listings"), given, _("Title, brand field or id"), fields)


def _row(row: ListingRow) -> dict[str, Any]:
    return {
        "listing": row,
        "address": reverse("web:listing", args=[row.id]),
        "thumb": picture_address(row.capture_id, "thumb"),
    }
