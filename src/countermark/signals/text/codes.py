"""Characters as numbers, many at once: texts as arrays, what a table says of each, and folds with the way back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from countermark.signals.text.code_page import places

#: Code points: 32 bits each, or 8 where each is ASCII or in our code page (a quarter of the memory to pass through).
Codes = NDArray[np.uint32] | NDArray[np.uint8]
Places = NDArray[np.int64]
CODE_POINTS, ASCII = 0x110000, 0x80
DROPPED = np.uint32(0xFFFFFFFF)
SEVERAL = np.uint32(0xFFFFFFFE)


class CodeTable:
    """A number below 256 for every code point, looked up for many at once.

    ASCII and our code page go by `bytes.translate`, several times as fast as a look into a table by index, and most of
    every text is ASCII; only the rest is looked up.
    """

    def __init__(self, table: NDArray[np.uint8]) -> None:
        self._table = table
        octets = np.zeros(256, dtype=np.uint8)
        octets[:ASCII] = table[:ASCII]
        for character, place in places().items():
            octets[place] = table[ord(character)]
        self._octets = octets.tobytes()

    def __getitem__(self, code: int) -> int:
        return int(self._table[code])

    def of(self, codes: Codes) -> NDArray[np.uint8]:
        """What the table says of each code point."""
        found = translated(narrowed(codes), self._octets)
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
        octets = translated(narrowed(codes), self._octets)
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
    def _ascii_stays_ascii(self) -> bool:
        """Whether each ASCII character becomes exactly one."""
        return bool((self.single[:ASCII] < ASCII).all())

    @cached_property
    def _octets(self) -> bytes:
        """What becomes of each octet of ASCII and of our code page; 0xFF, which is none, of those that are dropped."""
        becomes = np.arange(256, dtype=np.uint8)
        becomes[:ASCII] = self.single[:ASCII] & 0xFF
        for character, place in places().items():
            folded = int(self.single[ord(character)])
            becomes[place] = place if folded == ord(character) else folded & 0xFF
        return becomes.tobytes()

    def _ascii_codes(self, codes: Codes) -> tuple[Codes, Places | None]:
        folded = translated(narrowed(codes), self._octets)
        kept = folded != 0xFF
        # As `folded[kept]`, in half the time where many are dropped.
        return (folded, None) if kept.all() else (folded.compress(kept), np.flatnonzero(kept))

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
        if text.isascii() and self._ascii_stays_ascii:
            return Folded(text.encode().translate(self._octets).decode(), range(len(text)), len(text))
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
    out: list[Codes] = []
    origin: list[Places] = []
    done = 0
    for place, letters in zip(places, by, strict=True):
        out += [codes[done:place], np.array(list(map(ord, letters)), dtype=np.uint32)]
        origin += [came_from[done:place], np.repeat(came_from[place], len(letters))]
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


def translated(octets: NDArray[np.uint8], table: bytes) -> NDArray[np.uint8]:
    """What a table of 256 says of each octet, in an array of its own; of `bytes` it would take twice the time."""
    return np.frombuffer(bytearray(octets).translate(table), dtype=np.uint8)


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
