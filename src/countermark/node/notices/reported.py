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
from countermark.node.notices import deciding, recording
from countermark.node.notices.models import Happening, Notice
from countermark.node.notices.recording import Done
from countermark.node.notices.states import Deed
from countermark.node.parties.access import Member

log = structlog.get_logger(__name__)

#: What a state at the other side is as a deed; a state that is none is shown with the message and changes nothing.
DEEDS: dict[Status, Deed] = {
    Status.RECEIVED: Deed.RECEIVE,
    Status.UNDER_REVIEW: Deed.RECEIVE,
    Status.CLARIFICATION_REQUIRED: Deed.ASK,
    Status.REJECTED: Deed.REFUSE,
    Status.TAKEN_DOWN: Deed.REMOVE,
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
    deed = DEEDS.get(Status(report.status))
    if deed is None:
        return False
    try:
        notice = recording.lock_of(organisation, subject)
    except NotFound:
        return False
    entry = f"{report.dispatch.public_id}/{report.number}"
    if notice.channel_id is None or Happening.objects.filter(notice=notice, entry=entry).exists():
        return False
    if deed is not Deed.RECEIVE:
        _receive_first(notice, report, entry)
    recording.record(notice, _done(deed, report, entry))
    audit.record(
        actor="system",
        organisation=organisation,
        action="notice.reported",
        target=subject,
        detail={"status": report.status, "raw": report.raw, "dispatch": report.dispatch.public_id},
    )
    return True


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
    given = deciding.decision_facts(deed, report.raw or report.status, "partner", entry)
    implied = deed is Deed.RECEIVE and DEEDS.get(Status(report.status)) is not Deed.RECEIVE
    note = "Taken from the answer that followed." if implied else f"{report.raw}\n{report.detail}".strip()
    return Done(deed=deed, at=min(report.at, now()), actor="partner", given=given, note=note, entry=entry)
