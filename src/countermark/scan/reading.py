"""Words read in pictures on their way to the text signals, and the way back to the place in the picture."""

import msgspec

from countermark.model import Signal
from countermark.signals.image.reading import ReadLine, ReadPicture
from countermark.signals.text import PictureWords

#: As `Span.field` of words in pictures; no field of a listing has this name.
_PICTURE = "picture"


def words_of(pictures: tuple[ReadPicture, ...]) -> PictureWords:
    """What was read in the pictures of one listing, as the text signals take it."""
    return PictureWords.of([[(line.text, line.confidence) for line in picture.lines] for picture in pictures])


def place(signal: Signal, pictures: tuple[ReadPicture, ...], words: PictureWords) -> Signal:
    """A text signal with its spans in pictures replaced by the picture, the outline and the line as it was read.

    Of several lines the surest is shown. A signal that also stands in the title keeps its sentence and its spans there.
    """
    number = words.surest(signal)
    if number is None:
        return signal
    uri, line = _lines(pictures)[number]
    facts = {"region": line.region, "read": line.text, "confidence": f"{line.confidence:.2f}"}
    spans = tuple(span for span in signal.spans if span.field != _PICTURE)
    return msgspec.structs.replace(signal, spans=spans, listing_image=uri, facts={**signal.facts, **facts})


def _lines(pictures: tuple[ReadPicture, ...]) -> list[tuple[str, ReadLine]]:
    return [(picture.uri, line) for picture in pictures for line in picture.lines]
