"""An invented house with very many findings, written straight into the tables."""

import hashlib
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from countermark.node.findings.models import Finding
    from countermark.node.parties.access import Member
    from countermark.node.parties.models import User

SEED = 7
BATCH = 2_000
BRANDS = ("Corvane", "Ondrelle", "Halcyr")
MARKETPLACES = ("Bazaar", "Souk", "Mercato")
START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Built:
    """What the benchmark works on: a member with that many findings waiting, one of them in the middle of the queue."""

    number: int
    member: "Member"
    user: "User"
    middle: "Finding"
    seconds: float


def build(number: int) -> Built:
    """Fill an empty database: sellers, pictures, listings, findings, and a year's decisions of the reviewer."""
    from django.db import connection, transaction

    from countermark.node.findings.models import Finding
    from countermark.node.parties.factories import make_member
    from countermark.node.parties.models import User
    from countermark.node.parties.permissions import Role

    began = time.perf_counter()
    member = make_member(Role.ANALYST)
    chance = random.Random(SEED)
    with transaction.atomic():
        sides = _sides(member, chance)
        for start in range(0, number, BATCH):
            _findings(member, sides, chance, range(start, min(start + BATCH, number)))
        _decisions(member, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    waiting = Finding.objects.filter(state="open").order_by("-expected_harm", "id")
    middle = waiting[number // 2]
    return Built(number, member, User.objects.get(pk=member.user_id), middle, round(time.perf_counter() - began, 1))


@dataclass
class _Sides:
    sellers: list
    captures: list
    rights: list


def _sides(member: "Member", chance: random.Random) -> _Sides:
    from countermark.node.evidence.models import Capture
    from countermark.node.kernel.ids import new_id
    from countermark.node.listings.models import Seller
    from countermark.node.rights.factories import make_right
    from countermark.node.rights.models import Reference

    captures = Capture.objects.bulk_create(
        Capture(
            organisation_id=member.organisation_id,
            public_id=new_id("cap"),
            sha256=hashlib.sha256(str(n).encode()).hexdigest(),
            media_type="image/jpeg",
            size=60_000,
            width=800,
            height=600,
        )
        for n in range(200)
    )
    sellers = Seller.objects.bulk_create(
        Seller(
            organisation_id=member.organisation_id,
            core_id=f"slr_{n:026d}",
            marketplace=MARKETPLACES[n % 3],
            external_id=f"shop-{n}",
            name=f"Shop {n}",
            country="FR",
            sales=chance.randrange(5_000),
            seen_at=START,
        )
        for n in range(2_000)
    )
    rights = [make_right(member, brand=brand, title=f"{brand}, mark {n}") for brand in BRANDS for n in range(30)]
    Reference.objects.bulk_create(
        Reference(right=right, public_id=new_id("ref"), capture=capture, role="official")
        for right in rights
        for capture in chance.sample(captures, 10)
    )
    return _Sides(sellers, captures, rights)


def _findings(member: "Member", sides: _Sides, chance: random.Random, numbers: range) -> None:
    from countermark.node.findings.models import Finding
    from countermark.node.listings.models import Listing, ListingPicture

    listings = Listing.objects.bulk_create(_listing(member, sides, chance, n) for n in numbers)
    ListingPicture.objects.bulk_create(
        ListingPicture(listing=one, position=place, uri=f"{place}.jpg", capture=chance.choice(sides.captures))
        for one in listings
        for place in range(3)
    )
    Finding.objects.bulk_create(_finding(member, sides, chance, one) for one in listings)


def _listing(member: "Member", sides: _Sides, chance: random.Random, number: int) -> object:
    from countermark.node.listings.models import Listing

    seller = chance.choice(sides.sellers)
    price = Decimal(chance.randrange(10, 3_000))
    return Listing(
        organisation_id=member.organisation_id,
        core_id=f"lst_{number:026d}",
        marketplace=seller.marketplace,
        external_id=f"item-{number}",
        seller=seller,
        title=f"Leather tote bag with chain, brown, number {number}",
        title_language="en",
        description="A bag as good as new. " * 20,
        brand_text=BRANDS[number % 3],
        price_exact=str(price),
        price_amount=price,
        price_currency="EUR",
        captured_at=START + timedelta(seconds=number),
        content_hash=hashlib.sha256(str(number).encode()).hexdigest(),
    )


def _finding(member: "Member", sides: _Sides, chance: random.Random, listing) -> object:
    from countermark.model import Level, to_json
    from countermark.node.findings.factories import make_reason, make_record
    from countermark.node.findings.models import Finding

    risk = round(chance.betavariate(4, 2), 6)
    right = chance.choice([one for one in sides.rights if one.brand.name == listing.brand_text])
    signals = ("image.copied_photo", "text.mark", "price.below_band", "text.replica_word", "seller.established")
    record = make_record(
        listing,
        listing.brand_text,
        risk=risk,
        level=Level.HIGH if risk > 0.8 else Level.MEDIUM if risk > 0.5 else Level.LOW,
        expected_harm=round(risk * float(listing.price_amount) * chance.randrange(1, 6), 2),
        right_id=right.core_id,
        reasons=tuple(
            make_reason(name, -0.4 if name.startswith("seller") else 1.5, facts={"low": "900", "high": "1400"})
            for name in signals
        ),
    )
    return Finding(
        organisation_id=member.organisation_id,
        core_id=record.id,
        listing=listing,
        right=right,
        seller_core_id=record.seller_id,
        brand=record.brand,
        marketplace=record.marketplace,
        kind=record.kind,
        level=record.level,
        risk=record.risk,
        expected_harm=record.expected_harm,
        content_hash=listing.content_hash,
        record=to_json(record).decode(),
    )


def _decisions(member: "Member", chance: random.Random) -> None:
    """Decisions of days before: they can no longer be undone, but the page must look past them."""
    from countermark.node.findings.models import Finding
    from countermark.node.kernel.ids import new_id
    from countermark.node.kernel.time import now
    from countermark.node.review.models import Decision

    decided = list(Finding.objects.order_by("expected_harm").only("pk", "listing_id", "brand", "level")[:5_000])
    Decision.objects.bulk_create(
        Decision(
            organisation_id=member.organisation_id,
            public_id=new_id("dcs"),
            finding=one,
            listing_id=one.listing_id,
            brand=one.brand,
            verdict="unsure",
            reason="language",
            by_id=member.user_id,
            at=now() - timedelta(days=chance.randrange(1, 300)),
            seconds=5,
            state_before="open",
            level_seen=one.level,
        )
        for one in decided
    )
