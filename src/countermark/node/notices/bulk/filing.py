"""File the rows of a batch: slice by slice, each in one transaction; killed in the middle, the next try goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction

from countermark.law.drafts import Problem as Obstacle
from countermark.model.decoding import decode
from countermark.node.audit import services as audit
from countermark.node.findings import selectors as findings
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, NotPermitted
from countermark.node.kernel.ids import is_id, new_id
from countermark.node.kernel.time import now
from countermark.node.notices import filing, knowing
from countermark.node.notices.bulk import choosing, looking
from countermark.node.notices.bulk.choosing import Row, Together
from countermark.node.notices.bulk.looking import Looked
from countermark.node.notices.knowing import Known
from countermark.node.notices.models import Batch, BatchRow, Notice, SignedWords
from countermark.node.notices.states import RowState, Stage
from countermark.node.parties.access import Member, member_of
from countermark.node.parties.permissions import Permission

#: Rows of one transaction, so that nobody waits long for the database.
SLICE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class From:
    """Where the rows of a batch come from.

    Attributes:
        name: `page`, or the name of the file.
        numbers: of the rows in the file; empty = 1, 2, 3 …
        refused: what stands against lines of the file that are not among the rows.
    """

    name: str = "page"
    numbers: tuple[int, ...] = ()
    refused: tuple[FieldProblem, ...] = ()


def start(member: Member, key: str, together: Together, rows: Sequence[Row], source: From = From()) -> str:
    """Keep a batch with its signature; gives its id (`bat_…`). The same key gives the same batch, and adds nothing.

    Without a signer its rows stay drafts until `try_again` brings one.

    Args:
        member: who signs.
        key: of the form, or of the file: at most 64 characters.
        together, rows: what was chosen.
        source: where they come from.

    Raises:
        NotPermitted (NOTICES_FILE), Invalid.
    """
    filing.require_filer(member)
    choosing.check(together, rows)
    with transaction.atomic():
        batch, is_new = Batch.objects.get_or_create(
            organisation_id=member.organisation_id,
            key=key[:64],
            defaults={
                "public_id": new_id("bat"),
                "source": source.name[:200],
                "refused": [_told(one) for one in source.refused],
                "together": msgspec.json.encode(together).decode(),
                "by_id": member.user_id,
            },
        )
        if is_new:
            state = RowState.WAITING if together.signer.strip() else RowState.DRAFT
            BatchRow.objects.bulk_create(_rows(batch, rows, source.numbers, state), batch_size=500)
            action = "notice.batch_signed" if together.signer.strip() else "notice.batch_brought"
            _note(member, batch, action, rows=len(rows))
    return batch.public_id


def _told(one: FieldProblem) -> dict[str, str]:
    return {"where": one.field, "code": one.code, "message": one.message, "mend": one.mend}


def file_waiting(most: int = 1) -> int:
    """For a worker: file slices of whatever waits, the oldest batch first; says how many rows were looked at."""
    looked = 0
    for _ in range(most):
        row = BatchRow.objects.filter(state=RowState.WAITING).order_by("pk").values_list("batch_id").first()
        if row is None:
            break
        looked += file_slice(row[0])
    return looked


def file_rows(member: Member, batch_id: str, most: int = choosing.MOST_ROWS) -> int:
    """File the rows of a batch that wait, at most so many; says how many were looked at. NotPermitted, NotFound."""
    batch, looked = batch_of(member, batch_id), 0
    while looked < most:
        done = file_slice(batch.pk)
        if not done:
            break
        looked += done
    return looked


@transaction.atomic
def file_slice(batch: int) -> int:
    """File the next rows of a batch; says how many were looked at. Whoever runs it at the same time waits."""
    held = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch)
    rows = list(held.rows.filter(state=RowState.WAITING).order_by("number")[:SLICE])
    if rows:
        try:
            member = member_of(held.by)
            filing.require_filer(member)
        except NotPermitted as refused:
            _keep_all(rows, Obstacle("signer", "not-permitted", refused.detail, "Have somebody sign who may."))
        else:
            _file(member, held, rows)
        BatchRow.objects.bulk_update(rows, ["state", "problems", "notice"])
    return len(rows)


@transaction.atomic
def try_again(
    member: Member,
    batch_id: str,
    changed: Sequence[Row] = (),
    left_out: Sequence[str] = (),
    declared: Sequence[str] = (),
    signer: str = "",
) -> int:
    """Let the drafts of a batch wait to be filed once more; says how many do.

    Args:
        member: anybody who files.
        batch_id: `bat_…`.
        changed: rows as they are now, by finding.
        left_out: findings that are not to be filed after all.
        declared: versions of words that the same person signs now: a row under another law may ask for others.
        signer: name of who signs, where the batch was brought without a signature; otherwise not looked at.

    Raises:
        NotPermitted (NOTICES_FILE), NotFound, Invalid, Conflict: another member signed it.
    """
    batch = batch_of(member, batch_id, lock=True)
    if batch.by_id != member.user_id:
        raise Conflict("These notices carry another person's signature. File them in your own name.", code="not-yours")
    together = decode(batch.together, Together)
    unsigned = not together.signer.strip()
    together = msgspec.structs.replace(
        together,
        declared=tuple(dict.fromkeys((*together.declared, *declared))),
        signer=signer.strip() if unsigned else together.signer,
    )
    if not together.signer:
        raise Invalid.of("signer", "signer-missing", "Nobody has signed yet.", "Write the name of who signs.")
    choosing.check(together, changed or [Row(finding="")])
    batch.together = msgspec.json.encode(together).decode()
    batch.save(update_fields=["together"])
    by_finding = {one.finding: one for one in changed}
    rows = list(batch.rows.filter(state=RowState.DRAFT))
    for row in rows:
        row.state = RowState.LEFT_OUT if row.finding in left_out else RowState.WAITING
        if row.finding in by_finding:
            row.chosen = _text(_changed(row, by_finding[row.finding]))
    BatchRow.objects.bulk_update(rows, ["state", "chosen"], batch_size=SLICE)
    if unsigned:
        _note(member, batch, "notice.batch_signed", rows=len(rows))
    return sum(row.state == RowState.WAITING for row in rows)


def _changed(row: BatchRow, wanted: Row) -> Row:
    """A row as it was corrected; whom it goes to and under which law stay where the correction does not say."""
    before = decode(row.chosen, Row)
    return msgspec.structs.replace(
        wanted, agreement=wanted.agreement or before.agreement, regime=wanted.regime or before.regime
    )


@transaction.atomic
def undo_batch(member: Member, batch_id: str) -> int:
    """Take back every notice of a batch that was not sent; rows that wait become drafts. Says how many notices."""
    batch = batch_of(member, batch_id, lock=True)
    batch.rows.filter(state=RowState.WAITING).update(state=RowState.DRAFT)
    waiting = Notice.objects.select_for_update(of=("self",)).filter(
        batch_row__batch=batch, stage__in=[Stage.QUEUED, Stage.HELD]
    )
    rows = list(waiting.only("public_id", "regime", "finding"))
    Notice.objects.filter(pk__in=[one.pk for one in rows]).update(stage=Stage.UNDONE, due_who="")
    audit.record_all([filing.event(member.actor, member.organisation_id, one, "notice.undone") for one in rows])
    return len(rows)


def batch_of(member: Member, batch_id: str, *, lock: bool = False) -> Batch:
    """A batch of the member's organisation. Raises NotPermitted (NOTICES_FILE), NotFound."""
    member.require(Permission.NOTICES_FILE)
    rows = Batch.objects.select_for_update() if lock else Batch.objects
    found = rows.filter(organisation_id=member.organisation_id, public_id=batch_id[:40]).first()
    if found is None or not is_id("bat", batch_id):
        raise NotFound("batch of notices", batch_id)
    return found


