"""A person warns or restricts. Never a machine: no worker comes here, and every measure names who decided it.

A measure that the policy calls grave is proposed by one person and confirmed by another.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from countermark.law.matter import Matter
from countermark.node.conduct import doors, judging, lawful
from countermark.node.conduct.judging import Against
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.policy import Policy, policy_in_use
from countermark.node.conduct.recording import (
    Done,
    add,
    as_json,
    beginning,
    check_end,
    check_words,
    facts_of,
    lock,
    marketplace_only,
    must,
    record,
    restricts,
)
from countermark.node.conduct.states import IN_FORCE, KINDS_OF, ActKind, MeasureKind, Standing
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.errors import Conflict, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.listings.models import Seller
from countermark.node.notices import links
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Side
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A measure that somebody wants to take.

    Attributes:
        track, subject: whose conduct: `slr_…`, or the name of the agreement of a filer.
        kind: a `MeasureKind` of that track.
        reasons: as the person will read them.
        ends_on: last day; there is no measure without one.
        detail: what exactly, for instance how many listings; may be empty.
    """

    track: Track
    subject: str
    kind: str
    reasons: str
    ends_on: date | None
    detail: str = ""


@transaction.atomic
def propose(member: Member, wanted: Wanted) -> str:
    """Take a measure, or propose one that a second person must confirm; gives its id (`msr_…`).

    Raises:
        NotPermitted (NOTICES_DECIDE, marketplace), NotFound, Invalid, Conflict (the policy), LawRefusesMeasure.
    """
    member.require(Permission.NOTICES_DECIDE)
    marketplace_only(member)
    _exists(member, wanted)
    policy, moment = policy_in_use(), now()
    kind = _checked(wanted, policy, moment.date())
    found = judging.against(member.organisation_id, wanted.track, wanted.subject)
    rung = policy.rung(kind)
    must(
        found.points >= rung.from_points,
        f"The policy asks for {rung.from_points} before this measure; {found.points} count now.",
        "policy-not-reached",
    )
    measure = _made(member, wanted, kind, found, policy)
    matter = _begun(found)
    if restricts(measure):
        # Asked now, so that nobody proposes what a second person could only refuse.
        lawful.after(matter, beginning(measure), moment, "platform", facts_of(measure))
    measure.save()
    first = record(measure, matter, Done(kind=ActKind.PROPOSED, by=member.user_id), 1, moment)
    if not rung.four_eyes:
        decided(measure, [first], member, "")
    return measure.public_id


@transaction.atomic
def confirm(member: Member, measure_id: str, words: str = "") -> None:
    """Confirm what another person proposed. Raises NotPermitted (NOTICES_SANCTION), NotFound, Conflict, Invalid."""
    member.require(Permission.NOTICES_SANCTION)
    measure, acts = _waiting(member, measure_id)
    must(measure.by_id != member.user_id, "Whoever proposed it cannot confirm it: another person looks.", "four-eyes")
    decided(measure, acts, member, words)


@transaction.atomic
def decline(member: Member, measure_id: str, words: str) -> None:
    """Decide against a proposal. Raises NotPermitted (NOTICES_DECIDE), NotFound, Conflict, Invalid."""
    member.require(Permission.NOTICES_DECIDE)
    measure, acts = _waiting(member, measure_id)
    add(measure, acts, Done(kind=ActKind.DECLINED, by=member.user_id, words=check_words(words)))


@transaction.atomic
def lift(member: Member, measure_id: str, words: str) -> None:
    """End a measure before its day, with reasons. Raises NotPermitted (NOTICES_DECIDE), NotFound, Conflict, Invalid."""
    member.require(Permission.NOTICES_DECIDE)
    measure, acts = lock(member.organisation_id, measure_id)
    standing = judging.standing(measure, acts)
    must(standing in IN_FORCE, "It does not hold now, so there is nothing to lift.", "not-in-force")
    must(standing is not Standing.APPEALED, "The person has answered: decide on the answer instead.", "appeal-waits")
    state = lawful.read(acts[-1].matter).state
    event = {"suspended": "end_suspension", "warned": "forget_warning", "restricted": "lift"}.get(state, "")
    said = check_words(words)
    add(measure, acts, Done(kind=ActKind.LIFTED, by=member.user_id, words=said), event, reasons=said)


