"""Listings, signals and specs for the tests of this room; text and image specs are stand-ins."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from countermark.judge import Judge, load_policy
from countermark.judge.policy import Policy
from countermark.model import Condition, Finding, Listing, Price, Seller, Signal, SignalSpec, Span, Text, derive_id
from countermark.signals import price, seller

REFERENCE_HASH = "ab" * 32
RIGHT = derive_id("rgt", "Corvane", "word mark")


def stand_in(name: str, speaks: str, sentence: str) -> SignalSpec:
    return SignalSpec(
        name=name,
        version=1,
        speaks=speaks,
        unit="strength",
        meaning="A stand-in.",
        wrong_when=f"Wrong when {name} misread the listing.",
        sentence=sentence,
    )


STAND_INS = (
    stand_in("text.mark", "for", "The title names “{found}”, a mark of {brand}."),
    stand_in("text.disguised_mark", "for", "The title writes “{found}” so that it reads as a mark of {brand}."),
    stand_in("text.lookalike", "for", "The title names “{found}”, close to a mark of {brand}."),
    stand_in("text.name_part", "for", "The title writes “{found}”, a piece of a mark of {brand}."),
    stand_in("text.replica_word", "for", "The text calls the goods “{found}”."),
    stand_in("text.wording", "for", "The words read like “{found}”."),
    stand_in("text.contact_outside", "for", "The text asks buyers to write to “{found}”."),
    stand_in("text.genuine_context", "against", "The text says “{found}”."),
    stand_in("image.copied_photo", "for", "A photo agrees with an official photo in all but {distance} of 256 bits."),
    stand_in("image.shared_scene", "for", "A photo shows the place of an official photo of {brand}."),
    stand_in("image.logo_file", "for", "A picture is the registered logo of {brand}."),
    stand_in("image.logo_in_photo", "for", "A picture shows the registered logo of {brand}."),
    stand_in("image.masked_logo", "for", "A picture shows a part of the registered logo of {brand}."),
    stand_in("image.looks_like", "for", "A picture resembles the official photo {reference} of {brand}."),
)
SPECS = (*STAND_INS, *price.SPECS, *seller.SPECS)
FOR = tuple(spec.name for spec in SPECS if spec.speaks == "for")
AGAINST = tuple(spec.name for spec in SPECS if spec.speaks == "against")


def offer(**changes: object) -> Listing:
    facts: dict[str, object] = {
        "marketplace": "Bazaar",
        "external_id": "B-1",
        "title": Text("Corvane tote, mirror quality", "en"),
        "seller": Seller(marketplace="Bazaar", external_id="S-1"),
        "captured_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
        "price": Price(Decimal(24), "EUR"),
        "condition": Condition.NEW,
    }
    return Listing(**{**facts, **changes})  # type: ignore[arg-type]


def mark(value: float = 1.0, found: str = "Corvane") -> Signal:
    return Signal(
        name="text.mark",
        value=value,
        brand="Corvane",
        right_id=RIGHT,
        spans=(Span("title", 0, 7),),
        facts={"found": found},
    )


def signal(name: str, value: float = 1.0, **more: object) -> Signal:
    return Signal(name=name, value=value, **more)  # type: ignore[arg-type]


def low_price(value: float = 1.0) -> Signal:
    facts = {"price": "24", "currency": "EUR", "low": "300", "high": "900", "share": "8", "band_currency": "EUR"}
    return Signal(name="price.below_band", value=value, brand="Corvane", facts=facts)


def usual_price(value: float = 1.0) -> Signal:
    facts = {"price": "560", "currency": "EUR", "low": "300", "high": "900", "share": "186", "band_currency": "EUR"}
    return Signal(name="price.within_band", value=value, brand="Corvane", facts=facts)


REPLICA = signal("text.replica_word", facts={"found": "mirror quality"}, spans=(Span("title", 14, 28),))
COPIED_PHOTO = signal(
    "image.copied_photo", brand="Corvane", reference="photos/1.jpg", listing_image="b1.jpg", facts={"distance": "9"}
)


def judge_with(policy: Policy | None = None) -> Judge:
    return Judge(policy or load_policy(), SPECS, REFERENCE_HASH)


def judged(signals: Iterable[Signal], listing: Listing | None = None) -> Finding | None:
    return judge_with().judge(listing or offer(), "Corvane", tuple(signals))


def found(signals: Iterable[Signal], listing: Listing | None = None) -> Finding:
    finding = judged(signals, listing)
    assert finding is not None
    return finding
