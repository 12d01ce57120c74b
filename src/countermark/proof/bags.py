"""BagIt 1.0 (RFC 8493) with SHA-256, in one spelling: written whole, read strictly.

`data/` is what was seen; `proof/` is what shows since when and by whose word. Any program for BagIt reads our bags. We
read no other spelling than ours: a second one would leave bytes in a bag that could change without anybody noticing.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from countermark.proof.bag_files import PIECE, BagFiles, check_names
from countermark.proof.refusals import Refused

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
MOST_OF_A_LIST = 8 * 1024 * 1024
_LINE = re.compile(r"([0-9a-f]{64})  ([!-~]+)")
_INFO_LINE = re.compile(r"([A-Za-z][A-Za-z-]*): (.+)")


@dataclass(frozen=True)
class MadeBag:
    """A bag that is about to be written.

    Attributes:
        contents: bytes, or the path of a file, by name.
    """

    contents: Mapping[str, bytes | Path]

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file, by name."""
        return {n: len(c) if isinstance(c, bytes) else c.stat().st_size for n, c in self.contents.items()}

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file."""
        content = self.contents[name]
        if isinstance(content, bytes):
            yield from (content[start : start + PIECE] for start in range(0, len(content), PIECE))
            return
        with content.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def make_bag(payload: Mapping[str, bytes | Path], tags: Mapping[str, bytes | Path], info: Mapping[str, str]) -> MadeBag:
    """Put a bag together.

    Args:
        payload: what was seen, by name under `data/`.
        tags: everything else, by name from the top.
        info: lines for bag-info.txt, such as `External-Identifier`; `Payload-Oxum` is added.

    Raises:
        Refused: bag-name.
        ValueError: a line of `info` cannot be written.
    """
    inside = MadeBag({f"data/{name}": content for name, content in payload.items()})
    oxum = f"{sum(inside.sizes.values())}.{len(inside.sizes)}"
    lines = [f"{label}: {value}" for label, value in (*info.items(), ("Payload-Oxum", oxum))]
    if not all(_INFO_LINE.fullmatch(line) for line in lines):
        raise ValueError("a line of bag-info.txt is a label, a colon, a space and one line of text")
    about = MadeBag(
        {
            **tags,
            "bagit.txt": DECLARATION,
            INFO: "".join(f"{line}\n" for line in lines).encode(),
            MANIFEST: _list_of(inside),
        }
    )
    whole = MadeBag({**inside.contents, **about.contents, TAG_MANIFEST: _list_of(about)})
    check_names(sorted(whole.contents))
    return whole


def _list_of(files: BagFiles) -> bytes:
    return "".join(f"{digest_of(files, name)}  {name}\n" for name in sorted(files.sizes)).encode("ascii")


def digest_of(files: BagFiles, name: str) -> str:
    """SHA-256 of one file, hexadecimal."""
    digest = hashlib.sha256()
    for piece in files.pieces(name):
        digest.update(piece)
    return digest.hexdigest()


def read_file(files: BagFiles, name: str, most: int) -> bytes:
    """One file, whole.

    Raises:
        Refused: bag-missing, too-large.
    """
    if name not in files.sizes:
        raise Refused("bag-missing", f"It is {name}.")
    if files.sizes[name] > most:
        raise Refused("too-large", f"{name} has at most {most:,} bytes.")
    return b"".join(files.pieces(name))


@dataclass(frozen=True)
class Lists:
    """What a bag says about itself, before any file is compared.

    Attributes:
        payload: SHA-256 of each file under `data/`, hexadecimal.
        tags: the same of every other file but the list itself.
        info: lines of bag-info.txt.
    """

    payload: Mapping[str, str]
    tags: Mapping[str, str]
    info: Mapping[str, str]


def read_lists(files: BagFiles) -> Lists:
    """Read what the bag lists, and make sure that it holds these files and no others.

    Raises:
        Refused: not-a-bag, bag-missing, bag-extra, bag-changed.
    """
    if "bagit.txt" not in files.sizes:
        raise Refused("not-a-bag", "It has no bagit.txt.")
    if read_file(files, "bagit.txt", len(DECLARATION)) != DECLARATION:
        raise Refused("not-a-bag", "bagit.txt says something else than BagIt 1.0 in UTF-8.")
    tags, payload = _read_list(files, TAG_MANIFEST), _read_list(files, MANIFEST)
    payload_there = {name for name in files.sizes if name.startswith("data/")}
    _compare(payload_there, set(payload), MANIFEST)
    _compare(files.sizes.keys() - payload_there - {TAG_MANIFEST}, set(tags), TAG_MANIFEST)
    info = _read_info(files)
    oxum = f"{sum(files.sizes[name] for name in payload_there)}.{len(payload_there)}"
    if info.get("Payload-Oxum") != oxum:
        raise Refused("bag-changed", f"Payload-Oxum in {INFO} is not {oxum}.")
    return Lists(payload, tags, info)


def _read_list(files: BagFiles, name: str) -> dict[str, str]:
    try:
        lines = read_file(files, name, MOST_OF_A_LIST).decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Refused("not-a-bag", f"{name} is not ASCII.") from error
    found: dict[str, str] = {}
    for place, line in enumerate(lines[:-1], start=1):
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise Refused("not-a-bag", f"Line {place} of {name} is not a hash, two spaces and a name.")
        if parts[2] in found:
            raise Refused("not-a-bag", f"{parts[2]} stands twice in {name}.")
        found[parts[2]] = parts[1]
    if lines[-1] or not found or list(found) != sorted(found):
        raise Refused("not-a-bag", f"{name} is empty, out of order, or its last line is not whole.")
    try:
        check_names(list(found))
    except Refused as refused:
        raise Refused(refused.code, f"{refused.detail} It stands in {name}.") from refused
    return found


def _read_info(files: BagFiles) -> dict[str, str]:
    try:
        lines = read_file(files, INFO, MOST_OF_A_LIST).decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Refused("not-a-bag", f"{INFO} is not UTF-8.") from error
    parts = [_INFO_LINE.fullmatch(line) for line in lines[:-1]]
    if lines[-1] or not all(parts):
        raise Refused("not-a-bag", f"{INFO} has a line that is not a label, a colon, a space and text.")
    return {part[1]: part[2] for part in parts if part}


def _compare(there: set[str], listed: set[str], name: str) -> None:
    missing, extra = sorted(listed - there), sorted(there - listed)
    if missing:
        raise Refused("bag-missing", f"{missing[0]} stands in {name}.")
    if extra:
        raise Refused("bag-extra", f"{extra[0]} does not stand in {name}.")