@transaction.atomic
def link_for(member: Member, measure_id: str) -> str:
    """A link to the page on which the seller reads the measure and answers; shown once.

    Raises:
        NotPermitted (NOTICES_DECIDE), NotFound, Conflict (no notice of this seller is known, or nothing holds).
    """
    member.require(Permission.NOTICES_DECIDE)
    measure, acts = lock(member.organisation_id, measure_id)
    proposed = judging.standing(measure, acts) in {Standing.PROPOSED, Standing.DECLINED}
    must(not proposed, "It is not decided yet, so there is nothing to tell.", "not-decided")
    if measure.track == Track.PAYMENTS:
        return doors.make(measure, now())
    notice = measure.notice
    if notice is None:
        raise Conflict("A filer has no page of its own: tell it under the agreement.", code="no-page")
    return links.make(notice, now())


def _exists(member: Member, wanted: Wanted) -> None:
    if wanted.track is Track.PAYMENTS:
        known = False  # `payments.propose` is for them
    elif wanted.track is Track.NOTICES:
        rows = Agreement.objects.filter(organisation_id=member.organisation_id, name=wanted.subject[:60])
        known = rows.exists()
    else:
        known = Seller.objects.filter(organisation_id=member.organisation_id, core_id=wanted.subject[:60]).exists()
    if not known:
        raise NotFound("seller or filer", wanted.subject)


def _checked(wanted: Wanted, policy: Policy, today: date) -> MeasureKind:
    kind = next((one for one in KINDS_OF[wanted.track] if one == wanted.kind), None)
    if kind is None:
        raise Invalid.of("kind", "kind-unknown", "This measure is not for them.", "Choose one of the list.")
    check_words(wanted.reasons, "reasons")
    if len(wanted.detail) > 200 or not is_storable(wanted.detail):
        raise Invalid.of("detail", "detail-too-long", "The detail is longer than 200 characters.", "Shorten it.")
    check_end(wanted.ends_on, today, policy.rung(kind).longest_days)
    return kind


def _made(member: Member, wanted: Wanted, kind: MeasureKind, found: Against, policy: Policy) -> Measure:
    moment = now()
    assert wanted.ends_on is not None
    return Measure(
        organisation_id=member.organisation_id,
        public_id=new_id("msr"),
        track=wanted.track,
        subject=wanted.subject,
        kind=kind,
        notice=_notice(member, wanted),
        reasons=wanted.reasons.strip(),
        detail=wanted.detail.strip(),
        factors=as_json(found.factors),
        points=found.points,
        policy=policy.version,
        made_on=moment.date(),
        ends_on=wanted.ends_on,
        by_id=member.user_id,
        made_at=moment,
    )


def _notice(member: Member, wanted: Wanted) -> Notice | None:
    """A notice of this seller that its link can open: the latest that was decided."""
    if wanted.track is Track.NOTICES:
        return None
    rows = Notice.objects.filter(organisation_id=member.organisation_id, side=Side.RECEIVED, seller=wanted.subject)
    found: Notice | None = rows.filter(decided_at__isnull=False).order_by("-decided_at").first()
    return found


def _begun(found: Against) -> Matter:
    """The matter of a new measure: after the warning that reached the person, or at the very beginning."""
    warning = found.warning
    return lawful.opened(now()) if warning is None else lawful.read(judging.acts_of(warning)[-1].matter)


def _waiting(member: Member, measure_id: str) -> tuple[Measure, list[Act]]:
    measure, acts = lock(member.organisation_id, measure_id)
    must(judging.standing(measure, acts) is Standing.PROPOSED, "It does not wait for anybody's word.", "not-proposed")
    return measure, acts


def decided(measure: Measure, acts: list[Act], member: Member, words: str) -> None:
    """It holds from now on. Raises LawRefusesMeasure."""
    done = Done(kind=ActKind.CONFIRMED, by=member.user_id, words=words[:4000])
    second = {"second_person": member.actor} if member.user_id != measure.by_id else {}
    add(measure, acts, done, beginning(measure), **second)
