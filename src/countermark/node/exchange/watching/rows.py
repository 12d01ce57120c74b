"""Agreements and feeds with what belongs to them, in one question each."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from countermark.node.exchange.models import (
    Agreement,
    AgreementSignature,
    AgreementVersion,
    Checkpoint,
    Feed,
    FeedEntry,
    Identity,
    Parcel,
)
from countermark.node.exchange.shown import AgreementRow, FeedShown, ParcelShown, TalkShown
from countermark.node.exchange.states import AgreementState, FeedState
from countermark.node.kernel.claims import State
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.extracts import RECEIPT

#: Hours within which a receipt is expected where the terms name none.
RECEIPT_HOURS = 24
#: Longest list of agreements: one for each partner, so this is never met in practice.
MOST_AGREEMENTS = 500


def our_party_id(organisation_id: int) -> str:
    """Our id in agreements; empty before the key ceremony."""
    found = Identity.objects.filter(organisation_id=organisation_id).values_list("party", flat=True).first()
    return found or ""


def agreements_of(organisation_id: int) -> QuerySet[Agreement]:
    """Agreements with standing, document under discussion, its signatures, and the first unwitnessed checkpoint."""
    ours = Identity.objects.filter(organisation_id=OuterRef("organisation_id")).values("party")[:1]
    discussed = AgreementVersion.objects.filter(agreement=OuterRef("pk"), number=OuterRef("pending")).order_by("-id")
    unseen = Checkpoint.objects.filter(
        organisation_id=OuterRef("organisation_id"), size__gt=OuterRef("standing__witnessed_us_size")
    ).order_by("size")
    signed = AgreementSignature.objects.filter(version_id=OuterRef("discussed_pk"))
    return (
        Agreement.objects.filter(organisation_id=organisation_id)
        .select_related("standing")
        .annotate(
            our_party=Subquery(ours),
            discussed_pk=Subquery(discussed.values("pk")[:1]),
            discussed_by=Subquery(discussed.values("proposed_by")[:1]),
            discussed_at=Subquery(discussed.values("at")[:1]),
            unwitnessed_since=Subquery(unseen.values("at")[:1]),
        )
        .annotate(
            signed_by_us=Exists(signed.filter(party=OuterRef("our_party"))),
            signed_by_them=Exists(signed.filter(party=OuterRef("partner"))),
            offer_sent=Exists(
                Parcel.objects.filter(agreement=OuterRef("pk"), kind="offer", made_at__gte=OuterRef("discussed_at"))
            ),
        )
        .order_by("partner_name", "id")
    )


def agreement_row(row: Agreement) -> AgreementRow:
    """An agreement of `agreements_of` as it is shown."""
    by_us = row.discussed_by == row.our_party if row.pending and row.discussed_by else None  # type: ignore[attr-defined]
    return AgreementRow(
        name=row.name,
        partner=row.partner,
        partner_name=row.partner_name,
        partner_kind=OrganisationKind(row.partner_kind),
        partner_node=row.partner_node,
        state=AgreementState(row.state),
        since=row.since,
        version=row.version,
        pending=row.pending,
        proposed_by_us=by_us,
        offered=by_us is False or bool(row.pending and row.offer_sent),  # type: ignore[attr-defined]
        signed_by_us=bool(row.pending and row.signed_by_us),  # type: ignore[attr-defined]
        signed_by_them=bool(row.pending and row.signed_by_them),  # type: ignore[attr-defined]
        compared_at=row.fingerprint_checked_at,
        suspended_by_us=row.suspended_by_us,
        suspended_by_them=row.suspended_by_them,
        ends_at=row.ends_at,
    )


def talk_of(row: Agreement, terms: dict[str, object]) -> TalkShown:
    """How the talk with a partner goes, for an agreement of `agreements_of`."""
    said = row.standing
    return TalkShown(
        asked_at=said.asked_at,
        answered_at=said.answered_at,
        failing_since=said.failing_since,
        failures=said.failures,
        next_try=said.next_try,
        problem=said.problem,
        detail=said.detail,
        receipt_hours=receipt_hours(terms),
        witnessed_us_at=said.witnessed_us_at,
        witnessed_us_size=said.witnessed_us_size,
        witnessed_them_at=said.witnessed_them_at,
        witness_problem=said.witness_problem,
        unwitnessed_since=row.unwitnessed_since if row.version else None,  # type: ignore[attr-defined]
        clock_off_seconds=said.clock_off_seconds,
    )


def receipt_hours(terms: dict[str, object]) -> int:
    """Hours until a receipt, as agreed; what a partner wrote is not believed to be sensible."""
    times = terms.get("times")
    hours = times.get("receipt_hours") if isinstance(times, dict) else None
    return hours if isinstance(hours, int) and not isinstance(hours, bool) and 1 <= hours <= 8760 else RECEIPT_HOURS


def feeds_of(organisation_id: int) -> QuerySet[Feed]:
    """Feeds with their last entry and the first one that has no receipt."""
    ours = Q(feed__ours=True, seq__gt=F("feed__agreement__standing__receipt_in_seq"))
    theirs = Q(feed__ours=False, seq__gt=F("feed__agreement__standing__receipt_out_seq"))
    entries = FeedEntry.objects.filter(feed=OuterRef("pk"))
    # Receipts are not receipted on their own.
    waiting = entries.filter(ours | theirs).exclude(type=RECEIPT).order_by("seq")
    last = entries.order_by("-seq")
    proved = F("feed__agreement__standing__proved_seq")
    unproven = entries.filter(feed__ours=False, type=RECEIPT, seq__gt=proved).order_by("seq")
    return (
        Feed.objects.filter(organisation_id=organisation_id)
        .select_related("agreement__standing")
        .annotate(
            waiting_since=Subquery(waiting.values("recorded_at")[:1]),
            unproven_since=Subquery(unproven.values("recorded_at")[:1]),
            last_type=Subquery(last.values("type")[:1]),
            last_said_at=Subquery(last.values("happened_at")[:1]),
            last_recorded_at=Subquery(last.values("recorded_at")[:1]),
        )
    )


def feed_shown(row: Feed) -> FeedShown:
    """A feed of `feeds_of` as it is shown."""
    standing = row.agreement.standing
    receipted = (standing.receipt_in_seq, standing.receipt_in_at)
    if not row.ours:
        receipted = (standing.receipt_out_seq, standing.receipt_out_at)
    return FeedShown(
        name=row.name,
        publisher=row.publisher,
        partner_name=row.agreement.partner_name,
        ours=row.ours,
        state=FeedState(row.state),
        reason=row.reason,
        seq=row.seq,
        changed_at=row.changed_at,
        last_type=row.last_type or "",  # type: ignore[attr-defined]
        last_said_at=row.last_said_at,  # type: ignore[attr-defined]
        last_recorded_at=row.last_recorded_at,  # type: ignore[attr-defined]
        receipted=receipted[0],
        receipted_at=receipted[1],
        waiting_since=row.waiting_since,  # type: ignore[attr-defined]
        logged=row.logged_seq,
        unproven_since=row.unproven_since,  # type: ignore[attr-defined]
        thaw_by=row.thaw_by,
        thaw_reason=row.thaw_reason,
        thaw_at=row.thaw_at,
    )


def open_parcels(organisation_id: int) -> QuerySet[Parcel]:
    """Parcels that are on their way or were not taken."""
    return (
        Parcel.objects.filter(agreement__organisation_id=organisation_id).exclude(state=State.DONE).defer("body")
    ).order_by("id")


def parcel_shown(row: Parcel) -> ParcelShown:
    """A parcel as it is shown."""
    return ParcelShown(
        kind=row.kind,
        state=row.state,
        attempts=row.attempts,
        reason=row.reason,
        made_at=row.made_at,
        next_try=row.next_try,
    )
