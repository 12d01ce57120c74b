"""Judge a finding and take it back: the rules, each refusal with its sentence."""

from dataclasses import dataclass

from django.db import transaction

from countermark.model import Finding as Record
from countermark.model import Level, from_json
from countermark.node.audit import services as audit
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import named
from countermark.node.findings.states import WAITING, FindingState
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import history, leases
from countermark.node.review.models import Decision, Lease
from countermark.node.review.verdicts import ALLOWED, Verdict, is_reason_of, needs_note, state_after

LONGEST_NOTE = 4_000
#: A page left open overnight says nothing about how long a decision took.
LONGEST_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person sends: verdict, reason, note, the token of the hold, and the time it took."""

    verdict: Verdict
    reason: str
    note: str
    lease_token: str
    seconds: int


def lock(member: Member, core_id: str) -> Finding:
    """The finding, locked until the transaction ends; NotFound when the organisation has none of that id."""
    finding = named(member, core_id).select_for_update().first()
    if finding is None:
        raise NotFound("finding", core_id)
    return finding


@transaction.atomic
def decide(member: Member, core_id: str, judgement: Judgement) -> Decision:
    """Write one decision, the finding's new state and the audit row, or nothing."""
    member.require(Permission.REVIEW_DECIDE)
    finding = lock(member, core_id)
    _refuse_decided(finding)
    queue = FindingState(finding.state)
    if queue is FindingState.ESCALATED:
        member.require(Permission.REVIEW_DECIDE_ESCALATED)
    _refuse_own_second_look(member, finding)
    _refuse_lost_hold(member, finding, judgement.lease_token)
    _check(finding, queue, judgement)
    return _write(member, finding, judgement, state_after(judgement.verdict, queue))


def _refuse_decided(finding: Finding) -> None:
    if finding.state in WAITING:
        return
    if finding.state == FindingState.DECIDED:
        last = history.on_listing_and_house(finding).first()
        raise Conflict(_decided_sentence(last), code="finding-decided")
    raise Conflict(
        "A later scan replaced this finding while you looked at it. Open the listing's current one.",
        code="finding-replaced",
    )


def _decided_sentence(decision: Decision | None) -> str:
    if decision is None:
        return "This finding is already decided."
    who, words = decision.by.name or decision.by.email, Verdict(decision.verdict).value.replace("_", " ")
    return f"{who} decided this at {decision.at:%H:%M} UTC on {decision.at:%d %b %Y}: {words}."


def _refuse_own_second_look(member: Member, finding: Finding) -> None:
    if finding.state == FindingState.SECOND_LOOK and finding.last_reviewer_id == member.user_id:
        raise Conflict("You were unsure about this one; someone else decides it now.", code="own-second-look")


def _refuse_lost_hold(member: Member, finding: Finding, token: str) -> None:
    """A hold that ended by time is still good as long as nobody else took the item."""
    lease = Lease.objects.select_related("member").filter(finding_id=finding.pk).first()
    if lease is not None and lease.member_id == member.user_id and lease.token == token:
        return
    if lease is not None and lease.member_id != member.user_id and not leases.ended(lease.until):
        raise Conflict(leases.seen(member, lease).sentence(), code="lease-lost")
    raise Conflict("You no longer hold this item. Open it again to decide.", code="lease-lost")


def _refuse_while_another_looks(member: Member, finding: Finding) -> None:
    held = leases.holder(member, finding.pk)
    if held.until is not None and not held.mine:
        raise Conflict(held.sentence(), code="lease-lost")


def _check(finding: Finding, queue: FindingState, judgement: Judgement) -> None:
    problems = []
    if judgement.verdict not in ALLOWED[queue]:
        words = judgement.verdict.value.replace("_", " ")
        problems.append(FieldProblem("verdict", "verdict-not-here", f"“{words}” cannot be said in this queue."))
    if not is_reason_of(judgement.verdict, judgement.reason):
        problems.append(FieldProblem("reason", "reason-unknown", "This is no reason for that verdict.", "Choose one."))
    if needs_note(judgement.verdict, Level(finding.level), judgement.reason) and not judgement.note.strip():
        problems.append(FieldProblem("note", "note-missing", "This decision needs a note.", "Say in a sentence why."))
    if not is_storable(judgement.note):
        odd = "The note holds a character that cannot be stored."
        problems.append(FieldProblem("note", "note-not-text", odd, "Type it again."))
    if len(judgement.note) > LONGEST_NOTE:
        long = f"The note is longer than {LONGEST_NOTE:,} characters."
        problems.append(FieldProblem("note", "note-too-long", long, "Shorten it."))
    if problems:
        raise Invalid(problems)


