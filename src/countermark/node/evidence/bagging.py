"""Export evidence as a bag that anybody verifies offline."""

from typing import BinaryIO

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.bag_tags import Tags, how_to_check, program, stamp_files, stamps_now
from countermark.node.evidence.collecting import add_stamps
from countermark.node.evidence.crossing import Destination, check_gate, record_export
from countermark.node.evidence.exhibits.making import papers_for_bag
from countermark.node.evidence.models import Evidence
from countermark.node.evidence.viewing import sealed_row, stored_bytes
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.bag_files import write_zip
from countermark.proof.bag_verifying import CUSTODY, EXTRACT, SEAL
from countermark.proof.bags import MadeBag, make_bag
from countermark.proof.seals import write_custody

_MEANING = """
data/ is what was seen. proof/seal.json lists its files with their SHA-256. A timestamp over the seal
says by when it existed, by the clock of an authority; compare the fingerprint of its certificate with what that
authority publishes. proof/custody.jsonl says what was done since: each line holds the SHA-256 of the line before.
data/page.warc.gz is the recording of everything that came over the wire. The screenshot is drawn from it.
"""


def export_bag(
    member: Member, evidence_id: str, out: BinaryIO, extract: bytes | None = None, to: Destination | None = None
) -> str:
    """Write the bag of a piece of evidence as a ZIP file; gives its name. Leaves a line of custody.

    Args:
        member: who exports; needs EVIDENCE_EXPORT.
        evidence_id: `evd_…`.
        out: where to.
        to: the court or authority that it is for, where it is for one.
        extract: an extract of a feed in which an entry `evidence.sealed` names the seal, from a higher room.

    Raises NotPermitted, NotFound, Invalid, Refused (too large), Conflict (not sealed, deleted, changed in the store, or
    it may not go there).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    row = sealed_row(member, evidence_id)
    approval = check_gate(row, to)
    payload: Tags = {one.name: stored_bytes(one) for one in row.files.order_by("name")}
    add_stamps(row)
    with transaction.atomic():
        custody.add(row, member.actor, "exported", {"country": to.country, "for": to.recipient.strip()} if to else {})
        if to:
            record_export(member, row, to, approval)
        audit.record(
            actor=member.actor, organisation=row.organisation_id, action="evidence.exported", target=row.public_id
        )
    tags = _proofs(row)
    if extract is not None:
        tags[EXTRACT] = extract
    info = {"External-Identifier": row.public_id, "Bag-Software-Agent": "Countermark"}
    bag: MadeBag = make_bag(payload, tags, info)
    write_zip(bag, out)
    return f"{row.public_id}.zip"


def _proofs(row: Evidence) -> Tags:
    kept = write_custody(custody.lines_of(row))
    tags: Tags = {SEAL: row.seal.encode(), CUSTODY: kept, **program()}
    for number, one in enumerate(row.stamps.order_by("id"), start=1):
        tags |= stamp_files(SEAL, number, bytes(one.token), bytes(one.certificates))
    tags |= stamps_now(CUSTODY, kept) | papers_for_bag(row)
    return tags | how_to_check(tags, _MEANING)
