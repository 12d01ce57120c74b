"""Whether evidence in the store is still what was sealed: files, seal, timestamps, custody."""

import hashlib
from collections.abc import Callable
from functools import partial

from django.db import transaction

from countermark.node.evidence import custody
from countermark.node.evidence.collecting import add_stamps
from countermark.node.evidence.exhibits.making import MADE, paper_bytes
from countermark.node.evidence.models import Evidence, Exhibit, Purchase, PurchaseExhibit
from countermark.node.evidence.store import store
from countermark.node.evidence.viewing import sealed_row
from countermark.node.kernel.errors import Conflict
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.refusals import Refused
from countermark.proof.seals import SEALED, check_custody, check_seal, digest, read_seal
from countermark.proof.timestamps import check_stamp, read_authorities
from countermark.proof.verifying import Check, Report


def check_evidence(member: Member, evidence_id: str) -> Report:
    """Compare what is stored with what was sealed; every part is looked at, also after one that does not hold.

    An authority that has not stamped yet is asked again. The check itself is a line of custody.

    Raises NotPermitted (EVIDENCE_CAPTURE), NotFound, Conflict (not sealed yet, or deleted).
    """
    member.require(Permission.EVIDENCE_CAPTURE)
    row = sealed_row(member, evidence_id)
    problems = add_stamps(row)
    report = Report(not_shown=problems)
    looks: list[tuple[str, Callable[[], str]]] = [
        ("files and seal", lambda: _files(row)),
        ("custody", lambda: _custody(row)),
    ]
    for part, look in looks:
        _note(report, part, look)
    for paper in row.exhibits.order_by("id"):
        _note(report, paper.name, partial(check_paper, row, paper))
    for one in row.stamps.order_by("id"):
        _note(report, one.authority, partial(_stamp, row, bytes(one.token), bytes(one.certificates)))
    if not row.stamps.exists():
        report.not_shown.append("The seal has no timestamp: its time is the word of this node.")
    with transaction.atomic():
        custody.add(row, member.actor, "checked", {"holds": "yes" if report.holds else "no"})
    return report


def _note(report: Report, part: str, look: Callable[[], str]) -> None:
    try:
        report.checks.append(Check(part, holds=True, words=look()))
    except Refused as refused:
        report.checks.append(Check(part, holds=False, words=str(refused), code=refused.code))


def _files(row: Evidence) -> str:
    seal = read_seal(row.seal.encode())
    hashes, sizes = {}, {}
    for one in row.files.order_by("name"):
        name = f"data/{one.name}"
        try:
            with store().evidence_path(one.sha256).open("rb") as file:
                hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
                sizes[name] = file.tell()
        except OSError as error:
            raise Refused("not-sealed", f"{name} is not in the store any more.") from error
    check_seal(seal, hashes, sizes)
    return f"{len(hashes)} files are those that were sealed."


def _custody(row: Evidence) -> str:
    lines = custody.lines_of(row)
    check_custody(lines)
    wanted = digest(row.seal.encode())
    if not any(line.action == SEALED and line.detail.get("seal") == wanted for line in lines):
        raise Refused("broken-custody", "No line says that this seal was set.")
    return f"{len(lines)} lines follow one another unchanged."


def check_paper(row: Evidence | Purchase, paper: Exhibit | PurchaseExhibit) -> str:
    """Say that a paper is what was made, and that custody names it. Raises Refused (exhibit-unknown)."""
    try:
        paper_bytes(paper)
    except Conflict as conflict:
        raise Refused("exhibit-unknown", conflict.detail) from conflict
    said = {"file": paper.name, "sha256": paper.sha256}
    if not any(line.action == MADE and line.detail == said for line in custody.lines_of(row)):
        raise Refused("exhibit-unknown", "No line of custody names it.")
    return "It is the paper that was made."


def _stamp(row: Evidence, token: bytes, pem: bytes) -> str:
    said = check_stamp(token, row.seal.encode(), read_authorities(pem))
    return f"The authority had seen the seal by {said.time:%Y-%m-%d %H:%M:%S} UTC."
