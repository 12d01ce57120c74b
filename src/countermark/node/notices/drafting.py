"""A notice from one finding: everything filled in that the node knows, and checked before it is sent."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from countermark.law.asked import Declaration, Field, Ground
from countermark.law.asked import Paper as LawPaper
from countermark.law.deadlines import day_in
from countermark.law.drafts import Draft, Facts, Item, Problem, Proof, Signed
from countermark.law.preflight import preflight, wanted_declarations, wanted_fields
from countermark.law.regime import Regime
from countermark.model import Kind, to_json
from countermark.model import Right as RightRecord
from countermark.node.channels.models import Channel
from countermark.node.evidence.purchases.viewing import Supporting
from countermark.node.exchange.models import Agreement
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.findings import selectors as findings
from countermark.node.findings.shown import FindingDetail
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.time import now
from countermark.node.notices import asked_by_platform, knowing, lawyer, papers, permits, through
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.knowing import Known
from countermark.node.notices.papers import Filed
from countermark.node.notices.through import ChannelChoice
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

_GROUNDS = {
    Kind.OBVIOUS_FAKE: "counterfeit",
    Kind.UNAUTHORISED_USE: "mark-in-offer",
    Kind.MASKED_MARK: "mark-in-offer",
    Kind.CONFUSING_LOOKALIKE: "look-alike",
    Kind.COPIED_PHOTO: "copied-work",
    Kind.GREY_MARKET: "grey-market",
}
#: Kind of evidence, in the glossary of a regime.
_TEST_PURCHASE = "test_purchase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose; empty = what fits best.

    Attributes:
        agreement: name of the agreement with the marketplace.
        channel: `chn_…`, for a marketplace that has no node.
        right: `rgt_…`.
        country: to which the offer is directed.
        regime, ground: ids.
        explanation: what infringes and why; None = as the finding says it.
        fields: further fields of the regime.
        signer: who signs the declarations; empty = nobody yet.
        declared: id of a declaration to the version of the words that were shown.
        words_signed: versions of words that were signed for several notices at once, whatever law asks for them.
        evidence: kind and paper.
        purchases: test purchases (`prc_…`) that support it; None = those whose goods an expert found counterfeit.
    """

    agreement: str = ""
    channel: str = ""
    right: str = ""
    country: str = ""
    regime: str = ""
    ground: str = ""
    explanation: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    signer: str = ""
    declared: dict[str, str] = field(default_factory=dict)
    words_signed: frozenset[str] = frozenset()
    evidence: tuple[tuple[str, Attachment], ...] = ()
    purchases: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A notice that is not filed yet.

    Attributes:
        finding: that it rests on.
        agreements: with marketplaces; `agreement` is the one it goes to, None when there is none.
        channels: to marketplaces without a node; `channel` is the one it goes through, None when there is none.
        rights: that it can rely on; `right` is the one it does, None when the house has none.
        platform: whose programme the other side follows; empty = none.
        regime, ground: as chosen or as fits; `ground` None where the right allows none.
        paper: what would be filed.
        fields, declarations: what this law asks to be written and signed.
        problems: what stands against it, what blocks first.
        withheld: sentences about fields that the marketplace will not get.
        purchases: test purchases that could support it, and whether each does.
    """

    finding: FindingDetail
    agreements: tuple[Agreement, ...]
    agreement: Agreement | None
    channels: tuple[ChannelChoice, ...]
    channel: Channel | None
    rights: tuple[RightRecord, ...]
    right: RightRecord | None
    regime: Regime
    grounds: tuple[Ground, ...]
    ground: Ground | None
    paper: Filed
    fields: tuple[Field, ...]
    declarations: tuple[Declaration, ...]
    problems: tuple[Problem, ...]
    withheld: tuple[str, ...]
    platform: str = ""
    purchases: tuple[tuple[Supporting, bool], ...] = ()

    @property
    def can_be_filed(self) -> bool:
        """Whether nothing blocks."""
        return not any(one.blocks for one in self.problems)


def prepare(member: Member, finding_id: str, choice: Choice, at: datetime | None = None) -> Prepared:
    """A notice from a finding, as chosen so far; days are those of the law's own zone.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid (regime).
    """
    member.require(Permission.NOTICES_FILE)
    detail = findings.finding(member, finding_id)
    known = knowing.around(member, [detail], at or now())
    made = prepare_known(known, detail, choice)
    return replace(made, withheld=_withheld(known, made))


def prepare_known(known: Known, detail: FindingDetail, choice: Choice) -> Prepared:
    """The same without a question to the database; what the marketplace will not get is not asked for.

    Raises:
        Invalid (regime).
    """
    agreements, rights = known.agreements, known.rights.get(detail.row.brand, ())
    right = _right(rights, detail, choice)
    agreement = None if choice.channel else _agreement(agreements, detail, choice)
    channel = _channel(known.channels, agreement, detail, choice)
    country = choice.country or _country(right)
    kind, today = right.kind if right else "trademark", known.moment.date()
    programme = asked_by_platform.followed_by(known, agreement, channel)
    platform = programme.platform
    regime = lawyer.regime(choice.regime) if choice.regime else lawyer.regime_for(country, kind, today, platform)
    grounds = tuple(one for one in regime.file.asked.grounds if right is None or right.kind in one.kinds)
    ground = _ground(grounds, detail, choice)
    bought = _bought(known, detail, regime, choice)
    filled = asked_by_platform.known_fields(regime, channel, programme, ground, right, country)
    choice = replace(choice, fields=filled | {name: text for name, text in choice.fields.items() if text.strip()})
    paper = _paper(known.member, detail, right, choice, country, ground, bought)
    draft = _draft(paper, detail, right, choice, known, _signed(choice, known.moment, regime))
    way = _passable(channel, regime, paper, choice) if channel else known.agreed(agreement, message("ntc_0", "", paper))
    way = [*way, *asked_by_platform.others_rules(regime, platform)]
    problems = [*way, *preflight(regime, draft, _facts(known, detail, right, regime, country))]
    return Prepared(
        finding=detail,
        agreements=agreements,
        agreement=agreement,
        channels=tuple(through.choice_of(one) for one in known.channels),
        channel=channel,
        rights=rights,
        right=right,
        regime=regime,
        platform=platform,
        grounds=grounds,
        ground=ground,
        paper=paper,
        fields=tuple(one for one in wanted_fields(regime.file.asked, draft) if one.id != "facts"),
        declarations=wanted_declarations(regime.file.asked, LawPaper.NOTICE),
        problems=tuple(sorted(problems, key=lambda one: not one.blocks)),
        withheld=(),
        purchases=bought,
    )


def message(notice_id: str, regime_id: str, paper: Filed, signer: str = "") -> permits.Message:
    """A notice as it travels; `signer`: who signed its declarations, for where the agreement lets a name out."""
    fields: dict[str, object] = {
        "notice_id": notice_id,
        "regime": regime_id,
        "ground": paper.ground,
        "explanation": asked_by_platform.with_codes(regime_id, paper),
        "urls": [paper.url] if paper.url else [],
        "external_ids": [paper.external_id],
        "brand": paper.brand,
        "right_id": paper.right_id,
        "right_office": paper.right_office,
        "right_number": paper.right_number,
        "right_owner": paper.fields.get("holder_identity") or paper.right_owner,
        "evidence_ids": [one.kind for one in paper.evidence],
        "evidence_hashes": [one.digest for one in paper.evidence],
        "good_faith": bool(paper.declarations),
        "accuracy": bool(paper.declarations),
        "statement": "\n".join(paper.declarations),
        "signer_name": signer,
        "country": paper.country,
        "signer_contact": paper.fields.get("contact") or paper.fields.get("notifier_email", ""),
        "sent_at": now(),
    }
    return permits.Message(
        type="notice.filed",
        subject=notice_id,
        kind=ItemKind.NOTICE,
        action=Action.NOTIFY,
        country=paper.country,
        fields=fields,
        key=f"file {notice_id}",
    )


def _right(rights: tuple[RightRecord, ...], detail: FindingDetail, choice: Choice) -> RightRecord | None:
    wanted = choice.right or detail.record.right_id
    return next((one for one in rights if one.id == wanted), None) or next(iter(rights), None)


def _agreement(agreements: tuple[Agreement, ...], detail: FindingDetail, choice: Choice) -> Agreement | None:
    if choice.agreement:
        return next((one for one in agreements if one.name == choice.agreement), None)
    here = detail.row.marketplace.casefold()
    return next((one for one in agreements if one.partner_name.casefold() == here), None)


def _channel(
    channels: tuple[Channel, ...], agreement: Agreement | None, detail: FindingDetail, choice: Choice
) -> Channel | None:
    """The channel that was chosen; without any choice, the one to the marketplace of the offer, if it has no node."""
    if choice.channel or choice.agreement or agreement is not None:
        return next((one for one in channels if one.public_id == choice.channel), None)
    here = detail.row.marketplace.casefold()
    return next((one for one in channels if one.marketplace.casefold() == here), None)


def _passable(channel: Channel, regime: Regime, paper: Filed, choice: Choice) -> list[Problem]:
    """What the channel would refuse of the notice as it stands."""
    enclosed = through.enclosed_of(choice.evidence)
    return through.problems(channel, through.letter("ntc_0", regime, paper, choice.signer, enclosed))


def _country(right: RightRecord | None) -> str:
    codes = right.territories if right else ()
    return next((one for one in codes if one not in {"EU", "WO"}), "FR" if "EU" in codes or not codes else "")


def _ground(grounds: tuple[Ground, ...], detail: FindingDetail, choice: Choice) -> Ground | None:
    wanted = choice.ground or _GROUNDS.get(detail.row.kind, "")
    return next((one for one in grounds if one.id == wanted), None) or next(iter(grounds), None)


def _paper(
    member: Member,
    detail: FindingDetail,
    right: RightRecord | None,
    choice: Choice,
    country: str,
    ground: Ground | None,
    bought: tuple[tuple[Supporting, bool], ...],
) -> Filed:
    listing = detail.listing
    explanation = explained(detail) if choice.explanation is None else choice.explanation
    return Filed(
        url=listing.url or "",
        external_id=listing.external_id,
        marketplace=listing.marketplace,
        title=listing.title.value,
        brand=detail.row.brand,
        right_id=right.id if right else "",
        right_title=right.title if right else "",
        right_kind=right.kind if right else "",
        right_office=right.office if right else "",
        right_number=right.number if right else "",
        right_owner=right.brand if right else "",
        ground=ground.id if ground else "",
        explanation=explanation.strip()[: papers.LONGEST_EXPLANATION],
        country=country,
        fields={name: value.strip() for name, value in choice.fields.items() if value.strip()},
        evidence=(
            *_kept(detail, right),
            *(Proof(_TEST_PURCHASE, one.digest) for one, used in bought if used),
            *(Proof(kind, one.sha256) for kind, one in choice.evidence),
        ),
        role=member.role,
    )


def explained(detail: FindingDetail) -> str:
    """The strongest reasons for it, as the finding says them; a person reads and corrects them before signing."""
    return "\n".join(one.sentence for one in detail.record.reasons_for()[:5])


def _bought(known: Known, detail: FindingDetail, regime: Regime, choice: Choice) -> tuple[tuple[Supporting, bool], ...]:
    """Test purchases from the offer, where the law knows such evidence, and whether each supports the notice."""
    if _TEST_PURCHASE not in regime.file.asked.evidence:
        return ()

    def used(one: Supporting) -> bool:
        return one.opinion == "counterfeit" if choice.purchases is None else one.id in choice.purchases

    return tuple((one, used(one)) for one in known.purchases.get(detail.row.listing_id, ()))


def _kept(detail: FindingDetail, right: RightRecord | None) -> tuple[Proof, ...]:
    """What the node holds already: the captured offer, the register record, the comparison that the finding is."""
    uris = [one.uri for one in detail.offered if one.capture_id and one.uri.startswith("sha256:")][:5]
    captures = [uri.removeprefix("sha256:") for uri in uris] or [detail.record.listing_hash]
    found = [Proof("capture", digest) for digest in captures]
    if right is not None and right.number and right.source:
        found.append(Proof("right_paper", hashlib.sha256(to_json(right)).hexdigest()))
    if any(one.matched and one.capture_id for one in detail.protected):
        found.append(Proof("comparison", hashlib.sha256(to_json(detail.record)).hexdigest()))
    return tuple(found)


def _draft(
    paper: Filed,
    detail: FindingDetail,
    right: RightRecord | None,
    choice: Choice,
    known: Known,
    signed: tuple[Signed, ...],
) -> Draft:
    item = Item(
        id=detail.row.listing_id,
        url=paper.url,
        live=True,
        seen=detail.listing.captured_at.date(),
        seller_is_authorised=detail.seller.external_id in known.shops.get(detail.row.brand, ()),
        genuine_resale=detail.row.kind is Kind.GENUINE_RESALE,
    )
    return Draft(
        paper=LawPaper.NOTICE,
        items=(item,),
        ground=paper.ground,
        rights=(right,) if right else (),
        fields={
            "facts": paper.explanation,
            **paper.fields,
            "signature": choice.signer,
            "work_title": paper.right_title,
        },
        evidence=paper.evidence,
        signed=signed,
    )


def _signed(choice: Choice, moment: datetime, regime: Regime) -> tuple[Signed, ...]:
    there = moment.astimezone(ZoneInfo(regime.file.zone or "UTC"))
    wanted = wanted_declarations(regime.file.asked, LawPaper.NOTICE)
    together = {one.id: one.version for one in wanted if one.version in choice.words_signed}
    return tuple(
        Signed(declaration=name, version=version, signer=choice.signer, at=there)
        for name, version in (together | choice.declared).items()
    )


def _facts(known: Known, detail: FindingDetail, right: RightRecord | None, regime: Regime, country: str) -> Facts:
    return Facts(
        day=day_in(known.moment, regime.file.zone or "UTC"),
        markets=(country,),
        acts_for_itself=(right.brand,) if right else (),
        earlier=tuple(known.earlier.get((detail.row.listing_id, regime.id), ())),
    )


def _withheld(known: Known, made: Prepared) -> tuple[str, ...]:
    if made.agreement is None:
        return ()
    try:
        hidden = known.voice(made.agreement).preview(known.member.role, message("ntc_0", "", made.paper)).hidden
    except Conflict:
        return ()
    return tuple(one.sentence for one in hidden if one.reason != "empty")
