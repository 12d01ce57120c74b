"""Record what was done to a test purchase: checked, its files kept, one line of the chain; nothing is rewritten."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.audit.services import Fact
from countermark.node.evidence import custody, retaining
from countermark.node.evidence.models import Purchase, PurchaseFile
from countermark.node.evidence.models.retained import Retention
from countermark.node.evidence.purchases import fields, kinds
from countermark.node.evidence.purchases.acts import MOVING, Act, Done, NotNow, Standing
from countermark.node.evidence.purchases.chain import DATA, act_file, chain_of, purchase_row
from countermark.node.evidence.purchases.words import ActWords, Brought, fresh_salt
from countermark.node.evidence.store import store
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import write_moment

#: Field of a correction: what was wrong, in one line.
CORRECTION = "correction"
#: Files that come with one act, and with all acts of one purchase.
MOST_AT_ONCE, MOST_IN_ALL = 20, 400
#: Acts that are worth little without a file: what it must be.
_SHOWS = {Act.OPEN: "Add a film or a photograph of the unpacking.", Act.EXAMINE: "Add the opinion as a document."}
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person brings: readable and seekable, its size in bytes, and what the person calls it."""

    file: BinaryIO
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class _Kept:
    sha256: str
    known: kinds.Known
    name: str


def order(
    member: Member, listing_id: str, given: Mapping[str, str], files: Sequence[Upload] = (), retention: str = "case"
) -> str:
    """Begin the record of a purchase; gives its id, `prc_…`.

    Args:
        member: who records it; needs EVIDENCE_PURCHASE.
        listing_id: `lst_…` of the member's organisation; the caller has looked it up.
        given: the fields of `fields.FIELDS[Act.ORDER]`.
        files: confirmation of the order, proof of the payment.
        retention: `routine` or `case`.

    The same order once more, as a browser sends it that was pressed twice, gives the first one's id.

    Raises NotPermitted, Invalid (what is missing, a file that is none of the kinds).
    """
    member.require(Permission.EVIDENCE_PURCHASE)
    if retention not in Retention.values:
        raise Invalid.of("retention", "unknown-class", "There is no such class.", "Write routine or case.")
    words = fields.checked(Act.ORDER, given)
    with _kept(Act.ORDER, files) as kept, transaction.atomic():
        last = Purchase.objects.filter(organisation_id=member.organisation_id, listing_id=listing_id).last()
        if last is not None and last.deleted_at is None and _repeats(last, Act.ORDER, words, kept):
            return last.public_id
        row = Purchase.objects.create(
            organisation_id=member.organisation_id,
            public_id=new_id("prc"),
            listing_id=listing_id,
            stage="",
            retention=retention,
        )
        _write(row, member, Act.ORDER, words, kept, 0)
    return row.public_id


def record(
    member: Member,
    purchase_id: str,
    act: Act,
    given: Mapping[str, str],
    files: Sequence[Upload] = (),
    *,
    corrects: int = 0,
) -> None:
    """Record one more act, or correct the words of an earlier one: its first words stay, and are no longer meant.

    Args:
        member: who records it; needs EVIDENCE_PURCHASE.
        purchase_id: `prc_…`.
        act: what was done; `CORRECT` to correct.
        given: the fields of the act; of a correction those of the corrected act, and `CORRECTION`.
        files: what comes with it.
        corrects: place of the act that is corrected.

    Raises NotPermitted, NotFound, Conflict (not at this stage, or deleted), Invalid (fields and files).
    """
    row = purchase_row(member, purchase_id)
    _ready(row, act, given, corrects)
    with _kept(act, files) as kept, transaction.atomic():
        row = Purchase.objects.select_for_update().get(pk=row.pk)
        # Once more behind the lock: somebody may have recorded something while the film came in.
        words = _ready(row, act, given, corrects)
        if not _repeats(row, act, words, kept):
            _write(row, member, act, words, kept, corrects)


def _repeats(row: Purchase, act: Act, words: dict[str, str], kept: list[_Kept]) -> bool:
    """Whether this is the last act once more, word for word and byte for byte."""
    chain = chain_of(row)
    said = chain.words.get(chain.last_act.seq)
    files = sorted(one.sha256 for one in kept)
    return (
        said is not None
        and (said.act, said.words) == (act, words)
        and sorted(one.sha256 for one in said.files) == files
    )


def _ready(row: Purchase, act: Act, given: Mapping[str, str], corrects: int) -> dict[str, str]:
    if row.deleted_at is not None:
        raise Conflict("Its files were deleted when their time was over; nothing is added.", code="deleted")
    stands = chain_of(row).standing
    try:
        stands.check(act, corrects)
    except NotNow as problem:
        raise Conflict(str(problem), code="not-now") from problem
    if act is Act.CORRECT:
        return _corrected(stands, given, corrects)
    return fields.checked(act, given, _times(stands.done, act)[0])


