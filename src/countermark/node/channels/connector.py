"""The small interface that every connector has, and the records that pass through it. Knows no table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from countermark.node.channels.letters import Cargo, Enclosed, Letter
from countermark.node.channels.line import Line
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import FieldProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the other side takes.

    Attributes:
        in_a_call: messages that one call carries.
        longest: characters, by the name of a letter's field.
        needed: names of fields that may not be empty.
        enclosed: papers that go along with one message; 0 = none are carried.
    """

    in_a_call: int = 1
    longest: Mapping[str, int] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    enclosed: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that a person writes when a channel is opened; never a secret: those are in files of the node.

    Attributes:
        name: of the form field.
        label, help: for people.
        text: what stands there at first.
        rows: lines of the field; 1 for a single line.
    """

    name: str
    label: str
    help: str
    text: str = ""
    rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The channel as a connector sees it.

    Attributes:
        id: `chn_…`.
        organisation: name of the sender.
        marketplace: name of the other side.
        details: what people wrote, by `Wanted.name`.
        approved: a person approved the address.
        loopback: this machine itself may be asked (demo, tests).
    """

    id: str
    organisation: str
    marketplace: str
    details: Mapping[str, str]
    approved: bool
    loopback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message in the form in which it goes, the same bytes at every try.

    Attributes:
        reference: made before the first try; unique.
        body: as `render` made it.
        their_id: the other side's id, once it is known.
        batch: all parcels of one call have the same.
        began: of the first try of this batch.
        enclosed: papers.
    """

    reference: str
    body: str
    their_id: str = ""
    batch: str = ""
    began: datetime
    enclosed: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """It is there."""

    their_id: str
    raw: str
    status: Status


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side will not take it as it is: a person mends."""

    code: str
    detail: str
    mend: str


@dataclass(frozen=True, slots=True)
class Again:
    """It is not there, and may be sent again as it is."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody can tell whether it is there; a person looks."""

    mend: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How it stands now: the other side's own word, what it means, and what was said beside."""

    raw: str
    status: Status
    detail: str = ""


Outcome = Arrived | Refused | Again | Unsure


class TryLater(Exception):
    """The whole channel cannot be used now.

    Attributes:
        code: short and stable.
        detail: what happened; no personal data, no secret.
        mend: what a person does about it; empty = waiting is enough.
        retry_after: how long the other side asks us to wait.
        nothing_sent: the other side surely took nothing.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        mend: str = "",
        retry_after: timedelta | None = None,
        nothing_sent: bool = True,
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.mend = code, detail, mend
        self.retry_after, self.nothing_sent = retry_after, nothing_sent


class Connector(Protocol):
    """One way to send; an object `CONNECTOR` of this shape stands in the `__init__` of each folder.

    Attributes:
        id: short and stable; name of its folder.
        title, says: for people.
        carries: what it takes.
        limits: of the other side.
        wants: what a person writes when a channel is opened.
        repeats_safely: the same parcels again, in the same batch, never become two at the other side.
        looks: whether `look` can tell how a message stands.
        approves: the address needs a person's approval before anything is sent.
        files: `their_id` names a file in the folder of the channel, which people may save.
        platform: whose programme every message through it runs under (`ebay`); empty = whoever opens a channel says it.
    """

    id: str
    title: str
    says: str
    carries: frozenset[Cargo]
    limits: Limits
    wants: tuple[Wanted, ...]
    repeats_safely: bool
    looks: bool
    approves: bool
    files: bool
    platform: str

    def missing(self, place: Place) -> tuple[FieldProblem, ...]:
        """What must be set up before anything can be sent; empty when it is ready."""
        ...

    def check(self, letter: Letter, place: Place) -> tuple[FieldProblem, ...]:
        """What this channel would refuse about a letter, beyond `limits`."""
        ...

    def known(self, place: Place, ground: str) -> Mapping[str, str]:
        """Fields of a notice that the channel knows of itself, by the ground; nobody has to write them again."""
        ...

    def render(self, letter: Letter, place: Place) -> str:
        """The letter in the form in which it goes."""
        ...

    def send(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """One call; an outcome for each parcel, in order. Raises TryLater."""
        ...

    def find(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """After a try whose answer was lost: whether they are there. Raises TryLater."""
        ...

    def look(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Seen]:
        """How each stands now, in order. Raises TryLater."""
        ...


def over_limits(limits: Limits, letter: Letter) -> list[FieldProblem]:
    """What is missing or too long, by a connector's limits."""
    found = [
        FieldProblem(name, "channel-missing", f"This channel needs “{name.replace('_', ' ')}”.", "Fill it in.")
        for name in limits.needed
        if not letter.fields.get(name, "").strip()
    ]
    for name, most in limits.longest.items():
        length = len(letter.fields.get(name, ""))
        if length > most:
            said = f"“{name.replace('_', ' ')}” has {length:,} characters; this channel takes {most:,}."
            found.append(FieldProblem(name, "channel-too-long", said, "Shorten it."))
    if len(letter.enclosed) > limits.enclosed > 0:
        said = f"{len(letter.enclosed)} papers go along; this channel takes {limits.enclosed}."
        found.append(FieldProblem("evidence", "channel-too-many", said, "Leave some out."))
    return found
