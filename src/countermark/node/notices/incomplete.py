"""A notice without what its law asks for: it is kept, no time of a removal begins, and its filer is told what lacks.

Nothing is decided by that: a person decides on the notice when it is complete, or, under a law that knows no incomplete
notice, at once.
"""

from collections.abc import Mapping

import msgspec

from countermark.node.audit import services as audit
from countermark.node.exchange.applying import Arrived
from countermark.node.exchange.rules.actions import NODE, Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.values import Value
from countermark.node.notices import lacking, papers, permits, recording
from countermark.node.notices.lacking import INCOMPLETE, Lack
from countermark.node.notices.models import Notice
from countermark.node.notices.papers import Filed, text
from countermark.node.notices.recording import Done
from countermark.node.notices.states import Deed
from countermark.node.notices.steps import GOES_ON


def lacks_at_first(arrived: Arrived, regime: str, paper: Filed, said: Mapping[str, Value]) -> tuple[Lack, ...]:
    """What a notice lacks as it comes."""
    return _lacks(arrived, regime, paper, _declared(regime, said), said)


def lacks_after(
    arrived: Arrived, notice: Notice, before: Filed, said: Mapping[str, Value]
) -> tuple[Filed, tuple[Lack, ...]]:
    """The notice as an answer completes it, and what it still lacks."""
    paper = papers.completed(before, said, in_words=lacking.are_in_words(notice.regime, before.lacks))
    known = lacking.declared_in(notice.regime, good_faith=True, accuracy=True, worded=True) - set(before.lacks)
    found = _lacks(arrived, notice.regime, paper, known | _declared(notice.regime, said), said)
    return msgspec.structs.replace(paper, lacks=tuple(one.id for one in found)), found


def ask_for(arrived: Arrived, notice: Notice, lacks: tuple[Lack, ...]) -> None:
    """Tell who filed what is missing, in the transaction that applies its entry, and write that it was asked.

    Raises:
        CannotApply: the agreement lets nothing of it be said, so that the entry is kept and shown here instead.
    """
    note = lacking.told(lacks)
    message = permits.Message(
        type="notice.decided",
        subject=notice.public_id,
        kind=ItemKind.NOTICE,
        # A receipt that says what is missing: nothing is decided, and no person stands behind it.
        action=Action.ACKNOWLEDGE,
        owner=arrived.agreement.partner,
        fields={
            "notice_id": notice.public_id,
            "regime": notice.regime,
            "decision": Deed.ASK,
            "decision_reasons": f"{INCOMPLETE}\n{note}",
            "decided_at": arrived.recorded_at,
            "automated": True,
        },
        key=f"incomplete {arrived.entry_id}",
    )
    untold = "The notice lacks what its law asks for, and nobody could be told so."
    entry = permits.say_back(arrived, message, "incomplete-untold", untold)
    given = {"missing_fields": ", ".join(one.id for one in lacks), "question": entry.entry_id}
    recording.record(
        notice,
        Done(
            deed=Deed.ASK,
            at=arrived.recorded_at,
            actor=NODE,
            given=given,
            reason=INCOMPLETE,
            note=note,
            entry=entry.entry_id,
        ),
    )
    audit.record(
        actor="system",
        organisation=arrived.organisation_id,
        action="notice.found_incomplete",
        target=notice.public_id,
        detail={"entry": arrived.entry_id, "missing": given["missing_fields"]},
    )


def _lacks(
    arrived: Arrived, regime: str, paper: Filed, declared: frozenset[str], said: Mapping[str, Value]
) -> tuple[Lack, ...]:
    signer = text(said, "signer_name") or arrived.agreement.partner_name
    return lacking.lacks_of(regime, paper, declared, signer, arrived.recorded_at)


def _declared(regime: str, said: Mapping[str, Value]) -> frozenset[str]:
    flags = {name: said.get(name) is True for name in ("good_faith", "accuracy")}
    return lacking.declared_in(regime, **flags, worded=bool(text(said, "statement").strip()))


def asked_now(notice: Notice) -> tuple[Lack, ...]:
    """What the last question says is missing, while it waits for its answer; none where something else was asked."""
    last = notice.happenings.filter(deed=Deed.ASK).select_related("words").order_by("-number").first()
    if last is None or last.reason != INCOMPLETE:
        return ()
    told = lacking.read(last.note)
    return told or tuple(Lack(one, "") for one in papers.read(notice.paper).lacks)


def goes_on(regime: str) -> bool:
    """Whether the decision is owed although something is missing."""
    return regime in GOES_ON
