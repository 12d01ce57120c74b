"""The exchange as screens are given it: partners, feeds, entries, agreements, and what needs a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from countermark.node.exchange.states import AgreementState, FeedState
from countermark.node.parties.kinds import OrganisationKind
from countermark.proof.agreements import Purpose
from countermark.proof.keys import spoken


class AlarmCode(StrEnum):
    """What can be wrong between us and a partner; `docs/how-to/watch-the-exchange.md` has a heading for each."""

    SILENT = "silent"
    NOT_ASKING = "not-asking"
    NO_RECEIPT = "no-receipt"
    NOT_WITNESSED = "not-witnessed"
    NOT_PROVEN = "not-proven"
    FROZEN = "frozen"
    REFUSED = "refused"
    UNAPPLIED = "unapplied"
    KEY_ENDS = "key-ends"
    CLOCK = "clock"
    BROKEN = "broken"
    UNDELIVERED = "undelivered"
    OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that does not go as agreed, and since when.

    Attributes:
        code: what it is.
        agreement: id of the agreement.
        partner_name: as the partner calls itself; text of a stranger.
        since: from when on.
        facts: what the sentence needs: hours, seconds, counts, names of keys.
    """

    code: AlarmCode
    agreement: str
    partner_name: str
    since: datetime | None
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """An agreement as it stands now.

    Attributes:
        name: its id, the same on both nodes.
        partner, partner_name, partner_node: who the other side is; the name is text of a stranger.
        since: since when it is in this state.
        version: in force; 0 before the first.
        pending: under discussion; 0 for none.
        proposed_by_us: whether we wrote the document under discussion; None when there is none.
        offered: whether both sides have that document: it is the partner's, or we have sent ours.
        signed_by_us, signed_by_them: whether that document has been signed.
        compared_at: when a person compared the fingerprints aloud.
        ends_at: end after notice.
    """

    name: str
    partner: str
    partner_name: str
    partner_kind: OrganisationKind
    partner_node: str
    state: AgreementState
    since: datetime
    version: int
    pending: int
    proposed_by_us: bool | None
    offered: bool
    signed_by_us: bool
    signed_by_them: bool
    compared_at: datetime | None
    suspended_by_us: bool
    suspended_by_them: bool
    ends_at: datetime | None

    @property
    def our_move(self) -> bool:
        """Whether something waits for us: a draft to send, an offer to answer, a document to sign."""
        return bool(self.pending) and not self.signed_by_us and (self.signed_by_them or not self._waits_for_them)

    @property
    def _waits_for_them(self) -> bool:
        return self.proposed_by_us is True and self.offered


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShown:
    """One side's feed.

    Attributes:
        name: agreement and publisher.
        ours: whether we speak in it.
        reason: why it is frozen, a code.
        thaw_by, thaw_reason, thaw_at: who (`usr_…`) proposed that it goes on, why (a code), and when; empty for nobody.
        changed_at: when its last entry was recorded, or it was frozen.
        last_type, last_said_at, last_recorded_at: of its last entry.
        receipted: entries that the reader has signed for, and when that last happened.
        waiting_since: when the first entry without a receipt was recorded; None when all are receipted.
        unproven_since: when the first receipt came that the partner has not proven to stand in its log; theirs only.
        logged: entries that stand in our log; ours only.
    """

    name: str
    publisher: str
    partner_name: str
    ours: bool
    state: FeedState
    reason: str
    seq: int
    changed_at: datetime | None
    last_type: str
    last_said_at: datetime | None
    last_recorded_at: datetime | None
    receipted: int
    receipted_at: datetime | None
    waiting_since: datetime | None
    logged: int
    unproven_since: datetime | None = None
    thaw_by: str = ""
    thaw_reason: str = ""
    thaw_at: datetime | None = None


