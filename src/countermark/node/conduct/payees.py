"""Read what was done about payees: at the payment platform, and what a seller's link opens."""

from datetime import UTC, date, datetime, time, timedelta

from countermark.node.conduct import doors, showing
from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.policy import policy_in_use
from countermark.node.conduct.recording import payment_only
from countermark.node.conduct.shown import MeasureShown, PayeePage, SpanChoice
from countermark.node.conduct.states import KINDS_OF, ActKind, MeasureKind
from countermark.node.conduct.words import KIND_WORDS
from countermark.node.kernel.errors import NotFound
from countermark.node.notices.seller_page import bodies_in
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission


def payees(member: Member) -> tuple[str, ...]:
    """References of the payees about whom something was done, the latest first. Raises NotPermitted (NOTICES_VIEW)."""
    _may_look(member)
    rows = Measure.objects.filter(organisation_id=member.organisation_id, track=Track.PAYMENTS)
    latest = rows.order_by("-pk").values_list("subject", flat=True)[:1000]
    return tuple(dict.fromkeys(latest))[:200]


def payee(member: Member, reference: str) -> tuple[MeasureShown, ...]:
    """What was done about one payee, newest first. Raises NotPermitted (NOTICES_VIEW, payment platform), NotFound."""
    _may_look(member)
    rows = Measure.objects.filter(
        organisation_id=member.organisation_id, track=Track.PAYMENTS, subject=reference[:60]
    ).prefetch_related("acts__by", "acts__appeal")
    found = showing.measures(rows.order_by("-pk")[:50], member)
    if not found:
        raise NotFound("payee", reference)
    return found


def choices(member: Member) -> tuple[SpanChoice, ...]:
    """What this member can do about a payee; empty where it may do nothing."""
    if not member.may(Permission.NOTICES_DECIDE):
        return ()
    policy = policy_in_use()
    spans = ((kind, policy.span(kind)) for kind in KINDS_OF[Track.PAYMENTS])
    return tuple(
        SpanChoice(code=kind, words=KIND_WORDS[kind], longest=one.longest_days, four_eyes=one.four_eyes)
        for kind, one in spans
    )


def for_payee(token: str, language: str) -> PayeePage:
    """What the seller behind a link is told, in the active language. Raises NotFound: unknown or over."""
    link = doors.follow(token)
    measure = link.measure
    rows = Measure.objects.filter(
        organisation_id=measure.organisation_id, track=Track.PAYMENTS, subject=measure.subject
    )
    return PayeePage(
        platform=measure.organisation.name,
        measures=showing.to_seller(rows.prefetch_related("acts__appeal").order_by("-pk")[:50]),
        bodies=bodies_in(policy_in_use().payments.bodies, language),
        expires_at=link.expires_at,
    )


def figures(member: Member, first: date, last: date) -> dict[str, int]:
    """What was done about payees in a period, from the acts alone; days are UTC.

    Returns:
        `payment_hold`, `payment_end`: decided in it; those that were reversed are none. `appealed`, `upheld`,
        `reversed`, `lifted`: answers that came, and what became of measures, in it.

    Raises:
        NotPermitted (NOTICES_VIEW, payment platform).
    """
    _may_look(member)
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    acts = Act.objects.filter(measure__organisation_id=member.organisation_id, measure__track=Track.PAYMENTS)
    within = acts.filter(at__gte=begin, at__lt=end)
    wrong = acts.filter(kind=ActKind.REVERSED).values("measure_id")
    counted = dict.fromkeys((MeasureKind.PAYMENT_HOLD.value, MeasureKind.PAYMENT_END.value), 0)
    for kind in within.filter(kind=ActKind.CONFIRMED).exclude(measure_id__in=wrong).values_list("measure__kind"):
        counted[kind[0]] += 1
    done = (ActKind.APPEALED, ActKind.UPHELD, ActKind.REVERSED, ActKind.LIFTED)
    return counted | {one.value: within.filter(kind=one).count() for one in done}


def _may_look(member: Member) -> None:
    member.require(Permission.NOTICES_VIEW)
    payment_only(member)
