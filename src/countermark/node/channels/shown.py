"""Channels as screens are given them: frozen records, complete."""

from dataclasses import dataclass
from datetime import datetime

from countermark.node.channels.connector import Wanted
from countermark.node.kernel.errors import FieldProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorShown:
    """A connector that a channel can be opened with."""

    id: str
    title: str
    says: str
    carries: tuple[str, ...]
    wants: tuple[Wanted, ...]
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldShown:
    """What the other side said once: its own word, what it means, when."""

    raw: str
    status: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchShown:
    """One message.

    Attributes:
        id: `dsp_…`.
        state: of `Dispatch.State`.
        by_hand: no connector carries it; a person tells the other side.
        file: name of the file that it went into; empty when it went into none.
        texts: of a statement that was not taken: fields that can be corrected, name and text.
    """

    id: str
    channel: str
    channel_name: str
    connector_title: str
    cargo: str
    subject: str
    reference: str
    state: str
    status: str
    raw_status: str
    status_at: datetime | None
    made_at: datetime
    sent_at: datetime | None
    attempts: int
    their_id: str
    detail: str
    mend: str
    by_hand: bool
    file: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    told: tuple[ToldShown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShown:
    """One channel and how it stands.

    Attributes:
        platform: whose programme notices through it run under, by name; `platform_id`; empty = the law.
        platform_fixed: the connector says it, nobody chooses.
        missing: what must be set up before anything goes.
        address: that needs approval, or was approved; empty when the connector has none.
        waiting, failed, sent: numbers of messages; `waiting` holds those under way.
        problem, mend: of the channel as a whole; empty when it goes well.
        next_try: when it is tried again after a failure.
    """

    id: str
    name: str
    marketplace: str
    connector: str
    connector_title: str
    carries: tuple[str, ...]
    wants: tuple[Wanted, ...]
    details: dict[str, str]
    platform: str
    platform_id: str
    platform_fixed: bool
    missing: tuple[FieldProblem, ...]
    address: str
    needs_approval: bool
    paused_at: datetime | None
    last_sent_at: datetime | None
    waiting: int
    failed: int
    sent: int
    problem: str
    mend: str
    next_try: datetime | None
    failures: tuple[DispatchShown, ...] = ()