def _write(member: Member, finding: Finding, judgement: Judgement, state: FindingState) -> Decision:
    record = from_json(finding.record, Record)
    decision = Decision.objects.create(
        organisation_id=member.organisation_id,
        public_id=new_id("dcs"),
        finding=finding,
        listing_id=finding.listing_id,
        brand=finding.brand,
        verdict=judgement.verdict,
        reason=judgement.reason,
        note=judgement.note.strip(),
        by_id=member.user_id,
        seconds=min(max(judgement.seconds, 0), LONGEST_SECONDS),
        state_before=finding.state,
        reviewer_before_id=finding.last_reviewer_id,
        level_seen=finding.level,
        engine_version=record.engine_version,
        policy_hash=record.policy_hash,
        reference_hash=record.reference_hash,
    )
    _move(finding, state, member.user_id)
    leases.let_go(member, finding.pk)
    leases.trim(member)
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=f"review.{judgement.verdict}",
        target=finding.core_id,
        detail={"decision": decision.public_id, "reason": judgement.reason},
    )
    return decision


def _move(finding: Finding, state: FindingState, reviewer: int | None) -> None:
    finding.state = state
    finding.last_reviewer_id = reviewer
    finding.save(update_fields=["state", "last_reviewer"])


@transaction.atomic
def undo(member: Member, decision_id: str) -> Finding:
    """Write a withdrawal that supersedes one's own decision; the finding waits again where it waited before."""
    member.require(Permission.REVIEW_DECIDE)
    own = Decision.objects.filter(organisation_id=member.organisation_id, public_id=decision_id)
    decision = None
    if is_id("dcs", decision_id):
        decision = own.exclude(verdict=Verdict.WITHDRAWN).select_related("finding").first()
    if decision is None:
        raise NotFound("decision", decision_id)
    if decision.by_id != member.user_id:
        raise NotPermitted("Only the person who decided can undo a decision.")
    finding = lock(member, decision.finding.core_id)
    _refuse_stale_undo(decision, finding)
    _refuse_while_another_looks(member, finding)
    withdrawal = Decision.objects.create(
        organisation_id=member.organisation_id,
        public_id=new_id("dcs"),
        finding=finding,
        listing_id=finding.listing_id,
        brand=finding.brand,
        verdict=Verdict.WITHDRAWN,
        by_id=member.user_id,
        supersedes=decision,
        state_before=finding.state,
        reviewer_before_id=finding.last_reviewer_id,
        level_seen=decision.level_seen,
        engine_version=decision.engine_version,
        policy_hash=decision.policy_hash,
        reference_hash=decision.reference_hash,
    )
    _move(finding, FindingState(decision.state_before), decision.reviewer_before_id)
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="review.undone",
        target=finding.core_id,
        detail={"decision": withdrawal.public_id, "undone": decision.public_id},
    )
    return finding


def _refuse_stale_undo(decision: Decision, finding: Finding) -> None:
    if Decision.objects.filter(supersedes=decision).exists():
        raise Conflict("This decision was already undone.", code="already-undone")
    if Decision.objects.filter(finding=finding, pk__gt=decision.pk).exists():
        raise Conflict(
            "Someone has decided this item since; your decision can no longer be undone.", code="decided-since"
        )
    if now() - decision.at > history.grace():
        minutes = int(history.grace().total_seconds() // 60)
        raise Conflict(f"A decision can be undone for {minutes} minutes; this one is older.", code="undo-too-late")
    if not finding.current:
        raise Conflict(
            "A later scan has replaced this finding; decide the current one instead.", code="finding-replaced"
        )