def _rows(batch: Batch, rows: Sequence[Row], numbers: Sequence[int], state: RowState) -> list[BatchRow]:
    return [
        BatchRow(batch=batch, number=number, finding=one.finding, chosen=_text(one), state=state)
        for number, one in zip(numbers or range(1, len(rows) + 1), rows, strict=True)
    ]


def _text(row: Row) -> str:
    return msgspec.json.encode(row).decode()


def _file(member: Member, batch: Batch, rows: Sequence[BatchRow]) -> None:
    moment, together = now(), decode(batch.together, Together)
    chosen = [decode(row.chosen, Row) for row in rows]
    details = findings.findings_named(member, [one.finding for one in chosen])
    known = knowing.around(member, list(details.values()), moment)
    made: list[tuple[BatchRow, Looked, Notice]] = []
    for row, choice in zip(rows, chosen, strict=True):
        looked = looking.look_at(known, together, choice, details.get(choice.finding))
        if looked.can_be_filed:
            made.append((row, looked, _notice(known, looked)))
        else:
            _keep(row, looked)
    _write(member, together, made)


def _notice(known: Known, looked: Looked) -> Notice:
    """The notice of a row, remembered so that a later row about the same offer is a second one."""
    assert looked.made is not None
    notice = filing.queued(known.member, looked.made, known.moment)
    known.add(notice)
    return notice


def _write(member: Member, together: Together, made: Sequence[tuple[BatchRow, Looked, Notice]]) -> None:
    Notice.objects.bulk_create([notice for _, _, notice in made])
    signed: list[SignedWords] = []
    for row, looked, notice in made:
        assert looked.made is not None
        signed += filing.signatures(member, notice, looked.made, together.signer)
        row.state, row.notice, row.problems = RowState.FILED, notice, []
    SignedWords.objects.bulk_create(signed)
    audit.record_all(
        [filing.event(member.actor, member.organisation_id, notice, "notice.queued") for _, _, notice in made]
    )


def _keep(row: BatchRow, looked: Looked) -> None:
    row.state = RowState.DRAFT
    row.problems = [_plain(one, looked) for one in looked.problems if one.blocks]


def _keep_all(rows: Sequence[BatchRow], obstacle: Obstacle) -> None:
    for row in rows:
        row.state, row.problems = RowState.DRAFT, [_plain(obstacle, None)]


def _plain(one: Obstacle, looked: Looked | None) -> dict[str, str]:
    made = looked.made if looked else None
    return {
        "field": one.field,
        "code": one.code,
        "message": one.message,
        "mend": one.mend,
        "right": made.right.id if made and made.right else "",
        "listing": made.finding.row.listing_id if made else "",
    }


def _note(member: Member, batch: Batch, action: str, **facts: int) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=batch.public_id,
        detail=dict(facts),
    )
