"""Export a test purchase as a bag that anybody verifies offline: the same bag, the same verifier."""

from typing import BinaryIO

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.bag_tags import Tags, how_to_check, program, stamp_files, stamps_now
from countermark.node.evidence.exhibits.making import papers_for_bag
from countermark.node.evidence.models import Purchase
from countermark.node.evidence.purchases.chain import purchase_row
from countermark.node.evidence.purchases.stamps import stamp_lines
from countermark.node.evidence.purchases.viewing import check_stored
from countermark.node.evidence.store import store
from countermark.node.kernel.errors import Conflict
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.bag_files import MOST_BYTES, write_zip
from countermark.proof.bag_verifying import CUSTODY, EXTRACT, SEAL, line_file
from countermark.proof.bags import make_bag
from countermark.proof.entries import write_moment
from countermark.proof.seals import SEALED, Seal, SealedFile, digest, write_custody

_MEANING = """
data/acts/ is the record of a test purchase, an act a file, in the words of the people who acted.
data/files/ is what they brought: films, photographs, papers. proof/custody.jsonl is the chain: each line holds the
SHA-256 of the line before and of every file of its act. A correction is a line of its own; the first words stay.
proof/line-NNNN.json is a line of the chain by itself; a timestamp over it says by when that line, and everything
before it, existed by the clock of an authority. Compare the fingerprint of its certificate with what that authority
publishes. proof/seal.json lists all files as they were when this bag was made. proof/extract.json, where it is, holds
an entry by which a partner learned the SHA-256 of one line of the chain, and so of everything before it.
"""


def export_purchase(member: Member, purchase_id: str, out: BinaryIO, extract: bytes | None = None) -> str:
    """Write the bag of a purchase as a ZIP file; gives its name. Every file is compared with its hash first.

    The files are sealed as they are now, the seal and the export are lines of the chain.

    Args:
        member: who exports; needs EVIDENCE_PURCHASE and EVIDENCE_EXPORT.
        purchase_id: `prc_…`.
        out: where to.
        extract: an extract of a feed in which an entry `evidence.sealed` names the line of an act, from a higher room.

    Raises NotPermitted (EVIDENCE_PURCHASE, EVIDENCE_EXPORT), NotFound, Conflict (deleted, changed in the store, or
    larger than a bag).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    row = purchase_row(member, purchase_id)
    if row.deleted_at is not None:
        raise Conflict("Its files were deleted when their time was over; the chain stays.", code="deleted")
    files = list(row.files.order_by("name"))
    if sum(one.size for one in files) > MOST_BYTES:
        raise Conflict(f"Its files are larger than a bag may be, {MOST_BYTES + 1 >> 30} GiB.", code="too-large")
    for one in files:
        check_stored(one)
    stamp_lines(row)
    seal, payload, papers, kept = _sealed(row, member)
    tags: Tags = {SEAL: seal, CUSTODY: kept, **program(), **papers}
    tags |= _line_stamps(row)
    if extract is not None:
        tags[EXTRACT] = extract
    tags |= stamps_now(SEAL, seal) | stamps_now(CUSTODY, kept)
    tags |= how_to_check(tags, _MEANING, ", each made when the purchase stood at a line of the chain")
    info = {"External-Identifier": row.public_id, "Bag-Software-Agent": "Countermark"}
    write_zip(make_bag(payload, tags, info), out)
    return f"{row.public_id}.zip"


def _sealed(row: Purchase, member: Member) -> tuple[bytes, Tags, Tags, bytes]:
    """Seal, files and papers by name, and the chain, as they belong together, whatever is recorded meanwhile."""
    with transaction.atomic():
        Purchase.objects.select_for_update().get(pk=row.pk)
        files, papers = list(row.files.order_by("name")), papers_for_bag(row)
        sealed = tuple(SealedFile(f"data/{one.name}", one.sha256, one.size) for one in files)
        seal = Seal(row.public_id, write_moment(now()), member.organisation_name, sealed).to_bytes()
        custody.add(row, member.actor, SEALED, {"seal": digest(seal), "files": str(len(files))})
        custody.add(row, member.actor, "exported")
        audit.record(
            actor=member.actor, organisation=row.organisation_id, action="purchase.exported", target=row.public_id
        )
        kept = write_custody(custody.lines_of(row))
    return seal, {one.name: store().evidence_path(one.sha256) for one in files}, papers, kept


def _line_stamps(row: Purchase) -> Tags:
    lines = dict(row.custody.values_list("seq", "line"))
    numbers: dict[int, int] = {}
    tags: Tags = {}
    for one in row.stamps.order_by("seq", "id"):
        numbers[one.seq] = numbers.get(one.seq, 0) + 1
        name = line_file(one.seq)
        tags[name] = lines[one.seq].encode()
        tags |= stamp_files(name, numbers[one.seq], bytes(one.token), bytes(one.certificates))
    return tags
