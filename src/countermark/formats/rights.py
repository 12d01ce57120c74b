"""Rights from files: a rights file in YAML or JSON, register records in ST.96 and ST.66, or a folder of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from countermark.formats.images import FolderImages
from countermark.formats.limits import MIB
from countermark.formats.problems import Unfit, UnreadableSource, problem
from countermark.formats.register_archive import open_archive
from countermark.formats.register_records import RegisterRecord, read_register
from countermark.formats.rights_entries import EntryReader
from countermark.formats.safe_yaml import read_yaml
from countermark.formats.strict_json import NotJson, read_json
from countermark.model import Brand, ImageSource, Portfolio, Right, RowProblem

#: A rights file is written by people; register files may hold many records.
LARGEST_RIGHTS_FILE = 16 * MIB
LARGEST_REGISTER_FILE = 256 * MIB

_SUFFIXES = (".yaml", ".yml", ".json", ".xml", ".zip")


@dataclass(frozen=True, slots=True)
class PortfolioReading:
    """What was read.

    Attributes:
        portfolio: the rights that can be used, pictures with their hashes.
        problems: what was left out, by path (`brands[0].rights[2].classes`), and why.
        images: where the bytes of the reference pictures are.
    """

    portfolio: Portfolio
    problems: tuple[RowProblem, ...]
    images: ImageSource


def read_portfolio(source: Path) -> PortfolioReading:
    """Read rights.

    Args:
        source: a rights file (`.yaml`, `.yml`, `.json`), a register record (`.xml`, or a `.zip` with one), or a folder
            with any of them; rights files are read first, then registers, each sorted by name.

    Raises:
        UnreadableSource: when nothing at all can be read.
    """
    folder = source if source.is_dir() else source.parent
    gathered = _Gathered(FolderImages(folder))
    files = _files(source, gathered)
    for path in sorted(files, key=lambda path: (path.suffix.lower() in (".xml", ".zip"), path.name)):
        gathered.read(path, folder)
    if not gathered.read_any:
        raise UnreadableSource(gathered.problems[0] if gathered.problems else problem("no-files", source=source.name))
    portfolio = Portfolio(brands=tuple(gathered.brands), rights=tuple(gathered.rights))
    return PortfolioReading(portfolio, tuple(gathered.problems), gathered.images)


def _files(source: Path, gathered: "_Gathered") -> list[Path]:
    if not source.is_dir():
        return [source]
    found = []
    for path in sorted(source.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() not in _SUFFIXES:
            continue  # pictures, folders of pictures, notes
        if path.is_symlink() or not path.is_file():
            code = "symlink-not-followed" if path.is_symlink() else "not-a-file"
            gathered.problems.append(problem(code, source=path.name))
        else:
            found.append(path)
    return found


@dataclass
class _Gathered:
    """Houses and rights from all files, each once."""

    images: FolderImages
    brands: list[Brand] = field(default_factory=list)
    rights: list[Right] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    read_any: bool = False

    def read(self, path: Path, folder: Path) -> None:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        readers: dict[str, Callable[[Path, str], None]] = {
            ".xml": self._register,
            ".zip": self._register,
            ".json": self._rights_file,
        }
        try:
            readers.get(path.suffix.lower(), self._rights_file)(path, name)
        except (Unfit, NotJson) as error:
            self.problems.append(problem(error.code, source=name, words=error.words))
        except (FileNotFoundError, NotADirectoryError):
            self.problems.append(problem("not-found", source=name))
        except OSError as error:
            words = {"reason": error.strerror or type(error).__name__}
            self.problems.append(problem("cannot-read", source=name, words=words))

    def _rights_file(self, path: Path, name: str) -> None:
        data = _bounded(path, LARGEST_RIGHTS_FILE)
        value = read_json(data) if path.suffix.lower() == ".json" else read_yaml(data)
        entries = EntryReader(name, self.images)
        for brand, rights in entries.read(value):
            self._add_brand(brand, name)
            for right, place in rights:
                self._add_right(right, name, place)
            self.problems.extend(entries.taken_problems())
        self.problems.extend(entries.taken_problems())
        self.read_any = True

    def _add_brand(self, brand: Brand, name: str) -> None:
        for at, known in enumerate(self.brands):
            if known.name == brand.name:
                self.brands[at] = _merged(known, brand)
                return
        self.brands.append(brand)

    def _add_right(self, right: Right, name: str, place: str) -> None:
        if any(known.id == right.id or _same_registration(known, right) for known in self.rights):
            self.problems.append(problem("duplicate-right", source=name, field=place, value=right.title))
        else:
            self.rights.append(right)

    def _register(self, path: Path, name: str) -> None:
        found = 0
        with open_archive(path, LARGEST_REGISTER_FILE) as stream:
            for record in read_register(stream, name, self.problems):
                found += 1
                brand, right = self._placed(record)
                self._add_brand(brand, name)
                self._add_right(right, name, record.number or record.mark)
        if not found:
            raise Unfit("no-trademark")
        self.read_any = True

    def _placed(self, record: RegisterRecord) -> tuple[Brand, Right]:
        """A register knows owners, not houses: the record goes to the house that has its mark, or its owner alone."""
        house = next(self._houses_with(record), None) or record.mark or record.owner
        known = next((brand for brand in self.brands if brand.name == house), None)
        return Brand(name=house, owner=known.owner if known else record.owner), record.as_right(house)

    def _houses_with(self, record: RegisterRecord) -> Iterator[str]:
        mark = record.mark.casefold()
        if mark:
            yield from (brand.name for brand in self.brands if brand.name.casefold() == mark)
            for right in self.rights:
                words = (right.mark, *right.aliases)
                if any(word is not None and word.value.casefold() == mark for word in words):
                    yield right.brand
        owned = [brand.name for brand in self.brands if record.owner and brand.owner == record.owner]
        if len(owned) == 1:
            yield owned[0]


def _same_registration(one: Right, other: Right) -> bool:
    return bool(one.number) and (one.kind, one.office, one.number) == (other.kind, other.office, other.number)


def _merged(one: Brand, other: Brand) -> Brand:
    """Facts about one house from two files, the first one's first."""
    return Brand(
        name=one.name,
        owner=one.owner or other.owner,
        price_bands=tuple(dict.fromkeys(one.price_bands + other.price_bands)),
        authorised_sellers=tuple(dict.fromkeys(one.authorised_sellers + other.authorised_sellers)),
        never_made=tuple(dict.fromkeys(one.never_made + other.never_made)),
    )


def _bounded(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Unfit("too-large", limit=f"{limit:,} bytes")
    if not data.strip():
        raise Unfit("empty-file")
    return data
