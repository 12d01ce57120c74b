"""Looks for personal data in free text: names, mail, telephone, numbers of persons, accounts, addresses.

A statement goes to a public database that nobody can correct, so a doubt blocks and a person decides. What is found
is never repeated, only its kind and its place. It cannot know every name: give it those of the case.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache

import ahocorasick_rs
import msgspec

from countermark.law.statement import personal_patterns as shapes

#: What is looked for, in the words of a report.
KINDS = {
    "account": "the number of a bank account or card",
    "address": "a postal address",
    "birth": "a date of birth",
    "handle": "the name of an account of a person",
    "id": "the number of an identity document, a tax or a social insurance number",
    "ip": "the address of a computer",
    "mail": "an e-mail address",
    "name": "the name of a person",
    "telephone": "a telephone number",
}

#: Fewer digits, a plus apart, are no number of a person or account: a day has eight.
_FEWEST_DIGITS = 9
_NO_DIGIT = dict.fromkeys(map(ord, " ().-/"))
#: Characters before and after a run of digits that belong to the longest number with letters, an IBAN of Malta.
_BEFORE, _AFTER = 14, 14


class Sighting(msgspec.Struct, frozen=True):
    """Something that looks like personal data.

    Attributes:
        kind: a key of `KINDS`.
        start, end: characters of the text, end not included.
    """

    kind: str
    start: int
    end: int


def find_personal_data(text: str, names: Iterable[str] = ()) -> tuple[Sighting, ...]:
    """Everything in a text that looks like personal data, in order of place.

    Args:
        text: any.
        names: of the persons of the case (seller, notifier, agents); found whatever their case and spacing.
    """
    found = {*_by_word(text), *_by_number(text), *_known(text, tuple(names))}
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, tuple[tuple[int, ...], ...]]:
    """One automaton over all words, and for each word the places of its patterns in `BY_WORD`."""
    places: dict[str, list[int]] = {}
    for place, (_, _, words) in enumerate(shapes.BY_WORD):
        for word in words:
            places.setdefault(word, []).append(place)
    return ahocorasick_rs.AhoCorasick(list(places)), tuple(map(tuple, places.values()))


def _by_word(text: str) -> Iterator[Sighting]:
    automaton, places = _automaton()
    # Half a character (a lone surrogate) cannot be handed to the automaton; it is part of no word.
    whole = text if text.isascii() else _HALF_A_CHARACTER.sub("\ufffd", text)
    hits = automaton.find_matches_as_indexes(whole.lower(), overlapping=True)
    for place in {place for word, _, _ in hits for place in places[word]}:
        kind, pattern, _ = shapes.BY_WORD[place]
        for match in pattern.finditer(text):
            if _counts(kind, pattern, match):
                yield Sighting(kind, match.start(), match.end())


def _counts(kind: str, pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    if pattern is shapes.CORSICAN_ID:
        return _is_french_id(match[0])
    return kind != "name" or not shapes.COMPANY.search(match.string, match.start(), match.end() + 10)


def _by_number(text: str) -> Iterator[Sighting]:
    for run in shapes.RUN.finditer(text):
        start, end = run.span()
        if run[0].count(".") >= 3:
            yield from (Sighting("ip", m.start(), m.end()) for m in shapes.IP.finditer(text, start, end + 1))
        if len(run[0].translate(_NO_DIGIT)) >= _FEWEST_DIGITS or text[start - 1 : start] == "+":
            yield from _in_run(text, start, min(end + _AFTER, len(text)))


def _in_run(text: str, start: int, end: int) -> Iterator[Sighting]:
    # Before a run stand a plus or a bracket, or the letters of an IBAN; after it the last letters of a number.
    for match in shapes.PERSON.finditer(text, max(0, start - 2), end):
        kind, holds = _GROUPS[match.lastgroup or ""]
        if holds(match[0]):
            yield Sighting(kind, match.start(), match.end())
    for match in shapes.IBAN.finditer(text, max(0, start - _BEFORE), end):
        if _is_iban(match[0]):
            yield Sighting("account", match.start(), match.end())


def _known(text: str, names: tuple[str, ...]) -> Iterator[Sighting]:
    for name in names:
        pattern = _name_pattern(name)
        if pattern is not None:
            yield from (Sighting("name", match.start(), match.end()) for match in pattern.finditer(text))


@lru_cache(maxsize=1024)
def _name_pattern(name: str) -> re.Pattern[str] | None:
    words = re.findall(r"\w+", name)
    if len("".join(words)) < 2:
        return None
    joined = r"[\W_]*".join(re.escape(word) for word in words)
    return re.compile(joined if not name.isascii() else rf"\b{joined}\b", re.I)


def _is_iban(written: str) -> bool:
    """ISO 13616: the remainder modulo 97 of the moved number is 1."""
    plain = written.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _is_card(written: str) -> bool:
    """ISO/IEC 7812: the Luhn sum of 14 to 16 digits is a multiple of 10."""
    digits = [int(one) for one in written if one.isdigit()]
    if not 14 <= len(digits) <= 16:
        return False
    odd = digits[-1::-2]
    even = [2 * one - 9 * (one > 4) for one in digits[-2::-2]]
    return (sum(odd) + sum(even)) % 10 == 0


def _is_chinese_id(written: str) -> bool:
    """GB 11643: the weighted sum of 17 digits modulo 11 names the last character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, written, strict=False))
    return "10X98765432"[total % 11] == written[-1].upper()


def _is_french_id(written: str) -> bool:
    """NIR: the key is 97 minus the number modulo 97, Corsica counted as 19 and 18."""
    plain = written.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return len(plain) == 15 and int(plain[13:]) == 97 - int(plain[:13]) % 97


#: Group of `personal_patterns.PERSON` to the kind, and what its number must satisfy.
_GROUPS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "telephone": ("telephone", bool),
    "american": ("id", bool),
    "card": ("account", _is_card),
    "chinese": ("id", _is_chinese_id),
    "french": ("id", _is_french_id),
}
