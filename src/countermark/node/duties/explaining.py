"""How a decision came about, in sentences for the person concerned: what a machine measured, and what people did."""

import msgspec

from countermark.model.decoding import decode
from countermark.node.duties import labels
from countermark.node.findings.models import Finding
from countermark.node.kernel.errors import Problem
from countermark.node.notices.models import Notice
from countermark.node.notices.reasons import words_of
from countermark.node.notices.selectors import DEED_WORDS
from countermark.node.notices.states import DECISIONS, Deed
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

_MOST_REASONS = 12


class _Reason(msgspec.Struct):
    """Of a stored reason, what is said of it."""

    sentence: str
    weight: float = 0.0


class _Record(msgspec.Struct):
    """Of a stored finding, what a person can be told."""

    reasons: tuple[_Reason, ...] = ()
    risk: float = 0.0


def explain(member: Member, about: str) -> tuple[str, ...]:
    """Sentences on a notice or a finding of ours; empty when the id names neither.

    Raises:
        NotPermitted (PERSONAL_DATA_EXPORT).
    """
    member.require(Permission.PERSONAL_DATA_EXPORT)
    if about.startswith("ntc_"):
        return _notice(member, about)
    if about.startswith("fnd_"):
        row = Finding.objects.filter(organisation_id=member.organisation_id, core_id=about[:40]).first()
        return _finding(row) if row else ()
    return ()


def _notice(member: Member, about: str) -> tuple[str, ...]:
    try:
        row = labels.notice_row(member, about)
    except Problem:
        return ()
    own = Finding.objects.filter(organisation_id=member.organisation_id, core_id=row.finding).first()
    return (*(_finding(own) if own else ()), *_people(row))


def _finding(row: Finding) -> tuple[str, ...]:
    try:
        record = decode(row.record, _Record)
    except msgspec.MsgspecError:
        record = _Record()
    lines = [f"A program compared the offer with the rights of {row.brand} and gave a risk of {row.risk:.0%}."]
    for one in record.reasons[:_MOST_REASONS]:
        side = "against" if one.weight < 0 else "for"
        lines.append(f"It counted {side} infringement: {one.sentence}")
    return (*lines, "The program decides nothing: a person looked before anything was done.")


def _people(row: Notice) -> tuple[str, ...]:
    lines = [
        f"On {one.at:%Y-%m-%d} a person decided: {DEED_WORDS[Deed(one.deed)]} ({words_of(one.reason)})."
        for one in row.happenings.order_by("number")
        if Deed(one.deed) in DECISIONS and one.reason
    ]
    return tuple(dict.fromkeys(lines))
