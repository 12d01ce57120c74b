"""Who is meant on either side: `party`, `party/role` or `party/pseudonym`. No accounts pass between nodes."""

import re
from dataclasses import dataclass

from countermark.node.kernel.errors import Invalid
from countermark.node.parties.permissions import Role

_PARTY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TOKEN = re.compile(r"m-[a-z2-7]{16}")
#: People who can be asked to look in one comment.
MOST_MENTIONS = 20


@dataclass(frozen=True, slots=True)
class Addressee:
    """A side, a role on it, or one of its people.

    Attributes:
        party: id of the party in the agreement.
        role: a `Role`, empty when the whole side or one person is meant.
        token: pseudonym of one person under this agreement, empty otherwise.
    """

    party: str
    role: str = ""
    token: str = ""

    def __str__(self) -> str:
        tail = self.role or self.token
        return f"{self.party}/{tail}" if tail else self.party


def read_addressee(text: str, parties: tuple[str, str], field: str) -> Addressee:
    """Read an address that a form or a partner gave.

    Args:
        text: `party`, `party/role` or `party/m-…`.
        parties: ids of the two sides; nobody else can be meant.
        field: name of the form field, for the problem.

    Raises:
        Invalid: another form, another party, an unknown role.
    """
    party, _, tail = text.partition("/")
    if not _PARTY.fullmatch(party) or party not in parties:
        raise Invalid.of(field, "addressee", "It names neither side of the agreement.", "Choose someone from the list.")
    if not tail:
        return Addressee(party)
    if tail in set(Role):
        return Addressee(party, role=tail)
    if _TOKEN.fullmatch(tail):
        return Addressee(party, token=tail)
    raise Invalid.of(field, "addressee", "There is no such role.", "Choose someone from the list.")
