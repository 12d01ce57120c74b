"""Records of conduct as screens are given them: frozen, complete, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from countermark.node.conduct.misuse import Factors
from countermark.node.notices.shown import BodyShown


@dataclass(frozen=True, slots=True, kw_only=True)
class ActShown:
    """One thing done with a measure; `words` are empty and `hidden` true where the member may not see them."""

    words_of_kind: str
    at: datetime
    by: str
    words: str
    proof: str
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureShown:
    """One measure.

    Attributes:
        id, kind, kind_words: `msr_…`, and what it is.
        standing, standing_words: where it stands.
        in_force: it holds today.
        is_told: it is proved to have reached the person.
        answer_by: last day to answer, as the law counts it; None where none is counted.
        reasons, detail: as the person is told.
        factors: name and sentence, as they were on the day.
        points, policy: on that day.
        acts: what was done, in order.
        can_confirm, can_decline, can_tell, can_link, can_lift, can_answer, can_decide: what the reader can do now.
    """

    id: str
    kind: str
    kind_words: str
    track: str
    subject: str
    standing: str
    standing_words: str
    in_force: bool
    is_told: bool
    made_on: date
    ends_on: date
    answer_by: date | None
    reasons: str
    detail: str
    factors: tuple[tuple[str, str], ...]
    points: int
    policy: str
    acts: tuple[ActShown, ...]
    can_confirm: bool = False
    can_decline: bool = False
    can_tell: bool = False
    can_link: bool = False
    can_lift: bool = False
    can_answer: bool = False
    can_decide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeShown:
    """A strike, or a case that is none: notices, ground, points, since, until; `why_not` is empty for a strike."""

    notices: tuple[str, ...]
    ground: str
    points: int
    at: datetime | None
    until: datetime | None
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """A measure that could be taken: its word, the longest it may last, what stands against it (empty: nothing)."""

    code: str
    words: str
    longest: int
    four_eyes: bool
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Conduct on one track: factors in sentences, whether it is frequent, what could be done, what was done."""

    track: str
    subject: str
    title: str
    factors: Factors
    lines: tuple[tuple[str, str], ...]
    frequent: str
    choices: tuple[KindChoice, ...]
    measures: tuple[MeasureShown, ...]

    @property
    def can_act(self) -> bool:
        """Whether anything can be done now."""
        return any(not one.refusal for one in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerRecord:
    """Everything about the conduct of one shop at this marketplace."""

    seller: str
    sentence: str
    strikes: tuple[StrikeShown, ...]
    left: tuple[StrikeShown, ...]
    tracks: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateShown:
    """Rates of one reason in words; `is_alarm`: near or beyond a limit."""

    ground: str
    success: str
    countered: str
    against: str
    tier: str
    is_alarm: bool
    reserve: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilerRecord:
    """The rates of one who files under an agreement; `weighed` only at the marketplace that takes measures.

    Attributes:
        agreement, filer, marketplace: names.
        is_own: the reader's own organisation files.
        first, last: days that were counted.
        code: to compare with the other side.
    """

    agreement: str
    filer: str
    marketplace: str
    is_own: bool
    first: date
    last: date
    code: str
    rates: tuple[RateShown, ...]
    weighed: Weighed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSeller:
    """A measure as the seller reads it: no names, and what can be done about it.

    Attributes:
        steps: what was done with it, and when.
        by_two: a second person confirmed it.
    """

    id: str
    kind_words: str
    standing_words: str
    in_force: bool
    made_on: date
    ends_on: date
    answer_by: date | None
    reasons: str
    detail: str
    factors: tuple[tuple[str, str], ...]
    is_read: bool
    can_answer: bool
    answer: str
    outcome: str
    steps: tuple[tuple[datetime, str], ...]
    by_two: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanChoice:
    """A measure about payments that could be taken: its word, the longest it may last, whether two decide."""

    code: str
    words: str
    longest: int
    four_eyes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeePage:
    """What a seller reads behind the link of a payment platform: its measures, and whom else it can ask."""

    platform: str
    measures: tuple[ToSeller, ...]
    bodies: tuple[BodyShown, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for somebody: proposals, answers, and measures that are not proved to have arrived."""

    proposals: tuple[MeasureShown, ...]
    answers: tuple[MeasureShown, ...]
    untold: tuple[MeasureShown, ...]
