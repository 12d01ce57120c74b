"""Cases, their history and what was shared, as screens are given them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from countermark.node.cases.states import AttachedKind, CaseState
from countermark.node.exchange.states import AgreementState


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two sides: id, name, kind of organisation, and whether it is ours."""

    id: str
    name: str
    kind: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Who:
    """A side, a role on it or a person: for an assignment, a mention or the author of a line.

    Attributes:
        party: the side; None when nobody is meant.
        role: a `Role`, or empty.
        name: of a person, as far as the reader may know it; else the pseudonym; empty when no person is meant.
        address: as forms and entries write it.
        is_pseudonym: the name is a pseudonym.
    """

    party: Party | None
    role: str = ""
    name: str = ""
    address: str = ""
    is_pseudonym: bool = False


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field that a partner gave: its words and value; `hidden` says why the reader does not see the value."""

    name: str
    words: str
    value: str
    data_class: str
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened in a case.

    Attributes:
        entry: id of the entry, the same on both nodes.
        type: a `CaseEntry`.
        author: side and person; the name of a colleague, or what the partner told.
        happened_at: when it happened, as its author says; recorded_at: when it was stored on this node.
        text: the comment, or the title of a case.
        summary: of a case that was opened.
        assigned_to: for an assignment.
        due_on: for a due day.
        outcome: for a closing.
        items: what was attached or detached: (kind, id, name).
        mentions: who was asked to look.
        corrects: id of the entry that it corrects; corrected_by: id of the last that corrects it.
        deleted_on: when its words were deleted, and why: `retention`, `ended` or `request`; None while they stand.
        editable: the reader's side said it and may correct it.
    """

    entry: str
    type: str
    author: Who
    happened_at: datetime
    recorded_at: datetime
    text: str = ""
    summary: str = ""
    assigned_to: Who | None = None
    due_on: date | None = None
    outcome: str = ""
    items: tuple[tuple[str, str, str], ...] = ()
    mentions: tuple[Who, ...] = ()
    corrects: str = ""
    corrected_by: str = ""
    deleted_on: datetime | None = None
    deleted_why: str = ""
    editable: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Whose move it is: the assignee's side, or else the side that did not act last."""

    party: Party
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentShown:
    """Something in a case.

    Attributes:
        ref: `lst_…`, `fnd_…` or `fil_…`.
        party: who attached it.
        name: title of a listing or finding, name of a file, as far as it is known here.
        ours: we hold that listing or finding ourselves, so there is a page of it.
        shared: row number of what the partner shared of it, None when it is only ours.
        withdrawn_at: the side that gave it has taken it back.
        downloadable: the bytes of a file are here.
        described: media type and size of a file.
    """

    kind: AttachedKind
    ref: str
    party: Party
    name: str
    ours: bool
    shared: int | None = None
    withdrawn_at: datetime | None = None
    downloadable: bool = False
    described: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as a list shows it; `mentions_me`: someone asked the reader to look."""

    id: str
    title: str
    agreement: str
    partner: Party
    state: CaseState
    outcome: str
    assigned_to: Who | None
    due_on: date | None
    overdue: bool
    move: Move | None
    opened_at: datetime
    changed_at: datetime
    mentions_me: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of cases; `next_cursor` is None on the last."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """Everything the page of a case needs but its history.

    Attributes:
        opened_by: the side that opened it.
        summary: its words now; corrected ones count.
        words_deleted_on: when title and summary were deleted by retention.
        agreement_state, agreement_since: of the agreement: nothing new is said in it while that rests or has ended.
        people: whom it can be assigned to or who can be asked to look, the other side first.
    """

    row: CaseRow
    summary: str
    words_deleted_on: datetime | None
    opened_by: Party
    purpose: str
    purpose_words: str
    territories: tuple[str, ...]
    closed_at: datetime | None
    attachments: tuple[AttachmentShown, ...]
    agreement_state: AgreementState
    agreement_since: datetime
    people: tuple[Who, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class History:
    """One page of the history, newest first; `next_cursor` goes on with older lines, None on the last."""

    lines: tuple[HistoryLine, ...]
    next_cursor: str | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedShown:
    """A listing or finding that one side gave to the other.

    Attributes:
        row: row number, in addresses.
        ours: we gave it.
        fields: as they were given; empty when they were deleted (`deleted_on`).
        listing_id: of the listing that we hold of it.
        brought: we hold that listing because of this.
    """

    row: int
    kind: AttachedKind
    ref: str
    ours: bool
    partner: Party
    agreement: str
    name: str
    fields: tuple[FieldShown, ...]
    purpose: str
    shared_at: datetime
    retain_until: date | None
    deleted_on: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    listing_id: str | None
    brought: bool

    def value(self, name: str) -> str:
        """The value of one field, empty when it was not given."""
        return next((one.value for one in self.fields if one.name == name), "")


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One page of shared things, newest first; `next_cursor` is None on the last."""

    rows: tuple[SharedShown, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """An agreement under which something can be said: its name, the partner, purposes (id, words) for cases."""

    name: str
    partner: Party
    purposes: tuple[tuple[str, str], ...]
    territories: tuple[str, ...]
