"""A purchase out of its rows: lines, the words that lie in the store, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from countermark.node.evidence import custody
from countermark.node.evidence.models import Purchase
from countermark.node.evidence.purchases.acts import Act, Done, NotNow, Standing, standing
from countermark.node.evidence.purchases.words import ActWords, read_words
from countermark.node.evidence.store import digest, store
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.refusals import Refused
from countermark.proof.seals import CustodyLine

ACTS = frozenset(act.value for act in Act)
#: Before the name of a file in the facts of a line, and in a bag.
DATA = "data/"


@dataclass(frozen=True, slots=True)
class Chain:
    """A purchase as its lines and files tell it.

    Attributes:
        lines: every line, in order.
        words: of each act, by its place; what is deleted or changed in the store is not there.
        standing: where it stands.
        lost: sentences about words that should be there and are not what they were.
    """

    lines: tuple[CustodyLine, ...]
    words: Mapping[int, ActWords]
    standing: Standing
    lost: tuple[str, ...]

    @property
    def last_act(self) -> CustodyLine:
        """The line of the last act: its digest stands for everything that was recorded until then."""
        return [line for line in self.lines if line.action in ACTS][-1]


def chain_of(row: Purchase) -> Chain:
    """Read a purchase. Raises Refused: broken-custody."""
    lines = tuple(custody.lines_of(row))
    words: dict[int, ActWords] = {}
    lost = []
    for line in lines if row.deleted_at is None else ():
        if line.action in ACTS:
            try:
                words[line.seq] = _words(line)
            except (OSError, Refused):
                lost.append(f"The words of line {line.seq} in the store are not those that were recorded.")
    acts = [
        Done(
            line.seq,
            Act(line.action),
            words[line.seq].words if line.seq in words else {},
            int(line.detail.get("corrects", "0")),
        )
        for line in lines
        if line.action in ACTS
    ]
    try:
        stands = standing(acts)
    except NotNow as problem:
        raise Refused("broken-custody", str(problem)) from problem
    return Chain(lines, words, stands, tuple(lost))


def _words(line: CustodyLine) -> ActWords:
    sha256 = line.detail.get(f"{DATA}{act_file(line.seq, line.action)}", "")
    try:
        data = store().evidence_path(sha256).read_bytes()
    except ValueError as error:
        raise Refused("broken-custody") from error
    if digest(data) != sha256:
        raise Refused("broken-custody")
    return read_words(data)


def act_file(seq: int, action: str) -> str:
    """Name of the file with the words of an act."""
    return f"acts/{seq:04d}-{action}.json"


def purchases_of(member: Member) -> QuerySet[Purchase]:
    """The purchases that a member sees. Raises NotPermitted (EVIDENCE_PURCHASE)."""
    member.require(Permission.EVIDENCE_PURCHASE)
    return Purchase.objects.filter(organisation_id=member.organisation_id)


def purchase_row(member: Member, purchase_id: str) -> Purchase:
    """One purchase. Raises NotPermitted (EVIDENCE_PURCHASE), NotFound."""
    rows = purchases_of(member)
    row = rows.filter(public_id=purchase_id).first() if is_id("prc", purchase_id) else None
    if row is None:
        raise NotFound("test purchase", purchase_id)
    return row
