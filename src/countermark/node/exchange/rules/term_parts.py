"""The parts of terms: what `Agreement.terms` holds, once it has been read."""

from typing import Annotated, Literal

import msgspec

from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.entries import DataClass

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=600)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=8760)]


class LegalBasis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On what a side rests its part in a purpose.

    Attributes:
        side: whose basis it is.
        law: short name of the law, such as `GDPR` or `PIPL`.
        article: such as `Art. 6(1)(f)`.
        words: why it applies, one or two sentences.
    """

    side: OrganisationKind
    law: Line
    article: Line
    words: Words


class Purpose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What something is exchanged for.

    Attributes:
        id: short, such as `counterfeit-removal`.
        words: what it is, for people.
        bases: legal bases, at least one of each side.
        up_to: strictest class that may be exchanged for it.
    """

    id: Id
    words: Words
    bases: Annotated[tuple[LegalBasis, ...], msgspec.Meta(min_length=1, max_length=12)]
    up_to: DataClass


class ItemTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is agreed on one kind of item.

    Attributes:
        purposes: ids of purposes that it may be exchanged for.
        shared_by: sides that it may come from.
        fields: field -> class. A field that is not named is never sent.
    """

    purposes: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=20)]
    shared_by: Annotated[tuple[OrganisationKind, ...], msgspec.Meta(min_length=1, max_length=2)]
    fields: Annotated[dict[str, DataClass], msgspec.Meta(min_length=1, max_length=60)]


class Times(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fast each side answers.

    Attributes:
        receipt_hours: until a receipt is signed.
        answer_hours: until a notice is answered; a law that sets a shorter time goes first.
        checkpoint_minutes: at most between two checkpoints of a log.
    """

    receipt_hours: Hours
    answer_hours: Hours
    checkpoint_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)]


class Ending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to end it.

    Attributes:
        notice_days: between notice and end.
        deletes: classes that the receiver deletes at the end, even before their retention is over.
        delete_days: within how many days after the end.
        after: actions that stay possible after the end.
    """

    notice_days: Annotated[int, msgspec.Meta(ge=0, le=730)]
    deletes: Annotated[tuple[DataClass, ...], msgspec.Meta(max_length=5)]
    delete_days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    after: Annotated[tuple[Action, ...], msgspec.Meta(max_length=30)]


class Onward(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the receiver may pass on to a third organisation: nothing, unless all three are named.

    Attributes:
        kinds: of items.
        to: kinds of organisations.
        up_to: strictest class, PUBLIC when not said.
    """

    kinds: Annotated[tuple[ItemKind, ...], msgspec.Meta(max_length=len(ItemKind))] = ()
    to: Annotated[tuple[OrganisationKind, ...], msgspec.Meta(max_length=3)] = ()
    up_to: DataClass = DataClass.PUBLIC


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What two organisations agree on. Everything that is not in it is denied.

    Attributes:
        v: version of this shape.
        sides: kinds of the two organisations, in the order of the agreement's parties.
        purposes: what for.
        items: kind of item -> what is agreed on it. A kind that is not named is never exchanged.
        territories: countries, ISO 3166-1 alpha-2.
        retention: class -> days that the receiver keeps it.
        grants: action -> side -> roles that may do it.
        times: how fast.
        ending: how to end it.
        onward: what may be passed on; nothing unless named.
    """

    v: Literal[1]
    sides: tuple[OrganisationKind, OrganisationKind]
    purposes: Annotated[tuple[Purpose, ...], msgspec.Meta(min_length=1, max_length=20)]
    items: Annotated[dict[ItemKind, ItemTerms], msgspec.Meta(min_length=1, max_length=len(ItemKind))]
    territories: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=249)]
    retention: Annotated[dict[DataClass, Days], msgspec.Meta(min_length=1, max_length=5)]
    grants: Annotated[dict[Action, dict[OrganisationKind, tuple[str, ...]]], msgspec.Meta(min_length=1, max_length=40)]
    times: Times
    ending: Ending
    onward: Onward = Onward()

    def purpose(self, identifier: str) -> Purpose | None:
        """The purpose of that id."""
        return next((purpose for purpose in self.purposes if purpose.id == identifier), None)

    def roles(self, action: Action, side: str) -> tuple[str, ...]:
        """Roles that a side may do something in; empty when it may not."""
        granted = self.grants.get(action, {})
        return next((roles for kind, roles in granted.items() if kind == side), ())
