"""Invented people, listings and findings for the gallery. Nothing here touches the database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from countermark.model import (
    Condition,
    Direction,
    Finding,
    Kind,
    Level,
    Listing,
    Price,
    Reason,
    Seller,
    Span,
    Text,
    derive_id,
)
from countermark.node.findings.explaining import Explanation, explanation
from countermark.node.findings.shown import Capped, FindingDetail, FindingRow, Picture, RightShown, SellerShown
from countermark.node.findings.states import FindingState
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Role
from countermark.node.review.facts import fact_lines
from countermark.node.review.shown import DecisionShown, LeaseShown, Place, ReasonChoices, ReviewItem
from countermark.node.review.suggestions import suggested_reason
from countermark.node.review.verdicts import ALLOWED, REASONS, ReasonCode, Verdict, needs_note

ANA = Member(
    user_id=0,
    organisation_id=0,
    organisation_name="Maison Aurelle",
    role=Role.ADMINISTRATOR,
    name="Ana Duval",
    email="ana@aurelle.example",
)
HASH = "9f2c" * 16
TITLE = "Sac C0RVANE cuir véritable qualité AAA, neuf avec boîte"


def seen() -> datetime:
    """When the sample listing was captured."""
    return now() - timedelta(days=3, hours=4)


def listing() -> Listing:
    """A listing with a disguised mark."""
    return Listing(
        marketplace="Bazaar",
        external_id="BZ-4471902",
        title=Text(TITLE, "fr"),
        seller=Seller(marketplace="Bazaar", external_id="S-118", name="mode-express-88"),
        captured_at=seen().astimezone(UTC),
        price=Price(Decimal("129.00"), "EUR"),
        description=Text("Livraison rapide. Contact par messagerie pour d'autres modèles.", "fr"),
        brand_text="",
        category="Bags > Handbags",
        condition=Condition.NEW,
        ships_from="CN",
    )


def reasons() -> tuple[Reason, ...]:
    """Four for, two against."""
    return (
        _reason(
            "text.disguised_mark", 2.7, "The title writes “C0RVANE”, which reads as Corvane.", Span("title", 4, 11)
        ),
        _reason("price.below_band", 1.9, "129.00 EUR is 8 % of the usual lowest price, 1,600.00 EUR.", low="1600.00"),
        _reason("text.replica_word", 1.4, "The title says “qualité AAA”, a replica word.", Span("title", 27, 38)),
        _reason("image.copied_photo", 1.1, "A picture agrees with an official photo in 231 of 256 bits."),
        _reason("seller.established", -0.6, "The shop has been open for 6 years with 2,310 sales."),
        _reason("seller.ships_from_elsewhere", 0.3, "It ships from CN while the seller says to be in FR."),
    )


def _reason(signal: str, weight: float, sentence: str, *spans: Span, **facts: str) -> Reason:
    return Reason(
        signal=signal,
        version=1,
        direction=Direction.FOR if weight > 0 else Direction.AGAINST,
        value=0.9,
        weight=weight,
        sentence=sentence,
        wrong_when="The word may mean something else in another language, or quote a mark in order to compare.",
        spans=spans,
        facts=facts,
    )


def detail(state: FindingState = FindingState.OPEN) -> FindingDetail:
    """A finding at high risk with both sides."""
    offered = listing()
    record = Finding(
        id=derive_id("fnd", "gallery"),
        listing_id=offered.id,
        marketplace="Bazaar",
        external_id=offered.external_id,
        seller_id=offered.seller.id,
        brand="Corvane",
        right_id=derive_id("rgt", "gallery"),
        kind=Kind.MASKED_MARK,
        risk=0.94,
        level=Level.HIGH,
        expected_harm=121.3,
        base=-2.2,
        reasons=reasons(),
        engine_version="1",
        policy_hash=HASH,
        reference_hash=HASH,
        listing_hash=HASH,
    )
    return FindingDetail(
        row=row(0, state=state),
        record=record,
        listing=offered,
        listing_changed=False,
        seller=SellerShown(
            id=offered.seller.id,
            external_id="S-118",
            name="mode-express-88",
            name_hidden=False,
            country="FR",
            since=date(2020, 5, 4),
            sales=2310,
        ),
        right=RightShown(
            id=record.right_id,
            title="Corvane, word mark",
            kind="trademark",
            mark="CORVANE",
            mark_language=None,
            office="EM",
            number="018812345",
            territories=("EU",),
            classes=(18, 25),
            status="in_force",
            withdrawn=False,
        ),
        offered=tuple(Picture(capture_id=None, uri=f"offered-{n}", matched=n == 0) for n in range(3)),
        protected=(Picture(capture_id=None, uri="protected", matched=True),),
        scan_id=None,
        superseded_by=None,
        reviewed_by=None,
    )


_TITLES = (
    TITLE,
    "Carré de soie style Ondrelle, 90 × 90",
    "赫希尔 手表 男士 高仿",
    "H a l c y r montre automatique — écrire en privé",
    "Corvane-inspired tote bag, vegan leather",
    "Authentic Corvane wallet, second hand, with receipt",
)


def row(number: int, state: FindingState = FindingState.OPEN) -> FindingRow:
    """One of six sample rows."""
    levels = (Level.HIGH, Level.HIGH, Level.HIGH, Level.MEDIUM, Level.MEDIUM, Level.LOW)
    return FindingRow(
        core_id=derive_id("fnd", "gallery", str(number)),
        listing_id=derive_id("lst", "gallery", str(number)),
        title=_TITLES[number % len(_TITLES)],
        title_language="zh-Hans" if number == 2 else None,
        brand=("Corvane", "Ondrelle", "Halcyr")[number % 3],
        marketplace="Bazaar",
        external_id=f"BZ-44719{number:02}",
        kind=list(Kind)[number % len(Kind)],
        level=levels[number % len(levels)],
        expected_harm=121.3 - 17 * number,
        state=state,
        found_at=now() - timedelta(hours=5 + 30 * number),
        price=Price(Decimal("129.00") + 411 * number, "EUR") if number != 3 else None,
        capture_id=None,
    )


def decision(verdict: Verdict = Verdict.UNSURE, *, undoable: bool = False) -> DecisionShown:
    """An earlier decision."""
    return DecisionShown(
        id="dcs_" + "0" * 26,
        finding_id=derive_id("fnd", "gallery"),
        verdict=verdict,
        reason=ReasonCode(REASONS[verdict][0].code, REASONS[verdict][0].label),
        note="The stitching is not visible on any picture.",
        by_id=1,
        by="Claire Benoit",
        at=now() - timedelta(days=12),
        seconds=41,
        undone=False,
        undo_until=now() + timedelta(minutes=8) if undoable else None,
        policy_hash=HASH,
        engine_version="1",
        reference_hash=HASH,
        level=Level.HIGH,
    )


def in_words(record: Finding) -> Explanation:
    """In words, with what would change the word: the sample was made by no policy that could say so."""
    changes = ("Without the disguised mark: Medium (51 %).", "If it were shown — the seller is authorised: Low (4 %).")
    return msgspec.structs.replace(explanation(record, None), changes=changes, policy_known=True)


def item(state: FindingState = FindingState.OPEN, *, may_decide: bool = True, why_not: str = "") -> ReviewItem:
    """A review item in one's hands."""
    finding = detail(state)
    return ReviewItem(
        finding=finding,
        explanation=in_words(finding.record),
        facts=fact_lines(finding.record, finding.listing, finding.seller, finding.right),
        lease=LeaseShown(
            mine=may_decide,
            token="gallery",  # noqa: S106 - holds nothing
            holder="",
            until=now() + timedelta(minutes=10),
        ),
        may_decide=may_decide,
        why_not=why_not,
        choices=tuple(
            ReasonChoices(
                verdict=verdict,
                reasons=REASONS[verdict],
                suggested=suggested_reason(finding.record, verdict),
                note_needed=needs_note(verdict, Level.HIGH, suggested_reason(finding.record, verdict)),
            )
            for verdict in ALLOWED[state]
        ),
        blind=state is FindingState.SECOND_LOOK,
        decisions=() if state is FindingState.SECOND_LOOK else (decision(),),
        place=Place(position=Capped(13), length=Capped(1000, more=True)),
        next_ids=(row(1).core_id, row(2).core_id),
        undoable=decision(Verdict.INFRINGING, undoable=True),
    )
