"""What the finders saw, before it becomes signals: one sighting, and how sightings of one row settle."""

from collections import defaultdict
from collections.abc import Container, Iterable

import msgspec

from countermark.model import Signal, Span

MARK, DISGUISED, LOOKALIKE = "text.mark", "text.disguised_mark", "text.lookalike"
NAME_PART = "text.name_part"
REPLICA, CONTACT, GENUINE = "text.replica_word", "text.contact_outside", "text.genuine_context"
WORDING = "text.wording"

TITLE, BRAND_TEXT, DESCRIPTION = "title", "brand_text", "description"
#: Words read in pictures: no field of a listing; its spans never leave the engine (`pictures.py`, `scan.reading`).
PICTURE = "picture"
FIELD_NAMES = {TITLE: "title", BRAND_TEXT: "brand field", DESCRIPTION: "description", PICTURE: "picture"}
FIELD_ORDER = {TITLE: 0, BRAND_TEXT: 1, DESCRIPTION: 2, PICTURE: 3}
#: A mark that only the description names counts half: descriptions compare, list and explain.
DESCRIPTION_SHARE = 0.5
#: From this value on a sighting supports a weak one of the same house; two weak ones support each other.
SUPPORTING = 0.5

#: Other people's words may be near a name or a piece of it: neither is a clue that makes another one count.
UNSURE = (LOOKALIKE, NAME_PART)

MOST_SPANS = 8
#: Sightings of one row that are looked at; a hostile title repeats a mark a thousand times.
MOST_SIGHTINGS = 64


class Sighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One stretch of one field that may point to a house, or means something whichever the house.

    Attributes:
        row: of the batch.
        signal: name of the signal it may become.
        span: where, in the original field.
        word: what was recognised, folded; two sightings of one word are one clue.
        alone: value in [0, 1] without any other clue; 0 when it must not fire alone.
        backed: value when another clue of the same house is in the row; of a word about no house: when the row
            surely names one.
        brand, right_id, facts: as in `Signal`.
        whole_field: it fills the whole brand field.
        wants_intent: replica or contact words in the row count as the other clue.
    """

    row: int
    signal: str
    span: Span
    word: str
    alone: float
    backed: float
    brand: str = ""
    right_id: str = ""
    facts: dict[str, str] = {}
    whole_field: bool = False
    wants_intent: bool = False


def settle(sightings: list[Sighting]) -> list[Signal]:
    """Signals of one row: at most one a name and house, the strongest, with the spans of all; sorted by name, house."""
    if len(sightings) == 1:
        one = sightings[0]
        value = one.alone * DESCRIPTION_SHARE if one.brand and one.span.field == DESCRIPTION else one.alone
        return [_as_signal(one, value, (one.span,), one.facts)] if value > 0 else []
    sightings = sightings[:MOST_SIGHTINGS]
    if _say_one_thing(sightings):
        first = min(sightings, key=_start)
        return [_as_signal(first, first.alone, spans_of(one.span for one in sightings), first.facts)]
    valued: dict[tuple[str, str], list[tuple[float, Sighting]]] = defaultdict(list)
    for value, one in zip(_values(sightings), sightings, strict=True):
        if value > 0:
            valued[one.signal, one.brand].append((value, one))
    return [
        _signal(valued[name, brand])
        for name, brand in sorted(valued)
        if name != NAME_PART or not _says_more(brand, valued)
    ]


def _says_more(brand: str, valued: Container[tuple[str, str]]) -> bool:
    """Whether a name of the house stands in the row in a spelling which says more than a piece of it."""
    return any((other, brand) in valued for other in (MARK, DISGUISED, LOOKALIKE))


def _say_one_thing(row: list[Sighting]) -> bool:
    """Whether all are of one house, signal, field and value, which no clue changes: a mark that a title repeats."""
    first = row[0]
    signal, brand, value, field = first.signal, first.brand, first.alone, first.span.field
    if not brand or value <= 0 or field == DESCRIPTION:
        return False
    for one in row:
        if one.brand != brand or one.signal != signal or one.span.field != field:
            return False
        if not value == one.alone == one.backed:
            return False
    return True


def _start(one: Sighting) -> int:
    return one.span.start


def _values(row: list[Sighting]) -> list[float]:
    if not any(one.alone != one.backed or one.span.field == DESCRIPTION for one in row):
        return [one.alone for one in row]  # no clue changes what another is worth: most rows
    named = any(one.brand and one.signal not in UNSURE and one.alone >= SUPPORTING for one in row)
    intent = any(one.backed if named else one.alone for one in row if one.signal in (REPLICA, CONTACT))
    return [_value(one, row, intent=intent, named=named) for one in row]


def _value(one: Sighting, row: list[Sighting], *, intent: bool, named: bool) -> float:
    if not one.brand:
        return one.backed if named else one.alone
    value = one.alone
    if value != one.backed and ((intent and one.wants_intent) or any(_supports(other, one) for other in row)):
        value = one.backed
    return value * DESCRIPTION_SHARE if one.span.field == DESCRIPTION else value


def _supports(other: Sighting, one: Sighting) -> bool:
    if other is one or other.brand != one.brand or other.signal in UNSURE:
        return False
    if other.whole_field:
        return True
    if other.word == one.word or _overlap(other.span, one.span):
        return False
    return other.alone >= SUPPORTING or other.alone < other.backed


def _overlap(one: Span, other: Span) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _signal(valued: list[tuple[float, Sighting]]) -> Signal:
    if len(valued) == 1:
        value, one = valued[0]
        return _as_signal(one, value, (one.span,), one.facts)
    value, best = min(valued, key=_rank)
    spans = spans_of(one.span for _, one in valued)
    if best.brand:
        return _as_signal(best, value, spans, best.facts)
    return _as_signal(best, _together(valued), spans, _gathered(valued))


def _rank(valued: tuple[float, Sighting]) -> tuple[float, int, int]:
    """The strongest first, then the first of the text."""
    value, one = valued
    return -value, FIELD_ORDER[one.span.field], one.span.start


def _as_signal(one: Sighting, value: float, spans: tuple[Span, ...], facts: dict[str, str]) -> Signal:
    return Signal(
        name=one.signal, value=round(value, 6), brand=one.brand, right_id=one.right_id, spans=spans, facts=facts
    )


def _together(valued: list[tuple[float, Sighting]]) -> float:
    """Several words of one sense: each distinct one closes a share of what is left to 1 (noisy or)."""
    rest = 1.0
    for value in {one.word: value for value, one in valued}.values():
        rest *= 1.0 - value
    return 1.0 - rest


def _gathered(valued: list[tuple[float, Sighting]]) -> dict[str, str]:
    """Facts of a signal about the listing: every distinct word found, in the order of the text, and what they mean."""
    ordered = sorted((one for _, one in valued), key=lambda one: (FIELD_ORDER[one.span.field], one.span.start))
    keys = dict.fromkeys(key for one in ordered for key in one.facts)
    return {key: ", ".join(dict.fromkeys(one.facts[key] for one in ordered if key in one.facts)) for key in keys}


def spans_of(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Distinct spans, title before brand field before description, at most `MOST_SPANS`."""
    places = {(FIELD_ORDER[one.field], one.start, one.end): one for one in spans}
    return tuple([places[place] for place in sorted(places)[:MOST_SPANS]])
