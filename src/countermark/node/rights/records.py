"""From rows to the core's records and back: what the engine compares with, the same bytes every time."""

from decimal import Decimal

from countermark import model
from countermark.model import ImageRef, ImageRole, RightKind, RightStatus, Text
from countermark.node.evidence.selectors import address_of
from countermark.node.rights.facts import BrandFacts, RightFacts
from countermark.node.rights.models import Brand, Right
from countermark.node.rights.shown import AliasShown, AuthorisedSellerShown, BandShown, NeverMadeShown

#: Places after the point that a price band keeps.
PLACES = Decimal("0.0001")


def as_record(right: Right) -> model.Right:
    """A right row (with `brand` and `references__capture` loaded) as the core's record; pictures by content address."""
    return model.Right(
        given_id=right.core_id,
        brand=right.brand.name,
        kind=RightKind(right.kind),
        title=right.title,
        mark=Text(right.mark, right.mark_language) if right.mark else None,
        aliases=tuple(Text(alias["value"], alias["language"]) for alias in right.aliases),
        generic=right.generic,
        territories=split_codes(right.territories),
        classes=tuple(right.classes),
        office=right.office,
        number=right.number,
        status=RightStatus(right.status),
        valid_from=right.valid_from,
        valid_to=right.valid_to,
        references=tuple(
            sorted(
                (
                    ImageRef(
                        uri=address_of(reference.capture.sha256),
                        role=ImageRole(reference.role),
                        sha256=reference.capture.sha256,
                    )
                    for reference in right.references.all()
                ),
                key=lambda image: (image.role, image.uri),
            )
        ),
        source=right.source,
    )


def brand_record(brand: Brand) -> model.Brand:
    """A brand row (with its lists loaded) as the core's record, lists in a fixed order."""
    return brand_of_facts(
        BrandFacts(
            name=brand.name,
            owner=brand.owner,
            price_bands=tuple(
                BandShown(currency=b.currency, low=b.low, high=b.high, category=b.category)
                for b in brand.price_bands.all()
            ),
            authorised_sellers=tuple(
                AuthorisedSellerShown(name=s.name, marketplace=s.marketplace, external_id=s.external_id)
                for s in brand.authorised_sellers.all()
            ),
            never_made=tuple(
                NeverMadeShown(words=tuple(n.words), explanation=n.explanation) for n in brand.never_made.all()
            ),
        )
    )


def brand_of_facts(facts: BrandFacts) -> model.Brand:
    """Facts as the core's record: lists sorted, so that equal houses give equal bytes."""
    bands = [
        model.PriceBand(currency=b.currency, low=plain(b.low), high=plain(b.high), category=b.category)
        for b in facts.price_bands
    ]
    sellers = [
        model.AuthorisedSeller(name=s.name, marketplace=s.marketplace, external_id=s.external_id)
        for s in facts.authorised_sellers
    ]
    never = [model.NeverMade(words=n.words, explanation=n.explanation) for n in facts.never_made]
    return model.Brand(
        name=facts.name,
        owner=facts.owner,
        price_bands=tuple(sorted(bands, key=lambda b: (b.currency, b.category, b.low, b.high))),
        authorised_sellers=tuple(sorted(sellers, key=lambda s: (s.marketplace, s.external_id, s.name))),
        never_made=tuple(sorted(never, key=lambda n: (n.words, n.explanation))),
    )


def plain(amount: Decimal) -> Decimal:
    """An amount as the column keeps it (four places), without the zeros it adds: 120.0000 is 120, 99.5000 is 99.50."""
    amount = amount.quantize(PLACES)
    whole = amount.to_integral_value()
    if amount == whole:
        return Decimal(int(whole))
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()


def join_codes(codes: tuple[str, ...]) -> str:
    """`("EU", "US")` -> `,EU,US,`: each code can then be searched for between its commas."""
    return f",{','.join(dict.fromkeys(codes))}," if codes else ""


def split_codes(joined: str) -> tuple[str, ...]:
    """The reverse of `join_codes`."""
    return tuple(code for code in joined.split(",") if code)


def facts_of_record(right: model.Right) -> RightFacts:
    """A core right, for instance out of a file, as facts to be checked and written."""
    return RightFacts(
        brand=right.brand,
        kind=right.kind.value,
        title=right.title,
        mark=right.mark.value if right.mark else "",
        mark_language=right.mark.language if right.mark else None,
        aliases=tuple(AliasShown(alias.value, alias.language) for alias in right.aliases),
        generic=right.generic,
        territories=right.territories,
        classes=right.classes,
        office=right.office,
        number=right.number,
        status=right.status.value,
        valid_from=right.valid_from,
        valid_to=right.valid_to,
        source=right.source,
    )


def facts_of_brand(brand: model.Brand) -> BrandFacts:
    """A core brand as facts to be checked and written."""
    return BrandFacts(
        name=brand.name,
        owner=brand.owner,
        price_bands=tuple(
            BandShown(currency=b.currency, low=b.low, high=b.high, category=b.category) for b in brand.price_bands
        ),
        authorised_sellers=tuple(
            AuthorisedSellerShown(name=s.name, marketplace=s.marketplace, external_id=s.external_id)
            for s in brand.authorised_sellers
        ),
        never_made=tuple(NeverMadeShown(words=n.words, explanation=n.explanation) for n in brand.never_made),
    )
