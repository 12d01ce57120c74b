"""File a notice: signed, queued with a time in which it can be undone, then said in the feed."""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.notices import drafting, lawyer, papers, recording
from countermark.node.notices.drafting import Choice, Prepared
from countermark.node.notices.models import Notice, Piece, SignedWords
from countermark.node.notices.states import Side, Stage
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

LONGEST_SIGNER = 200


def grace() -> timedelta:
    """How long a notice waits and can be undone (setting COUNTERMARK_UNDO_MINUTES, as for decisions)."""
    return timedelta(minutes=int(settings.COUNTERMARK_UNDO_MINUTES))


@transaction.atomic
def file(member: Member, finding_id: str, choice: Choice) -> str:
    """Sign a notice and queue it; gives its id (`ntc_…`).

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid: everything that the pre-flight holds against it.
    """
    require_filer(member)
    texts = (choice.signer, choice.explanation or "", *choice.fields.values())
    if not is_storable(*texts) or len(choice.signer) > LONGEST_SIGNER:
        raise Invalid.of("signer", "not-text", "A text holds a character that cannot be stored.", "Type it again.")
    moment = now()
    prepared = drafting.prepare(member, finding_id, choice, moment)
    if not prepared.can_be_filed:
        raise Invalid(FieldProblem(p.field, p.code, p.message, p.mend) for p in prepared.problems if p.blocks)
    notice = queued(member, prepared, moment)
    notice.save()
    _sign(member, notice, prepared, choice)
    _audit(member.actor, notice, "notice.queued")
    return notice.public_id


def require_filer(member: Member) -> None:
    """Raise NotPermitted for whoever files no notices."""
    member.require(Permission.NOTICES_FILE)
    if member.organisation_kind is not OrganisationKind.RIGHTS_HOLDER:
        raise NotPermitted("Only a rights holder files notices.")


def queued(member: Member, prepared: Prepared, moment: datetime) -> Notice:
    """The row of a notice against which nothing stands, not saved: it waits until its undo is over."""
    assert (prepared.agreement is None) is not (prepared.channel is None)
    facts = lawyer.facts_of_ground(prepared.regime.id, prepared.paper.ground)
    matter = lawyer.opened(prepared.regime.id, moment, prepared.paper.country, facts)
    words = tuple(one.text for one in prepared.declarations)
    paper = papers.write(msgspec.structs.replace(prepared.paper, declarations=words))
    return Notice(
        organisation_id=member.organisation_id,
        public_id=new_id("ntc"),
        side=Side.SENT,
        agreement=prepared.agreement,
        channel=prepared.channel,
        stage=Stage.QUEUED,
        regime=prepared.regime.id,
        matter=lawyer.write(matter),
        law_state=matter.state,
        paper=paper,
        brand=prepared.paper.brand,
        marketplace=prepared.paper.marketplace,
        title=prepared.paper.title[:500],
        finding=prepared.finding.row.core_id,
        listing=prepared.finding.row.listing_id,
        seller=prepared.finding.seller.id,
        by_id=member.user_id,
        send_after=moment + grace(),
        made_at=moment,
    )


def signatures(member: Member, notice: Notice, prepared: Prepared, signer: str) -> list[SignedWords]:
    """Each declaration with the very words, who signed and when, as rows that are not saved."""
    return [
        SignedWords(
            notice=notice,
            declaration=one.id,
            words=one.text,
            version=one.version,
            signer=signer.strip(),
            by_id=member.user_id,
            at=notice.made_at,
        )
        for one in prepared.declarations
    ]


def _sign(member: Member, notice: Notice, prepared: Prepared, choice: Choice) -> None:
    SignedWords.objects.bulk_create(signatures(member, notice, prepared, choice.signer))
    for kind, paper in choice.evidence:
        Piece(
            notice=notice,
            kind=kind,
            name=paper.name,
            media_type=paper.media_type,
            sha256=paper.sha256,
            data=paper.data,
        ).save()


@transaction.atomic
def undo(member: Member, notice_id: str) -> None:
    """Take a notice back before it is said. Raises NotPermitted (NOTICES_FILE), NotFound, Conflict."""
    member.require(Permission.NOTICES_FILE)
    notice = recording.lock(member, notice_id)
    if notice.stage not in {Stage.QUEUED, Stage.HELD}:
        raise Conflict("The notice is with the marketplace. Withdraw it instead.", code="undo-too-late")
    notice.stage, notice.due_who = Stage.UNDONE, ""
    notice.save(update_fields=["stage", "due_who"])
    _audit(member.actor, notice, "notice.undone")


@transaction.atomic
def send_now(member: Member, notice_id: str) -> None:
    """End the wait of a notice, or try one again that was held back. Raises NotPermitted (NOTICES_FILE), NotFound."""
    member.require(Permission.NOTICES_FILE)
    notice = recording.lock(member, notice_id)
    if notice.stage not in {Stage.QUEUED, Stage.HELD}:
        raise Conflict("The notice is with the marketplace already.", code="sent-already")
    notice.stage, notice.send_after, notice.problem, notice.due_who = Stage.QUEUED, now(), "", ""
    notice.save(update_fields=["stage", "send_after", "problem", "due_who"])


def event(actor: str, organisation: int, notice: Notice, action: str) -> audit.Deed:
    """What the trail says of something that was done with a notice."""
    return audit.Deed(
        actor=actor,
        organisation=organisation,
        action=action,
        target=notice.public_id,
        detail={"regime": notice.regime, "finding": notice.finding},
    )


def _audit(actor: str, notice: Notice, action: str) -> None:
    audit.record_all([event(actor, notice.organisation_id, notice, action)])
