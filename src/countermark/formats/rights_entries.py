"""The rights file, entry by entry: a bad one is told by its path, the good ones beside it are kept."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias, TypeVar, cast

import msgspec

from countermark.formats.codes import COUNTRIES, read_language
from countermark.formats.images import FolderImages
from countermark.formats.picture import RefusedPicture, inspect_picture
from countermark.formats.portfolio_file import (
    VERSION,
    NeverMadeEntry,
    PriceBandEntry,
    RightEntry,
    SellerEntry,
    TextEntry,
)
from countermark.formats.problems import Unfit, problem
from countermark.model import (
    AuthorisedSeller,
    Brand,
    ImageRef,
    ImageRole,
    ImageUnavailable,
    InvalidRecord,
    NeverMade,
    PriceBand,
    Right,
    RightKind,
    RowProblem,
    Text,
    kind_of_id,
)
from countermark.model.decoding import convert
from countermark.model.money import is_currency

Placed: TypeAlias = tuple[Right, str]
E = TypeVar("E")
R = TypeVar("R")

#: Pictures of one right.
PICTURES = 5_000
_PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
_BRAND_KEYS = frozenset({"name", "owner", "price_bands", "authorised_sellers", "never_made", "rights", "photos"})
_TERRITORIES = COUNTRIES | {"EU", "WO"}


class EntryReader:
    """Reads the tree of one rights file into records.

    Args:
        source: name of the file, for the report.
        images: the folder that picture names start from.
    """

    def __init__(self, source: str, images: FolderImages) -> None:
        self._source = source
        self._images = images
        self._problems: list[RowProblem] = []
        self._group = ""  # owns the houses that name no owner

    def taken_problems(self) -> list[RowProblem]:
        """What was wrong since the last call, in file order."""
        taken, self._problems = self._problems, []
        return taken

    def read(self, value: object) -> Iterator[tuple[Brand, list[Placed]]]:
        """Every house with its rights and their paths.

        Raises:
            Unfit: when the file as a whole is none (bad-version, bad-entry).
        """
        if not isinstance(value, dict):
            raise Unfit("bad-entry", reason="a rights file begins with version: 1 and brands")
        if str(value.get("version")) != str(VERSION):
            raise Unfit("bad-version", value.get("version"))
        for key in value.keys() - {"version", "group", "brands"}:
            self._tell(key, "there is no such key here")
        self._group = str(value.get("group") or "")
        brands = value.get("brands")
        if not isinstance(brands, list):
            raise Unfit("bad-entry", reason="brands is not a list")
        for at, brand in enumerate(brands):
            yield from self._brand(brand, f"brands[{at}]")

    def _tell(self, path: str, reason: str, value: object = None) -> None:
        found = problem("bad-entry", source=self._source, field=path, value=value, words={"reason": reason})
        self._problems.append(found)

    def _brand(self, value: object, path: str) -> Iterator[tuple[Brand, list[Placed]]]:
        name = value.get("name") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(name, str) or not name.strip() or len(name) > 500:
            self._tell(f"{path}.name", "a house needs a name", name)
            return
        for key in sorted(value.keys() - _BRAND_KEYS):
            self._tell(f"{path}.{key}", "there is no such key here")
        brand = Brand(
            name=name,
            owner=str(value.get("owner") or self._group)[:500],
            price_bands=tuple(self._each(value, "price_bands", path, PriceBandEntry, _band)),
            authorised_sellers=tuple(self._each(value, "authorised_sellers", path, str | SellerEntry, _seller)),
            never_made=tuple(self._each(value, "never_made", path, NeverMadeEntry, _never_made)),
        )
        rights = [(right, place) for right, place in self._rights(value, path, name)]
        yield brand, rights

    def _each(
        self, owner: dict[str, object], key: str, path: str, type_: object, build: Callable[[E], R]
    ) -> Iterator[R]:
        """The usable entries of a list."""
        for entry, place in self._entries(owner, key, path, type_):
            try:
                yield build(cast("E", entry))
            except InvalidRecord as error:
                self._tell(f"{place}.{error.field}", f"{error.message} {error.mend}".removesuffix("."))

    def _entries(self, owner: dict[str, object], key: str, path: str, type_: object) -> Iterator[tuple[object, str]]:
        items = owner.get(key)
        if items is None:
            return
        if not isinstance(items, list):
            self._tell(f"{path}.{key}", f"{key} is not a list")
            return
        for at, item in enumerate(items):
            place = f"{path}.{key}[{at}]"
            try:
                # Scalars are text as written; lax conversion reads `25` as a class and `true` as true.
                yield convert(_trimmed(item), type_, strict=False), place
            except msgspec.ValidationError as error:
                self._tell(*_placed(str(error), place))

    def _rights(self, brand: dict[str, object], path: str, name: str) -> Iterator[Placed]:
        for entry, place in self._entries(brand, "rights", path, RightEntry):
            right = self._right(cast("RightEntry", entry), place, name)
            if right is not None:
                yield right, place
        photos = brand.get("photos")
        if photos:
            references = self._pictures(_names(photos), ImageRole.OFFICIAL, f"{path}.photos")
            title = f"{name}, official photographs"
            if references:
                yield (
                    Right(
                        brand=name,
                        kind=RightKind.COPYRIGHT,
                        title=title,
                        references=tuple(references),
                        source=self._source,
                    ),
                    f"{path}.photos",
                )

    def _right(self, entry: RightEntry, place: str, brand: str) -> Right | None:
        unknown = [code for code in entry.territories if code.strip().upper() not in _TERRITORIES]
        if unknown:
            self._tell(f"{place}.territories", "a territory is neither ISO 3166 nor EU nor WO", unknown[0])
            return None
        if entry.id and kind_of_id(entry.id) != "rgt":
            self._tell(f"{place}.id", "an id of a right is rgt_ and 26 characters; leave it out to have it derived")
            return None
        photos = self._pictures(_names(entry.photos), ImageRole.OFFICIAL, f"{place}.photos")
        logos = self._pictures(_names(entry.logos), ImageRole.LOGO, f"{place}.logos")
        try:
            return Right(
                brand=brand,
                kind=entry.kind,
                title=entry.title,
                mark=None if entry.mark is None else _text(entry.mark),
                aliases=tuple(_text(alias) for alias in entry.aliases),
                generic=entry.generic,
                territories=tuple(code.strip().upper() for code in entry.territories),
                classes=tuple(entry.classes),
                office=entry.office.strip().upper(),
                number=entry.number.strip(),
                status=entry.status,
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
                references=tuple(dict.fromkeys(photos + logos)),
                source=self._source,
                given_id=entry.id,
            )
        except InvalidRecord as error:
            self._tell(f"{place}.{error.field}", f"{error.message} {error.mend}".removesuffix("."))
        except Unfit:
            self._tell(f"{place}.mark", "a language is not a BCP 47 tag")
        return None

    # --- pictures ------------------------------------------------------------------------------------------------

    def _pictures(self, names: list[str], role: ImageRole, place: str) -> list[ImageRef]:
        found: list[ImageRef] = []
        for name in names:
            for uri in self._expanded(name, place):
                if len(found) >= PICTURES:
                    self._tell(place, f"there are more than {PICTURES:,} pictures; the first ones are kept")
                    return found
                sha256 = self._hash(uri, place)
                if sha256 is not None:
                    found.append(ImageRef(uri=uri, role=role, sha256=sha256))
        return found

    def _expanded(self, name: str, place: str) -> list[str]:
        """A picture's name, or the names of all pictures in a folder, sorted; links in it are not followed."""
        root = self._images.root
        folder = root / name
        inside = not Path(name).is_absolute() and ".." not in Path(name).parts
        if not inside or not folder.is_dir():
            return [name]
        if not folder.resolve().is_relative_to(root.resolve()):
            self._refuse("the folder lies outside of the rights file's own folder.", "Copy it there.", name, place)
            return []
        uris = []
        for path in sorted(folder.iterdir()):
            uri = path.relative_to(root).as_posix()
            if path.name.startswith(".") or (path.is_dir() and not path.is_symlink()):
                continue
            if path.is_symlink():
                self._refuse("links in folders are not followed.", "Put the file itself there.", uri, place)
            elif path.suffix.lower() not in _PICTURE_SUFFIXES:
                found = problem("not-a-picture-name", source=self._source, field=place, value=uri)
                self._problems.append(found)
            else:
                uris.append(uri)
        if not uris:
            self._problems.append(problem("no-pictures", source=self._source, field=place, value=name))
        return uris

    def _hash(self, uri: str, place: str) -> str | None:
        try:
            data = self._images.read(uri)
            inspect_picture(data)
        except ImageUnavailable as error:
            self._refuse(str(error), "Check the name; pictures lie beside the rights file.", uri, place)
        except RefusedPicture as error:
            self._refuse(error.message, error.mend, uri, place)
        else:
            return hashlib.sha256(data).hexdigest()
        return None

    def _refuse(self, reason: str, mend: str, uri: str, place: str) -> None:
        words = {"reason": reason, "mend": mend}
        self._problems.append(problem("bad-picture", source=self._source, field=place, value=uri, words=words))


