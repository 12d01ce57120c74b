"""The procedure of a regime: states, and the events that lead from one to the next."""

import msgspec


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a matter can stand.

    Attributes:
        id: `measures_on`.
        says: what it means, in one sentence.
        closed: nothing more can happen in this procedure.
    """

    id: str
    says: str
    closed: bool = False


class Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way from state to state.

    Attributes:
        event: what happens (`restore`).
        by: actors who may.
        leaving: states it can start from; `*` = every state that is not closed.
        to: where it leads; `=` = the state stays.
        rule: the rule that it rests on.
        needs: facts that the event must bring, each explained in the regime's glossary.
        holds_if, unless: facts of the case that must be true, and that must not.
        after: clocks whose last day must be over.
        within: clocks in whose time it must fall; for a window also not before it opens.
        starts: rules whose clocks or duties begin.
        stops: rules whose clocks or duties it ends; `*` = all.
        sets, clears: facts of the case that are true from here on, and that no longer are.
        person: a person decides; never a machine alone.
        if_automatic: facts needed besides, when a machine does it.
    """

    event: str
    by: tuple[str, ...]
    leaving: tuple[str, ...]
    to: str
    rule: str
    needs: tuple[str, ...] = ()
    holds_if: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    person: bool = False
    if_automatic: tuple[str, ...] = ()


class Barred(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that a rule forbids in so many words, so that the refusal can say why and not only that."""

    event: str
    leaving: tuple[str, ...]
    rule: str
    says: str


class Procedure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All states, the first of them first, and all moves."""

    states: tuple[State, ...]
    moves: tuple[Move, ...]
    barred: tuple[Barred, ...] = ()

    @property
    def first(self) -> str:
        """Where a matter begins."""
        return self.states[0].id

    def state(self, state_id: str) -> State | None:
        """The state of that id."""
        return next((one for one in self.states if one.id == state_id), None)
