"""Looks for personal data in free text: names, mail, telephone, numbers of persons, accounts, addresses.

A statement goes to a public database that nobody can correct, so a doubt blocks and a person decides. What is found
is never repeated, only its kind and its place. It cannot know every name: give it those of the case.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

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


class Sighting(msgspec.Struct, frozen=True):
    """Something that looks like personal data.

    Attributes:
        kind: a key of `KINDS`.
        start, end: characters of the text, end not included.
    """

    kind: str
    start: int
    end: int


_MAIL = re.compile(
    r"[\w.+-]{1,64}(?:@|\s?[\[(]at[\])]\s?)[\w-]{1,63}(?:(?:\.|\s?[\[(]dot[\])]\s?)[\w-]{2,63}){1,4}", re.I
)
_HANDLE = re.compile(
    r"(?<![\w@.])@[A-Za-z][\w.]{2,30}|\b(?:wechat|weixin|whatsapp|telegram|qq|微信|VX)\s*[:：]\s*\S{4,40}", re.I
)
_TELEPHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}|00\d{1,3}[ ().\-/])(?:[ ().\-/]{0,2}\d){6,13}"  # with 00 a register number looks the same
    r"|(?<!\d)1[3-9]\d(?:[ \-]?\d{4}){2}(?!\d)"  # Chinese mobile
    r"|(?<![\d.])0[1-9](?:[ .\-]\d{2}){4}(?!\d)"  # French, written in pairs
    r"|(?<!\d)\(?[2-9]\d{2}\)?[ .\-][2-9]\d{2}[ .\-]\d{4}(?!\d)"  # North American
    r"|(?:\b(?:tel|t[ée]l[ée]phone|phone|telefon|mobile|portable|fax)\b|电话|手机)\.?\s*(?:no\.?|n°)?"
    r"\s*[:：]?\s*\(?\+?\d(?:[ ().\-/]{0,2}\d){5,14}",
    re.I,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_CARD = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{2,4}(?!\d)")
_CHINESE_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)")
_FRENCH_ID = re.compile(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\d)")
_LABELLED_ID = re.compile(
    r"(?:passport|passeport|reisepass|identity card|id card|carte d'identit[ée]|personalausweis|social security|ssn"
    r"|tax id|steuer-?id|护照|身份证)(?: (?:no|number|num[ée]ro|nr))?\.?(?:号码?|n°)?\s*[:：]?\s*"
    r"(?=\w*\d)[A-Z0-9-]{6,20}",
    re.I,
)
_AMERICAN_ID = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
_BIRTH = re.compile(r"\b(?:born(?: on)?|date of birth|dob|n[ée]e? le|geboren(?: am)?|出生)\s*[:：]?\s*\d", re.I)
_ADDRESS = re.compile(
    r"\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|bd|place|chemin|impasse|allée|quai|via|calle|plaza)\b"
    r" [\w'’ -]{3,60}"
    r"|\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd)\b"
    r"|\b[A-ZÄÖÜ][a-zäöüß]{2,}(?:straße|strasse|str\.|weg|gasse|platz) \d{1,4}[a-z]?\b"
    r"|[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷)\d{1,5}号",
)
_TITLED = re.compile(
    r"\b(?:Mrs?|Ms|Miss|Dr|Prof|Mme|Mlle|M|Me|Monsieur|Madame|Herrn?|Frau|Signora?|Señora?|Sra?|Pan|Pani)\.? "
    r"(?:[A-ZÀ-Þ][\w'’-]+|[A-ZÀ-Þ]\.)(?: [A-ZÀ-Þ][\w'’-]+){0,3}"
)
_LABELLED_NAME = re.compile(
    r"\b(?:named|called|name is|by the name of|on behalf of|operated by|run by|nommée?|s'appelle|namens|exploitée? par)"
    r" (?-i:[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ][\w'’-]+)",
    re.I,
)
_CHINESE_NAME = re.compile(
    r"[\u4e00-\u9fff]{1,4}(?:先生|女士|小姐)|(?:姓名|联系人|法定代表人)[:：]\s*[\u4e00-\u9fff]{2,4}"
)
_DIGIT = re.compile(r"\d")
_TITLE_HINT = re.compile(r"\b(?:M|Pr|D)[a-zé.]{0,7} ?[A-ZÀ-Þ]|Herr|Frau|Signor|Señor|Sra? |Sr\.|Pan")
#: A company is no person: what ends like one is not taken for a name.
_COMPANY = re.compile(r"\b(?:SA|SAS|SARL|GmbH|AG|KG|Ltd|LLC|Inc|Co|BV|NV|SpA|SRL|PLC|Group|Company|Limited)\b\.?")


def find_personal_data(text: str, names: Iterable[str] = ()) -> tuple[Sighting, ...]:
    """Everything in a text that looks like personal data, in order of place.

    Args:
        text: any.
        names: of the persons of the case (seller, notifier, agents); found whatever their case and spacing.
    """
    found = [*_with_at(text), *_with_digits(text), *_names(text), *_known(text, tuple(names))]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _all(pattern: re.Pattern[str], kind: str, text: str) -> Iterator[Sighting]:
    for match in pattern.finditer(text):
        yield Sighting(kind, match.start(), match.end())


def _with_at(text: str) -> Iterator[Sighting]:
    lowered = text.lower()
    if "@" in text or "at]" in lowered or "at)" in lowered:
        yield from _all(_MAIL, "mail", text)
    if "@" in text or ":" in text or "：" in text:
        yield from _all(_HANDLE, "handle", text)


def _with_digits(text: str) -> Iterator[Sighting]:
    if _DIGIT.search(text) is None:
        return
    yield from _all(_TELEPHONE, "telephone", text)
    yield from _all(_IP, "ip", text)
    yield from _all(_BIRTH, "birth", text)
    yield from _all(_ADDRESS, "address", text)
    yield from _all(_LABELLED_ID, "id", text)
    yield from _all(_AMERICAN_ID, "id", text)
    for pattern, holds, kind in _CHECKED:
        yield from (Sighting(kind, m.start(), m.end()) for m in pattern.finditer(text) if holds(m[0]))


def _names(text: str) -> Iterator[Sighting]:
    if _TITLE_HINT.search(text):
        yield from (one for one in _all(_TITLED, "name", text) if not _COMPANY.search(text[one.start : one.end + 6]))
    yield from (
        one for one in _all(_LABELLED_NAME, "name", text) if not _COMPANY.search(text[one.start : one.end + 10])
    )
    if not text.isascii():
        yield from _all(_CHINESE_NAME, "name", text)


def _known(text: str, names: tuple[str, ...]) -> Iterator[Sighting]:
    for name in names:
        pattern = _name_pattern(name)
        if pattern is not None:
            yield from _all(pattern, "name", text)


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


_CHECKED = (
    (_IBAN, _is_iban, "account"),
    (_CARD, _is_card, "account"),
    (_CHINESE_ID, _is_chinese_id, "id"),
    (_FRENCH_ID, _is_french_id, "id"),
)
