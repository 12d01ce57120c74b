"""The key folder: an encrypted file for each key, and one public list of them."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import msgspec

from countermark.node.exchange.keeping import files, pems
from countermark.node.exchange.keeping.forms import Forms
from countermark.node.exchange.keeping.manifest import MOST_BYTES, MOST_MONTHS, OPERATIONAL, KeptKey, Manifest
from countermark.node.exchange.keeping.manifest import read_manifest as _read_manifest
from countermark.node.exchange.keeping.passphrases import Passphrase, PassphraseSource
from countermark.node.exchange.keeping.problems import BrokenFolder, NoKey, NotWritten
from countermark.proof import OperationalKey, PrivateKey, PublicKey, Purpose, Signer
from countermark.proof.entries import read_moment, write_moment

MANIFEST = "keys.json"
#: A key file that was written but not yet listed. Listing it is the moment that counts; its last name comes after.
_WAITING = ".waiting"
#: Nanoseconds within which two changes of a folder may bear one time.
_TICK = 2_000_000_000


class KeyFolder:
    """The operational keys of one node.

    Nothing is kept open: each answer looks whether the list has changed, so that a renewal is seen without a restart.
    A private key is opened once in a process.

    Args:
        path: the folder, such as `$COUNTERMARK_HOME/keys`.
        passphrase: gives the passphrase whenever a key is opened or made.
        forms: what each key may sign.
    """

    def __init__(self, path: Path, passphrase: PassphraseSource, forms: Forms | None = None) -> None:
        self.path = path
        self.forms = forms or Forms()
        self._passphrase = passphrase
        self._opened: dict[str, PrivateKey] = {}
        self._listed: tuple[tuple[int, ...], Manifest] | None = None
        self._looked_through: tuple[int, ...] = ()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"KeyFolder({str(self.path)!r})"

    # --- Looking ---

    def exists(self) -> bool:
        """Whether keys were ever made here."""
        return (self.path / MANIFEST).exists()

    def manifest(self) -> Manifest:
        """The list, checked against the files that lie beside it.

        Raises:
            NoKey: there is none yet.
            LooseFile, BrokenFolder.
        """
        found = files.check_folder(self.path)
        stamp = self._stamp()
        listed = self._listed
        if listed is None or listed[0] != stamp:
            manifest = _read_manifest(files.read_public(self.path / MANIFEST, MOST_BYTES))
            listed = self._listed = (stamp, manifest)
        folder = *stamp, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
        if folder != self._looked_through:
            self._check_files(listed[1])
            # Whoever changes a file's name within one tick of the clock leaves no trace: look again until it is over.
            self._looked_through = folder if time.time_ns() - found.st_mtime_ns > _TICK else ()
        return listed[1]

    def all_keys(self) -> tuple[KeptKey, ...]:
        """Every key that was ever made here, in the order in which they were made."""
        return self.manifest().keys

    def public_keys(self, now: datetime | None = None) -> list[OperationalKey]:
        """Public halves, as an agreement names them; with `now`, only of keys that may sign at that moment."""
        return [kept.public for kept in self.all_keys() if now is None or kept.used_at(now)]

    def organisation(self) -> PublicKey | None:
        """The organisation's public key, once it was made or recorded here."""
        text = self.manifest().organisation
        return None if text is None else PublicKey.from_text(text)

    def usable(self, purpose: Purpose, now: datetime) -> list[KeptKey]:
        """Keys that may sign for a purpose at a moment, the newest first."""
        found = [kept for kept in self.all_keys() if kept.purpose is purpose and kept.used_at(now)]
        return sorted(found, key=lambda kept: kept.valid_from)[::-1]

    def expiring(self, now: datetime, days: int = 30) -> list[KeptKey]:
        """The newest key of each purpose whose end is near or past: what has to be renewed."""
        newest = (self._newest(purpose) for purpose in OPERATIONAL)
        return [kept for kept in newest if kept is not None and kept.public.end <= now + timedelta(days=days)]

    def state_of(self, kept: KeptKey, now: datetime) -> str:
        """One word for people: used, older (still good), not yet, ended, retired or revoked."""
        if kept.revoked or kept.retired:
            return "revoked" if kept.revoked else "retired"
        if not kept.used_at(now):
            return "ended" if kept.public.end <= now else "not yet"
        return "used" if self.usable(kept.purpose, now)[0].kid == kept.kid else "older"

    # --- Signing ---

    def signer(self, purpose: Purpose, now: datetime, kid: str = "") -> Signer:
        """The newest key that may sign at a moment, or the one with this id; it signs only its purpose's form.

        Raises:
            NoKey, WrongPassphrase, LooseFile, BrokenFolder.
        """
        usable = self.usable(purpose, now)
        chosen = next((kept for kept in usable if kid in ("", kept.kid)), None)
        if chosen is None:
            raise NoKey(self._why_none(purpose, now, kid))
        return _FolderSigner(chosen, self.open(chosen), self.forms)

    def open(self, kept: KeptKey) -> PrivateKey:
        """Open a key; the second time it is there already.

        Raises:
            WrongPassphrase, LooseFile, BrokenFolder.
        """
        with self._lock:
            if kept.kid not in self._opened:
                self._opened[kept.kid] = pems.unlock(self._file_of(kept.kid), kept.kid, self._passphrase())
            return self._opened[kept.kid]

    # --- Changing ---

    def make_organisation_key(self, out_file: Path, passphrase: Passphrase) -> PublicKey:
        """Make the organisation's key outside this folder, and list its public half.

        Raises:
            NotWritten: it is listed already, the file is there already, or it would lie within the node's folder.
        """
        home = self.path.resolve().parent
        if out_file.resolve().is_relative_to(home):
            raise NotWritten(f"The organisation's key does not lie on the node. Name a file outside {home}.")
        with self._changing() as manifest:
            if manifest.organisation is not None:
                raise NotWritten("The organisation's key is listed already. Only a new agreement names another one.")
            public = pems.make_organisation_key(out_file, passphrase)
            self._write(msgspec.structs.replace(manifest, organisation=public.text))
        return public

    def record_organisation(self, public: PublicKey) -> None:
        """List the public half of an organisation's key that was made on another machine.

        Raises:
            NotWritten: another one is listed.
        """
        with self._changing() as manifest:
            if manifest.organisation not in (None, public.text):
                raise NotWritten("Another organisation's key is listed. Only a new agreement names another one.")
            self._write(msgspec.structs.replace(manifest, organisation=public.text))

    def make_operational_keys(self, now: datetime, months: int = MOST_MONTHS) -> list[KeptKey]:
        """Make a key for each purpose that has none in use.

        Args:
            now: aware; from then on they are valid.
            months: for how long, 1 to 12.
        """
        with self._changing() as manifest:
            used = {kept.purpose for kept in manifest.keys if kept.used_at(now)}
            return self._add(manifest, [purpose for purpose in OPERATIONAL if purpose not in used], now, months)

    def renew(self, purpose: Purpose, now: datetime, months: int = MOST_MONTHS) -> KeptKey:
        """Make the next key for a purpose; the one before stays until its end.

        Raises:
            NotWritten: the organisation's key is not renewed here.
        """
        if purpose is Purpose.ORGANISATION:
            raise NotWritten("The organisation's key is not renewed here. A new agreement names a new one.")
        with self._changing() as manifest:
            return self._add(manifest, [purpose], now, months)[0]

    def retire(self, kid: str, now: datetime) -> KeptKey:
        """Stop using a key; what it signed stays good.

        Raises:
            NoKey: no key has this id.
        """
        return self._mark(kid, retired=write_moment(now))

    def revoke(self, kid: str, since: datetime) -> KeptKey:
        """Stop using a key that others may hold; said twice, the earlier moment counts.

        Raises:
            NoKey: no key has this id.
        """
        return self._mark(kid, revoked=write_moment(since))

    # --- Inside ---

    @contextmanager
    def _changing(self) -> Iterator[Manifest]:
        files.make_folder(self.path)
        with files.one_writer(self.path):
            manifest = self.manifest() if self.exists() else Manifest()
            self._settle(manifest)
            yield manifest

    def _add(self, manifest: Manifest, purposes: Sequence[Purpose], now: datetime, months: int) -> list[KeptKey]:
        if not 1 <= months <= MOST_MONTHS:
            raise NotWritten(f"A key lasts 1 to {MOST_MONTHS} months, not {months}.")
        if purposes and manifest.keys:
            self.open(manifest.keys[-1])  # one passphrase opens all of them
        made = []
        for purpose in purposes:
            private = PrivateKey.generate()
            kept = KeptKey.of(purpose, private, now, months)
            pems.write_pem(self._waiting_of(kept.kid), private, self._passphrase())
            made.append(kept)
        changed = msgspec.structs.replace(manifest, keys=(*manifest.keys, *made))
        self._write(changed)
        self._settle(changed)
        return made

    def _mark(self, kid: str, *, retired: str | None = None, revoked: str | None = None) -> KeptKey:
        with self._changing() as manifest:
            kept = next((one for one in manifest.keys if one.kid == kid), None)
            if kept is None:
                raise NoKey("No key here has this id. See them with: countermark node keys list")
            marked = msgspec.structs.replace(
                kept, retired=_earlier(kept.retired, retired), revoked=_earlier(kept.revoked, revoked)
            )
            keys = tuple(marked if one.kid == kid else one for one in manifest.keys)
            self._write(msgspec.structs.replace(manifest, keys=keys))
        return marked

    def _write(self, manifest: Manifest) -> None:
        files.write_whole(self.path / MANIFEST, manifest.to_bytes(), files.PUBLIC_MODE)

    def _settle(self, manifest: Manifest) -> None:
        """Finish what a killed process had begun: listed keys get their name, others were never made."""
        listed = {kept.kid for kept in manifest.keys}
        for waiting in self.path.glob(f"*{_WAITING}"):
            kid = waiting.name.removesuffix(_WAITING)
            if kid in listed:
                os.replace(waiting, self._file_of(kid, settled=True))  # noqa: PTH105
            else:
                os.unlink(waiting)  # noqa: PTH108
        for aside in self.path.glob(".*.part"):
            os.unlink(aside)  # noqa: PTH108
        files.sync_folder(self.path)

    def _check_files(self, manifest: Manifest) -> None:
        listed = {kept.kid for kept in manifest.keys}
        lying = {file.name.removesuffix(".pem") for file in self.path.glob("*.pem")}
        if stray := sorted(lying - listed):
            raise BrokenFolder(
                f"{stray[0]}.pem is not in keys.json. Bring back the list that names it, or move it away."
            )
        missing = [kid for kid in sorted(listed - lying) if not self._waiting_of(kid).exists()]
        # Between the two looks another process may have given it its name.
        if missing := [kid for kid in missing if not self._file_of(kid, settled=True).exists()]:
            raise BrokenFolder(f"{missing[0]}.pem is missing. Bring it back from a copy of the key folder.")

    def _file_of(self, kid: str, *, settled: bool = False) -> Path:
        last = self.path / f"{kid}.pem"
        return last if settled or last.exists() or not self._waiting_of(kid).exists() else self._waiting_of(kid)

    def _waiting_of(self, kid: str) -> Path:
        return self.path / f"{kid}{_WAITING}"

    def _stamp(self) -> tuple[int, ...]:
        with suppress(FileNotFoundError):
            found = (self.path / MANIFEST).stat()
            return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
        raise NoKey(f"There are no keys in {self.path}. Make them with: countermark node keys init")

    def _newest(self, purpose: Purpose) -> KeptKey | None:
        found = [k for k in self.all_keys() if k.purpose is purpose and k.retired is None and k.revoked is None]
        return max(found, key=lambda kept: kept.public.end, default=None)

    def _why_none(self, purpose: Purpose, now: datetime, kid: str) -> str:
        mend = f"Make the next one with: countermark node keys renew {purpose}"
        if kid:
            return f"No key with this id may sign for {purpose} now. See them with: countermark node keys list"
        newest = self._newest(purpose)
        if newest is None:
            return f"There is no key for {purpose}. {mend}"
        when = "ended" if newest.public.end <= now else "begins"
        return f"The key for {purpose} {when} at {newest.valid_until if when == 'ended' else newest.valid_from}. {mend}"


class _FolderSigner:
    """Signs with one key of the folder what has the form of its purpose."""

    __slots__ = ("_forms", "_kept", "_private")

    def __init__(self, kept: KeptKey, private: PrivateKey, forms: Forms) -> None:
        self._kept, self._private, self._forms = kept, private, forms

    @property
    def public(self) -> PublicKey:
        """The key that verifies."""
        return self._private.public

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519.

        Raises:
            WrongForm: a message that this key's purpose does not allow.
        """
        self._forms.check(message, self._kept.public)
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"Signer({self._kept.purpose}, kid={self._kept.kid!r})"


def _earlier(one: str | None, other: str | None) -> str | None:
    moments = [moment for moment in (one, other) if moment is not None]
    return min(moments, key=read_moment, default=None)
