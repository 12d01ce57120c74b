"""Checks a statement of reasons as the Transparency Database would, before it is sent and can never be taken back.

Source: §2.3 of the catalogue: `StatementStoreRequest` and the page "How to use the API" of the database's source.
Where the page is stricter than the code (an end date not before the application date) the page is followed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from countermark.law.statement.faults import Fault, fault
from countermark.law.statement.personal_data import KINDS, find_personal_data
from countermark.law.statement.sensible import doubts
from countermark.law.statement.vocabulary import OTHER_KEYWORD, Vocabulary, vocabulary

_PUID = re.compile(r"[a-zA-Z0-9\-_]{1,500}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_URL = re.compile(r"https?://[^\s/?#]+\.[^\s/?#.]{2,}[^\s]*", re.I)
_EAN = re.compile(r"\d{13}")
_LATEST = date(2038, 1, 1)
#: Wrong values of one list that are named.
_SHOWN = 10

_MEASURES = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_LISTS = ("decision_visibility", "content_type", "category_addition", "category_specification", "territorial_scope")
_REQUIRED = (
    "puid",
    "decision_ground",
    "content_type",
    "category",
    "content_date",
    "application_date",
    "decision_facts",
    "source_type",
    "automated_detection",
    "automated_decision",
)
#: Free text: field to the number of characters it takes.
TEXTS = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "decision_facts": 5000,
    "source_identity": 500,
}
#: Field, the field it hangs on, the value that asks for it, and whether it is then required; else it is dropped.
_HANGING = (
    ("decision_visibility_other", "decision_visibility", "DECISION_VISIBILITY_OTHER", True),
    ("decision_monetary_other", "decision_monetary", "DECISION_MONETARY_OTHER", True),
    ("content_type_other", "content_type", "CONTENT_TYPE_OTHER", True),
    ("category_specification_other", "category_specification", OTHER_KEYWORD, False),
    ("illegal_content_legal_ground", "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT", True),
    ("illegal_content_explanation", "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT", True),
    ("incompatible_content_ground", "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT", True),
    ("incompatible_content_explanation", "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT", True),
    ("incompatible_content_illegal", "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT", False),
)
_ENDS = tuple(f"end_date_{what}_restriction" for what in ("visibility", "monetary", "service", "account"))
#: Day fields with the first day that the database takes; ends are bound by the application date instead.
_DAYS = {"content_date": date(2000, 1, 1), "application_date": date(2020, 1, 1), **dict.fromkeys(_ENDS, date.min)}
#: Fields about a person's words, in which personal data can stand.
_SCANNED = tuple(TEXTS)


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a check.

    Attributes:
        statement: as it would be sent: what the database drops is left out, empty values too.
        faults: those that block first.
        dropped: fields left out because what they hang on is not there.
    """

    statement: dict[str, Any]
    faults: tuple[Fault, ...]
    dropped: tuple[str, ...]

    @property
    def can_be_sent(self) -> bool:
        """Whether nothing blocks."""
        return not any(one.blocks for one in self.faults)


def validate(statement: object, *, names: Iterable[str] = ()) -> Checked:
    """Check one statement.

    Args:
        statement: parsed JSON; anything.
        names: of the persons of the case, which must not occur in its texts.
    """
    if not isinstance(statement, dict):
        found = fault("statement", "not-an-object", "Send one object for each statement.")
        return Checked(statement={}, faults=(found,), dropped=())
    words = vocabulary()
    given = {name: value for name, value in statement.items() if (value and not _is_blank(value)) or _is_number(value)}
    kept, dropped = _without_hanging(given)
    faults = [*_required(kept), *_values(kept, words), *_texts(kept, tuple(names)), *_days(kept), *_odd(kept)]
    faults += _unknown(given)
    if not faults:
        faults += doubts(kept, words)
    faults.sort(key=lambda one: not one.blocks)
    return Checked(statement=kept, faults=tuple(faults), dropped=dropped)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and value.isspace()


def _is_number(value: object) -> bool:
    """`False` and 0 are wrong values, not absent ones."""
    return isinstance(value, int | float)


