"""What a marketplace without a node said of a notice, applied here: what a channel fetched, and what a person heard."""

import structlog
from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.channels import mending
from countermark.node.channels.models import Report
from countermark.node.channels.selectors import mark_taken, untaken
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import NotFound, Problem
from countermark.node.kernel.time import now
from countermark.node.notices import countering, deciding, lawyer, recording
from countermark.node.notices.models import Happening, Notice
from countermark.node.notices.moves import HOLDER
from countermark.node.notices.recording import Done
from countermark.node.notices.states import Deed
from countermark.node.notices.steps import chain_of
from countermark.node.parties.access import Member

log = structlog.get_logger(__name__)

#: What a state at the other side is as a deed; a state that is none is shown with the message and changes nothing.
DEEDS: dict[Status, Deed] = {
    Status.SUBMISSION_FAILED: Deed.FAIL,
    Status.RECEIVED: Deed.RECEIVE,
    Status.UNDER_REVIEW: Deed.REVIEW,
    Status.CLARIFICATION_REQUIRED: Deed.ASK,
    Status.REJECTED: Deed.REFUSE,
    Status.TAKEN_DOWN: Deed.REMOVE,
    Status.COUNTERED: Deed.COUNTER,
    Status.COUNTER_REJECTED: Deed.KEEP,
    Status.COUNTER_ACCEPTED: Deed.RESTORE,
    Status.REINSTATED: Deed.RESTORE,
}


def apply_all(most: int = 200) -> int:
    """For a worker: apply every report that was not looked at; says how many moved their notice."""
    return sum(_apply(organisation, subject, report) for organisation, subject, report in untaken("ntc_", most))


@transaction.atomic
def heard(member: Member, dispatch_id: str, status: str, words: str) -> None:
    """Write down what the marketplace answered by mail or on its page, and let the notice follow.

    Raises:
        NotPermitted (CHANNELS_SEND), NotFound, Conflict, Invalid.
    """
    mending.heard(member, dispatch_id, status, words)
    apply_all()


def _apply(organisation: int, subject: str, report: Report) -> bool:
    """What the law does not allow now changes nothing; the report stays with the message, in the other side's words."""
    moved = False
    try:
        with transaction.atomic():
            moved = _move(organisation, subject, report)
    except Problem as problem:
        log.info("notice.report_moves_nothing", notice=subject, status=report.status, code=problem.code)
    mark_taken(report)
    return moved


def _move(organisation: int, subject: str, report: Report) -> bool:
    found = DEEDS.get(Status(report.status))
    if found is None:
        return False
    try:
        notice = recording.lock_of(organisation, subject)
    except NotFound:
        return False
    entry = f"{report.dispatch.public_id}/{report.number}"
    if notice.channel_id is None or Happening.objects.filter(notice=notice, entry=entry).exists():
        return False
    deed = _in_law(found, notice)
    if deed is None:
        return False
    if deed not in {Deed.RECEIVE, Deed.FAIL}:
        _receive_first(notice, report, entry)
    recording.record(notice, _done(deed, report, entry))
    if deed is Deed.COUNTER:
        # Whoever tells us of the answer has passed it on.
        recording.record(notice, _done(Deed.FORWARD, report, entry))
    if deed is Deed.FAIL:
        notice.problem = f"{report.raw} {report.detail}".strip()[:500]
        notice.due_who = HOLDER
        notice.save(update_fields=["problem", "due_who"])
    audit.record(
        actor="system",
        organisation=organisation,
        action="notice.reported",
        target=subject,
        detail={"status": report.status, "raw": report.raw, "dispatch": report.dispatch.public_id},
    )
    return True


def _in_law(deed: Deed, notice: Notice) -> Deed | None:
    """What a deed of a platform is under the law of a notice.

    A law that has no step for looking at a notice has it received by then; under a statute only the seller's own words
    and proofs make a counter-notice, so that hearing of one changes nothing.
    """
    if deed is Deed.REVIEW and chain_of(notice.regime, deed) is None:
        return Deed.RECEIVE
    if deed is Deed.COUNTER and not lawyer.is_programme(notice.regime):
        return None
    return deed


def _receive_first(notice: Notice, report: Report, entry: str) -> None:
    """Who decides has received; a platform that never said so is taken to have."""
    if notice.happenings.filter(deed=Deed.RECEIVE).exists():
        return
    try:
        with transaction.atomic():
            recording.record(notice, _done(Deed.RECEIVE, report, entry))
    except Problem:
        notice.refresh_from_db()


def _done(deed: Deed, report: Report, entry: str) -> Done:
    said = report.raw or report.status
    given = deciding.decision_facts(deed, said, "partner", entry) | countering.counter_facts(entry, consents=False)
    given["report_id"] = report.dispatch.their_id or entry
    implied = deed is Deed.RECEIVE and DEEDS.get(Status(report.status)) not in {Deed.RECEIVE, Deed.REVIEW}
    note = "Taken from the answer that followed." if implied else f"{report.raw}\n{report.detail}".strip()
    actor = "seller" if deed is Deed.COUNTER else "partner"
    return Done(deed=deed, at=min(report.at, now()), actor=actor, given=given, note=note, entry=entry, told=True)
