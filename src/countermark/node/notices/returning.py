"""A notice that a marketplace gives back: it was filed under a programme that the marketplace does not follow."""

from countermark.node.audit import services as audit
from countermark.node.exchange.applying import Arrived
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.notices import lawyer, permits
from countermark.node.notices.models import Notice
from countermark.node.notices.moves import HOLDER

ENTRY = "notice.returned"
#: Why, as the entry says it.
NOT_FOLLOWED = "programme-not-followed"


def give_back(arrived: Arrived, regime: str) -> None:
    """Tell who filed a notice that it was not taken, in the transaction that applies it; nothing else is kept of it.

    Raises:
        CannotApply: the agreement lets nothing of it be said, so that the entry is kept and shown here instead.
    """
    message = permits.Message(
        type=ENTRY,
        subject=arrived.entry.subject,
        kind=ItemKind.NOTICE,
        action=Action.ACKNOWLEDGE,
        owner=arrived.agreement.partner,
        fields={"notice_id": arrived.entry.subject, "regime": regime, "status": NOT_FOLLOWED},
        key=f"returned {arrived.entry_id}",
    )
    untold = "It is filed under a programme that this marketplace does not follow, and nobody could be told so."
    entry = permits.say_back(arrived, message, "programme-not-ours", untold)
    audit.record(
        actor="system",
        organisation=arrived.organisation_id,
        action="notice.returned",
        target=arrived.entry.subject,
        detail={"entry": arrived.entry_id, "regime": regime, "said": entry.entry_id},
    )


def hold(notice: Notice) -> None:
    """Hold a notice that came back, with what its people can do about it."""
    title = lawyer.regime(notice.regime).file.title
    notice.problem = (
        f"The marketplace has given it back: it does not follow this programme ({title}). Undo it and file it under "
        "the law; or agree whose programme the marketplace follows, have both sides write that down, and send it again."
    )[:500]
    notice.due_who = HOLDER
    notice.save(update_fields=["problem", "due_who"])
