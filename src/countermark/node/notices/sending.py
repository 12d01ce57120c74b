"""Say notices whose wait is over, in slices of one agreement or channel; one that fails keeps nobody waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import structlog
from django.db import transaction

from countermark.law.matter import Matter
from countermark.node.audit import services as audit
from countermark.node.exchange.appending import Statement
from countermark.node.exchange.appending_many import append_many
from countermark.node.kernel.errors import Problem
from countermark.node.kernel.time import now
from countermark.node.notices import drafting, papers, recording, through
from countermark.node.notices.filing import event
from countermark.node.notices.models import Happening, Notice, SignedWords
from countermark.node.notices.moves import HOLDER
from countermark.node.notices.permits import Voice
from countermark.node.notices.recording import Done
from countermark.node.notices.states import Deed, Stage
from countermark.proof.refusals import Refused

log = structlog.get_logger(__name__)

#: Notices of one transaction: it holds the feed, and whoever else has something to say waits for it.
SLICE = 100
_WRITTEN = ["matter", "law_state", "stage", "due", "due_who", "filed_at"]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A notice that can be said: the statement, and the deed that is written when it has been.

    `before`: how much happened to it already; 0 unless the marketplace gave it back.
    """

    notice: Notice
    statement: Statement
    done: Done
    matter: Matter
    happenings: list[Happening]
    before: int = 0


def send_due(most: int = 500) -> int:
    """For a worker: say every notice whose wait is over; one that cannot be said is held back with the reason.

    Safe to run twice at a time, and to be killed in the middle: what a slice says and writes commits together.
    """
    due = Notice.objects.filter(stage=Stage.QUEUED, send_after__lte=now())
    waiting = list(due.order_by("agreement_id", "channel_id", "send_after").values_list("agreement_id", "pk")[:most])
    sent = 0
    for agreement, rows in groupby(waiting, key=lambda one: one[0]):
        keys = [key for _, key in rows]
        for start in range(0, len(keys), SLICE):
            sent += _send(keys[start : start + SLICE], through_feed=agreement is not None)
    return sent


def _send(keys: Sequence[int], *, through_feed: bool) -> int:
    """Say some notices of one agreement, or through channels; when all are refused, each is tried alone."""
    try:
        with transaction.atomic():
            return _send_slice(keys) if through_feed else _hand_over(keys)
    except (Problem, Refused) as refused:
        if len(keys) > 1:
            return sum(_send([key], through_feed=through_feed) for key in keys)
        detail = refused.detail if isinstance(refused, Problem) else str(refused)
        Notice.objects.filter(pk=keys[0], stage=Stage.QUEUED).update(
            stage=Stage.HELD, due_who=HOLDER, problem=detail[:500]
        )
        log.warning("notice.held", code=refused.code)
    return 0


def _hand_over(keys: Sequence[int]) -> int:
    """Notices to marketplaces without a node: each becomes a dispatch of its channel."""
    locked = Notice.objects.select_for_update(of=("self",)).select_related("channel__organisation").order_by("pk")
    rows = list(locked.filter(pk__in=keys, stage=Stage.QUEUED))
    signed = _signed(rows)
    for row in rows:
        assert row.channel is not None
        done = _filed(row, signed.get(row.pk, []))
        recording.record(row, replace(done, entry=through.say(row, row.channel)))
    audit.record_all([event("worker", row.organisation_id, row, "notice.filed") for row in rows])
    return len(rows)


def _send_slice(keys: Sequence[int]) -> int:
    locked = Notice.objects.select_for_update(of=("self",)).select_related("agreement").order_by("pk")
    rows = list(locked.filter(pk__in=keys, stage=Stage.QUEUED))
    if not rows:
        return 0
    agreement, signed = rows[0].agreed, _signed(rows)
    voice = Voice.under(agreement)
    ready = [_ready(voice, row, signed.get(row.pk, [])) for row in rows]
    entries = append_many(agreement, [one.statement for one in ready])
    for one, entry in zip(ready, entries, strict=True):
        for number, happening in enumerate(one.happenings, one.before + 1):
            happening.number, happening.entry = number, entry.entry_id
        recording.bring_up(one.notice, one.done, one.matter)
        one.notice.save(update_fields=_WRITTEN)
    Happening.objects.bulk_create([row for one in ready for row in one.happenings])
    audit.record_all([event("worker", one.notice.organisation_id, one.notice, "notice.filed") for one in ready])
    return len(ready)


def _filed(notice: Notice, signed: list[SignedWords]) -> Done:
    """The deed of filing, and its time on the notice."""
    notice.filed_at = now()
    return Done(
        deed=Deed.FILE,
        at=notice.filed_at,
        actor=f"usr_{notice.by_id}",
        given=filing_facts(notice.public_id, papers.read(notice.paper), tuple(one.version for one in signed)),
    )


def _ready(voice: Voice, notice: Notice, signed: list[SignedWords]) -> _Ready:
    before = 0 if notice.filed_at is None else notice.happenings.count()
    paper, done = papers.read(notice.paper), _filed(notice, signed)
    matter, happenings = recording.asked(notice, done)
    said = drafting.message(notice.public_id, notice.regime, paper, signer=signed[0].signer if signed else "")
    if before:
        # The marketplace gave it back: this is another message, no repetition of that one.
        said = replace(said, key=f"{said.key} again {before}")
    return _Ready(notice, voice.statement(paper.role, said), done, matter, happenings, before)


def _signed(rows: Sequence[Notice]) -> dict[int, list[SignedWords]]:
    found: dict[int, list[SignedWords]] = {}
    for one in SignedWords.objects.filter(notice__in=rows).order_by("pk").only("notice_id", "version", "signer"):
        found.setdefault(one.notice_id, []).append(one)
    return found


def filing_facts(notice_id: str, paper: papers.Filed, signed: tuple[str, ...]) -> dict[str, str]:
    """References for what the laws ask a notice to bring; the papers themselves stay where they are."""
    words = " ".join(signed)[:1000]
    proofs = " ".join(one.digest for one in paper.evidence)[:1900]
    return {
        "locations": paper.external_id or paper.url,
        "work_location": paper.external_id or paper.url,
        "good_faith": words,
        "signature": words,
        "perjury_statement": words,
        "prima_facie": proofs,
        "preliminary_proof": proofs,
        "true_identity": notice_id,
        "identity": notice_id,
    }
