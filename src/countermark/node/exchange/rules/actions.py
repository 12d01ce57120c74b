"""What can be done with an item of the other side or of one's own, and what each action asks for."""

from dataclasses import dataclass
from enum import StrEnum

from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.parties.permissions import Role

#: The node acting by itself: a rule that a member set up, a receipt, a deletion that fell due.
NODE = "node"


class Action(StrEnum):
    """Every act that an agreement can allow. What is not here cannot be allowed."""

    SHARE = "share"
    READ = "read"
    REVEAL = "reveal"
    EXPORT = "export"
    PASS_ON = "pass_on"  # noqa: S105 - no word to pass a door
    OPEN_CASE = "open_case"
    COMMENT = "comment"
    ASSIGN = "assign"
    SET_DUE = "set_due"
    ATTACH = "attach"
    CLOSE_CASE = "close_case"
    NOTIFY = "notify"
    ANSWER = "answer"
    REPORT_ACTION = "report_action"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    ACKNOWLEDGE = "acknowledge"
    CONFIRM_DELETION = "confirm_deletion"
    SIGN = "sign"
    AMEND = "amend"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    ROTATE_KEY = "rotate_key"


class AgreementState(StrEnum):
    """How far an agreement is."""

    OFFERED = "offered"
    AGREED = "agreed"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Reach(StrEnum):
    """Where an act shows: at the partner, in this house, or in the agreement itself."""

    OUTWARD = "outward"
    INWARD = "inward"
    AGREEMENT = "agreement"


