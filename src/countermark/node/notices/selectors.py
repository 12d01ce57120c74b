"""Read notices, as one member sees them; and the one page of a seller, as its link opens it."""

from django.db.models import QuerySet

from countermark.law.deadlines import day_in
from countermark.law.matter import Matter
from countermark.law.regime import Regime
from countermark.node.audit import services as audit
from countermark.node.channels import selectors as channels
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.lawbook import signing
from countermark.node.notices import (
    buyers,
    completing,
    incomplete,
    lacking,
    lawyer,
    papers,
    passing,
    reasoning,
    seller_page,
)
from countermark.node.notices.clocks import clocks_of
from countermark.node.notices.models import Counter, CounterPaper, Happening, Notice
from countermark.node.notices.queues import row_shown
from countermark.node.notices.reasons import REASONS, answer_words_of, words_of
from countermark.node.notices.recording import OUT_OF_TURN
from countermark.node.notices.shown import (
    CounterShown,
    DecisionChoice,
    LackShown,
    NoticeShown,
    PaperShown,
    StepShown,
)
from countermark.node.notices.states import ALIVE, DECISIONS, Deed, Side, Stage, Told, is_out_of_turn
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

DEED_WORDS = {
    Deed.FILE: "Notice filed",
    Deed.RECEIVE: "Receipt confirmed",
    Deed.PRIORITY: "Treated first: it comes from a trusted flagger",
    Deed.ASK: "More was asked",
    Deed.ANSWER: "The question was answered",
    Deed.REVIEW: "Looked at by the platform",
    Deed.FAIL: "The platform could not take it",
    Deed.ASK_SELLER: "The complaint was put to the seller",
    Deed.REPLY: "The rights holder answered the seller",
    Deed.ACCEPT: "The rights holder accepted the answer",
    Deed.COMPLAIN: "The rights holder contested the refusal",
    Deed.REMOVE: "Offer removed",
    Deed.PARTLY: "Offer partly removed",
    Deed.REFUSE: "Notice refused",
    Deed.COUNTER: "The seller answered",
    Deed.FORWARD: "The answer was passed on",
    Deed.ARRIVE: "The answer has arrived at the rights holder",
    Deed.KEEP: "The offer stays down",
    Deed.RESTORE: "The offer is back",
    Deed.LATE: "The offer is back, later than the law allows",
    Deed.PUT_BACK: "The offer was put back",
    Deed.SUIT: "A suit or complaint was reported",
    Deed.BODY: "The rights holder took the decision to a certified body",
    Deed.SELLER_BODY: "The seller took the decision to a certified body",
    Deed.EXTEND: "The body takes longer",
    Deed.SETTLE: "The body has closed the dispute",
    Deed.WITHDRAW: "Notice withdrawn",
    Deed.MIGRATE: "Moved to another version of the law",
}
CHOICE_WORDS = {
    Deed.ASK_SELLER: "Ask the seller first",
    Deed.REMOVE: "Remove the offer",
    Deed.PARTLY: "Remove a part",
    Deed.REFUSE: "Refuse the notice",
    Deed.ASK: "Ask for more",
    Deed.KEEP: "Keep it down",
    Deed.RESTORE: "Restore the offer",
    Deed.LATE: "Restore the offer late",
    Deed.PUT_BACK: "Put the offer back",
}


