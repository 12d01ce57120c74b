"""What the partner will see, field by field, as a page shows it before anything leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from countermark.node.cases.permits import Draft, Under
from countermark.node.exchange.rules.fields import FIELDS
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.previewing import Preview, outgoing
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member

_SHORT = 3


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One field.

    Attributes:
        name: of the field.
        words: what it is.
        value: as it leaves; empty when hidden.
        data_class: under which it leaves; empty when hidden.
        why: sentence of the rule that hides it; empty when it is seen.
    """

    name: str
    words: str
    value: str
    data_class: str
    why: str

    @property
    def seen(self) -> bool:
        """Whether the partner will see it."""
        return not self.why


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """One entry that would leave.

    Attributes:
        type: of the entry.
        kind: of its item.
        purpose: what for.
        fields: seen ones first, then hidden ones; fields with nothing in them are left out.
        data_class: strictest class of what is seen.
        retain_until: day on which the partner deletes it; None when nothing has to be deleted.
        denied: why it cannot be said at all; empty when it can.
        left_out: the rest goes without it (bytes of a file that the agreement does not name).
    """

    type: str
    kind: str
    purpose: str
    fields: tuple[FieldPreview, ...]
    data_class: str
    retain_until: date | None
    denied: str
    left_out: bool = False

    @property
    def seen(self) -> tuple[FieldPreview, ...]:
        """What the partner will see."""
        return tuple(field for field in self.fields if field.seen)

    @property
    def hidden(self) -> tuple[FieldPreview, ...]:
        """What it will not see."""
        return tuple(field for field in self.fields if not field.seen)


def previews_of(member: Member, where: Under, drafts: Sequence[Draft]) -> tuple[ItemPreview, ...]:
    """Every entry that some drafts would become."""
    return tuple(_preview(member, where, draft) for draft in drafts)


def _preview(member: Member, where: Under, draft: Draft) -> ItemPreview:
    seen = where.preview(member, draft)
    left_out = draft.is_bytes and not seen.shown
    permit = where.permit(member, draft, seen)
    denied = "" if permit.allow or left_out else permit.sentence
    shown = [
        FieldPreview(field.field, words_of(draft.kind, field.field), in_words(field.value), str(field.data_class), "")
        for field in seen.shown
    ]
    hidden = [
        FieldPreview(field.field, words_of(draft.kind, field.field), "", "", field.sentence)
        for field in seen.hidden
        if field.reason != "empty"
    ]
    return ItemPreview(
        type=draft.type,
        kind=draft.kind,
        purpose=draft.purpose,
        fields=(*shown, *hidden),
        data_class=str(seen.data_class),
        retain_until=seen.retain_until if draft.is_bytes and seen.shown else _until(seen),
        denied=denied or _nothing(seen, left_out=left_out),
        left_out=left_out,
    )


def words_of(kind: ItemKind, name: str) -> str:
    """What a field is, in words; its name when it is none."""
    field = FIELDS[kind].get(name)
    return field.words if field else name


def in_words(value: object) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, list | tuple):
        return str(value)
    # Codes of countries on one line, sentences each on its own.
    between = " " if all(len(str(one)) <= _SHORT for one in value) else "\n"
    return between.join(map(str, value))


def _until(seen: Preview) -> date | None:
    try:
        return outgoing(seen).retain_until
    except Invalid:
        return None


def _nothing(seen: Preview, *, left_out: bool) -> str:
    if seen.shown or left_out:
        return ""
    return "Nothing of this would reach the partner."