class Whose(StrEnum):
    """Whose statement an act may be about."""

    OWN = "own"
    OTHERS = "others"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is fixed about one action, whatever an agreement says.

    Attributes:
        words: as it reads after “may”.
        reach: where it shows.
        states: of the agreement in which it is possible at all.
        roles: the most that terms can grant it to.
        kinds: of items that it is about; empty for acts on the agreement itself.
        whose: whose items.
        carries: it moves or shows what is in the item, so purpose, territory, fields and retention are asked.
        withdrawn: it is possible on an item that was withdrawn.
    """

    words: str
    reach: Reach
    states: frozenset[AgreementState]
    roles: frozenset[str]
    kinds: frozenset[ItemKind] = frozenset()
    whose: Whose = Whose.ANY
    carries: bool = True
    withdrawn: bool = False


_WORKERS = frozenset({Role.ANALYST, Role.COUNSEL, Role.OFFICER, Role.ADMINISTRATOR})
_SIGNERS = frozenset({Role.COUNSEL, Role.ADMINISTRATOR})
_BY_ITSELF = _WORKERS | {NODE}
_ALL = frozenset(ItemKind)
_OFFERED, _AGREED = frozenset({AgreementState.OFFERED}), frozenset({AgreementState.AGREED})
_STILL = _AGREED | {AgreementState.SUSPENDED}
_EVEN_AFTER = _STILL | {AgreementState.ENDED}
_OUT, _IN, _ITSELF = Reach.OUTWARD, Reach.INWARD, Reach.AGREEMENT
_CASE = frozenset({ItemKind.CASE})
_ANSWERED = frozenset({ItemKind.NOTICE, ItemKind.COUNTER_NOTICE, ItemKind.MEASURE})
#: Kinds that have an act of their own, so that nobody files a notice by sharing a record.
_SHARED = _ALL - {ItemKind.CASE, ItemKind.COMMENT, ItemKind.FILE, ItemKind.NOTICE, ItemKind.PAYMENT_ACTION}

#: Action -> what is fixed about it. A test compares it with docs/reference/exchange-rules.md.
DEEDS: dict[Action, Deed] = {
    Action.SHARE: Deed("share items with the partner", _OUT, _AGREED, _BY_ITSELF, _SHARED, Whose.OWN),
    # A side that suspends must not take away what the other has already received, or its proof: reading goes on.
    Action.READ: Deed(
        "read what was shared, without personal data",
        _IN,
        _EVEN_AFTER,
        frozenset(Role) | {NODE},
        _ALL,
        withdrawn=True,
    ),
    Action.REVEAL: Deed("see personal data that were shared", _IN, _STILL, _WORKERS, _ALL),
    Action.EXPORT: Deed("take what was shared out of the node as a file", _IN, _EVEN_AFTER, _WORKERS, _ALL),
    Action.PASS_ON: Deed(
        "pass items of the partner on to a third organisation", _OUT, _AGREED, _SIGNERS, _ALL, Whose.OTHERS
    ),
    Action.OPEN_CASE: Deed("open joint cases", _OUT, _AGREED, _WORKERS, _CASE, Whose.OWN),
    Action.COMMENT: Deed("comment in joint cases", _OUT, _AGREED, _WORKERS, frozenset({ItemKind.COMMENT}), Whose.OWN),
    Action.ASSIGN: Deed("assign joint cases", _OUT, _AGREED, _WORKERS, _CASE),
    Action.SET_DUE: Deed("set the day by which a joint case is due", _OUT, _AGREED, _WORKERS, _CASE),
    # A case that the partner opened takes what we attach; whose the attached thing is, its own sharing asks.
    Action.ATTACH: Deed(
        "attach files and items to joint cases", _OUT, _AGREED, _WORKERS, frozenset({ItemKind.FILE, ItemKind.CASE})
    ),
    Action.CLOSE_CASE: Deed("close joint cases", _OUT, _AGREED, _WORKERS, _CASE),
    Action.NOTIFY: Deed("send notices", _OUT, _AGREED, _WORKERS, frozenset({ItemKind.NOTICE}), Whose.OWN),
    # A withdrawn notice still needs its answer: that the listing stands again.
    Action.ANSWER: Deed(
        "answer notices, counter-notices and measures",
        _OUT,
        _AGREED,
        _WORKERS,
        _ANSWERED,
        Whose.OTHERS,
        withdrawn=True,
    ),
    Action.REPORT_ACTION: Deed(
        "report what was done about a payment account",
        _OUT,
        _AGREED,
        _WORKERS,
        frozenset({ItemKind.PAYMENT_ACTION}),
        Whose.OWN,
    ),
    Action.WITHDRAW: Deed("withdraw what was shared", _OUT, _EVEN_AFTER, _BY_ITSELF, _ALL, Whose.OWN, carries=False),
    Action.CORRECT: Deed("correct what was shared", _OUT, _EVEN_AFTER, _BY_ITSELF, _ALL, Whose.OWN),
    Action.ACKNOWLEDGE: Deed(
        "sign receipts", _OUT, _EVEN_AFTER, _BY_ITSELF, _ALL, Whose.OTHERS, carries=False, withdrawn=True
    ),
    Action.CONFIRM_DELETION: Deed(
        "confirm that data were deleted",
        _OUT,
        _EVEN_AFTER,
        _BY_ITSELF,
        _ALL,
        Whose.OTHERS,
        carries=False,
        withdrawn=True,
    ),
    Action.SIGN: Deed("sign the agreement", _ITSELF, _OFFERED, _SIGNERS),
    Action.AMEND: Deed("offer other terms", _ITSELF, _OFFERED | _STILL, _SIGNERS),
    Action.SUSPEND: Deed("suspend the agreement at once", _ITSELF, _AGREED, _SIGNERS),
    Action.RESUME: Deed("resume the agreement", _ITSELF, frozenset({AgreementState.SUSPENDED}), _SIGNERS),
    Action.END: Deed("end the agreement", _ITSELF, _OFFERED | _STILL, _SIGNERS),
    Action.ROTATE_KEY: Deed("replace a key", _ITSELF, _STILL, frozenset({Role.ADMINISTRATOR})),
}

#: What terms can leave possible after the end.
POSSIBLE_AFTER_END = frozenset(action for action, deed in DEEDS.items() if AgreementState.ENDED in deed.states)
#: What they must leave possible: nobody can be kept from taking a false statement back, or from proving a deletion.
NEEDED_AFTER_END = frozenset({Action.WITHDRAW, Action.ACKNOWLEDGE, Action.CONFIRM_DELETION})
#: What terms must grant to both sides: nobody is held in an agreement, or kept from taking a statement back.
NEEDED_ON_BOTH_SIDES = NEEDED_AFTER_END | {Action.SIGN, Action.SUSPEND, Action.END}
