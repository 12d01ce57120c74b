"""The facts table: what is offered beside what is protected, row by row."""

from django.utils.translation import gettext_noop

from countermark.model import Direction, Finding, Listing, Price, Reason
from countermark.node.findings.shown import RightShown, SellerShown
from countermark.node.review.shown import Comparison, FactLine

#: Where the goods come from beside where the right holds.
_WHERE = gettext_noop("Ships from / protected in")


def fact_lines(
    finding: Finding, listing: Listing, seller: SellerShown, right: RightShown | None
) -> tuple[FactLine, ...]:
    """The rows, in a fixed order. A side that is not known makes the comparison unknown, never different."""
    return (
        _mark(finding, listing, right),
        _price(finding, listing.price),
        _seller(finding, seller),
        _territory(listing, right),
        FactLine("condition", gettext_noop("Condition"), listing.condition.value, "", Comparison.UNKNOWN),
        FactLine(
            "since",
            gettext_noop("Seller since"),
            seller.since.isoformat() if seller.since else "",
            "",
            Comparison.UNKNOWN,
        ),
    )


def _compare(offered: str, protected: str) -> Comparison:
    if not offered.strip() or not protected.strip():
        return Comparison.UNKNOWN
    return Comparison.SAME if offered.strip().casefold() == protected.strip().casefold() else Comparison.DIFFERS


def _mark(finding: Finding, listing: Listing, right: RightShown | None) -> FactLine:
    protected = right.mark if right and right.mark else finding.brand
    return FactLine(
        "mark", gettext_noop("Brand"), listing.brand_text, protected, _compare(listing.brand_text, protected)
    )


def _reason(finding: Finding, *signals: str) -> Reason | None:
    return next((reason for reason in finding.reasons if reason.signal in signals), None)


def _price(finding: Finding, price: Price | None) -> FactLine:
    # The band is read from the reason, not from the rights of today: the row shows what the engine compared with.
    reason = _reason(finding, "price.below_band", "price.within_band")
    offered = str(price) if price else ""
    if reason is None or not offered:
        return FactLine("price", gettext_noop("Price"), offered, "", Comparison.UNKNOWN)
    comparison = Comparison.DIFFERS if reason.direction is Direction.FOR else Comparison.SAME
    return FactLine("price", gettext_noop("Price"), offered, _band(reason), comparison)


def _band(reason: Reason) -> str:
    low, high = reason.facts.get("low", ""), reason.facts.get("high", "")
    currency = reason.facts.get("currency", "")
    return f"{low} – {high} {currency}".strip() if low and high else ""


def _seller(finding: Finding, seller: SellerShown) -> FactLine:
    offered = seller.name or seller.external_id
    if _reason(finding, "seller.authorised"):
        return FactLine(
            "seller", gettext_noop("Seller"), offered, gettext_noop("On the authorised list"), Comparison.SAME
        )
    return FactLine("seller", gettext_noop("Seller"), offered, "", Comparison.UNKNOWN)


#: Members of the European Union, ISO 3166-1 alpha-2: a right of the Union (`EU`) holds in each of them.
#: Source: https://european-union.europa.eu/principles-countries-history/eu-countries_en, 27 states.
UNION = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU")
) | frozenset(("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"))


def _territory(listing: Listing, right: RightShown | None) -> FactLine:
    offered = listing.ships_from or ""
    territories = right.territories if right else ()
    held = ", ".join(territories)
    if not offered or not territories or "WO" in territories:
        # A WIPO registration (`WO`) holds where it was designated; the record does not say where.
        return FactLine("territory", _WHERE, offered, held, Comparison.UNKNOWN)
    covered = offered in territories or ("EU" in territories and offered in UNION)
    return FactLine("territory", _WHERE, offered, held, _verdict(covered=covered))


def _verdict(*, covered: bool) -> Comparison:
    return Comparison.SAME if covered else Comparison.DIFFERS
