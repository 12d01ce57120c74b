"""Read records of conduct, as one member sees them, and the measures that a seller's link opens."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from countermark.node.audit import services as audit
from countermark.node.conduct import judging, quality, reading, showing
from countermark.node.conduct.cases import Case
from countermark.node.conduct.judging import Against
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Measure
from countermark.node.conduct.policy import policy_in_use
from countermark.node.conduct.quality import Rate, Tier
from countermark.node.conduct.recording import marketplace_only
from countermark.node.conduct.shown import (
    FilerRecord,
    KindChoice,
    RateShown,
    SellerRecord,
    StrikeShown,
    ToSeller,
    Waiting,
    Weighed,
)
from countermark.node.conduct.states import AWAITED, KINDS_OF, MeasureKind, Standing
from countermark.node.conduct.strikes import Left, Strike
from countermark.node.conduct.words import (
    KIND_WORDS,
    LEFT_WORDS,
    TIER_WORDS,
    factor_lines,
    frequent_sentence,
    ground_words,
    rate_sentences,
    reserve_sentence,
    strikes_sentence,
)
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.time import now
from countermark.node.listings.models import Seller
from countermark.node.notices import links
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

_TITLES = {
    Track.OFFERS: gettext_noop("What its offers show"),
    Track.ANSWERS: gettext_noop("What its answers show"),
    Track.NOTICES: gettext_noop("What its notices show"),
}


def seller_record(member: Member, seller_id: str) -> SellerRecord:
    """The record of one shop. Raises NotPermitted (NOTICES_VIEW, marketplace), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    marketplace_only(member)
    if not Seller.objects.filter(organisation_id=member.organisation_id, core_id=seller_id[:40]).exists():
        raise NotFound("seller", seller_id)
    policy = policy_in_use()
    offers = judging.against(member.organisation_id, Track.OFFERS, seller_id)
    answers = judging.against(member.organisation_id, Track.ANSWERS, seller_id)
    _seen(member, seller_id)
    return SellerRecord(
        seller=seller_id,
        sentence=strikes_sentence(offers.count, policy),
        strikes=tuple(_strike(one) for one in offers.count.strikes),
        left=tuple(_left(one) for one in offers.count.left),
        tracks=(
            _weighed(member, Track.OFFERS, seller_id, offers),
            _weighed(member, Track.ANSWERS, seller_id, answers),
        ),
    )


def filer_record(member: Member, agreement_name: str) -> FilerRecord:
    """The record of whoever files under an agreement, the same on both sides. Raises NotPermitted, NotFound."""
    member.require(Permission.NOTICES_VIEW)
    rows = Agreement.objects.filter(organisation_id=member.organisation_id, name=agreement_name[:60])
    agreement = rows.first()
    if agreement is None:
        raise NotFound("agreement", agreement_name)
    policy, moment = policy_in_use(), now()
    start, end = quality.window(moment, policy.quality.months)
    cases = reading.of_filer(member.organisation_id, agreement.name, start, end)
    found = quality.rates(cases, policy.quality, moment, policy.version)
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE
    ours, theirs = member.organisation_name, agreement.partner_name
    return FilerRecord(
        agreement=agreement.name,
        filer=theirs if decides else ours,
        marketplace=ours if decides else theirs,
        is_own=not decides,
        first=found.first,
        last=found.last,
        code=found.code,
        rates=tuple(_rate(one) for one in found.rates),
        weighed=_weigh_filer(member, agreement.name) if decides else None,
    )


