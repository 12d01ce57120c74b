"""What one reader may see of an entry: the fields that were agreed, in hands that may take them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.field_rules import may_act
from countermark.node.exchange.rules.fields import rank
from countermark.node.exchange.rules.incoming import read_incoming, sift
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.previewing import ShownField
from countermark.node.exchange.rules.term_parts import Terms
from countermark.node.exchange.rules.values import Value
from countermark.node.exchange.states import IN_FORCE, AgreementState
from countermark.node.kernel.errors import Invalid
from countermark.proof.entries import BESIDE_ONLY, DataClass, Entry


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, as far as a reader may see it.

    Attributes:
        entry: its payload.
        entry_id: SHA-256 of what was signed.
        publisher: party that said it.
        kind: of the item; None when it is no item, or nothing of it may be seen.
        fields: name -> value, those that may be seen.
        classes: name -> class of each.
    """

    entry: Entry
    entry_id: str
    publisher: str
    kind: ItemKind | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    classes: Mapping[str, DataClass] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field as text, empty when it is not there."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A field of several texts."""
        value = self.fields.get(name, ())
        return value if isinstance(value, tuple) else ()

    @property
    def strictest(self) -> DataClass:
        """The strictest class among what is seen; PUBLIC of nothing."""
        return max(self.classes.values(), key=rank, default=DataClass.PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How one reader sees an agreement.

    Attributes:
        terms: digest of a version -> its terms; None where they cannot be read.
        now_terms: of the version in force; None when they cannot be read: then nothing is seen.
        state: an `AgreementState`.
        sides: party -> kind of organisation, of both parties.
        reader: party that reads.
        role: in which the reader acts.
        personal: whether personal data were asked for, and the reader may see them.
        today: nothing is seen after its last day.
    """

    terms: Mapping[str, Terms | None]
    now_terms: Terms | None
    state: str
    sides: Mapping[str, str]
    reader: str
    role: str
    personal: bool
    today: date

    @property
    def may_take_out(self) -> bool:
        """Whether the agreement lets this reader take anything out of the node."""
        return self._may(Action.EXPORT)

    @property
    def sees_persons(self) -> bool:
        """Whether personal data are among what is seen."""
        alive = self.state in IN_FORCE
        return self.personal and alive and self._may(Action.REVEAL)

    def say(self, entry: Entry, entry_id: str, publisher: str, carried: bytes | None, media_type: str) -> Said:
        """What an entry says to this reader. Never raises: what cannot be read is not seen.

        Args:
            entry, entry_id: as it was signed.
            publisher: party that said it.
            carried: bytes beside it; None when there are none or they were deleted.
            media_type: of those bytes.
        """
        bare = Said(entry, entry_id, publisher)
        terms = self.terms.get(entry.agreement)
        if terms is None or not self.may_take_out or self._is_over(entry):
            return bare
        if carried is not None and media_type != "application/json":
            return bare
        try:
            item = read_incoming(entry.data, carried)
        except Invalid:
            return bare
        kept, _ = sift(item, terms, entry.purpose, self.sides.get(publisher, ""))
        seen = [one for one in kept if self._sees(one)]
        return Said(
            entry,
            entry_id,
            publisher,
            item.kind,
            {one.field: one.value for one in seen},
            {one.field: one.data_class for one in seen},
        )

    def _sees(self, one: ShownField) -> bool:
        if one.field == "content":  # bytes of files are fetched as evidence, with its custody
            return False
        return one.data_class not in BESIDE_ONLY or self.sees_persons

    def _is_over(self, entry: Entry) -> bool:
        return entry.retain_until is not None and date.fromisoformat(entry.retain_until) < self.today

    def _may(self, action: Action) -> bool:
        terms = self.now_terms
        if terms is None or may_act(terms, action, self.sides.get(self.reader, ""), self.role) is not None:
            return False
        return self.state != AgreementState.ENDED or action in terms.ending.after


def plain(value: Value) -> Any:
    """A value of a field as JSON has it."""
    return list(value) if isinstance(value, tuple) else value
