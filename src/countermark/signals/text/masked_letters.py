"""Reading masked letters: which names fit what still shows."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from countermark.signals.text.views import IDEOGRAPH, classes
from countermark.signals.text.words import common_words, is_common

#: Hide letters inside a word and at its end.
ANYWHERE = "*∗✱✲✳⁎※~〜∼●○◯■□▪▫◆◇"
#: Hide a letter only between two others: elsewhere they are punctuation or decoration.
BETWEEN = "#_×✕✖✗?★☆♥❤♡%"
EMOJI = "\U0001f300-\U0001f5ff\U0001f600-\U0001f64f\U0001f680-\U0001faff"
_ANYWHERE, _MASKS = f"[{re.escape(ANYWHERE)}]", f"[{re.escape(ANYWHERE + BETWEEN)}{EMOJI}]"

#: A word of Latin letters with masks; figures belong to sizes and article numbers, not here.
WORD = re.compile(
    rf"(?<![a-z0-9])(?:{_ANYWHERE}{{1,4}})?[a-z]+(?:{_MASKS}{{1,8}}[a-z]+)*(?:{_ANYWHERE}{{1,8}})?(?![a-z0-9])"
)
RUNS = re.compile(r"[a-z]+|[^a-z]+")
MASK, MASK_RUN = re.compile(_MASKS), re.compile(rf"{_ANYWHERE}+")
#: A word with more gaps is no masked name; it also keeps matching short.
MOST_GAPS, MOST_LETTERS = 4, 32
#: Names are looked up by so many letters that show at one end.
KEY_LETTERS = 3
#: How many ideographs beside a mask are looked at.
REACH = 8
#: A field with more masked words than that is decorated, or hostile.
MOST_WORDS = 16
#: With more names than this behind one masked word, it says nothing.
MOST_NAMES = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """A name that fits a masked stretch of folded text.

    Attributes:
        number: of the name.
        start, end: of the stretch, end excluded.
        visible, hidden: letters of the name that show, and that do not.
        exact: one mask for each hidden letter.
        cut_off: the stretch begins and ends where a word does, as far as one can see.
        ordinary: an everyday word fits as well.
    """

    number: int
    start: int
    end: int
    visible: int
    hidden: int
    exact: bool
    cut_off: bool = True
    ordinary: bool = False


class MaskedLatin:
    """Names in Latin letters, by their first and last letters."""

    def __init__(self, letters: list[str]) -> None:
        self._by_end: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._letters = letters
        self._known = frozenset(letters)
        for number, one in enumerate(letters):
            if one.isascii() and one.isalpha():
                for length in range(1, KEY_LETTERS + 1):
                    self._by_end[0, one[:length]].append(number)
                    self._by_end[-1, one[-length:]].append(number)

    def read(self, text: str) -> Iterator[Reading]:
        """Names that fit a masked word of a folded text."""
        for match in islice(_masked_words(text), MOST_WORDS):
            runs = RUNS.findall(match[0])
            if len(match[0]) <= MOST_LETTERS and sum(not run.isalpha() for run in runs) <= MOST_GAPS:
                yield from self._fitting(runs, match.start(), match.end())

    def _fitting(self, runs: list[str], start: int, end: int) -> Iterator[Reading]:
        opened, closed = not runs[0].isalpha(), not runs[-1].isalpha()
        shown = "".join(run for run in runs if run.isalpha())
        # Stars on both sides decorate a word (`*new*`), a star after a whole word is a footnote (`sale*`).
        if (opened and closed) or (len(runs) == 2 and (is_common(shown) or shown in self._known)):
            return
        beginning, end_of_name = "" if opened else runs[0], "" if closed else runs[-1]
        alike = self._alike(beginning, end_of_name)
        if not alike:
            return
        loose, exact = _expressions(runs)
        fits = list(islice((number for number in alike if loose.fullmatch(self._letters[number])), MOST_NAMES + 1))
        if not 0 < len(fits) <= MOST_NAMES:
            return
        length = sum(map(len, runs))
        side, letter = (-1, runs[-1][-1]) if opened else (0, runs[0][0])
        ordinary = any(exact.fullmatch(word) for word in _ordinary_words().get((length, side, letter), ()))
        for number in fits:
            name = self._letters[number]
            hidden = len(name) - len(shown)
            exactly = exact.fullmatch(name) is not None
            yield Reading(number, start, end, len(shown), hidden, exactly, ordinary=ordinary)

    def _alike(self, beginning: str, end: str) -> list[int]:
        """Names that begin and end so; an end that is masked is empty, and not both are."""
        keys = [(0, beginning[:KEY_LETTERS]), (-1, end[-KEY_LETTERS:])]
        known = min((self._by_end.get((side, key), []) for side, key in keys if key), key=len)
        letters = self._letters
        return [one for one in known if letters[one].startswith(beginning) and letters[one].endswith(end)]


def _masked_words(text: str) -> Iterator[re.Match[str]]:
    """Words with a mask; only between spaces where there is a mask, because few words have one."""
    looked_at = 0
    for mask in MASK.finditer(text):
        if mask.start() >= looked_at:
            start, end = text.rfind(" ", 0, mask.start()) + 1, text.find(" ", mask.end())
            looked_at = end if end >= 0 else len(text)
            yield from (match for match in WORD.finditer(text, start, looked_at) if not match[0].isalpha())


@cache
def _ordinary_words() -> dict[tuple[int, int, str], list[str]]:
    """Everyday words by length, and by first (0) and last (-1) letter."""
    words: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for word in sorted(common_words()):
        for side in (0, -1):
            words[len(word), side, word[side]].append(word)
    return words


def _expressions(runs: list[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Masks as any letters (at least one each run), and as one letter each."""
    loose = "".join(
        run if run.isalpha() else "." + (f"{{1,{MOST_LETTERS}}}" if run[0] in ANYWHERE else "") for run in runs
    )
    exact = "".join(run if run.isalpha() else f".{{{len(run)}}}" for run in runs)
    return re.compile(loose), re.compile(exact)


