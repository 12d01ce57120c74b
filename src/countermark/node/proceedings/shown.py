"""Proceedings as screens are given them: frozen records, complete."""

from dataclasses import dataclass
from datetime import date, datetime

from countermark.law.asked import Field
from countermark.node.notices.shown import ClockShown


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingRow:
    """One proceeding as a line of a list.

    Attributes:
        id: `pcd_…`.
        law: title of its regime.
        about: what it is about, in the words of the organisation.
        state: what its state means, in one sentence.
        clock: the clock of the next day that counts; None when none runs.
        day: that day.
    """

    id: str
    law: str
    about: str
    state: str
    closed: bool
    clock: ClockShown | None
    day: date | None


@dataclass(frozen=True, slots=True)
class ProceedingPage:
    """One page of a list; `next_cursor` is None on the last."""

    rows: tuple[ProceedingRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceShown:
    """Something that can happen now.

    Attributes:
        event: of the regime; `words` for people.
        actors: code and words of those who can do it.
        needs: fact and words of what has to be given.
        rule, says: the rule that it rests on, and what that says.
        refusal: why it is not possible today; empty when it is.
    """

    event: str
    words: str
    actors: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    rule: str
    says: str
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """Something that was written; `taken_back` says that it was a mistake, `undoes` that it is the taking back."""

    number: int
    words: str
    actor: str
    at: datetime
    recorded_at: datetime
    state: str
    facts: tuple[tuple[str, str], ...]
    note: str
    rule: str
    undoes: int | None
    taken_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingShown:
    """Everything the page of a proceeding needs.

    Attributes:
        summary: of the regime.
        place, zone, today: whose days count, and which day it is there.
        right, right_title: that it rests on; empty when none was named.
        clocks: what runs, what matters first at the top.
        choices: what can happen next.
        steps: what was written, oldest first.
        asked: what the law wants to be shown in it.
        outdated: its law has a newer version.
        deleted_at: when its words were deleted, because their time was over.
        may_write, may_take_back: what the reader can do.
    """

    row: ProceedingRow
    regime: str
    summary: str
    version: str
    place: str
    zone: str
    today: date
    right: str
    right_title: str
    clocks: tuple[ClockShown, ...]
    choices: tuple[ChoiceShown, ...]
    steps: tuple[StepShown, ...]
    asked: tuple[Field, ...]
    outdated: bool
    deleted_at: datetime | None
    may_write: bool
    may_take_back: bool
