"""From a form to where a bag goes, and to what an authority approved."""

from datetime import date

from django.http import HttpRequest

from countermark.node.evidence import viewing
from countermark.node.evidence.crossing import CHINA, Approval, Destination
from countermark.node.kernel.errors import Invalid
from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member


def destination(request: HttpRequest, member: Member, evidence_id: str) -> Destination | None:
    """The court or authority that a form names, None when it names none.

    Raises NotPermitted, NotFound, Invalid.
    """
    country, recipient = _text(request, "country").upper(), _text(request, "recipient")
    if not country and not recipient:
        return None
    listing = viewing.evidence(member, evidence_id).row.listing_id
    return Destination(
        country=country,
        recipient=recipient,
        seller_in_china=bool(listing) and listings.seller_country(member, listing) == CHINA,
        persons=_number(request, "persons"),
        sensitive=_number(request, "sensitive"),
    )


def approval(request: HttpRequest) -> Approval:
    """What a form says that an authority approved. Raises Invalid."""
    approved_on = _day(request, "approved_on")
    if approved_on is None:
        raise Invalid.of("approved_on", "missing", "The day of the approval is missing.", "Write it.")
    return Approval(
        country=_text(request, "country").upper(),
        recipient=_text(request, "recipient"),
        authority=_text(request, "authority"),
        reference=_text(request, "reference"),
        approved_on=approved_on,
        valid_until=_day(request, "valid_until"),
    )


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()


def _number(request: HttpRequest, name: str) -> int:
    said = _text(request, name) or "0"
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise Invalid.of(name, "no-number", "It is no number of persons.", "Write digits only.")
    return int(said)


def _day(request: HttpRequest, name: str) -> date | None:
    said = _text(request, name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid.of(name, "no-day", "It is no day.", "Write it as 2026-03-01.") from error
