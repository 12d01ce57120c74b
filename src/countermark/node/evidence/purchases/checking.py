"""Whether a purchase in the store is still what was recorded: chain, files, timestamps."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from countermark.node.evidence import custody
from countermark.node.evidence.checking import check_paper
from countermark.node.evidence.models import Purchase
from countermark.node.evidence.purchases.chain import ACTS, DATA, chain_of, purchase_row
from countermark.node.evidence.purchases.stamps import stamp_lines
from countermark.node.evidence.purchases.viewing import check_stored
from countermark.node.kernel.errors import Conflict
from countermark.node.parties.access import Member
from countermark.proof.refusals import Refused
from countermark.proof.seals import CustodyLine, check_custody
from countermark.proof.timestamps import check_stamp, read_authorities
from countermark.proof.verifying import Check, Report


def check_purchase(member: Member, purchase_id: str) -> Report:
    """Compare what is stored with what was recorded; every part is looked at, also after one that does not hold.

    An authority that has not stamped yet is asked again. The check itself is a line of the chain.

    Raises NotPermitted (EVIDENCE_PURCHASE), NotFound.
    """
    row = purchase_row(member, purchase_id)
    report = Report(not_shown=stamp_lines(row) if row.deleted_at is None else [])
    _note(report, "chain", partial(check_chain, row))
    if row.deleted_at is None:
        _note(report, "files", partial(check_files, row))
        for paper in row.exhibits.order_by("id"):
            _note(report, paper.name, partial(check_paper, row, paper))
    else:
        report.not_shown.append("Its files were deleted when their time was over: only the chain can be checked.")
    stamps = list(row.stamps.order_by("seq", "id"))
    for one in stamps:
        _note(
            report,
            f"line {one.seq}, {one.authority}",
            partial(_stamp, row, one.seq, bytes(one.token), bytes(one.certificates)),
        )
    if not stamps:
        report.not_shown.append("No line has a timestamp: the times are the word of this node.")
    with transaction.atomic():
        custody.add(row, member.actor, "checked", {"holds": "yes" if report.holds else "no"})
    return report


def _note(report: Report, part: str, look: Callable[[], str]) -> None:
    try:
        report.checks.append(Check(part, holds=True, words=look()))
    except Refused as refused:
        report.checks.append(Check(part, holds=False, words=str(refused), code=refused.code))


def check_chain(row: Purchase) -> str:
    """Say that the lines hang together and name the files that are listed. Raises Refused (broken-custody)."""
    lines = custody.lines_of(row)
    check_custody(lines)
    chain_of(row)
    named = {(line.seq, name, sha256) for line in lines for name, sha256 in _named(line)}
    stored = {(one.seq, f"{DATA}{one.name}", one.sha256) for one in row.files.all()}
    odd = sorted(named ^ stored)
    if odd:
        raise Refused("broken-custody", f"The chain and the list of files differ at {odd[0][1]}.")
    return f"{len(lines)} lines follow one another unchanged, and name {len(named)} files."


def _named(line: CustodyLine) -> list[tuple[str, str]]:
    return [(name, sha256) for name, sha256 in line.detail.items() if line.action in ACTS and name.startswith(DATA)]


def check_files(row: Purchase) -> str:
    """Say that every file in the store is what was recorded. Raises Refused (not-sealed)."""
    files = list(row.files.order_by("name"))
    for one in files:
        try:
            check_stored(one)
        except Conflict as problem:
            raise Refused("not-sealed", problem.detail) from problem
    return f"{len(files)} files are those that were recorded."


def _stamp(row: Purchase, seq: int, token: bytes, pem: bytes) -> str:
    line = row.custody.filter(seq=seq).values_list("line", flat=True).first()
    if line is None:
        raise Refused("broken-custody", f"Line {seq}, which was stamped, is not there.")
    said = check_stamp(token, line.encode(), read_authorities(pem))
    return f"The authority had seen it by {said.time:%Y-%m-%d %H:%M:%S} UTC."
