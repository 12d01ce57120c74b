"""What partners say about notices, applied here: each entry once, and nothing believed that the agreement forbids."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from countermark.node.audit import services as audit
from countermark.node.exchange.applying import Arrived, CannotApply, Handler
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.values import Value
from countermark.node.kernel.errors import NotFound
from countermark.node.kernel.ids import is_id
from countermark.node.kernel.time import now
from countermark.node.listings.models import Listing
from countermark.node.notices import (
    acting,
    again,
    countering,
    deciding,
    disputes,
    flaggers,
    incomplete,
    lacking,
    lawyer,
    papers,
    passing,
    permits,
    programmes,
    recording,
    returning,
    sending,
)
from countermark.node.notices.lacking import Lack
from countermark.node.notices.models import Counter, Happening, Notice, SignedWords
from countermark.node.notices.papers import Filed, text
from countermark.node.notices.reasons import is_reason_of
from countermark.node.notices.recording import Done
from countermark.node.notices.states import DECISIONS, Deed, Side, Stage
from countermark.proof.entries import read_moment
from countermark.proof.refusals import Refused


def _filed(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.NOTICE, Action.NOTIFY)
    name, regime = arrived.entry.subject, text(said, "regime")
    if text(said, "notice_id") != name or not is_id("ntc", name):
        raise CannotApply("wrong-data", "The entry is about another notice than it names.")
    if regime not in {one.id for one in lawyer.regimes()}:
        raise CannotApply("regime-unknown", "It is filed under a law that this node does not know.")
    if not lawyer.follows(regime, programmes.followed(arrived.agreement)):
        returning.give_back(arrived, regime)
        return
    if Notice.objects.filter(organisation_id=arrived.organisation_id, public_id=name).exists():
        _own(arrived, Side.RECEIVED)
        return
    paper = papers.from_partner(said)
    if again.is_barred(arrived.organisation_id, arrived.agreement.partner, regime, paper):
        raise CannotApply("barred", again.WHY)
    listing = _listing(arrived.organisation_id, paper.external_id)
    if listing is not None:
        paper = _with_listing(paper, listing)
    lacks = incomplete.lacks_at_first(arrived, regime, paper, said)
    paper = msgspec.structs.replace(paper, lacks=tuple(one.id for one in lacks))
    notice = _received(arrived, name, regime, paper, listing)
    _keep_signature(arrived, notice, said)
    given = sending.filing_facts(name, paper, ("stated",)) | {"missing_fields": ", ".join(paper.lacks)}
    _record(arrived, notice, Deed.FILE, given, is_lacking=bool(lacks))
    _record(arrived, notice, Deed.RECEIVE, {"report_id": name})
    if "trusted" in lawyer.read(notice.matter).facts:
        _record(arrived, notice, Deed.PRIORITY, {})
    _audit(arrived, notice, "notice.received")
    if lacks:
        incomplete.ask_for(arrived, notice, lacks)


def _received(arrived: Arrived, name: str, regime: str, paper: Filed, listing: Listing | None) -> Notice:
    at = _moment(arrived)
    facts = flaggers.facts_of(arrived.agreement, regime, paper.ground) | lawyer.facts_of_ground(regime, paper.ground)
    matter = lawyer.opened(regime, at, paper.country, facts)
    return Notice.objects.create(
        organisation_id=arrived.organisation_id,
        public_id=name,
        side=Side.RECEIVED,
        agreement=arrived.agreement,
        stage=Stage.OPEN,
        regime=regime,
        matter=lawyer.write(matter),
        law_state=matter.state,
        paper=papers.write(paper),
        brand=paper.brand,
        marketplace=paper.marketplace,
        title=paper.title or paper.external_id,
        listing=listing.core_id if listing else "",
        seller=listing.seller.core_id if listing else "",
        filed_at=at,
    )


def _keep_signature(arrived: Arrived, notice: Notice, said: Mapping[str, Value]) -> None:
    """The words that the partner says were signed, and by whom where the agreement lets the name through."""
    words = text(said, "statement")
    if words:
        SignedWords(
            notice=notice,
            declaration="statement",
            words=words,
            version=hashlib.sha256(words.encode()).hexdigest(),
            signer=text(said, "signer_name")[:200],
            at=_moment(arrived),
        ).save()


def _listing(organisation_id: int, external_id: str) -> Listing | None:
    rows = Listing.objects.filter(organisation_id=organisation_id, external_id=external_id).select_related("seller")
    return rows.order_by("-pk").first() if external_id else None


def _with_listing(paper: Filed, listing: Listing) -> Filed:
    return papers.with_offer(paper, marketplace=listing.marketplace, title=listing.title)


def _returned(arrived: Arrived) -> None:
    permits.taken(arrived, ItemKind.NOTICE, Action.ACKNOWLEDGE, ours=True)
    notice = _own(arrived, Side.SENT)
    if _known(notice, arrived):
        return
    _record(arrived, notice, Deed.FAIL, {"failure": returning.NOT_FOLLOWED})
    returning.hold(notice)
    _audit(arrived, notice, "notice.returned_by_partner")


def _decided(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.NOTICE, Action.ANSWER, ours=True)
    notice = _own(arrived, Side.SENT)
    if _known(notice, arrived):
        return
    reason, _, note = text(said, "decision_reasons").partition("\n")
    deed = next((one for one in DECISIONS if one == text(said, "decision")), None)
    if deed is None or not is_reason_of(deed, reason):
        raise CannotApply("wrong-data", "It names no decision and reason that are known here.")
    given = deciding.decision_facts(deed, reason, "partner", arrived.entry_id)
    if reason == lacking.INCOMPLETE:
        given |= {"missing_fields": lacking.ids_in(note) or reason}
    _record(arrived, notice, deed, given, reason=reason, note=note[: deciding.LONGEST_NOTE])
    _audit(arrived, notice, "notice.decision_received")


def _countered(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.COUNTER_NOTICE, Action.SHARE)
    notice, name = _own(arrived, Side.SENT), text(said, "counter_notice_id")
    if _known(notice, arrived):
        return
    if not is_id("cnt", name):
        raise CannotApply("wrong-data", "The counter-notice has no id.")
    Counter(
        notice=notice,
        public_id=name,
        reason=text(said, "ground")[:40],
        words=text(said, "statement")[: countering.LONGEST_WORDS],
        fields={one: text(said, one)[:1000] for one in ("seller_name", "seller_address") if said.get(one)},
        hashes=list(papers.texts(said, "evidence_hashes"))[:20],
        received_at=_moment(arrived),
        entry=arrived.entry_id,
    ).save()
    given = countering.counter_facts(name, consents=said.get("consents_to_court") is True)
    at = _answered_at(arrived, notice, said)
    _record(arrived, notice, Deed.COUNTER, given, reason=text(said, "ground")[:40], at=at)
    _record(arrived, notice, Deed.FORWARD, {})
    _acknowledge(arrived, notice, name)
    _audit(arrived, notice, "notice.counter_received")


def _acknowledge(arrived: Arrived, notice: Notice, name: str) -> None:
    """Sign that it arrived: only this proof starts the time in which we can complain or sue."""
    message = permits.Message(
        type="notice.arrived",
        subject=notice.public_id,
        kind=ItemKind.COUNTER_NOTICE,
        action=Action.ACKNOWLEDGE,
        owner=arrived.agreement.partner,
        fields={"counter_notice_id": name, "notice_id": notice.public_id, "answer": "arrived", "answered_at": now()},
        key=f"arrived {name}",
    )
    entry = permits.say(notice.agreed, NODE, message)
    done = Done(deed=Deed.ARRIVE, at=now(), actor="node", given={"arrival_proof": entry.entry_id}, entry=entry.entry_id)
    recording.record(notice, done)


def _arrived(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.COUNTER_NOTICE, Action.ACKNOWLEDGE, ours=True)
    notice = _own(arrived, Side.RECEIVED)
    if _known(notice, arrived):
        return
    if not notice.counters.filter(public_id=text(said, "counter_notice_id")).exists():
        raise CannotApply("wrong-data", "It acknowledges a counter-notice that was never sent.")
    _record(arrived, notice, Deed.ARRIVE, {"arrival_proof": arrived.entry_id})
    _audit(arrived, notice, "notice.arrival_proved")


def _withdrawn(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.NOTICE, Action.WITHDRAW)
    notice = _own(arrived, Side.RECEIVED)
    if _known(notice, arrived):
        return
    reason = text(said, "withdrawn_reason")[:40] or "not_pursued"
    given = acting.withdrawal_facts(reason, error=said.get("was_error") is True)
    _record(arrived, notice, Deed.WITHDRAW, given, reason=reason)
    _audit(arrived, notice, "notice.withdrawal_received")


def _suit(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.NOTICE, Action.CORRECT)
    notice, words = _own(arrived, Side.RECEIVED), text(said, "explanation")[:1000]
    if not _known(notice, arrived):
        _record(arrived, notice, Deed.SUIT, acting.suit_facts(words), note=words)
        _audit(arrived, notice, "notice.suit_received")


def _replied(arrived: Arrived) -> None:
    _words_came(arrived, Deed.REPLY, "notice.reply_received", acting.answer_facts(arrived.entry_id))


def _answered(arrived: Arrived) -> None:
    said = permits.taken(arrived, ItemKind.NOTICE, Action.CORRECT)
    notice, words = _own(arrived, Side.RECEIVED), text(said, "explanation")[: acting.LONGEST]
    if _known(notice, arrived):
        return
    paper = papers.read(notice.paper)
    lacks: tuple[Lack, ...] = ()
    if paper.lacks:
        paper, lacks = incomplete.lacks_after(arrived, notice, paper, said)
        notice.paper = papers.write(paper)
        _keep_signature(arrived, notice, said)
    _record(arrived, notice, Deed.ANSWER, acting.answer_facts(arrived.entry_id), note=words, is_lacking=bool(lacks))
    _audit(arrived, notice, "notice.answer_received")
    if lacks:
        incomplete.ask_for(arrived, notice, lacks)


def _complained(arrived: Arrived) -> None:
    _words_came(arrived, Deed.COMPLAIN, "notice.complaint_received", acting.complaint_facts(arrived.entry_id))


def _words_came(arrived: Arrived, deed: Deed, action: str, given: Mapping[str, str]) -> None:
    """What the filer writes: to the seller, to the marketplace that asked, or against its refusal."""
    said = permits.taken(arrived, ItemKind.NOTICE, Action.CORRECT)
    notice, words = _own(arrived, Side.RECEIVED), text(said, "explanation")[: acting.LONGEST]
    if not _known(notice, arrived):
        _record(arrived, notice, deed, given, note=words)
        _audit(arrived, notice, action)


def _accepted(arrived: Arrived) -> None:
    permits.taken(arrived, ItemKind.NOTICE, Action.CORRECT)
    notice = _own(arrived, Side.RECEIVED)
    if not _known(notice, arrived):
        _record(arrived, notice, Deed.ACCEPT, acting.ACCEPTED)
        _audit(arrived, notice, "notice.acceptance_received")


def _paper(arrived: Arrived) -> None:
    notice = _own(arrived, None)
    if passing.arrive(arrived, notice):
        _audit(arrived, notice, "notice.paper_received")


def _disputed(arrived: Arrived) -> None:
    notice = _own(arrived, None)
    if not _known(notice, arrived) and disputes.arrive(arrived, notice):
        _audit(arrived, notice, "notice.dispute_received")


def _own(arrived: Arrived, side: Side | None) -> Notice:
    """The notice that an entry is about, if it is one between us and this very partner; None = on either side."""
    try:
        notice = recording.lock_of(arrived.organisation_id, arrived.entry.subject)
    except NotFound as missing:
        raise CannotApply("no-such-notice", "It is about a notice that is not known here.") from missing
    if side is not None and notice.side != side:
        raise CannotApply("not-yours", "It is about a notice that this partner has nothing to say about.")
    if notice.agreement is None or notice.agreement.partner != arrived.agreement.partner:
        raise CannotApply("not-yours", "It is about a notice that this partner has nothing to say about.")
    return notice


def _known(notice: Notice, arrived: Arrived) -> bool:
    return bool(Happening.objects.filter(notice=notice, entry=arrived.entry_id).exists())


def _moment(arrived: Arrived) -> datetime:
    """When it happened, as far as we can know: nothing happens after it came."""
    return min(arrived.happened_at, arrived.recorded_at)


def _answered_at(arrived: Arrived, notice: Notice, said: Mapping[str, Value]) -> datetime:
    """When the seller answered: a chance that was used in time is used, however late the answer is passed on.

    Never after the entry came, and never before what happened last here.
    """
    try:
        claimed = read_moment(text(said, "received_at"))
    except (Refused, ValueError):
        return _moment(arrived)
    return min(max(claimed, lawyer.read(notice.matter).latest), _moment(arrived))


def _record(
    arrived: Arrived,
    notice: Notice,
    deed: Deed,
    given: Mapping[str, str],
    *,
    reason: str = "",
    note: str = "",
    at: datetime | None = None,
    is_lacking: bool = False,
) -> None:
    done = Done(
        deed=deed,
        at=at or _moment(arrived),
        actor="partner",
        given=given,
        reason=reason,
        note=note,
        entry=arrived.entry_id,
        lacking=is_lacking,
    )
    recording.record(notice, done)


def _audit(arrived: Arrived, notice: Notice, action: str) -> None:
    audit.record(
        actor="system",
        organisation=arrived.organisation_id,
        action=action,
        target=notice.public_id,
        detail={"entry": arrived.entry_id},
    )


#: By type of entry; `jobs.handlers` joins them with those of other rooms.
HANDLERS: Mapping[str, Handler] = {
    "notice.filed": _filed,
    returning.ENTRY: _returned,
    "notice.decided": _decided,
    "notice.countered": _countered,
    "notice.arrived": _arrived,
    "notice.withdrawn": _withdrawn,
    "notice.suit": _suit,
    "notice.answered": _answered,
    "notice.replied": _replied,
    "notice.accepted": _accepted,
    "notice.complained": _complained,
    disputes.ENTRY: _disputed,
    passing.ENTRY: _paper,
}
