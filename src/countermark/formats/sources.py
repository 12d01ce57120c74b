"""Which files a source means, in which order, and which format each is in."""

import errno
import glob
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, TypeAlias

from countermark.formats.limits import Limits
from countermark.formats.problems import Unfit, UnreadableSource, problem
from countermark.model import RowProblem

#: A file, a directory, a glob, or `-` for standard input.
Source: TypeAlias = str | Path
Sources: TypeAlias = Source | Sequence[Source]


class ListingFormat(StrEnum):
    """Formats that listings are read from."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    JSONLD = "jsonld"  # schema.org Product inside saved HTML pages
    MERCHANT_XML = "merchant_xml"
    MERCHANT_TSV = "merchant_tsv"


SUFFIXES: dict[str, ListingFormat] = {
    ".csv": ListingFormat.CSV,
    ".tsv": ListingFormat.MERCHANT_TSV,
    ".jsonl": ListingFormat.JSONL,
    ".ndjson": ListingFormat.JSONL,
    ".parquet": ListingFormat.PARQUET,
    ".pq": ListingFormat.PARQUET,
    ".html": ListingFormat.JSONLD,
    ".htm": ListingFormat.JSONLD,
    ".xml": ListingFormat.MERCHANT_XML,
    ".rss": ListingFormat.MERCHANT_XML,
    ".atom": ListingFormat.MERCHANT_XML,
}
#: Endings whose format the first bytes decide.
_SNIFFED = frozenset({"", ".json", ".txt", ".dat", ".gz"})
#: What lies beside listings and pages and is none: passed over in folders without a word.
_BESIDE_NAMES = (
    ".jpg .jpeg .png .webp .gif .avif .bmp .svg .ico .tif .tiff .css .js .mjs .map .woff .woff2 .ttf .otf .eot "
    ".mp4 .webm .download"
)
BESIDE = frozenset(_BESIDE_NAMES.split())
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a source, or what is wrong with it.

    Attributes:
        name: as its owner knows it: the file name, or the path below the folder that was named.
        path: where it is; None for standard input.
        size: bytes, None when not a regular file.
        trouble: why it is passed over.
        named: whether it was named itself, not found in a folder; only then may it be a link or a pipe.
    """

    name: str
    path: Path | None
    size: int | None = None
    trouble: RowProblem | None = None
    named: bool = False


def expand_sources(sources: Sources) -> list[Path]:
    """The files that `read_listings` would read, in its order; standard input has no path and is left out.

    Raises:
        UnreadableSource: when none of them is there.
    """
    entries = list(find_entries(sources, Limits()))
    paths = [entry.path for entry in entries if entry.path is not None and entry.trouble is None]
    if not paths and entries and all(entry.trouble for entry in entries):
        raise UnreadableSource(next(entry.trouble for entry in entries if entry.trouble))
    return paths


def find_entries(sources: Sources, limits: Limits) -> Iterator[Entry]:
    """Every file a source means, sorted by name within each folder, one at a time."""
    for source in [sources] if isinstance(sources, str | Path) else sources:
        yield from _find(source, limits)


def _find(source: Source, limits: Limits) -> Iterator[Entry]:
    if source == "-":
        yield Entry("stdin", None, named=True)
        return
    path = Path(source)
    if isinstance(source, str) and _MAGIC.search(source) and not path.exists():
        yield from _glob(source, limits)
    elif path.is_dir():
        yield from _bounded(_walk(path, path), path.name or str(path), limits)
    else:
        yield _named(path)


def _named(path: Path) -> Entry:
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError | ValueError)
        words = {"reason": getattr(error, "strerror", None) or "it cannot be looked at"}
        trouble = problem("not-found" if missing else "cannot-read", source=path.name, words=words)
        return Entry(path.name, path, trouble=trouble, named=True)
    return Entry(path.name, path, facts.st_size if stat.S_ISREG(facts.st_mode) else None, named=True)


def _glob(pattern: str, limits: Limits) -> Iterator[Entry]:
    fixed = Path(_MAGIC.split(pattern, maxsplit=1)[0])
    root = fixed if pattern[: len(str(fixed)) + 1].endswith("/") else fixed.parent
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    entries = [_member(Path(name), root) for name in found if not Path(name).is_dir() or Path(name).is_symlink()]
    if not entries:
        yield Entry(pattern, None, trouble=problem("no-files", source=pattern), named=True)
    yield from _bounded(iter(entries), pattern, limits)