def notice(member: Member, notice_id: str) -> NoticeShown:
    """One notice; seeing what a seller wrote is written to the trail. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    row = _own(member).select_related("agreement", "channel").filter(public_id=notice_id[:40]).first()
    if row is None or not is_id("ntc", notice_id):
        raise NotFound("notice", notice_id)
    return _shown(member, row)


def paper(member: Member, notice_id: str, sha256: str) -> CounterPaper:
    """A paper that a seller brought. Raises NotPermitted (PERSONAL_DATA_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    member.require(Permission.PERSONAL_DATA_VIEW)
    own = CounterPaper.objects.filter(
        counter__notice__organisation_id=member.organisation_id, counter__notice__public_id=notice_id[:40]
    )
    found: CounterPaper | None = own.filter(sha256=sha256[:64]).first()
    if found is None:
        raise NotFound("paper")
    audit.record(
        actor=member.actor, organisation=member.organisation_id, action="counter.paper_viewed", target=notice_id
    )
    return found


def _own(member: Member) -> QuerySet[Notice]:
    return Notice.objects.filter(organisation_id=member.organisation_id)


def _shown(member: Member, row: Notice) -> NoticeShown:
    said, matter = papers.read(row.paper), lawyer.read(row.matter)
    regime, signed = lawyer.law_for_screens(matter), signing.reviews(member.organisation_id)
    law = regime.file
    personal = member.may(Permission.PERSONAL_DATA_VIEW)
    counters = _counters(member, row, personal=personal)
    state = law.procedure.state(row.law_state) if law.procedure else None
    files, stage = member.may(Permission.NOTICES_FILE) and row.side == Side.SENT, Stage(row.stage)
    statement = row.statements.order_by("-pk").first()
    lacks = incomplete.asked_now(row) if stage is Stage.ASKED else ()
    wanted = completing.wanted(row, lacks) if files else ()
    return NoticeShown(
        row=row_shown(row),
        sent=channels.of_subject(member, row.public_id) if member.may(Permission.CHANNELS_VIEW) else (),
        finding=row.finding,
        listing=row.listing,
        seller=row.seller,
        agreement=row.agreement.name if row.agreement else "",
        law=law.title,
        law_state=state.says if state else "",
        version=matter.version,
        right=reasoning.right_in_words(said),
        ground=next((one.title for one in law.asked.grounds if one.id == said.ground), said.ground),
        explanation=said.explanation,
        url=seller_page.web_address(said.url),
        country=said.country,
        evidence=tuple((law.asked.evidence.get(one.kind, one.kind), one.digest) for one in said.evidence),
        signed=tuple((one.words, one.signer if personal else "", one.at) for one in row.signed.order_by("pk")),
        clocks=clocks_of(matter, day_in(now(), matter.zone), signed),
        steps=_steps(row, regime),
        counters=counters,
        words_gone_at=row.words_gone_at,
        choices=_choices(member, row),
        statement=tuple((one[0], one[1]) for one in statement.sections) if statement else (),
        lacks=_lacks(row, lacks),
        wanted=wanted,
        signs=any(one.how == "sign" for one in wanted),
        decision_goes_on=bool(lacks) and incomplete.goes_on(row.regime),
        problem=row.problem if stage is Stage.HELD else "",
        send_after=row.send_after if stage is Stage.QUEUED else None,
        can_undo=files and stage in {Stage.QUEUED, Stage.HELD},
        law_moved=stage in ALIVE and matter.version != lawyer.regime(row.regime).version,
        can_withdraw=files and not _refused(row, Deed.WITHDRAW),
        can_answer=files and stage is Stage.ASKED,
        can_reply=files and not _refused(row, Deed.REPLY),
        can_complain=files and stage is Stage.REFUSED and not _refused(row, Deed.COMPLAIN),
        can_accept=files and not _refused(row, Deed.ACCEPT),
        can_report_suit=files and not _refused(row, Deed.SUIT),
        can_go_to_body=_writes(member, row, Deed.BODY),
        can_extend=_writes(member, row, Deed.EXTEND),
        can_settle=_writes(member, row, Deed.SETTLE),
        suit_leads_to=lawyer.outcome(matter, Deed.SUIT, now()).says if files and row.filed_at else "",
        withdrawal_leads_to=lawyer.outcome(matter, Deed.WITHDRAW, now()).says if files and row.filed_at else "",
        can_link=_has_link(row) and member.may(Permission.NOTICES_DECIDE),
        can_tell_buyers=buyers.must_tell(row) or row.buyer_rounds.exists(),
        has_papers=personal and row.filed_at is not None and passing.has_own(row),
        brought=passing.brought(row) if personal else (),
    )


def _has_link(row: Notice) -> bool:
    """Whether the seller has something to read: a restriction, or a complaint that was put to it."""
    return bool(row.tellings.filter(what__in=(Told.STATEMENT, Told.COMPLAINT)).exists() or row.statements.exists())


def _refused(row: Notice, deed: Deed) -> str:
    return lawyer.refusal(lawyer.read(row.matter), deed, now()) if row.filed_at else "not filed"


def _choices(member: Member, row: Notice) -> tuple[DecisionChoice, ...]:
    withdrawn = row.stage == Stage.WITHDRAWN
    if row.side != Side.RECEIVED or not member.may(Permission.NOTICES_DECIDE) or not (row.stage in ALIVE or withdrawn):
        return ()
    matter = lawyer.read(row.matter)
    made = [_choice(matter, deed, Stage(row.stage)) for deed in DECISIONS]
    # A withdrawn notice leaves one thing to do, where the law says so: to put back what it took down.
    if withdrawn and all(one.refusal for one in made):
        return ()
    return tuple(sorted(made, key=lambda one: bool(one.refusal)))


def _choice(matter: Matter, deed: Deed, stage: Stage) -> DecisionChoice:
    led = lawyer.outcome(matter, deed, now())
    if is_out_of_turn(deed, stage):
        led = lawyer.Outcome(OUT_OF_TURN)
    return DecisionChoice(
        deed=deed, words=CHOICE_WORDS[deed], reasons=REASONS[deed], refusal=led.refusal, leads_to=led.says
    )


def _lacks(row: Notice, found: tuple[lacking.Lack, ...]) -> tuple[LackShown, ...]:
    return tuple(LackShown(lacking.title_of(row.regime, one.id), one.id, one.words) for one in found)


def _writes(member: Member, row: Notice, deed: Deed) -> bool:
    """Whether a member can write down something of a dispute now: an officer of either side, where the law has it."""
    needed = Permission.NOTICES_FILE if row.side == Side.SENT else Permission.NOTICES_DECIDE
    return member.may(needed) and not _refused(row, deed)


def _steps(row: Notice, regime: Regime) -> tuple[StepShown, ...]:
    """What happened; the words of a deed stand at the first of its events, the others only say where they led."""
    found: list[StepShown] = []
    for one in row.happenings.select_related("words").order_by("number"):
        first = not found or found[-1].deed != one.deed
        found.append(_step(one, regime, first=first))
    return tuple(found)


def _step(one: Happening, regime: Regime, *, first: bool) -> StepShown:
    tag = lawyer.tag_of(regime, one.rule)
    return StepShown(
        at=one.at,
        deed=one.deed,
        words=DEED_WORDS[Deed(one.deed)],
        reason=_reason(one) if one.reason and first else "",
        note=one.note,
        event=one.event,
        rule=f"{regime.id}/{one.rule}" if one.rule else "",
        tag=tag.value if tag else "",
        state=one.state,
        by=one.actor,
    )


def _reason(one: Happening) -> str:
    return answer_words_of(one.reason) if one.deed == Deed.COUNTER else words_of(one.reason)


def _counters(member: Member, row: Notice, *, personal: bool) -> tuple[CounterShown, ...]:
    """What the seller answered; that its words were seen is written to the trail."""
    found = tuple(_counter(one, hidden=not personal) for one in row.counters.order_by("pk"))
    if found and personal:
        audit.record(
            actor=member.actor, organisation=member.organisation_id, action="counter.viewed", target=row.public_id
        )
    return found


def _counter(one: Counter, *, hidden: bool) -> CounterShown:
    stored = one.papers.defer("data").order_by("pk") if not hidden else ()
    fields = {name: value for name, value in one.fields.items() if value and name != "pass_identity"}
    return CounterShown(
        id=one.public_id,
        reason=answer_words_of(one.reason),
        words="" if hidden else one.words,
        fields=() if hidden else tuple(fields.items()),
        papers=tuple(PaperShown(p.sha256, p.name, 0) for p in stored),
        hashes=tuple(one.hashes),
        received_at=one.received_at,
        hidden=hidden,
    )