def _trimmed(item: object, key: str = "") -> object:
    """Keys without a value are as good as not written; classes are written `09` in every register."""
    if isinstance(item, dict):
        return {name: _trimmed(value, name) for name, value in item.items() if value is not None}
    if isinstance(item, list):
        return [_trimmed(each, key) for each in item]
    return item.lstrip("0") if key == "classes" and isinstance(item, str) else item


def _placed(message: str, place: str) -> tuple[str, str]:
    """`Expected int - at $.classes[0]` -> the path in the file, and the reason alone."""
    reason, _, where = message.partition(" - at `$")
    reason = reason.replace("`", "").strip() or message
    return place + where.rstrip("`"), f"{reason[:1].lower()}{reason[1:]}"


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _text(entry: str | TextEntry) -> Text:
    if isinstance(entry, str):
        return Text(entry)
    return Text(entry.value, None if entry.language is None else read_language(entry.language))


def _band(entry: PriceBandEntry) -> PriceBand:
    currency = entry.currency.strip().upper()
    if not is_currency(currency):
        raise InvalidRecord("currency", f"{currency[:10]!r} is not a currency of ISO 4217.", "Write EUR, USD or CNY.")
    return PriceBand(currency=currency, low=entry.low, high=entry.high, category=entry.category)


def _seller(entry: str | SellerEntry) -> AuthorisedSeller:
    if isinstance(entry, str):
        return AuthorisedSeller(name=entry)
    return AuthorisedSeller(name=entry.name, marketplace=entry.marketplace, external_id=entry.external_id)


def _never_made(entry: NeverMadeEntry) -> NeverMade:
    return NeverMade(words=tuple(entry.words), explanation=entry.explanation)
