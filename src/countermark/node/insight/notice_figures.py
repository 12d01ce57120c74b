"""Figures of notices, counted from the log of what happened and nothing else: the same lines give the same bytes.

Sources of what is counted: the Memorandum of Understanding on the sale of counterfeit goods (2016), its indicators;
Regulation (EU) 2022/2065 arts 15(1) and 24(1).
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

import msgspec

from countermark.node.insight.figures import Spread
from countermark.node.notices.states import Deed
from countermark.proof.canonical import canonical

#: Refusals that say the notice was wrong; the others say that it lacked something.
UNFOUNDED = frozenset({"no_infringement", "exhausted", "authorised"})
_DOWN = frozenset({Deed.REMOVE, Deed.PARTLY})
_BACK = frozenset({Deed.RESTORE, Deed.LATE, Deed.ACCEPT})
_DECIDED = _DOWN | {Deed.REFUSE}
#: Outcomes before a body that ask something of the platform.
_REVERSING = frozenset({"reversed", "partly_reversed"})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log: a deed in a notice, or an own-initiative removal.

    Attributes:
        notice: `ntc_…`; for a finding that was upheld without a notice, `fnd_…`.
        number: place within the notice.
        deed: a `Deed`, or `own` for an own-initiative removal.
        event: of the regime; empty where a deed is none in that law.
        regime, reason, ground: as in the notice.
        seller: `slr_…`, or empty.
        automated: a machine decided alone.
        at: when, with an offset.
    """

    notice: str
    number: int
    deed: str
    event: str
    regime: str
    reason: str
    ground: str
    seller: str
    automated: bool
    at: datetime


class Share(msgspec.Struct, frozen=True):
    """How many out of how many; `percent` is empty when there was nothing to divide by."""

    count: int
    out_of: int

    @property
    def percent(self) -> str:
        """With one decimal, rounded half up, computed exactly."""
        if not self.out_of:
            return ""
        tenths = int(Fraction(self.count * 1000, self.out_of) + Fraction(1, 2))
        return f"{tenths // 10}.{tenths % 10}"


class NoticeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a period held. A thing counts in the period in which it happened.

    Attributes:
        first, last: days of the period, in UTC, both included.
        notices, by_regime, by_ground: notices filed.
        decisions: by deed, and `by_terms`: those on terms and conditions instead of law.
        by_flaggers: notices of trusted flaggers, treated first.
        automated: decisions that a machine took alone.
        removed: of the notices decided in the period, those after which the offer went down.
        proactive: of all removals, those without a notice.
        complaints, complaint_outcomes: answers of sellers, and how they were decided.
        contests, contest_outcomes: complaints of those who filed about a refusal, and how they were decided.
        reversal: of the removals of the period, those that were later restored.
        false_notices: of the notices decided, those that turned out wrong: refused as unfounded, withdrawn as an
            error, or restored.
        sellers_upheld, sellers_repeated: shops with one upheld notice, and with two or more.
        questions: what marketplaces asked; `answers`: what came back.
        disputes: cases before an out-of-court body, or a court.
        body_outcomes: what such bodies decided; `carried_out`: of those that reversed something, what the platform
            has followed since.
        to_decision, to_complaint_decision, to_contest_decision, to_answer, to_body_decision: how long it took.
    """

    first: date
    last: date
    notices: int
    by_regime: dict[str, int]
    by_ground: dict[str, int]
    decisions: dict[str, int]
    by_terms: int
    by_flaggers: int
    automated: int
    removed: Share
    proactive: Share
    complaints: int
    complaint_outcomes: dict[str, int]
    contests: int
    contest_outcomes: dict[str, int]
    reversal: Share
    false_notices: Share
    sellers_upheld: int
    sellers_repeated: int
    questions: int
    answers: int
    disputes: dict[str, int]
    body_outcomes: dict[str, int]
    carried_out: Share
    to_decision: Spread
    to_complaint_decision: Spread
    to_contest_decision: Spread
    to_answer: Spread
    to_body_decision: Spread

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of all figures."""
        return hashlib.sha256(canonical(msgspec.to_builtins(self))).hexdigest()


def count(lines: Iterable[Line], first: date, last: date) -> NoticeFigures:
    """Count a period from the whole log; lines in any order, each once."""
    tally = _Tally(first, last)
    stories: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        stories[line.notice].append(line)
    for name in sorted(stories):
        tally.take(sorted(stories[name], key=lambda line: line.number))
    return tally.figures()


