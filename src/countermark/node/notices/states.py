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
    AT_SELLER = "at_seller"
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
    PRIORITY = "priority"
    REVIEW = "review"
    FAIL = "fail"
    ASK = "ask"
    ANSWER = "answer"
    ASK_SELLER = "ask_seller"
    REMOVE = "remove"
    PARTLY = "partly"
    REFUSE = "refuse"
    COUNTER = "counter"
    FORWARD = "forward"
    ARRIVE = "arrive"
    REPLY = "reply"
    ACCEPT = "accept"
    COMPLAIN = "complain"
    KEEP = "keep"
    RESTORE = "restore"
    LATE = "late"
    PUT_BACK = "put_back"
    SUIT = "suit"
    BODY = "body"
    SELLER_BODY = "sellerbody"
    EXTEND = "extend"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    MIGRATE = "migrate"


class Told(StrEnum):
    """What a seller was told, or the buyers of what it sold."""

    STATEMENT = "statement"
    ANSWER = "answer"
    COMPLAINT = "complaint"
    BUYERS = "buyers"


#: Stages for people, in English.
STAGE_WORDS = {
    Stage.QUEUED: "Waits to be sent",
    Stage.HELD: "Held back",
    Stage.UNDONE: "Undone before it was sent",
    Stage.OPEN: "Open",
    Stage.ASKED: "The marketplace asks for more",
    Stage.AT_SELLER: "The seller is asked",
    Stage.DOWN: "The offer is down",
    Stage.REFUSED: "Refused",
    Stage.COUNTERED: "The seller has answered",
    Stage.KEPT: "Stays down",
    Stage.RESTORED: "The offer is back",
    Stage.IN_COURT: "With a court or an authority",
    Stage.WITHDRAWN: "Withdrawn",
}
#: Stages in which somebody may still do something.
ALIVE = frozenset({Stage.OPEN, Stage.ASKED, Stage.AT_SELLER, Stage.DOWN, Stage.COUNTERED, Stage.KEPT, Stage.IN_COURT})
#: What a marketplace can decide.
DECISIONS = (
    Deed.ASK_SELLER,
    Deed.REMOVE,
    Deed.PARTLY,
    Deed.REFUSE,
    Deed.ASK,
    Deed.KEEP,
    Deed.RESTORE,
    Deed.LATE,
    Deed.PUT_BACK,
)
#: What is written down of a dispute before a certified body.
DISPUTES = (Deed.BODY, Deed.SELLER_BODY, Deed.EXTEND, Deed.SETTLE)
#: Ways in which an offer comes back.
BACK = frozenset({Deed.RESTORE, Deed.LATE, Deed.PUT_BACK, Deed.ACCEPT})

_AFTER = {
    Deed.FILE: Stage.OPEN,
    Deed.FAIL: Stage.HELD,
    Deed.ASK: Stage.ASKED,
    Deed.ASK_SELLER: Stage.AT_SELLER,
    Deed.REPLY: Stage.DOWN,
    Deed.COMPLAIN: Stage.OPEN,
    Deed.ACCEPT: Stage.RESTORED,
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


#: Deeds that are no event of some laws, so that only the stage can say when they are possible.
_ONLY_IN = {
    Deed.ASK: frozenset({Stage.OPEN, Stage.COUNTERED}),
    Deed.ANSWER: frozenset({Stage.ASKED}),
    Deed.COMPLAIN: frozenset({Stage.REFUSED}),
}


def is_out_of_turn(deed: Deed, stage: Stage) -> bool:
    """Whether a deed makes no sense in a stage, whatever the law says: nothing closed is opened again by a question."""
    return stage not in _ONLY_IN.get(deed, {stage})


def stage_after(deed: Deed, before: Stage) -> Stage:
    """The stage that a deed leads to; what only passes a message on leaves it."""
    return _AFTER.get(deed, before)
