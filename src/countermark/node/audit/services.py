"""Write the trail."""

import re
from collections.abc import Mapping

from countermark.node.audit.models import Event
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.requests import request_id

_ACTION = re.compile(r"[a-z][a-z_]*(?:\.[a-z][a-z_]*)+")
#: Facts of one event, and characters of one fact: a trail is read by people.
MOST_FACTS = 40
LONGEST_FACT = 500

Fact = str | int | float | bool | None


def record(
    *,
    actor: str,
    organisation: int,
    action: str,
    target: str = "",
    detail: Mapping[str, Fact] | None = None,
) -> str:
    """Add one event and give its id. Call it in the transaction of the write it speaks of: both stay, or neither.

    Args:
        actor: `usr_…` (`Member.actor`), `worker` or `system`; never a name or an address.
        organisation: the organisation's row number; 0 for the node itself.
        action: dotted, thing first (`right.edited`).
        target: id of the thing.
        detail: facts, flat; no personal data. Long texts are cut.

    Raises ValueError when the action is not dotted lower case or the facts are too many.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not an action: write it dotted and in lower case, thing first.")
    facts = dict(detail or {})
    if len(facts) > MOST_FACTS:
        raise ValueError(f"{len(facts)} facts are too many for one event.")
    event = Event(
        id=new_id("adt"),
        organisation_id=organisation,
        actor=actor[:60],
        action=action[:60],
        target=target[:80],
        detail={key: _fact(value) for key, value in facts.items()},
        request_id=request_id(),
    )
    event.save()
    return event.id


def _fact(value: Fact) -> Fact:
    # A fact may quote what someone typed; it must never be what makes a write fail.
    return value[:LONGEST_FACT].replace("\0", "") if isinstance(value, str) else value