class MaskedIdeographs:
    """Names in scripts without spaces, by each of their characters."""

    def __init__(self, letters: list[str]) -> None:
        self._letters = letters
        self._at: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, one in enumerate(letters):
            if len(one) > 1 and all(_is_ideograph(character) for character in one):
                for place, character in enumerate(one):
                    self._at[character].append((number, place))

    def read(self, text: str) -> Iterator[Reading]:
        """Names that fit around a mask of a folded text."""
        if text.isascii():
            return
        for mask in islice(MASK_RUN.finditer(text), MOST_WORDS):
            left, right = _ideographs_before(text, mask.start()), _ideographs_after(text, mask.end())
            for number, place in self._at.get(left[-1:], ()):
                if left.endswith(self._letters[number][: place + 1]):
                    yield from self._after(number, place + 1, left, right, mask)
            for number, place in self._at.get(right[:1], ()):
                rest = self._letters[number][place:]
                if place == len(mask[0]) and not left and right.startswith(rest):
                    yield Reading(number, mask.start(), mask.end() + len(rest), len(rest), place, exact=True)

    def _after(self, number: int, shown: int, left: str, right: str, mask: re.Match[str]) -> Iterator[Reading]:
        rest = self._letters[number][shown:]
        tail = rest[len(mask[0]) :]
        cut_off = len(left) == shown
        if tail and right.startswith(tail):
            end = mask.end() + len(tail)
            yield Reading(
                number, mask.start() - shown, end, shown + len(tail), len(mask[0]), exact=True, cut_off=cut_off
            )
        elif rest:
            exact = len(rest) == len(mask[0])
            free = cut_off and not right[:1].isdigit()
            yield Reading(number, mask.start() - shown, mask.end(), shown, len(rest), exact=exact, cut_off=free)


def _is_ideograph(character: str) -> bool:
    return classes()[ord(character)] == IDEOGRAPH


def _ideographs_before(text: str, end: int) -> str:
    start = end
    while start > max(0, end - REACH) and _is_ideograph(text[start - 1]):
        start -= 1
    return text[start:end]


def _ideographs_after(text: str, start: int) -> str:
    end = start
    while end < min(len(text), start + REACH) and _is_ideograph(text[end]):
        end += 1
    return text[start:end]
