"""Rows before they are signed: each as the notice that it would be, with everything that stands against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from countermark.law.asked import Declaration, Field
from countermark.law.drafts import Problem
from countermark.node.findings import selectors as findings
from countermark.node.findings.shown import FindingDetail
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.time import now
from countermark.node.notices import drafting, knowing
from countermark.node.notices.bulk.choosing import Row, Together, check, choice_of, only_wanted
from countermark.node.notices.drafting import Prepared
from countermark.node.notices.knowing import Known
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

#: Rows on one page; a file may have more.
MOST_ON_A_PAGE = 200
#: Problems that only say that nobody has signed yet.
UNSIGNED = frozenset({"not-signed", "signer-missing"})
#: What is never written once for many: the name has its own place, and a code belongs to one reason.
_NOT_FOR_ALL = frozenset({"signature", "reason_code"})


@dataclass(frozen=True, slots=True)
class Looked:
    """A row and what it would become: `made` is None when there is no such finding, and `problems` says so."""

    row: Row
    made: Prepared | None
    problems: tuple[Problem, ...]

    @property
    def can_be_filed(self) -> bool:
        """Whether nothing blocks."""
        return self.made is not None and not any(one.blocks for one in self.problems)


@dataclass(frozen=True, slots=True)
class Sight:
    """All rows, and what is to be written and signed once for them."""

    looked: tuple[Looked, ...]
    fields: tuple[Field, ...]
    declarations: tuple[Declaration, ...]


def look(member: Member, together: Together, rows: Sequence[Row]) -> Sight:
    """What each row would become; nobody has to have signed.

    Raises:
        NotPermitted (NOTICES_FILE), Invalid.
    """
    member.require(Permission.NOTICES_FILE)
    check(together, rows)
    rows = rows[:MOST_ON_A_PAGE]
    details = findings.findings_named(member, [one.finding for one in rows])
    known = knowing.around(member, list(details.values()), now())
    looked = tuple(look_at(known, together, row, details.get(row.finding)) for row in rows)
    return Sight(looked, _fields(looked), _declarations(looked))


def words_to_sign(member: Member, together: Together, rows: Sequence[Row]) -> tuple[Declaration, ...]:
    """Every declaration that one of these rows asks for, however many rows there are.

    Raises:
        NotPermitted (NOTICES_FILE), Invalid.
    """
    check(together, rows)
    found: dict[str, Declaration] = {}
    for start in range(0, len(rows), MOST_ON_A_PAGE):
        sight = look(member, together, rows[start : start + MOST_ON_A_PAGE])
        found |= {one.version: one for one in sight.declarations}
    return tuple(found.values())


def look_at(known: Known, together: Together, row: Row, detail: FindingDetail | None) -> Looked:
    """What one row would become."""
    if detail is None:
        gone = Problem("finding", "finding-unknown", "There is no such finding here.", "Take the id from its page.")
        return Looked(row, None, (gone,))
    try:
        made = only_wanted(drafting.prepare_known(known, detail, choice_of(together, row, detail)))
    except Invalid as refused:
        return Looked(row, None, tuple(Problem(p.field, p.code, p.message, p.mend) for p in refused.problems))
    return Looked(row, made, made.problems)


def _made(looked: Iterable[Looked]) -> list[Prepared]:
    return [one.made for one in looked if one.made is not None]


def _fields(looked: Iterable[Looked]) -> tuple[Field, ...]:
    found = {one.id: one for made in _made(looked) for one in made.fields if one.id not in _NOT_FOR_ALL}
    return tuple(found.values())


def _declarations(looked: Iterable[Looked]) -> tuple[Declaration, ...]:
    found = {(one.id, one.version): one for made in _made(looked) for one in made.declarations}
    return tuple(found.values())
