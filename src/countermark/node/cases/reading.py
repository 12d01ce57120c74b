"""What an entry of a case says, read from its bytes each time, so that nothing outlives their deletion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from countermark.node.cases.permits import Under
from countermark.node.cases.pseudonyms import Pseudonyms
from countermark.node.cases.shown import Party, Who
from countermark.node.exchange.agreeing.versions import readable_terms
from countermark.node.exchange.applying import arrived_of
from countermark.node.exchange.models import AgreementVersion, Deletion, FeedEntry
from countermark.node.exchange.rules.incoming import read_incoming, sift
from countermark.node.exchange.rules.previewing import ShownField
from countermark.node.exchange.rules.terms import Terms
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.proof.entries import BESIDE_ONLY


@dataclass(frozen=True, slots=True)
class Words:
    """The content of one entry.

    Attributes:
        fields: that count under the terms it was said under.
        purpose: that it names.
        retain_until: last day of its bytes.
        deleted_on, deleted_why: when and why its bytes were deleted.
    """

    fields: tuple[ShownField, ...] = ()
    purpose: str = ""
    retain_until: date | None = None
    deleted_on: datetime | None = None
    deleted_why: str = ""

    def text(self, name: str) -> str:
        """A field as text, empty when it is not there."""
        found = next((one.value for one in self.fields if one.field == name), "")
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A field of several texts."""
        found = next((one.value for one in self.fields if one.field == name), ())
        return found if isinstance(found, tuple) else ()


@dataclass
class Reader:
    """Reads entries under one agreement for one member.

    Both sides use it for both feeds, so both read the same words; names of people depend on who reads.
    """

    where: Under
    member: Member
    _terms: dict[str, Terms | None] = field(default_factory=dict)
    _people: Mapping[str, tuple[int, str]] | None = None

    def words(self, entry: FeedEntry) -> Words:
        """What an entry says (its row with `feed__agreement`, `beside` and `deletion` loaded, where there are any)."""
        arrived = arrived_of(entry)
        until = None if arrived.entry.retain_until is None else date.fromisoformat(arrived.entry.retain_until)
        if arrived.entry.data is None and arrived.carried is None:
            deletion: Deletion | None = getattr(entry, "deletion", None)
            on = deletion.at if deletion else None
            return Words((), arrived.entry.purpose, until, on, deletion.reason if deletion else "")
        terms = self._terms_of(arrived.entry.agreement)
        if terms is None or (arrived.carried is not None and arrived.media_type != "application/json"):
            return Words((), arrived.entry.purpose, until)
        try:
            item = read_incoming(arrived.entry.data, arrived.carried)
        except Invalid:
            return Words((), arrived.entry.purpose, until)
        sender = self.where.party if entry.feed.ours else self.where.partner
        kept, _ = sift(item, terms, arrived.entry.purpose, self.where.kind_of(sender))
        return Words(kept, arrived.entry.purpose, until)

    def party(self, party: str) -> Party:
        """A side with its name."""
        agreement, ours = self.where.agreement, party == self.where.party
        name = self.member.organisation_name if ours else agreement.partner_name
        return Party(party, name, self.where.kind_of(party), ours)

    def who(self, address: str, told_name: str = "") -> Who:
        """Whom an address means; `told_name` is what the other side told of a person, empty when nothing."""
        party, _, tail = address.partition("/")
        side = self.party(party)
        if not tail.startswith("m-"):
            return Who(side, tail, "", address)
        known = self.people.get(tail) if side.ours else None
        if known is not None:
            return Who(side, "", known[1], address)
        if told_name and self.sees_names:
            return Who(side, "", told_name, address)
        return Who(side, "", tail, address, is_pseudonym=True)

    @property
    def people(self) -> Mapping[str, tuple[int, str]]:
        """Pseudonym -> row number and name of our people."""
        if self._people is None:
            self._people = Pseudonyms(self.where.agreement).users()
        return self._people

    @property
    def sees_names(self) -> bool:
        """Whether the member may read personal data that the partner gave."""
        return self.member.may(Permission.PERSONAL_DATA_VIEW)

    def hides(self, one: ShownField) -> bool:
        """Whether the value of a field is kept from this member."""
        return one.data_class in BESIDE_ONLY and not self.sees_names

    def _terms_of(self, digest: str) -> Terms | None:
        if digest not in self._terms:
            version = AgreementVersion.objects.filter(agreement=self.where.agreement, digest=digest).first()
            self._terms[digest] = None if version is None else readable_terms(version)
        return self._terms[digest]
