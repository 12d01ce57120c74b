"""Finds pieces of names beside words for goods (`pieces`): weak signals, which only add to what else speaks."""

from collections.abc import Iterator, Mapping

from countermark.signals.text.evidence import NAME_PART, Sighting
from countermark.signals.text.folding import plain
from countermark.signals.text.homophones import Spoken, hits
from countermark.signals.text.lone_words import LoneWords
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import Name
from countermark.signals.text.patterns import PatternFinder, PatternSearch
from countermark.signals.text.pieces import CUT, NEAR, SOUND, Piece, Pieces
from countermark.signals.text.surroundings import Around, around
from countermark.signals.text.views import Block, View, pattern

#: What a piece is worth that is rare, and one that is an everyday word, a person's name or a mere sound; it is shared
#: among the houses it fits.
RARE, EVERYDAY = 0.5, 0.25
#: How rare it is, as the sentence says it.
IS_RARE, IS_EVERYDAY = "rare in titles and company names", "an everyday word, a first name or common in company names"


class PieceFinder:
    """Looks for pieces with the automaton of the names, by sound, and among lone Latin words; then looks around."""

    def __init__(
        self,
        names: tuple[Name, ...],
        classes: Mapping[str, frozenset[int]],
        words: PatternSearch,
        sounds: PatternSearch,
    ) -> None:
        pieces = Pieces(names)
        self._classes = classes
        self._written = list(pieces.written.values())
        searched = [pattern(some[0].letters, plain()) for some in self._written]
        self._by_letters = PatternFinder(searched, words)
        self._heard = list(pieces.sounds.values())
        self._by_sound = PatternFinder(list(pieces.sounds), sounds)
        self._alone = LoneWords(names, pieces.alone)

    def find(self, block: Block, view: View, spoken: Spoken) -> Iterator[Sighting]:
        """Sightings in a block of names (titles, brand fields), its spaced view and its sound."""
        yield from self.find_written(block, view)
        part = spoken.part
        if part is None:
            return
        for number, start, end in hits(self._by_sound, spoken.view) if self._heard else ():
            yield from self._sightings(part, self._heard[number], start, end)
        for field, (start, end), pieces in self._alone.find(part.texts):
            offset = part.offsets[field]
            yield from self._sightings(part, pieces, start + offset, end + offset)

    def find_written(self, block: Block, view: View) -> Iterator[Sighting]:
        """Sightings of words and stretches as they are written, in a block and a spaced view of it."""
        if self._written:
            for number, start, end in hits(self._by_letters, view):
                yield from self._sightings(block, self._written[number], start, end)

    def _sightings(self, block: Block, pieces: list[Piece], start: int, end: int) -> Iterator[Sighting]:
        field = block.field_of(start)
        text = block.texts[field]
        if all(piece.name.written in text for piece in pieces):
            return  # the whole name says more
        span = block.span(field, start, end)
        found = text[span.start : span.end]
        for piece in pieces:
            if piece.how == SOUND and not _is_heard(found, piece.name.letters):
                continue
            nice_classes = self._classes.get(piece.name.brand, frozenset())
            seen = around(text, span.start, span.end, nice_classes, beside=_is_like_others(piece))
            if seen is not None:
                value = worth(piece.houses, everyday=piece.everyday)
                yield Sighting(
                    row=block.rows[field],
                    signal=NAME_PART,
                    span=span,
                    word=piece.letters,
                    alone=value,
                    backed=value,
                    brand=piece.name.brand,
                    right_id=piece.name.right_id,
                    facts=facts_of(piece.name, found, block.fields[field])
                    | facts_of_piece(piece.how, piece.houses, seen, everyday=piece.everyday),
                )


def _is_heard(found: str, letters: str) -> bool:
    """Whether a sound is written in other characters than the name, and for a mere beginning in one of the name's."""
    return not letters.startswith(found) and (len(letters) == len(found) or not set(found).isdisjoint(letters))


def _is_like_others(piece: Piece) -> bool:
    """Whether other words are like it, so that it says something only right beside the goods."""
    return piece.everyday or piece.how in (CUT, NEAR)


def worth(houses: int, *, everyday: bool) -> float:
    """Value of a piece, shared among the houses it fits."""
    return round((EVERYDAY if everyday else RARE) / houses, 3)


def facts_of_piece(how: str, houses: int, seen: Around, *, everyday: bool) -> dict[str, str]:
    """What the piece is of the name, how rare, how many houses have a name that it fits, beside which goods."""
    return {
        "how": how,
        "rarity": IS_EVERYDAY if everyday else IS_RARE,
        "houses": str(houses),
        "goods": seen.goods,
    }