@dataclass
class _Tally:
    first: date
    last: date
    words: Counter[str] = field(default_factory=Counter)
    regimes: Counter[str] = field(default_factory=Counter)
    grounds: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    contested: Counter[str] = field(default_factory=Counter)
    disputes: Counter[str] = field(default_factory=Counter)
    bodies: Counter[str] = field(default_factory=Counter)
    upheld: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def take(self, story: list[Line]) -> None:
        """One notice, from its first line to its last."""
        begun: dict[str, datetime] = {}
        deeds = _first_of_each(story)
        later = {line.deed for line in deeds}
        for line in deeds:
            if self.first <= line.at.date() <= self.last:
                self._count(line, begun, later, deeds)
            _mark(line, begun)
        for line in story:
            if self.first <= line.at.date() <= self.last and line.event in {"go_to_body", "sue"}:
                self.disputes["body" if line.event == "go_to_body" else "court"] += 1
        self._settled(story)

    def _settled(self, story: list[Line]) -> None:
        """What a body decided, how long it took, and whether the platform followed it afterwards."""
        begun: datetime | None = None
        for place, line in enumerate(story):
            begun = line.at if line.event == "go_to_body" else begun
            if line.deed != Deed.SETTLE or not self.first <= line.at.date() <= self.last:
                continue
            self.bodies[line.reason] += 1
            if begun is not None:
                self._took("body", begun, line.at)
            if line.reason in _REVERSING:
                self.words["to follow"] += 1
                self.words["followed"] += any(one.deed in _DOWN | {Deed.PUT_BACK} for one in story[place + 1 :])

    def _count(self, line: Line, begun: dict[str, datetime], later: set[str], deeds: list[Line]) -> None:
        if line.deed in _DECIDED and "contest" in begun:
            # The refusal was counted when it was decided; a second one is the answer to the complaint alone.
            self.contested[Deed.KEEP if line.deed == Deed.REFUSE else Deed.RESTORE] += 1
            self._took("contest", begun["contest"], line.at)
            if line.deed == Deed.REFUSE:
                return
        self.words[line.deed] += 1
        self.words["automated"] += line.automated and line.deed in _DECIDED
        if line.deed == Deed.FILE:
            self.regimes[line.regime] += 1
            self.grounds[line.ground] += 1
        if line.deed in _DECIDED:
            self._decided(line, begun, later, deeds)
        if line.deed in _BACK | {Deed.KEEP} and "complaint" in begun:
            self.outcomes[Deed.KEEP if line.deed == Deed.KEEP else Deed.RESTORE] += 1
            self._took("complaint", begun["complaint"], line.at)
        if line.deed == Deed.ANSWER and "question" in begun:
            self._took("answer", begun["question"], line.at)

    def _decided(self, line: Line, begun: dict[str, datetime], later: set[str], deeds: list[Line]) -> None:
        self.words["terms"] += line.reason == "terms"
        if "filed" in begun:
            self._took("decision", begun["filed"], line.at)
        reversed_ = bool(_BACK & later)
        self.words["reversed"] += line.deed in _DOWN and reversed_
        was_error = any(one.deed == Deed.WITHDRAW and one.reason == "error" for one in deeds)
        unfounded = line.deed == Deed.REFUSE and line.reason in UNFOUNDED
        self.words["false"] += unfounded or was_error or (line.deed in _DOWN and reversed_)
        if line.deed in _DOWN and not reversed_ and line.seller:
            self.upheld[line.seller] += 1

    def _took(self, what: str, begin: datetime, end: datetime) -> None:
        self.times[what].append(int((end - begin).total_seconds()))

    def figures(self) -> NoticeFigures:
        words = self.words
        down = words[Deed.REMOVE] + words[Deed.PARTLY]
        decided = down + words[Deed.REFUSE]
        return NoticeFigures(
            first=self.first,
            last=self.last,
            notices=words[Deed.FILE],
            by_regime=dict(sorted(self.regimes.items())),
            by_ground=dict(sorted(self.grounds.items())),
            decisions={one.value: words[one] for one in (Deed.REMOVE, Deed.PARTLY, Deed.REFUSE)},
            by_terms=words["terms"],
            by_flaggers=words[Deed.PRIORITY],
            automated=words["automated"],
            removed=Share(down, decided),
            proactive=Share(words["own"], words["own"] + down),
            complaints=words[Deed.COUNTER],
            complaint_outcomes=dict(sorted(self.outcomes.items())),
            contests=words[Deed.COMPLAIN],
            contest_outcomes=dict(sorted(self.contested.items())),
            reversal=Share(words["reversed"], down),
            false_notices=Share(words["false"], decided),
            sellers_upheld=len(self.upheld),
            sellers_repeated=sum(number > 1 for number in self.upheld.values()),
            questions=words[Deed.ASK],
            answers=words[Deed.ANSWER],
            disputes=dict(sorted(self.disputes.items())),
            body_outcomes=dict(sorted(self.bodies.items())),
            carried_out=Share(words["followed"], words["to follow"]),
            to_decision=Spread.of(self.times["decision"]),
            to_complaint_decision=Spread.of(self.times["complaint"]),
            to_contest_decision=Spread.of(self.times["contest"]),
            to_answer=Spread.of(self.times["answer"]),
            to_body_decision=Spread.of(self.times["body"]),
        )


def _first_of_each(story: list[Line]) -> list[Line]:
    """A deed may be several events in law; a deed that is done again counts again."""
    found: list[Line] = []
    for line in story:
        if not found or found[-1].deed != line.deed or found[-1].at != line.at:
            found.append(line)
    return found


def _mark(line: Line, begun: dict[str, datetime]) -> None:
    if line.deed == Deed.FILE:
        begun["filed"] = line.at
    elif line.deed == Deed.COUNTER:
        begun["complaint"] = line.at
    elif line.deed == Deed.COMPLAIN:
        begun["contest"] = line.at
    elif line.deed in _DECIDED:
        begun.pop("contest", None)
    elif line.deed == Deed.ASK:
        begun["question"] = line.at