def _bounded(entries: Iterator[Entry], name: str, limits: Limits) -> Iterator[Entry]:
    count = -1
    for count, entry in enumerate(entries):
        if count >= limits.files:
            trouble = problem("too-many-files", source=name, words={"limit": f"{limits.files:,}"})
            yield Entry(name, None, trouble=trouble)
            return
        yield entry
    if count < 0:
        yield Entry(name, None, trouble=problem("no-files", source=name))


def _walk(folder: Path, root: Path) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as listing:
            members = sorted((item.name, item.is_dir(follow_symlinks=False)) for item in listing)
    except OSError as error:
        name = folder.relative_to(root).as_posix()
        trouble = problem("cannot-read", source=name, words={"reason": error.strerror or "it cannot be listed"})
        yield Entry(name, folder, trouble=trouble)
        return
    for name, is_folder in members:
        if name.startswith("."):
            continue
        if is_folder:
            yield from _walk(folder / name, root)
        elif Path(name).suffix.lower() not in BESIDE:
            yield _member(folder / name, root)


def _member(path: Path, root: Path) -> Entry:
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    try:
        facts = path.lstat()
    except OSError as error:
        words = {"reason": error.strerror or "it cannot be looked at"}
        return Entry(name, path, trouble=problem("cannot-read", source=name, words=words))
    code = _refusal(path, facts.st_mode)
    return Entry(name, path, facts.st_size, problem(code, source=name) if code else None)


def _refusal(path: Path, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "symlink-not-followed"
    if not stat.S_ISREG(mode):
        return "not-a-file"
    suffix = _suffix(path.name)
    return "" if suffix in SUFFIXES or suffix in _SNIFFED or suffix in _ARCHIVES else "unknown-format"


#: Containers we do not open; a sheet hides in some of them.
_ARCHIVES = frozenset({".zip", ".xlsx", ".xlsm", ".ods", ".xls", ".7z", ".rar", ".tar", ".tgz"})


def open_entry(entry: Entry) -> BinaryIO:
    """Open a file that `find_entries` found; one from a folder must still be the plain file it was.

    Raises:
        OSError: when it cannot be opened, or became a link, pipe or device.
    """
    if entry.path is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if entry.named:
        return entry.path.open("rb")
    # Without O_NONBLOCK a pipe that took the file's place would hold us for ever.
    handle = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a plain file any more")
    return os.fdopen(handle, "rb")


def _suffix(name: str) -> str:
    path = Path(name.lower())
    return Path(path.stem).suffix or ".gz" if path.suffix == ".gz" else path.suffix


def detect_format(name: str, head: bytes, wanted: ListingFormat | None = None) -> ListingFormat:
    """Decide the format of a file.

    Args:
        name: of the file.
        head: its first bytes, unpacked.
        wanted: what the user says it is; wins over everything but an archive.

    Raises:
        Unfit: zip-not-read, json-array or unknown-format.
    """
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!")):
        raise Unfit("zip-not-read")
    if wanted is not None:
        return wanted
    suffix = _suffix(name)
    if suffix in SUFFIXES and not (head.startswith(b"PAR1") and suffix != ".parquet"):
        return SUFFIXES[suffix]
    if suffix in _ARCHIVES:
        raise Unfit("zip-not-read")
    return _sniff(head, name)


def _sniff(head: bytes, name: str) -> ListingFormat:
    if head.startswith(b"PAR1"):
        return ListingFormat.PARQUET
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if start.startswith(b"["):
        raise Unfit("json-array")
    if start.startswith(b"{"):
        return ListingFormat.JSONL
    if start.startswith((b"<!doctype html", b"<html")):
        return ListingFormat.JSONLD
    if start.startswith((b"<?xml", b"<rss", b"<feed")):
        return ListingFormat.JSONLD if b"<html" in start else ListingFormat.MERCHANT_XML
    if _suffix(name) == ".json" or start.startswith(b"<"):
        raise Unfit("unknown-format")
    return ListingFormat.CSV