class KeyState(StrEnum):
    """Whether a key counts now."""

    USED = "used"
    ENDS_SOON = "ends_soon"
    OLDER = "older"
    NOT_YET = "not_yet"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    """A key of one side.

    Attributes:
        spoken: its fingerprint, twelve groups of five digits.
        until: its end; None for the organisation's own key, which has none.
    """

    ours: bool
    purpose: Purpose
    kid: str
    spoken: str
    start: datetime | None
    until: datetime | None
    revoked_at: datetime | None
    state: KeyState


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalShown:
    """Something that the partner sent and we did not accept; `solved` when its place was filled since."""

    feed: str
    seq: int
    code: str
    detail: str
    at: datetime
    solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnappliedShown:
    """An entry that is kept but could not be applied, with why."""

    entry_id: str
    feed: str
    seq: int
    type: str
    subject: str
    code: str
    detail: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionShown:
    """Two signed statements for one place: `number` names the proof that can be downloaded."""

    number: int
    what: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelShown:
    """A document or signature on its way to the partner's node."""

    kind: str
    state: str
    attempts: int
    reason: str
    made_at: datetime
    next_try: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkShown:
    """How the talk with a partner goes; fields as in the table `Standing`.

    Attributes:
        receipt_hours: within which receipts were agreed.
        unwitnessed_since: when the first checkpoint was made that the partner has not cosigned; None when it has all.
    """

    asked_at: datetime | None
    answered_at: datetime | None
    failing_since: datetime | None
    failures: int
    next_try: datetime | None
    problem: str
    detail: str
    receipt_hours: int
    witnessed_us_at: datetime | None
    witnessed_us_size: int
    witnessed_them_at: datetime | None
    witness_problem: str
    unwitnessed_since: datetime | None
    clock_off_seconds: int | None

    @property
    def clock_behind_seconds(self) -> int:
        """How far the partner's clock is behind ours; negative when it is ahead."""
        return -(self.clock_off_seconds or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerStanding:
    """Everything about one partner at a glance.

    Attributes:
        ours, theirs: the two feeds; None before both have signed.
        refusals, unapplied: the newest ones, with how many there are.
        waiting: entries of the partner that wait to be applied.
        contradictions: all of them, newest first.
        parcels: what is on its way, or was not taken.
        keys: of both sides.
        broken: why what is stored no longer holds, in words; empty when it does.
    """

    agreement: AgreementRow
    talk: TalkShown
    ours: FeedShown | None
    theirs: FeedShown | None
    refusals: tuple[RefusalShown, ...]
    refusals_total: int
    unapplied: tuple[UnappliedShown, ...]
    unapplied_total: int
    waiting: int
    contradictions: tuple[ContradictionShown, ...]
    parcels: tuple[ParcelShown, ...]
    keys: tuple[KeyShown, ...]
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessShown:
    """Who has cosigned a checkpoint, and the second that the witness names."""

    partner_name: str
    node: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogShown:
    """Our log: its leaves, its newest checkpoint, and who has witnessed that.

    Attributes:
        checkpoint_size: 0 before the first checkpoint.
    """

    size: int
    checkpoint_size: int
    checkpoint_at: datetime | None
    witnesses: tuple[WitnessShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureShown:
    """Who signed a version, and when that came here."""

    party: str
    ours: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """One document of an agreement.

    Attributes:
        terms: what it says, as plain values.
        in_force: it is the version in force.
        pending: it is under discussion.
    """

    number: int
    digest: str
    at: datetime
    by_us: bool
    terms: Mapping[str, object]
    signatures: tuple[SignatureShown, ...]
    in_force: bool
    pending: bool

    @property
    def spoken(self) -> str:
        """Its digest as it is read aloud: whoever signs hears that the other side signs the same document."""
        return spoken(bytes.fromhex(self.digest))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShown:
    """One side of an agreement as a document names it."""

    id: str
    name: str
    node: str
    kid: str
    spoken: str
    kind: OrganisationKind
    ours: bool
    keys: tuple[KeyShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementShown:
    """One agreement with its documents, newest first.

    Attributes:
        parties: of the document under discussion, else of the one in force; ours first.
        compared_by: `usr_…` who compared fingerprints.
        parcels: what is on its way to the partner.
    """

    row: AgreementRow
    parties: tuple[PartyShown, ...]
    versions: tuple[VersionShown, ...]
    compared_by: str
    parcels: tuple[ParcelShown, ...]
    talk: TalkShown
    notice_days: int

    @property
    def discussed(self) -> VersionShown | None:
        """The document under discussion."""
        return next((one for one in self.versions if one.pending), None)

    @property
    def in_force(self) -> VersionShown | None:
        """The document in force."""
        return next((one for one in self.versions if one.in_force), None)
