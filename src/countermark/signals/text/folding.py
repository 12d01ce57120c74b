"""Folds: text to what people read in it, each with an exact map back to the original characters.

Three folds, each character by character (so a fold of a part is a part of the fold):

* `PLAIN`: lower case, compatibility forms (full width, ligatures), accents gone: spelling variants nobody hides behind.
* `LATIN`: also look-alikes of other scripts, styled alphabets, hidden characters: what a reader takes it for.
* `SKELETON`: also figures and signs for letters (`0` and `o`, `1`, `i` and `l`) written alike, all else dropped.

`PLAIN` and `LATIN` leave lower-case ASCII as it is. All three are idempotent. Unicode's stability policy fixes
decompositions once assigned, so the same text folds alike under every Python we support.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text import alphabets

#: Code points: 32 bits each, or 8 where every one is ASCII (a quarter of the memory to pass through).
Codes = NDArray[np.uint32] | NDArray[np.uint8]
Places = NDArray[np.int64]

CODE_POINTS, ASCII = 0x110000, 0x80
DROPPED = np.uint32(0xFFFFFFFF)
SEVERAL = np.uint32(0xFFFFFFFE)
#: Scripts whose characters fold to themselves, left out of the tables to keep start-up short.
PLAIN_BLOCKS = (range(0x3400, 0xA000), range(0xAC00, 0xD7A4), range(0xD800, 0xF900), range(0x20000, 0x2F800))
STYLED_TAGS = frozenset({"<font>", "<circle>", "<super>", "<sub>"})
ORDINALS = frozenset("ªº")


class CodeTable:
    """A number below 256 for every code point, looked up for many at once.

    ASCII goes by `bytes.translate`, several times as fast as a look into a table by index, and most of every text is
    ASCII; only the rest is looked up.
    """

    def __init__(self, table: NDArray[np.uint8]) -> None:
        self._table = table
        self._ascii = table[:ASCII].tobytes().ljust(256, b"\0")

    def __getitem__(self, code: int) -> int:
        return int(self._table[code])

    def of(self, codes: Codes) -> NDArray[np.uint8]:
        """What the table says of each code point."""
        found = np.frombuffer(bytearray(narrowed(codes).tobytes().translate(self._ascii)), dtype=np.uint8)
        if codes.dtype != np.uint8:
            beyond = np.flatnonzero(codes >= ASCII)
            found[beyond] = self._table[codes[beyond]]
        return found


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and where each of its characters came from.

    Attributes:
        text: after folding.
        offsets: for each character of `text`, the index of the original character; rises or stays, never falls.
        length: of the original, in code points.
    """

    text: str
    offsets: Sequence[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original stretch (end excluded) behind `text[start:end]`, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


class CharacterFold:
    """A fold that looks at one character at a time, as tables for whole batches.

    Args:
        fold: character to the characters it becomes; the fold is applied until nothing changes.
        candidates: code points that may change; all others stay.
    """

    def __init__(self, fold: Callable[[str], str], candidates: Iterable[int]) -> None:
        self.single: NDArray[np.uint32] = np.arange(CODE_POINTS, dtype=np.uint32)
        self.longer: dict[int, str] = {}
        for code in candidates:
            folded = _settled(fold, chr(code))
            if len(folded) == 1:
                self.single[code] = ord(folded)
            else:
                self.single[code] = SEVERAL if folded else DROPPED
                self.longer[code] = folded

    def codes(self, codes: Codes) -> tuple[Codes, Places | None]:
        """Fold code points.

        Returns:
            The folded code points, and for each of them the place of the one it came from (see `origins`); None
            instead when every character became exactly one.
        """
        if codes.dtype == np.uint8:
            if self._ascii_stays_one:
                return self._ascii_codes(codes)
            codes = codes.astype(np.uint32)
        folded = self._folded(codes)
        kept = folded != DROPPED
        came_from = None
        if not kept.all():
            folded, came_from = folded[kept], np.flatnonzero(kept)
        several = np.flatnonzero(folded == SEVERAL)
        if not len(several):
            return folded, came_from
        came_from = np.arange(len(codes)) if came_from is None else came_from
        longer = [self.longer[code] for code in codes[came_from[several]].tolist()]
        return _replaced(folded, came_from, several.tolist(), longer)

    def _folded(self, codes: Codes) -> NDArray[np.uint32]:
        """What `single` says of each code point."""
        if not self._ascii_stays_one:
            return self.single.take(codes)
        octets = np.frombuffer(narrowed(codes).tobytes().translate(self._ascii), dtype=np.uint8)
        folded = octets.astype(np.uint32)
        folded[octets == 0xFF] = DROPPED
        beyond = np.flatnonzero(codes >= ASCII)
        folded[beyond] = self.single[codes[beyond]]
        return folded

    @cached_property
    def _ascii_stays_one(self) -> bool:
        """Whether each ASCII character becomes one or none."""
        return not (self.single[:ASCII] == SEVERAL).any()

    @cached_property
    def _ascii(self) -> bytes:
        """What becomes of each octet; 0xFF, which no ASCII character is, of those that are dropped."""
        becomes = np.arange(256, dtype=np.uint8)
        becomes[:ASCII] = self.single[:ASCII] & 0xFF
        return becomes.tobytes()

    def _ascii_codes(self, codes: Codes) -> tuple[Codes, Places | None]:
        folded = np.frombuffer(bytearray(codes.tobytes().translate(self._ascii)), dtype=np.uint8)
        kept = folded < ASCII
        return (folded, None) if kept.all() else (folded[kept], np.flatnonzero(kept))

    def character(self, character: str) -> str:
        """Fold one character, without numpy: quick for the few that are looked at one by one."""
        code = ord(character)
        return self._of_ascii[code] if code < ASCII else self._of_code(code)

    @cached_property
    def _of_ascii(self) -> list[str]:
        return [self._of_code(code) for code in range(ASCII)]

    def _of_code(self, code: int) -> str:
        folded = int(self.single[code])
        return chr(folded) if folded < SEVERAL else self.longer.get(code, "")

    @cached_property
    def _of_letter(self) -> "_Letters":
        return _Letters(self)

    def text(self, text: str) -> Folded:
        """Fold a text of any length, with its map back."""
        short = text.translate(self._of_letter)
        if self._of_letter.uneven.isdisjoint(text):
            return Folded(short, range(len(text)), len(text))
        codes, came_from = self.codes(codes_of(text))
        if came_from is None:
            return Folded(text_of(codes), range(len(text)), len(text))
        return Folded(text_of(codes), tuple(came_from.tolist()), len(text))

    def __call__(self, text: str) -> str:
        """Only the folded text."""
        return text_of(self.codes(codes_of(text))[0])


def _replaced(codes: Codes, came_from: Places, places: list[int], by: list[str]) -> tuple[Codes, Places]:
    """Code points with those at a few places replaced by several, and where each of the result came from."""
    out, origin, done = [codes[:0]], [came_from[:0]], 0
    for place, letters in zip(places, by, strict=True):
        out += codes[done:place], codes_of(letters).astype(codes.dtype)
        origin += came_from[done:place], came_from[place].repeat(len(letters))
        done = place + 1
    return np.concatenate([*out, codes[done:]]), np.concatenate([*origin, came_from[done:]])


def origins(came_from: Places | None, positions: Places) -> Places:
    """The original characters behind positions of a result, given where each character of the result came from."""
    return positions if came_from is None else came_from[positions]


class _Letters(dict[int, str]):
    """What single characters become, as `str.translate` asks for it: a text of a few words needs no arrays.

    Attributes:
        uneven: characters met so far that become none or several.
    """

    def __init__(self, fold: CharacterFold) -> None:
        super().__init__()
        self._fold = fold
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = self[code] = self._fold.character(chr(code))
        if len(folded) != 1:
            self.uneven.add(chr(code))
        return folded


def narrowed(codes: Codes) -> NDArray[np.uint8]:
    """The lowest octet of each code point: all of it where it is ASCII."""
    return codes.astype(np.uint8, copy=False)


def codes_of(text: str) -> Codes:
    """Code points of a text, 8 bits wide when it is ASCII; lone surrogates pass, hostile JSON can bring them."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    if codes.dtype == np.uint8:
        return codes.tobytes().decode("ascii")
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def _settled(fold: Callable[[str], str], character: str) -> str:
    text = character
    for _ in range(8):
        folded = "".join(map(fold, text))
        if folded == text:
            break
        text = folded
    return text


def is_styled(character: str) -> bool:
    """Whether it is a letter of an alphabet that is drawn rather than typed (mathematical, enclosed, raised)."""
    if character in alphabets.STYLED:
        return True
    if character in alphabets.SIGNS_OF_PROTECTION:
        return False
    tag, _, rest = unicodedata.decomposition(character).partition(" ")
    letters = "".join(chr(int(code, 16)) for code in rest.split()) if tag in STYLED_TAGS else ""
    return letters.isalpha() and character not in ORDINALS


def is_hidden(character: str) -> bool:
    """Whether it is drawn nowhere, or only drawn over its neighbour."""
    code = ord(character)
    return code in alphabets.HIDDEN or code in alphabets.OVERLAYS


def plain_character(character: str) -> str:
    """What `PLAIN` makes of one character."""
    if character.isascii():
        return character.lower()
    if character == "\N{SOFT HYPHEN}":
        return ""
    if character in alphabets.SIGNS_OF_PROTECTION:
        return " "
    if is_styled(character) or is_hidden(character):
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    bare = _without_accents(unicodedata.normalize("NFKD", character))
    lower = _without_accents(unicodedata.normalize("NFKD", bare.casefold()))
    return "".join(alphabets.STROKED.get(letter, letter) for letter in lower)


def latin_character(character: str) -> str:
    """What `LATIN` makes of one character."""
    if is_hidden(character):
        return ""
    if character in alphabets.STYLED:
        return alphabets.STYLED[character]
    if is_styled(character):
        return unicodedata.normalize("NFKD", character).casefold()
    plain = plain_character(character)
    if plain.isascii():
        return plain
    known = alphabets.BORROWED.get(character) or alphabets.confusables().get(character)
    return known or alphabets.BORROWED.get(plain, plain)


def skeleton_character(character: str) -> str:
    """What `SKELETON` makes of one character; a NUL, the end of a field, stays."""
    latin = latin_character(character)
    letters = "".join(alphabets.SKELETON.get(letter, letter) for letter in latin)
    return "".join(letter for letter in letters if letter.isalnum() or letter == "\0")


def _without_accents(text: str) -> str:
    return text if text.isascii() else "".join(c for c in text if ord(c) not in alphabets.ACCENTS)


@cache
def _candidates() -> tuple[int, ...]:
    """Code points that some fold may change; the others, most of Unicode, need no closer look."""
    special = {ord(c) for table in (alphabets.STYLED, alphabets.BORROWED, alphabets.SKELETON) for c in table}
    special |= {ord(c) for c in (*alphabets.confusables(), *alphabets.STROKED, *alphabets.SIGNS_OF_PROTECTION)}
    special |= alphabets.HIDDEN | alphabets.OVERLAYS | alphabets.ACCENTS
    skipped = set().union(*PLAIN_BLOCKS)
    searched = (code for code in range(0x30000) if code not in skipped)
    return tuple(sorted(special.union(code for code in searched if _changes(chr(code)))))


def _changes(character: str) -> bool:
    return unicodedata.normalize("NFKD", character).casefold() != character or character.isdecimal()


@cache
def plain() -> CharacterFold:
    """The fold `PLAIN`; its tables are built once in a process."""
    return CharacterFold(plain_character, _candidates())


@cache
def latin() -> CharacterFold:
    """The fold `LATIN`."""
    return CharacterFold(latin_character, _candidates())


@cache
def skeleton() -> CharacterFold:
    """The fold `SKELETON`."""
    fold = CharacterFold(skeleton_character, _candidates())
    for code in range(1, 0x30000):
        if fold.single[code] == code and not chr(code).isalnum():
            fold.single[code] = DROPPED
    return fold
