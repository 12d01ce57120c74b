"""The check of an extract: step by step, until the first thing that does not hold."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from countermark.proof.agreements import Agreement, Purpose, SignedAgreement, open_agreement
from countermark.proof.chains import Head
from countermark.proof.encoding import from_base64url
from countermark.proof.entries import SignedEntry, open_entry, read_moment, write_moment
from countermark.proof.equivocation import checkpoints_contradict, entries_contradict
from countermark.proof.extracts import Contradiction, Extract, ExtractEntry, Logged, Receipt, read_extract, receipted
from countermark.proof.key_ring import KeyRing
from countermark.proof.log_proofs import check_log_proof, leaf_of, read_log_proof
from countermark.proof.merkle import check_inclusion, leaf_hash
from countermark.proof.refusals import Refused

Found = TypeVar("Found")

#: How far two honest clocks may differ.
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        part: place in the file, such as `entries[2].receipt`.
        holds: whether it held.
        words: what was found, in a sentence.
        code: of `refusals.REASONS` where it did not hold, else empty.
    """

    part: str
    holds: bool
    words: str
    code: str = ""


@dataclass
class Report:
    """All that was looked at, in order.

    Attributes:
        checks: the last one is the first that does not hold, if there is such a one.
        fingerprints: by organisation, the digits to compare with those that were read aloud.
        not_shown: what the file leaves open, in sentences; no error, but no proof either.
    """

    checks: list[Check] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)
    not_shown: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything that was looked at held; a file that shows nothing does not."""
        return bool(self.checks) and all(check.holds for check in self.checks)

    @property
    def failure(self) -> Check | None:
        """The first thing that does not hold."""
        return next((check for check in self.checks if not check.holds), None)


class _Stop(Exception):
    """The first thing that does not hold was found."""


def verify_extract(data: bytes, trusted: frozenset[str] = frozenset()) -> Report:
    """Check a file without a network and without a node.

    Args:
        data: the file.
        trusted: ids of organisation keys that are known from elsewhere (paper, telephone). With any given, every
            organisation in the file must be among them; with none, the report gives the digits to compare.
    """
    report = Report()
    with suppress(_Stop):
        _Verifier(report, trusted).run(data)
    return report


class _Verifier:
    """Looks at one file after the other rule, and remembers what the rules before it found."""

    def __init__(self, report: Report, trusted: frozenset[str]) -> None:
        self._report = report
        self._trusted = trusted
        self._ring = KeyRing()
        self._heads: dict[str, Head] = {}

    def run(self, data: bytes) -> None:
        extract = self._step("file", lambda: (read_extract(data), "The file has the form of an extract."))
        self._agreements(extract)
        for place, token in enumerate(extract.key_changes):
            self._ring = self._step(f"key_changes[{place}]", partial(self._key_change, token))
        for place, entry in enumerate(extract.entries):
            self._entry(f"entries[{place}]", entry)
        for place, one in enumerate(extract.contradictions):
            self._step(f"contradictions[{place}]", partial(self._contradiction, one))
        if not extract.entries and not extract.contradictions:
            self._report.not_shown.append("The file holds no entry.")

    def _step(self, part: str, look: Callable[[], tuple[Found, str]]) -> Found:
        """Look at one thing and note how it went."""
        try:
            found, words = look()
        except Refused as refused:
            self._report.checks.append(Check(part, holds=False, words=str(refused), code=refused.code))
            raise _Stop from refused
        self._report.checks.append(Check(part, holds=True, words=words))
        return found

    def _agreements(self, extract: Extract) -> None:
        opened = [
            self._step(f"agreements[{place}]", partial(self._agreement, signed))
            for place, signed in enumerate(extract.agreements)
        ]
        self._ring = self._step("agreements", lambda: (KeyRing.of(opened), f"{len(opened)} signed by both sides."))

    def _agreement(self, signed: SignedAgreement) -> tuple[Agreement, str]:
        agreement = open_agreement(signed)
        for party in agreement.parties:
            kid = party.public.kid
            if self._trusted and kid not in self._trusted:
                raise Refused("unknown-key", f"The key of {party.name} ({kid}) is not among those you trust.")
            self._report.fingerprints[f"{party.name} ({kid})"] = party.public.spoken
        one, other = agreement.parties
        return agreement, f"{one.name} and {other.name} both signed version {agreement.version} of {agreement.id}."

    def _key_change(self, token: str) -> tuple[KeyRing, str]:
        return self._ring.changed_by(token), "A change of keys, signed by a key that could."

    def _entry(self, part: str, one: ExtractEntry) -> None:
        signed = self._step(part, lambda: self._signed(one.token))
        self._step(f"{part}.chain", lambda: self._follows(signed))
        if one.beside is not None:
            self._step(f"{part}.beside", partial(self._beside, signed, one))
        elif signed.entry.data_ref is not None:
            self._report.not_shown.append(f"{part}: the data are not in the file; the entry only commits to them.")
        witnessed = self._witnessed(part, signed, one)
        self._step(f"{part}.time", lambda: self._timely(signed, witnessed))

    def _signed(self, token: str) -> tuple[SignedEntry, str]:
        signed = open_entry(token, self._ring.find_for_entries)
        speaker, entry = self._ring.keys[signed.kid].party, signed.entry
        return (
            signed,
            f"{speaker} signed {entry.type} as {entry.seq} of {entry.feed}, and says that it was {entry.time}.",
        )

    def _follows(self, signed: SignedEntry) -> tuple[None, str]:
        entry = signed.entry
        head = self._heads.get(entry.feed)
        if head is None or entry.seq > head.seq + 1:
            # An extract may leave entries out; what is next to one another must fit.
            self._heads[entry.feed] = Head(entry.feed, None, entry.seq, signed.digest)
            first = "It is the first of its feed." if entry.seq == 1 else "The entry before it is not in this file."
            return None, first
        self._heads[entry.feed] = head.follow(signed)
        return None, f"It follows {head.seq} of {entry.feed}, unchanged."

    def _beside(self, signed: SignedEntry, one: ExtractEntry) -> tuple[None, str]:
        reference = signed.entry.reference
        if reference is None or one.beside is None:
            raise Refused("wrong-data", "The entry commits to no data beside it.")
        one.beside.carried().check(reference)
        return None, f"{reference.size} bytes of {reference.media_type} are those that were signed for."

    def _witnessed(self, part: str, signed: SignedEntry, one: ExtractEntry) -> datetime | None:
        """By when a witness had surely seen the entry, and what of it the file does not show."""
        moments = []
        if one.logged is None:
            self._report.not_shown.append(f"{part}: nothing shows that it stood in its publisher's log.")
        else:
            moments.append(self._step(f"{part}.logged", partial(self._logged, signed, one.logged)))
        if one.receipt is None:
            self._report.not_shown.append(f"{part}: no receipt of the other side.")
        else:
            moments += self._receipt_witnessed(f"{part}.receipt", signed, one.receipt)
        return min(moments, default=None)

    def _receipt_witnessed(self, part: str, signed: SignedEntry, receipt: Receipt) -> list[datetime]:
        opened = self._step(part, partial(self._receipt, signed, receipt))
        moments = []
        if receipt.logged is None:
            self._report.not_shown.append(f"{part}: nothing shows that it stood in the other side's log.")
        else:
            moments.append(self._step(f"{part}.logged", partial(self._logged, opened, receipt.logged)))
        self._step(f"{part}.time", lambda: self._timely(opened, min(moments, default=None)))
        return moments

    def _timely(self, signed: SignedEntry, witnessed: datetime | None) -> tuple[None, str]:
        """No revoked key, and no statement about a time that had not come when it was seen."""
        self._ring.check_not_revoked(signed, witnessed)
        if witnessed is None:
            return None, "Its key is not revoked; nobody but its author vouches for its time."
        if read_moment(signed.entry.time) > witnessed + CLOCKS_DIFFER:
            raise Refused("later-than-seen", f"It says {signed.entry.time}, seen by {write_moment(witnessed)}.")
        return None, f"It was seen by {write_moment(witnessed)}, and does not say that it happened later."

    def _logged(self, signed: SignedEntry, logged: Logged) -> tuple[datetime, str]:
        speaker = self._ring.keys[signed.kid]
        logs = [key for key in self._ring.note_keys(Purpose.LOG) if key.name == speaker.node]
        witnesses = [key for key in self._ring.note_keys(Purpose.WITNESS) if key.name != speaker.node]
        leaf = leaf_of(from_base64url(logged.salt, "not-an-extract"), signed.entry_id)
        checkpoint = check_log_proof(read_log_proof(logged.proof), leaf, logs, witnesses)
        witness, moment = min(checkpoint.witnessed.items(), key=lambda seen: seen[1])
        stood = f"It stood in the log of {speaker.node}, of {checkpoint.checkpoint.size} entries"
        return moment, f"{stood}; {witness} had seen that by {write_moment(moment)}."

    def _receipt(self, signed: SignedEntry, receipt: Receipt) -> tuple[SignedEntry, str]:
        opened = open_entry(receipt.token, self._ring.find_for_entries)
        speaker = self._ring.keys[opened.kid].party
        feed, count, root = receipted(opened.entry)
        if speaker == self._ring.keys[signed.kid].party or opened.entry.agreement not in self._ring.agreements:
            raise Refused("wrong-receipt", "A receipt comes from the other side.")
        if feed != signed.entry.feed or receipt.index + 1 != signed.entry.seq:
            raise Refused("wrong-receipt", f"It is for {receipt.index + 1} of {feed}.")
        path = [from_base64url(one, "not-an-extract") for one in receipt.path]
        check_inclusion(leaf_hash(bytes.fromhex(signed.entry_id)), receipt.index, count, path, root)
        return opened, f"{speaker} signed that it had everything up to {count} of {feed}, this entry included."

    def _contradiction(self, one: Contradiction) -> tuple[None, str]:
        if one.what == "entry":
            found = entries_contradict(one.first, one.second, self._ring.find_for_entries)
        elif one.what == "checkpoint":
            found = checkpoints_contradict(one.first, one.second, self._ring.note_keys(Purpose.LOG))
        else:
            raise Refused("not-equivocation", "Entries and checkpoints can contradict one another, nothing else.")
        return None, f"Two different signed statements for {found.where}."
