"""What was measured about a listing, and what each measurement means."""

import msgspec


class Span(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the original text that a signal rests on, so that a page can highlight it exactly.

    Attributes:
        field: `title`, `description` or `brand_text`.
        start, end: offsets into the original text in Unicode code points, end excluded.
    """

    field: str
    start: int
    end: int


class Signal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One measurement of one listing against one house.

    Attributes:
        name: dotted, family first (`text.mark`, `image.copied_photo`).
        brand: the house it speaks about; empty when it speaks about the listing whichever the house.
        value: strength in [0, 1]; 0 means absent. What the number means is in the signal's `SignalSpec`.
        right_id: the right it supports, empty when none.
        reference: `uri` of the official picture it compared with, empty when none.
        listing_image: `uri` of the listing's picture it is about, empty when none.
        spans: where in the text it was seen.
        facts: the raw values behind it, as text (`{"distance": "12", "threshold": "31"}`); they fill the sentence.
    """

    name: str
    value: float
    brand: str = ""
    right_id: str = ""
    reference: str = ""
    listing_image: str = ""
    spans: tuple[Span, ...] = ()
    facts: dict[str, str] = {}


class SignalExample(msgspec.Struct, frozen=True, kw_only=True):
    """A worked example that tests and docs both use.

    Attributes:
        given: what the listing shows, in words or as the raw text.
        low, high: bounds of the value the signal must take, both included.
        note: why.
    """

    given: str
    low: float
    high: float
    note: str = ""


class SignalSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a signal means, how it can be wrong, and how it is put into words.

    Attributes:
        name: as in `Signal.name`.
        version: raised whenever the same input could give another value.
        speaks: `for` infringement or `against` it.
        unit: what the value counts (`share of the 256 bits that agree, scaled`).
        meaning: one sentence for a newcomer.
        wrong_when: one sentence, how it can be wrong; shown beside every reason.
        sentence: template filled from `Signal.facts` (`The title names “{found}”, a mark of {brand}.`).
        examples: worked examples, walked by tests and printed in the docs.
    """

    name: str
    version: int
    speaks: str
    unit: str
    meaning: str
    wrong_when: str
    sentence: str
    examples: tuple[SignalExample, ...] = ()
