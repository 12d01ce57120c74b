"""The check of an evidence bag: files, seal, timestamps, custody, the partner's word; until the first that fails."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from cryptography import x509

from countermark.proof.bag_exhibits import check_named, check_signature, keys_for_evidence, papers_in
from countermark.proof.bag_files import BagFiles, open_files
from countermark.proof.bags import MANIFEST, TAG_MANIFEST, digest_of, read_file, read_lists
from countermark.proof.encoding import from_base64url
from countermark.proof.entries import write_moment
from countermark.proof.extracts import MOST_BYTES as MOST_OF_AN_EXTRACT
from countermark.proof.extracts import read_extract
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused
from countermark.proof.seals import (
    ENTRY_TYPE,
    MOST_BYTES,
    SEALED,
    CustodyLine,
    check_seal,
    digest,
    read_custody,
    read_seal,
    seal_in,
)
from countermark.proof.timestamps import check_stamp, read_authorities, spoken_fingerprint
from countermark.proof.verifying import Check, Report, verify_extract

SEAL, CUSTODY, EXTRACT = "proof/seal.json", "proof/custody.jsonl", "proof/extract.json"
_LINE = re.compile(r"proof/line-([0-9]{4,9})\.json")
_STAMP = re.compile(r"(proof/[^/]+)\.stamp-[0-9]+\.tsr")

Found = TypeVar("Found")


def line_file(seq: int) -> str:
    """Name of the file that holds one line of custody by itself, so that it can be stamped."""
    return f"proof/line-{seq:04d}.json"


class _Stop(Exception):
    """The first thing that does not hold was found."""


def verify_bag(
    path: Path, trusted: frozenset[str] = frozenset(), authorities: Sequence[Sequence[x509.Certificate]] = ()
) -> Report:
    """Check a bag, a folder or a ZIP file, without a network and without a node.

    Args:
        path: of the bag.
        trusted: ids of organisation keys that are known from elsewhere, as for `verify_extract`.
        authorities: certificates of timestamp authorities that are known from elsewhere, each from `read_authorities`.
            With any given, every timestamp must be of one of them; with none, the report gives fingerprints to compare.
    """
    report = Report()
    with suppress(_Stop):
        _BagVerifier(report, trusted, authorities).run(path)
    return report


class _BagVerifier:
    """Looks at one part of a bag after the other."""

    def __init__(
        self, report: Report, trusted: frozenset[str], authorities: Sequence[Sequence[x509.Certificate]]
    ) -> None:
        self._report = report
        self._trusted = trusted
        self._authorities = authorities

    def run(self, path: Path) -> None:
        files = self._step("bag", lambda: self._open(path))
        lists = self._step(TAG_MANIFEST, lambda: (read_lists(files), "The bag holds the files that it lists."))
        # The small files first: they say what the large ones should be.
        for name, hexadecimal in {**lists.tags, **lists.payload}.items():
            by = MANIFEST if name in lists.payload else TAG_MANIFEST
            self._look(name, partial(_same, files, name, hexadecimal, by))
        count = len(lists.tags) + len(lists.payload)
        self._note(MANIFEST, f"{count} files are what they were when the bag was made.")
        if SEAL in files.sizes:
            self._step(SEAL, lambda: self._sealed(files, lists.payload))
        else:
            self._report.not_shown.append("The bag has no seal: nothing but its own lists says what was in it.")
        self._stamps(files)
        self._custody(files, lists.payload)
        if EXTRACT in files.sizes:
            self._extract(files)
        elif SEAL in files.sizes:
            self._report.not_shown.append("No entry of a feed names the seal: no partner was told of it.")
        self._papers(files)

    def _step(self, part: str, look: Callable[[], tuple[Found, str]]) -> Found:
        found, words = self._look(part, look)
        self._note(part, words)
        return found

    def _look(self, part: str, look: Callable[[], Found]) -> Found:
        try:
            return look()
        except Refused as refused:
            self._report.checks.append(Check(part, holds=False, words=str(refused), code=refused.code))
            raise _Stop from refused
        except OSError as error:
            words = f"It cannot be read: {error.strerror}."
            self._report.checks.append(Check(part, holds=False, words=words, code="not-a-bag"))
            raise _Stop from error

    def _note(self, part: str, words: str) -> None:
        self._report.checks.append(Check(part, holds=True, words=words))

    def _open(self, path: Path) -> tuple[BagFiles, str]:
        files = open_files(path)
        form = "a folder" if path.is_dir() else "a ZIP file in its one spelling"
        return files, f"It is {form} with {len(files.sizes)} files, {sum(files.sizes.values()):,} bytes."

    def _sealed(self, files: BagFiles, hashes: Mapping[str, str]) -> tuple[None, str]:
        seal = read_seal(read_file(files, SEAL, MOST_BYTES))
        check_seal(seal, hashes, files.sizes)
        said = f"{seal.sealer} sealed these {len(seal.files)} files as {seal.evidence}, and says that it was"
        return None, f"{said} {seal.sealed}."

    def _stamps(self, files: BagFiles) -> None:
        stamped = set()
        for name in sorted(files.sizes):
            found = _STAMP.fullmatch(name)
            if found:
                self._step(name, partial(self._stamp, files, name, found[1]))
                stamped.add(found[1])
        if SEAL in files.sizes and SEAL not in stamped:
            self._report.not_shown.append("The seal has no timestamp: its time is the word of who sealed it.")

    def _stamp(self, files: BagFiles, token: str, about: str) -> tuple[None, str]:
        answer, data = (read_file(files, name, MOST_BYTES) for name in (token, about))
        beside = read_authorities(read_file(files, token.removesuffix("tsr") + "pem", MOST_BYTES))
        stamp = None
        for authority in self._authorities or [beside]:
            try:
                stamp = check_stamp(answer, data, authority)
            except Refused as refused:
                last = refused
            else:
                break
        if stamp is None:
            raise last
        if not self._authorities:
            for one in beside:
                self._report.fingerprints[f"Timestamp authority {one.subject.rfc4514_string()}"] = spoken_fingerprint(
                    one
                )
        return None, f"{stamp.authority} had seen {about} by {write_moment(stamp.time)}."

    def _custody(self, files: BagFiles, hashes: Mapping[str, str]) -> None:
        if CUSTODY not in files.sizes:
            self._report.not_shown.append("The bag does not say who had it.")
            return
        self._step(CUSTODY, lambda: self._kept(files, hashes))

    def _kept(self, files: BagFiles, hashes: Mapping[str, str]) -> tuple[None, str]:
        lines = read_custody(read_file(files, CUSTODY, MOST_BYTES))
        if SEAL in files.sizes:
            wanted = digest(read_file(files, SEAL, MOST_BYTES))
            if not any(line.action == SEALED and line.detail.get("seal") == wanted for line in lines):
                raise Refused("broken-custody", "No line says that this seal was set.")
        for line in lines:
            _check_line(files, hashes, line)
        for name in sorted(files.sizes):
            if (found := _LINE.fullmatch(name)) and not 0 < int(found[1]) <= len(lines):
                raise Refused("broken-custody", f"{name} is no line of custody.")
        return None, f"{len(lines)} lines from {lines[0].at} to {lines[-1].at} follow one another unchanged."

    def _papers(self, files: BagFiles) -> None:
        papers = papers_in(files)
        if not papers:
            return
        said = self._look(CUSTODY, lambda: read_custody(read_file(files, CUSTODY, MOST_BYTES)))
        agreed: dict[str, str] = {}
        if EXTRACT in files.sizes:
            agreed = self._look(EXTRACT, lambda: keys_for_evidence(read_file(files, EXTRACT, MOST_OF_AN_EXTRACT)))
        for name in papers:
            self._look(name, partial(check_named, files, name, said))
            words = "Custody names it with this hash."
            if name.endswith(".pdf"):
                words = self._look(name, partial(check_signature, files, name, self._authorities, agreed, self._report))
            self._note(name, words)

    def _extract(self, files: BagFiles) -> None:
        data = self._look(EXTRACT, lambda: read_file(files, EXTRACT, MOST_OF_AN_EXTRACT))
        inner = verify_extract(data, self._trusted)
        for check in inner.checks:
            self._report.checks.append(Check(f"{EXTRACT}: {check.part}", check.holds, check.words, check.code))
        if not self._trusted:
            self._report.fingerprints |= inner.fingerprints
        self._report.not_shown += [f"{EXTRACT}: {words}" for words in inner.not_shown]
        if inner.failure is not None:
            raise _Stop
        self._step(EXTRACT, lambda: self._named(files, data))

    def _named(self, files: BagFiles, data: bytes) -> tuple[None, str]:
        named = {digest(read_file(files, SEAL, MOST_BYTES)): "this seal"}
        for line in _acts(files):
            named[line.digest] = f"line {line.seq} of custody, and so every file named until then"
        for one in read_extract(data).entries:
            said = read_object(from_base64url(one.token.split(".")[1]))
            content = said.get("data")
            found = seal_in(content) if said["type"] == ENTRY_TYPE and isinstance(content, dict) else None
            if isinstance(found, str) and found in named:
                return None, f"Place {said['seq']} of {said['feed']} names {named[found]}."
        raise Refused("not-sealed", "No entry in it names the seal of this bag, or an act of its custody.")


def _acts(files: BagFiles) -> list[CustodyLine]:
    """Lines of custody that name files of the bag: those of the acts of a purchase."""
    if CUSTODY not in files.sizes:
        return []
    lines = read_custody(read_file(files, CUSTODY, MOST_BYTES))
    return [line for line in lines if any(name.startswith("data/") for name in line.detail)]


def _check_line(files: BagFiles, hashes: Mapping[str, str], line: CustodyLine) -> None:
    """A line that names files of the bag names them by their hashes, and is the same where it stands by itself."""
    for name, sha256 in line.detail.items():
        if name.startswith("data/") and hashes.get(name) != sha256:
            raise Refused("broken-custody", f"{name} is not the file that line {line.seq} of custody names.")
    alone = line_file(line.seq)
    if alone in files.sizes and read_file(files, alone, MOST_BYTES) != line.to_bytes():
        raise Refused("broken-custody", f"{alone} is not line {line.seq} of custody.")


def _same(files: BagFiles, name: str, hexadecimal: str, by: str) -> None:
    if digest_of(files, name) != hexadecimal:
        raise Refused("bag-changed", f"{name} has another SHA-256 than {by} lists.")