def filers(member: Member) -> tuple[tuple[str, str], ...]:
    """Agreements under which notices travel: name, and name of the other side. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE
    wanted = OrganisationKind.RIGHTS_HOLDER if decides else OrganisationKind.MARKETPLACE
    rows = Agreement.objects.filter(organisation_id=member.organisation_id, partner_kind=wanted, version__gt=0)
    return tuple(rows.order_by("partner_name", "name").values_list("name", "partner_name")[:200])


def sellers(member: Member) -> tuple[tuple[str, str], ...]:
    """Shops with upheld notices of late: id, and what counts in a sentence. Empty but at a marketplace."""
    member.require(Permission.NOTICES_VIEW)
    if member.organisation_kind is not OrganisationKind.MARKETPLACE:
        return ()
    policy, found = policy_in_use(), []
    for name in reading.sellers_with_cases(member.organisation_id, 25):
        counted = judging.against(member.organisation_id, Track.OFFERS, name).count
        found.append((name, strikes_sentence(counted, policy), counted.points))
    return tuple((name, sentence) for name, sentence, _points in sorted(found, key=lambda one: -one[2]))


def waiting(member: Member) -> Waiting:
    """What waits for somebody at this marketplace, of the newest 500 measures. Raises NotPermitted (NOTICES_VIEW)."""
    member.require(Permission.NOTICES_VIEW)
    shown = showing.measures(_of(member).order_by("-pk")[:500], member)
    return Waiting(
        proposals=tuple(one for one in shown if one.standing == Standing.PROPOSED),
        answers=tuple(one for one in shown if one.standing in AWAITED),
        untold=tuple(one for one in shown if one.in_force and not one.is_told),
    )


def for_seller(token: str) -> tuple[ToSeller, ...]:
    """Measures that the seller behind a link is told of, newest first. Raises NotFound: unknown or over."""
    notice = links.follow(token).notice
    if not notice.seller:
        return ()
    rows = Measure.objects.filter(organisation_id=notice.organisation_id, subject=notice.seller)
    return showing.to_seller(rows.prefetch_related("acts__appeal").order_by("-pk")[:50])


def _of(member: Member) -> QuerySet[Measure]:
    return Measure.objects.filter(organisation_id=member.organisation_id).prefetch_related("acts__by", "acts__appeal")


def _seen(member: Member, seller_id: str) -> None:
    if member.may(Permission.PERSONAL_DATA_VIEW):
        audit.record(actor=member.actor, organisation=member.organisation_id, action="conduct.viewed", target=seller_id)


def _weigh_filer(member: Member, name: str) -> Weighed:
    return _weighed(member, Track.NOTICES, name, judging.against(member.organisation_id, Track.NOTICES, name))


def _weighed(member: Member, track: Track, subject: str, found: Against) -> Weighed:
    policy = policy_in_use()
    rows = _of(member).filter(track=track, subject=subject).order_by("-pk")[:50]
    return Weighed(
        track=track,
        subject=subject,
        title=_TITLES[track],
        factors=found.factors,
        lines=factor_lines(found.factors),
        frequent=frequent_sentence(found.factors, policy),
        choices=tuple(_choice(kind, found) for kind in KINDS_OF[track])
        if member.may(Permission.NOTICES_DECIDE)
        else (),
        measures=showing.measures(rows, member),
    )


def _choice(kind: MeasureKind, found: Against) -> KindChoice:
    rung = policy_in_use().rung(kind)
    refusal = ""
    if found.points < rung.from_points:
        asked = {"n": rung.from_points, "points": found.points}
        refusal = _("The policy asks for %(n)d; %(points)d count now.") % asked
    elif kind is not MeasureKind.WARNING and found.warning is None:
        refusal = _("First a warning that is proved to have arrived.")
    return KindChoice(
        code=kind,
        words=KIND_WORDS[kind],
        longest=rung.longest_days,
        four_eyes=rung.four_eyes,
        refusal=refusal,
    )


def _strike(one: Strike) -> StrikeShown:
    return StrikeShown(
        notices=tuple(case.notice for case in one.cases),
        ground=", ".join(sorted({ground_words(case.ground) for case in one.cases})),
        points=one.points,
        at=one.at,
        until=one.until,
        why_not="",
    )


def _left(one: Left) -> StrikeShown:
    case: Case = one.case
    return StrikeShown(
        notices=(case.notice,),
        ground=ground_words(case.ground),
        points=0,
        at=case.decided_at,
        until=None,
        why_not=LEFT_WORDS.get(one.why, one.why),
    )


def _rate(one: Rate) -> RateShown:
    success, countered = rate_sentences(one, policy_in_use().quality)
    return RateShown(
        ground=ground_words(one.ground),
        success=success,
        countered=countered,
        against=f"{one.refused} refused, {one.back} back on sale, {one.errors} withdrawn as a mistake.",
        tier=TIER_WORDS[one.tier],
        is_alarm=one.tier not in {Tier.FEW, Tier.GOOD},
        reserve=reserve_sentence(one),
    )
