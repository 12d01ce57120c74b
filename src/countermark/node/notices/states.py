"""Where a notice stands for the people of one node, and what somebody can do with it."""

from enum import StrEnum


class Side(StrEnum):
    """Whether this node filed the notice or received it."""

    SENT = "sent"
    RECEIVED = "received"


class Stage(StrEnum):
    """How far it is. What the law says about it stands in the matter; this is the word of the screens."""

    QUEUED = "queued"
    HELD = "held"
    UNDONE = "undone"
    OPEN = "open"
    ASKED = "asked"
    DOWN = "down"
    REFUSED = "refused"
    COUNTERED = "countered"
    KEPT = "kept"
    RESTORED = "restored"
    IN_COURT = "in_court"
    WITHDRAWN = "withdrawn"


class RowState(StrEnum):
    """What became of one row of a batch."""

    WAITING = "waiting"
    FILED = "filed"
    DRAFT = "draft"
    LEFT_OUT = "left_out"


class Deed(StrEnum):
    """What is done with a notice, in words that hold under every law."""

    FILE = "file"
    RECEIVE = "receive"
    ASK = "ask"
    ANSWER = "answer"
    REMOVE = "remove"
    PARTLY = "partly"
    REFUSE = "refuse"
    COUNTER = "counter"
    FORWARD = "forward"
    ARRIVE = "arrive"
    KEEP = "keep"
    RESTORE = "restore"
    LATE = "late"
    PUT_BACK = "put_back"
    SUIT = "suit"
    WITHDRAW = "withdraw"


class Told(StrEnum):
    """What a seller was told, or the buyers of what it sold."""

    STATEMENT = "statement"
    ANSWER = "answer"
    BUYERS = "buyers"


#: Stages in which somebody may still do something.
ALIVE = frozenset({Stage.OPEN, Stage.ASKED, Stage.DOWN, Stage.COUNTERED, Stage.KEPT, Stage.IN_COURT})
#: Stages in which the marketplace has the next move: its queue.
TO_DECIDE = frozenset({Stage.OPEN, Stage.COUNTERED})
#: What a marketplace can decide.
DECISIONS = (
    Deed.REMOVE,
    Deed.PARTLY,
    Deed.REFUSE,
    Deed.ASK,
    Deed.KEEP,
    Deed.RESTORE,
    Deed.LATE,
    Deed.PUT_BACK,
)
#: Ways in which an offer comes back.
BACK = frozenset({Deed.RESTORE, Deed.LATE, Deed.PUT_BACK})

_AFTER = {
    Deed.FILE: Stage.OPEN,
    Deed.ASK: Stage.ASKED,
    Deed.ANSWER: Stage.OPEN,
    Deed.REMOVE: Stage.DOWN,
    Deed.PARTLY: Stage.DOWN,
    Deed.REFUSE: Stage.REFUSED,
    Deed.COUNTER: Stage.COUNTERED,
    Deed.KEEP: Stage.KEPT,
    Deed.RESTORE: Stage.RESTORED,
    Deed.LATE: Stage.RESTORED,
    Deed.PUT_BACK: Stage.RESTORED,
    Deed.SUIT: Stage.IN_COURT,
    Deed.WITHDRAW: Stage.WITHDRAWN,
}


def stage_after(deed: Deed, before: Stage) -> Stage:
    """The stage that a deed leads to; what only passes a message on leaves it."""
    return _AFTER.get(deed, before)