def _without_hanging(given: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    dropped = [name for name, on, value, _ in _HANGING if name in given and not _holds(given.get(on), value)]
    if "source_identity" in given and given.get("source_type") == "SOURCE_VOLUNTARY":
        dropped.append("source_identity")
    if not dropped:
        return given, ()
    return {name: value for name, value in given.items() if name not in dropped}, tuple(dropped)


def _holds(value: object, wanted: str) -> bool:
    return value == wanted or (isinstance(value, list) and wanted in value)


def _required(kept: Mapping[str, Any]) -> Iterator[Fault]:
    for name in _REQUIRED:
        if name not in kept:
            yield fault(name, "missing", "Give it.")
    for name, on, value, needed in _HANGING:
        if needed and name not in kept and _holds(kept.get(on), value):
            yield fault(name, "missing", f"Give it, or choose another {on}.")
    if not any(name in kept for name in _MEASURES):
        yield fault("decision_visibility", "no-measure", f"Give one of {', '.join(_MEASURES)}.")


def _values(kept: Mapping[str, Any], words: Vocabulary) -> Iterator[Fault]:
    for name, value in kept.items():
        known = words.of_field.get(name)
        if known is None:
            continue
        if name in _LISTS:
            if not isinstance(value, list):
                yield fault(name, "not-a-list", "Write the value in brackets.")
                continue
            wrong = (one for one in value if not isinstance(one, str) or one not in known)
            yield from (_not_a_value(name, one, words) for one in islice(wrong, _SHOWN))
        elif not isinstance(value, str) or value not in known:
            yield _not_a_value(name, value, words)


def _not_a_value(name: str, value: object, words: Vocabulary) -> Fault:
    if isinstance(value, str) and value in words.gone:
        now = words.gone[value]
        return fault(name, "gone", f"Write {now}." if now else "Choose another keyword; nothing took its place.")
    if name == "territorial_scope" and value == "EL":
        return fault(name, "value", "Write GR for Greece.")
    return fault(name, "value", "Take a value of docs/reference/law.md.")


def _texts(kept: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Fault]:
    for name, longest in TEXTS.items():
        value = kept.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            yield fault(name, "not-a-text", "Write a text.")
        elif len(value) > longest:
            yield fault(name, "too-long", f"Shorten it by {len(value) - longest} to {longest} characters.")
        else:
            yield from _personal(name, value, names)


def _personal(name: str, text: str, names: tuple[str, ...]) -> Iterator[Fault]:
    for seen in find_personal_data(text, names):
        message = f"Characters {seen.start + 1} to {seen.end} look like {KINDS[seen.kind]}; none may be sent."
        yield fault(name, "personal-data", "Take it out, or say it without naming a person.", message)


def _days(kept: Mapping[str, Any]) -> Iterator[Fault]:
    read: dict[str, date] = {}
    for name, first in _DAYS.items():
        if name not in kept:
            continue
        day = _day(kept[name])
        if day is None:
            yield fault(name, "date", "Write it like 2026-11-27.")
        elif not first <= day <= _LATEST:
            since = f"{first.isoformat()} to " if first > date.min else "at the latest "
            yield fault(name, "date-range", f"Write a day {since}{_LATEST.isoformat()}.")
        else:
            read[name] = day
    begin = read.get("application_date")
    for name in _ENDS:
        if begin and name in read and read[name] < begin:
            yield fault(
                name, "end-before-start", "Write the day of the application date or a later one, or leave it out."
            )


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _odd(kept: Mapping[str, Any]) -> Iterator[Fault]:
    """The three fields with a form of their own."""
    for name, code, fits, mend in _FORMS:
        if name in kept and not fits(kept[name]):
            yield fault(name, code, mend)


def _is_written(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_url(value: object) -> bool:
    # A text that is too long has been told off already, and is not looked at: the pattern's cost grows with it.
    return isinstance(value, str) and (len(value) > 500 or _is_written(_URL, value))


def _is_ean(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"EAN-13"} and _is_written(_EAN, value["EAN-13"])


_FORMS: tuple[tuple[str, str, Callable[[object], bool], str], ...] = (
    ("puid", "puid", partial(_is_written, _PUID), "Make a new one of random bytes; it must mean nothing."),
    ("decision_ground_reference_url", "url", _is_url, "Write the whole address."),
    ("content_id", "ean", _is_ean, 'Write {"EAN-13": "…"} with 13 digits, or leave it out.'),
)

_FIELDS = frozenset([*_MEASURES, *_LISTS, *_REQUIRED, *TEXTS, *_DAYS]) | frozenset(
    ["account_type", "incompatible_content_illegal", "content_language", "content_id"]
)


def _unknown(given: Mapping[str, Any]) -> Iterator[Fault]:
    for name in given:
        if name not in _FIELDS:
            yield fault(str(name)[:60], "unknown-field", "Check the spelling, or leave it out.", blocks=False)