def _corrected(stands: Standing, given: Mapping[str, str], corrects: int) -> dict[str, str]:
    wrong = given.get(CORRECTION, "").strip()
    if not wrong or len(wrong) > fields.LONGEST["line"] or not wrong.isprintable():
        raise Invalid.of(CORRECTION, "missing", "Say in one line what was wrong.", "Fill it in.")
    at = next(place for place, one in enumerate(stands.done) if one.seq == corrects)
    meant = stands.done[at]
    earlier, later = _times(stands.done[:at], meant.act)[0], _times(stands.done[at + 1 :], meant.act)[1]
    return {**fields.checked(meant.act, given, earlier, later), CORRECTION: wrong}


def _times(done: Sequence[Done], act: Act) -> tuple[str, str]:
    """When the last of these acts happened, and when the first; only acts that move it on are in order."""
    wanted = MOVING if act in MOVING else {Act.ORDER}
    times = [one.words.get("at", "") for one in done if one.act in wanted]
    return (times[-1], times[0]) if times else ("", "")


@contextmanager
def _kept(act: Act, files: Sequence[Upload]) -> Iterator[list[_Kept]]:
    """Files in the store, each looked at first; gone again when what follows does not happen."""
    looked = [(one, kinds.known(one.file, one.size, _plain(one.name))) for one in files[:MOST_AT_ONCE]]
    if len(files) > MOST_AT_ONCE:
        raise Invalid.of(
            "files", "too-many-files", f"There are more than {MOST_AT_ONCE} files.", "Bring them in parts."
        )
    enough = any(known.is_seen for _, known in looked) if act is Act.OPEN else bool(looked)
    if act in _SHOWS and not enough:
        raise Invalid.of("files", "nothing-to-see", "Without a file it shows little.", _SHOWS[act])
    kept: list[_Kept] = []
    try:
        for one, known in looked:
            kept.append(_Kept(store().keep_stream(one.file), known, _plain(one.name)))
        yield kept
    except BaseException:
        for file in kept:
            _forget(file.sha256)
        raise


def _forget(sha256: str) -> None:
    if not retaining.is_needed(sha256):
        store().evidence_path(sha256).unlink(missing_ok=True)


def _plain(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if c.isprintable() and c not in '"<>') if is_storable(last) else ""
    return plain[-_LONGEST_NAME:] or "file"


def _write(row: Purchase, member: Member, act: Act, words: dict[str, str], kept: list[_Kept], corrects: int) -> None:
    last = row.custody.order_by("-seq").first()
    seq, moment = (last.seq if last else 0) + 1, now()
    if row.files.count() + len(kept) >= MOST_IN_ALL:
        raise Invalid.of(
            "files", "too-many-files", "The purchase has as many files as it may.", "Begin another record."
        )
    brought = tuple(
        Brought(_file_name(seq, n, one), one.sha256, one.known.size, one.known.media_type, one.name)
        for n, one in enumerate(kept, start=1)
    )
    said = ActWords(
        row.public_id, act, write_moment(moment), member.actor, words, brought, corrects, fresh_salt()
    ).to_bytes()
    own = Brought(act_file(seq, act), store().keep_evidence(said), len(said), "application/json", "")
    for one in (own, *brought):
        PurchaseFile(
            purchase=row, seq=seq, name=one.name, sha256=one.sha256, size=one.size, media_type=one.media_type
        ).save()
    detail = {f"{DATA}{one.name}": one.sha256 for one in (own, *brought)}
    if not all(store().evidence_path(one.sha256).is_file() for one in brought):
        # The same bytes came a second time elsewhere, were refused there, and taken away.
        raise Conflict("A file was lost on its way. Send it once more.", code="file-lost")
    custody.add(row, member.actor, act, detail | ({"corrects": str(corrects)} if corrects else {}))
    _place(row, moment.date())
    facts: dict[str, Fact] = {"listing": row.listing_id, "stage": row.stage, "files": len(brought)}
    audit.record(
        actor=member.actor,
        organisation=row.organisation_id,
        action=f"purchase.{act.replace('-', '_')}",
        target=row.public_id,
        detail=facts,
    )


def _file_name(seq: int, number: int, one: _Kept) -> str:
    return f"files/{seq:04d}-{number:02d}.{kinds.ENDINGS[one.known.media_type]}"


def _place(row: Purchase, today: date) -> None:
    """Where it stands now; and its time begins anew, for it is kept so many years after the last act."""
    stands = chain_of(row).standing
    assert stands.stage is not None
    row.stage, row.opinion, row.changed_at = stands.stage, stands.opinion, now()
    row.retain_until = retaining.last_day(today, row.retention)
    row.save(update_fields=["stage", "opinion", "changed_at", "retain_until"])
