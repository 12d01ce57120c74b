"""Write rows of rights and houses. Everything here runs inside the caller's transaction and asks no permission."""

from countermark.node.kernel.folding import fold
from countermark.node.kernel.time import now
from countermark.node.rights.facts import BrandFacts, RightFacts
from countermark.node.rights.models import AuthorisedSeller, Brand, NeverMade, PriceBand, Right
from countermark.node.rights.records import brand_of_facts, brand_record, join_codes

#: Columns of a right that come straight from its facts.
_PLAIN = ("kind", "title", "mark", "mark_language", "generic", "office", "number", "status", "valid_from", "valid_to")


def brand_named(organisation: int, name: str) -> Brand:
    """The house of that name; made when there is none."""
    brand, _ = Brand.objects.get_or_create(organisation_id=organisation, name=name.strip())
    return brand


def fill_right(right: Right, facts: RightFacts) -> dict[str, tuple[str, str]]:
    """Put facts into a right row, not saved yet; gives what changed: column -> (before, after), as short texts."""
    wanted: dict[str, object] = {name: getattr(facts, name) for name in _PLAIN}
    wanted |= {
        "aliases": [{"value": alias.value, "language": alias.language} for alias in facts.aliases],
        "territories": join_codes(facts.territories),
        "classes": sorted(set(facts.classes)),
    }
    if facts.source:
        wanted["source"] = facts.source[:200]
    changed = {}
    for name, value in wanted.items():
        before = getattr(right, name)
        if before != value:
            changed[name] = (_short(before), _short(value))
            setattr(right, name, value)
    right.search_text = fold(" ".join([right.title, right.mark, right.number, *(a["value"] for a in right.aliases)]))
    if changed:
        right.updated_at = now()
    return changed


def fill_brand(brand: Brand, facts: BrandFacts) -> bool:
    """Make a saved house what the facts say; gives whether anything changed."""
    if brand_record(brand) == brand_of_facts(facts):
        return False
    if brand.owner != facts.owner:
        brand.owner = facts.owner
        brand.save(update_fields=["owner"])
    for kept in (PriceBand, AuthorisedSeller, NeverMade):
        kept.objects.filter(brand=brand).delete()
    PriceBand.objects.bulk_create(
        PriceBand(brand=brand, currency=b.currency, low=b.low, high=b.high, category=b.category)
        for b in facts.price_bands
    )
    AuthorisedSeller.objects.bulk_create(
        AuthorisedSeller(brand=brand, name=s.name, marketplace=s.marketplace, external_id=s.external_id)
        for s in facts.authorised_sellers
    )
    NeverMade.objects.bulk_create(
        NeverMade(brand=brand, words=list(n.words), explanation=n.explanation) for n in facts.never_made
    )
    return True


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"
