"""Notices as screens are given them: frozen records, complete."""

from dataclasses import dataclass
from datetime import date, datetime

from countermark.node.channels.shown import DispatchShown
from countermark.node.notices.answering import DeclarationShown, FieldShown
from countermark.node.notices.completing import Wanted
from countermark.node.notices.passing import Brought
from countermark.node.notices.reasons import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice as a line of a list.

    Attributes:
        id: `ntc_…`.
        side: `sent` or `received`.
        stage: a `Stage`; `stage_words` for people.
        partner: name of the other organisation.
        law: title of the regime.
        due, due_who: whose move it is and the last day for it; None when no day is counted, empty when nobody's.
        due_title, due_called: the clock of that day, and whether it is a legal deadline or a service target.
        firm, mine, over: no calendar is missing; it is our move; the day is past and somebody is late.
    """

    id: str
    side: str
    stage: str
    stage_words: str
    title: str
    brand: str
    partner: str
    regime: str
    law: str
    made_at: datetime
    filed_at: datetime | None
    due: date | None
    due_who: str
    due_title: str
    due_called: str
    firm: bool
    mine: bool
    over: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page of a list; `next_cursor` is None on the last."""

    rows: tuple[NoticeRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown:
    """A clock that runs, explained.

    Attributes:
        rule: `regime/rule`.
        title, says: what it is.
        role: duty, chance, wait or window.
        who: whose move.
        began: the moment of the event that started it.
        last, first: last day, and first day of a window; None when none is counted.
        called: `legal deadline`, `deadline of the terms`, `service target`; empty without a day.
        sources: norm, and how well it was read, in words.
        calendar, counting, zone: whose holidays, the way of counting in a sentence, where a day begins.
        steps: how the day was counted.
        alerts: why the day may change.
        firm: no calendar is missing.
        over: the last day is past.
        other: last day under the other reading of the norm.
        tag, tag_words: how well the worst of its sources was read.
        acts: whether a machine may act on it: its sources confirm it, or a named reviewer has signed this version.
    """

    rule: str
    title: str
    says: str
    role: str
    who: str
    began: datetime
    last: date | None
    first: date | None
    called: str
    sources: tuple[tuple[str, str], ...]
    calendar: str
    counting: str
    zone: str
    steps: tuple[str, ...]
    alerts: tuple[str, ...]
    firm: bool
    over: bool
    other: date | None
    tag: str
    tag_words: str
    acts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One thing that happened: the deed, its reason in words, the other side's words, and where it led in law."""

    at: datetime
    deed: str
    words: str
    reason: str
    note: str
    event: str
    rule: str
    tag: str
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper of a seller."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterShown:
    """What a seller answered; words and fields are empty and `hidden` is true for one who may not see personal data."""

    id: str
    reason: str
    words: str
    fields: tuple[tuple[str, str], ...]
    papers: tuple[PaperShown, ...]
    hashes: tuple[str, ...]
    received_at: datetime
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChoice:
    """A decision with its reasons.

    Attributes:
        refusal: why the law does not allow it now; empty when it does.
        leads_to: what the state after it means in law.
    """

    deed: str
    words: str
    reasons: tuple[Code, ...]
    refusal: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class LackShown:
    """Something that a notice lacks: its name in the law (empty where nobody here knows it), its id, and the words of
    whoever asked."""

    title: str
    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """Everything a page about one notice needs.

    Attributes:
        sent: what went through channels about it, the oldest first; empty for one whose role sees no channels.
        law, law_state: title of the regime and what its present state means.
        version: of the regime, pinned; `law_moved`: another one is in force.
        right, ground, explanation, url, country: what it says; `url` is empty unless it is an address of the web.
        evidence: words of the kind and SHA-256.
        signed: words, signer (empty for one who may not see personal data) and time.
        clocks: what runs, the one that matters first at the top.
        choices: what a marketplace can decide; empty for others.
        lacks: what the notice lacks, while that is asked; `wanted`: what its filer can bring for each;
            `decision_goes_on`: the decision is owed all the same; `signs`: a declaration is among
            them.
        can_undo, can_send, can_withdraw, can_answer, can_reply, can_complain, can_accept, can_report_suit: what the
            brand can do now.
        can_go_to_body, can_extend, can_settle: what either side can write down of a dispute before a certified body.
        suit_leads_to, withdrawal_leads_to: what the law makes of these, before one does them.
        statement: statement of reasons, as heading and text.
        can_tell_buyers: the product was removed as illegal here, so that its buyers are owed an explanation.
        has_papers, brought: papers lie here that could be passed on; papers that the partner passed on.
    """

    row: NoticeRow
    sent: tuple[DispatchShown, ...]
    finding: str
    listing: str
    seller: str
    agreement: str
    law: str
    law_state: str
    version: str
    right: str
    ground: str
    explanation: str
    url: str
    country: str
    evidence: tuple[tuple[str, str], ...]
    signed: tuple[tuple[str, str, datetime], ...]
    clocks: tuple[ClockShown, ...]
    steps: tuple[StepShown, ...]
    counters: tuple[CounterShown, ...]
    words_gone_at: datetime | None
    choices: tuple[DecisionChoice, ...]
    statement: tuple[tuple[str, str], ...]
    lacks: tuple[LackShown, ...]
    wanted: tuple[Wanted, ...]
    decision_goes_on: bool
    signs: bool
    problem: str
    send_after: datetime | None
    can_undo: bool
    law_moved: bool
    can_withdraw: bool
    can_answer: bool
    can_reply: bool
    can_complain: bool
    can_accept: bool
    can_report_suit: bool
    can_go_to_body: bool
    can_extend: bool
    can_settle: bool
    suit_leads_to: str
    withdrawal_leads_to: str
    can_link: bool
    can_tell_buyers: bool
    has_papers: bool
    brought: tuple[Brought, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredShown:
    """What a seller answered, as it sees it itself."""

    reason: str
    words: str
    papers: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyShown:
    """Whom a seller can ask besides; `is_checked` is false where no one has read the source or the address."""

    name: str
    says: str
    url: str
    sources: tuple[str, ...]
    is_checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerView:
    """What a seller sees behind its link, in one language. Nothing of the officers, nothing of other sellers.

    Attributes:
        marketplace, brand, partner: who decided, whose right, who notified.
        title, url: the offer.
        law, right, ground, evidence: what the notice rests on.
        standing: how it stands, in one sentence.
        undecided: nothing was restricted yet: the page is about a complaint.
        reply: what the rights holder answered the seller last; empty when it did not.
        sections: the statement of reasons, or the complaint, as it was told.
        explanation: what the notice says, in its own language.
        until, days_left, firm, counted: last day to answer, how many days are left, whether no calendar is missing, and
            how it is counted; None = the law sets no last day.
        answer_is, then: what an answer is under this law, and what happens after it.
        bodies: who can be asked besides.
        fields, declarations: what this law asks the seller to write and sign.
        reasons: code and words.
        answered: None when the seller has not.
        outcome: what was decided on the answer, as it was told.
        steps: what happened, in words, for the seller.
    """

    marketplace: str
    brand: str
    partner: str
    title: str
    url: str
    law: str
    right: str
    ground: str
    evidence: tuple[str, ...]
    standing: str
    undecided: bool
    reply: str
    sections: tuple[tuple[str, str], ...]
    explanation: str
    until: date | None
    days_left: int | None
    firm: bool
    counted: str
    answer_is: str
    then: str
    bodies: tuple[BodyShown, ...]
    fields: tuple[FieldShown, ...]
    declarations: tuple[DeclarationShown, ...]
    reasons: tuple[tuple[str, str], ...]
    can_answer: bool
    answered: AnsweredShown | None
    outcome: tuple[tuple[str, str], ...]
    steps: tuple[tuple[datetime, str], ...]
    expires_at: datetime
