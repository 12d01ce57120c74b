"""Listings and findings as items of the exchange: every field there is; the agreement decides which of them leave."""

from countermark.model import Finding as Record
from countermark.model import from_json
from countermark.node.findings.models import Finding
from countermark.node.findings.states import FindingState
from countermark.node.listings.models import Listing
from countermark.node.review.models import Decision
from countermark.node.review.verdicts import Verdict


def listing_fields(row: Listing, seller_token: str) -> dict[str, object]:
    """Fields of a listing row (with `seller` loaded).

    Args:
        row: ours.
        seller_token: pseudonym of the shop for this partner alone.
    """
    seller = row.seller
    pictures = sorted(row.pictures.all(), key=lambda picture: picture.position)
    return {
        "listing_id": row.core_id,
        "marketplace": row.marketplace,
        "external_id": row.external_id,
        "url": row.url,
        "title": row.title,
        "title_language": row.title_language,
        "description": row.description,
        "description_language": row.description_language if row.description else None,
        "brand_text": row.brand_text,
        "category": row.category,
        "condition": row.condition,
        "price_amount": row.price_exact,
        "price_currency": row.price_currency,
        "stock": row.stock,
        "ships_from": row.ships_from,
        "product_code": row.product_code,
        "picture_hashes": [picture.capture.sha256 for picture in pictures if picture.capture],
        "captured_at": _milliseconds(row),
        "listing_hash": row.content_hash,
        "seller_token": seller_token,
        "seller_shop_id": seller.external_id,
        "seller_country": seller.country,
        "seller_since": seller.since,
        "seller_sales": seller.sales,
        "seller_name": seller.name,
    }


def finding_fields(row: Finding, seller_token: str) -> dict[str, object]:
    """Fields of a finding row (with `right` loaded): its reasons in sentences, and how each can be wrong."""
    record = from_json(row.record, Record)
    return {
        "finding_id": row.core_id,
        "listing_id": record.listing_id,
        "marketplace": row.marketplace,
        "external_id": record.external_id,
        "seller_token": seller_token,
        "brand": row.brand,
        "right_id": record.right_id,
        "right_number": row.right.number if row.right else "",
        "kind": record.kind.value,
        "risk": f"{record.risk:.6f}",
        "level": record.level.value,
        "reasons_for": [reason.sentence for reason in record.reasons_for()],
        "reasons_against": [reason.sentence for reason in record.reasons_against()],
        "wrong_when": list(dict.fromkeys(reason.wrong_when for reason in record.reasons)),
        "signals": [f"{reason.signal} {reason.version}" for reason in record.reasons],
        **_decision(row),
        "engine_version": record.engine_version,
        "policy_hash": record.policy_hash,
        "reference_hash": record.reference_hash,
        "listing_hash": record.listing_hash,
        "schema_version": record.schema_version,
    }


def _decision(row: Finding) -> dict[str, object]:
    """Alleged until a person has decided; what only a court can find is never said here."""
    if row.state != FindingState.DECIDED:
        return {"status": "alleged"}
    last = Decision.objects.filter(finding=row).order_by("-pk").first()
    upheld = last is not None and last.verdict == Verdict.INFRINGING
    return {"status": "upheld" if upheld else "withdrawn", "decided_at": last.at if last else None}


def _milliseconds(row: Listing) -> object:
    return row.captured_at.replace(microsecond=row.captured_at.microsecond // 1000 * 1000)
