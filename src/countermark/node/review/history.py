"""Decisions as screens show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from countermark.model import Level
from countermark.node.findings.models import Finding
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.review.models import Decision
from countermark.node.review.shown import DecisionShown
from countermark.node.review.verdicts import ReasonCode, Verdict, reason_label

#: Decisions shown beside an item; older ones are on the finding's own page.
SHOWN_BESIDE = 10
#: Rows read for it: those, and the one that can be undone, which may be older.
READ_BESIDE = 50


def grace() -> timedelta:
    """How long a decision can be undone (setting COUNTERMARK_UNDO_MINUTES)."""
    return timedelta(minutes=int(settings.COUNTERMARK_UNDO_MINUTES))


def on_listing_and_house(finding: Finding) -> QuerySet[Decision]:
    """Every decision on any finding of the same listing and house, newest first."""
    return _shown_fields(Decision.objects.filter(listing_id=finding.listing_id, brand=finding.brand))


def undoable_of(member: Member) -> QuerySet[Decision]:
    """The member's decisions that can still be undone, newest first."""
    return _shown_fields(_undoable(member)).order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside an item: decisions on the same listing and house, and what the member can undo."""

    decisions: tuple[DecisionShown, ...]
    undoable: DecisionShown | None


def beside(member: Member, finding: Finding) -> Beside:
    """Both in one question to the database."""
    latest = Subquery(_undoable(member).order_by("-at", "-pk").values("pk")[:1])
    here = Q(listing_id=finding.listing_id, brand=finding.brand)
    rows = _shown_fields(Decision.objects.filter(here | Q(pk=latest)))
    rows = rows.annotate(is_latest=ExpressionWrapper(Q(pk=latest), BooleanField()))
    decisions = list(rows[:READ_BESIDE])
    about_this = [row for row in decisions if (row.listing_id, row.brand) == (finding.listing_id, finding.brand)]
    return Beside(
        decisions=tuple(shown(row, member) for row in about_this[:SHOWN_BESIDE]),
        undoable=next((shown(row, member) for row in decisions if row.is_latest), None),
    )


def _undoable(member: Member) -> QuerySet[Decision]:
    later = Decision.objects.filter(finding_id=OuterRef("finding_id"), pk__gt=OuterRef("pk"))
    recent = Decision.objects.filter(by_id=member.user_id, at__gt=now() - grace(), finding__current=True)
    own = recent.filter(organisation_id=member.organisation_id).exclude(verdict=Verdict.WITHDRAWN)
    return own.filter(~Exists(later))


def _shown_fields(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    undone = Decision.objects.filter(supersedes_id=OuterRef("pk"), verdict=Verdict.WITHDRAWN)
    return (
        decisions.select_related("by", "finding")
        .defer("finding__record")
        .annotate(is_undone=Exists(undone))
        .order_by("-pk")
    )


def shown(decision: Decision, member: Member) -> DecisionShown:
    """A decision (with `by` and `finding` loaded, from a query of this module, or just written) as its record."""
    verdict = Verdict(decision.verdict)
    undone = bool(getattr(decision, "is_undone", False))
    return DecisionShown(
        id=decision.public_id,
        finding_id=decision.finding.core_id,
        verdict=verdict,
        reason=ReasonCode(decision.reason, reason_label(decision.reason)),
        note=decision.note,
        by_id=decision.by_id,
        by=decision.by.name or decision.by.email,
        at=decision.at,
        seconds=decision.seconds,
        undone=undone,
        undo_until=None if undone else _undo_until(decision, member),
        policy_hash=decision.policy_hash,
        engine_version=decision.engine_version,
        reference_hash=decision.reference_hash,
        level=Level(decision.level_seen),
    )


def _undo_until(decision: Decision, member: Member) -> datetime | None:
    until: datetime = decision.at + grace()
    mine = decision.by_id == member.user_id and decision.verdict != Verdict.WITHDRAWN
    return until if mine and until > now() else None
