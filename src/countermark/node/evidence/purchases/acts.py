"""What can be done to a test purchase, and when: a pure state machine over the acts that were recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Stage(StrEnum):
    """How far a purchase is."""

    ORDERED = "ordered"
    RECEIVED = "received"
    OPENED = "opened"
    SEALED = "sealed"
    EXAMINED = "examined"
    CLOSED = "closed"

    @property
    def mover(self) -> "Mover":
        """Whose move it is."""
        return _MOVES[self]

    @property
    def next(self) -> "Act | None":
        """What comes next when all goes well, None at the end."""
        return _NEXT.get(self)


class Act(StrEnum):
    """One thing that people do; the value is the action of its line.

    Lines also say `sealed` (a seal over the files of a bag) and `opened` (a file), so no act is called so.
    """

    ORDER = "ordered"
    RECEIVE = "received"
    OPEN = "unpacked"
    SEAL = "parcel-sealed"
    EXAMINE = "examined"
    CLOSE = "closed"
    STORE = "stored"
    HAND_OVER = "handed-over"
    ADD = "files-added"
    CORRECT = "corrected"


class Mover(StrEnum):
    """Whose move it is."""

    SELLER = "seller"
    BUYER = "buyer"
    EXPERT = "expert"
    COUNSEL = "counsel"
    NOBODY = "nobody"


_ALL = frozenset(Stage)
_HELD = frozenset({Stage.RECEIVED, Stage.OPENED, Stage.SEALED, Stage.EXAMINED})
_OPEN = _ALL - {Stage.CLOSED}

#: From which stages an act is allowed. The first act is always the order.
_ALLOWED: Mapping[Act, frozenset[Stage]] = {
    Act.ORDER: frozenset(),
    Act.RECEIVE: frozenset({Stage.ORDERED}),
    Act.OPEN: frozenset({Stage.RECEIVED}),
    # An expert breaks the seal; the parcel is sealed anew afterwards and stays examined.
    Act.SEAL: frozenset({Stage.OPENED, Stage.EXAMINED}),
    Act.EXAMINE: frozenset({Stage.SEALED, Stage.EXAMINED}),
    Act.CLOSE: _OPEN,
    Act.STORE: _HELD,
    Act.HAND_OVER: _HELD,
    Act.ADD: _OPEN,
    Act.CORRECT: _ALL,
}
_LEADS_TO: Mapping[Act, Stage] = {
    Act.ORDER: Stage.ORDERED,
    Act.RECEIVE: Stage.RECEIVED,
    Act.OPEN: Stage.OPENED,
    Act.EXAMINE: Stage.EXAMINED,
    Act.CLOSE: Stage.CLOSED,
}
_MOVES = {
    Stage.ORDERED: Mover.SELLER,
    Stage.RECEIVED: Mover.BUYER,
    Stage.OPENED: Mover.BUYER,
    Stage.SEALED: Mover.EXPERT,
    Stage.EXAMINED: Mover.COUNSEL,
    Stage.CLOSED: Mover.NOBODY,
}
_NEXT = {
    Stage.ORDERED: Act.RECEIVE,
    Stage.RECEIVED: Act.OPEN,
    Stage.OPENED: Act.SEAL,
    Stage.SEALED: Act.EXAMINE,
    Stage.EXAMINED: Act.CLOSE,
}


#: Acts that move a purchase on, and so happened one after the other.
MOVING = frozenset({Act.ORDER, *_NEXT.values()})


class NotNow(Exception):
    """An act that cannot be recorded now; the message says why."""


@dataclass(frozen=True, slots=True)
class Done:
    """One act that was recorded.

    Attributes:
        seq: its place in the chain.
        act: what was done.
        words: its fields; empty once retention has deleted them.
        corrects: place of the act whose words these replace, 0 when none.
    """

    seq: int
    act: Act
    words: Mapping[str, str] = field(default_factory=dict)
    corrects: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a purchase stands.

    Attributes:
        stage: None before the order.
        done: acts in order, without corrections, each with the words that stand now.
        corrected: places of acts whose first words no longer stand.
    """

    stage: Stage | None = None
    done: tuple[Done, ...] = ()
    corrected: frozenset[int] = frozenset()

    @property
    def holder(self) -> str:
        """Who has the object: who received it, or to whom it was handed last; empty while nobody has."""
        took = {Act.RECEIVE: "by", Act.HAND_OVER: "to"}
        had = [one.words.get(took[one.act], "") for one in self.done if one.act in took]
        return had[-1] if had else ""

    @property
    def opinion(self) -> str:
        """Conclusion of the last expert, as it stands; empty when none has examined it."""
        said = [one.words.get("conclusion", "") for one in self.done if one.act is Act.EXAMINE]
        return said[-1] if said else ""

    def allowed(self) -> tuple[Act, ...]:
        """What can be recorded now."""
        if self.stage is None:
            return (Act.ORDER,)
        return tuple(act for act in Act if self.stage in _ALLOWED[act])

    def check(self, act: Act, corrects: int = 0) -> None:
        """Make sure that an act can be recorded now. Raises NotNow."""
        if act not in self.allowed():
            raise NotNow(f"A purchase that is {self.stage or 'not ordered'} cannot be {act} now.")
        if act is Act.CORRECT and corrects not in {one.seq for one in self.done}:
            raise NotNow("There is no act in that place whose words could be corrected.")

    def after(self, done: Done) -> "Standing":
        """Where it stands after one more act. Raises NotNow."""
        self.check(done.act, done.corrects)
        if done.act is Act.CORRECT:
            mended = tuple(replace(one, words=done.words) if one.seq == done.corrects else one for one in self.done)
            return replace(self, done=mended, corrected=self.corrected | {done.corrects})
        return replace(self, stage=self._stage_after(done.act), done=(*self.done, done))

    def _stage_after(self, act: Act) -> Stage | None:
        if act is Act.SEAL and self.stage is Stage.OPENED:
            return Stage.SEALED
        return _LEADS_TO.get(act, self.stage)


def standing(acts: Iterable[Done]) -> Standing:
    """Where a purchase stands after these acts. Raises NotNow for a history that cannot have been."""
    found = Standing()
    for one in acts:
        found = found.after(one)
    return found
