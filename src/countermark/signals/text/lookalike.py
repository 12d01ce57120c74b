"""Words that are close to a mark but not it: `Corvanne`, `Ondrele`, `Haclyr`."""

from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from countermark.signals.text.evidence import LOOKALIKE, Sighting
from countermark.signals.text.marks import facts_of
from countermark.signals.text.names import Name
from countermark.signals.text.neighbours import NeighbourIndex
from countermark.signals.text.unfamiliar import Unfamiliar
from countermark.signals.text.views import Block
from countermark.signals.text.word_hashes import LONGEST

#: One edit from this length on, two from that; shorter words change into each other too easily.
ONE_EDIT, TWO_EDITS = 5, 8
#: Of words this short only neighbours exchanged after the first letter count: all letters are there, few are near.
EXCHANGE = 4
#: A name cut short by more than that still shows this many letters, and half of it.
LEAST_LEFT = 5
#: How much of the value one edit in a word of one letter would cost; see `closeness`.
COST = 1.5


def edits_allowed(letters: str) -> int:
    """How many edits (insert, drop, change, swap neighbours) still count as close to a name."""
    return 2 if len(letters) >= TWO_EDITS else 1 if len(letters) >= EXCHANGE else 0


def closeness(distance: int, length: int) -> float:
    """1 − 1.5 · edits / letters of the name: 0.79 for one in seven, 0.63 for two in eight, 0.25 for half."""
    return max(0.0, 1.0 - COST * distance / length)


def cut_short(letters: str) -> list[str]:
    """Beginnings and ends that are left when more letters of a name are dropped than the edits allowed."""
    least = max(LEAST_LEFT, (len(letters) + 1) // 2)
    lengths = range(least, len(letters) - edits_allowed(letters)) if len(letters) >= TWO_EDITS else ()
    return [one for length in lengths for one in (letters[:length], letters[-length:])]


def _exchanged(text: str, letters: str) -> bool:
    """Whether a word one edit away is the same letters with neighbours exchanged, the first still in its place."""
    return text[0] == letters[0] and sorted(text) == sorted(letters)


class LookalikeFinder:
    """Finds words near the names of houses; everyday and generic names have none, and everyday words are none."""

    def __init__(self, names: tuple[Name, ...]) -> None:
        self._names = [name for name in names if self._has_lookalikes(name)]
        letters = [name.letters for name in self._names]
        self._index = NeighbourIndex(letters, [edits_allowed(one) for one in letters])
        self._cut: dict[str, list[Name]] = defaultdict(list)
        for name in self._names:
            for rest in cut_short(name.letters):
                self._cut[rest].append(name)

    @staticmethod
    def _has_lookalikes(name: Name) -> bool:
        one_word = name.letters.isascii() and name.letters.isalpha() and len(name.words) == 1
        return one_word and name.is_distinctive and EXCHANGE <= len(name.letters) <= LONGEST

    def find(self, block: Block, unfamiliar: Unfamiliar) -> Iterator[Sighting]:
        """Sightings among the unfamiliar words of a block."""
        near = self._near(unfamiliar)
        places = unfamiliar.occurrences({word for word, _, _, _ in near})
        for word, text, name, distance in near:
            value = closeness(distance, len(name.letters)) * name.worth[0]
            for field, start, end in places[word]:
                span = block.span(field, start, end)
                found = block.texts[field][span.start : span.end]
                yield Sighting(
                    row=block.rows[field],
                    signal=LOOKALIKE,
                    span=span,
                    word=text,
                    alone=value,
                    backed=value,
                    brand=name.brand,
                    right_id=name.right_id,
                    facts=facts_of(name, found, block.fields[field]) | {"distance": str(distance)},
                )

    def _near(self, unfamiliar: Unfamiliar) -> list[tuple[int, str, Name, int]]:
        """(word, its letters, name, edits), cut short first, then in the order of the words."""
        near = []
        words, texts = unfamiliar.distinct.tolist(), unfamiliar.texts
        for word, text in zip(words, texts, strict=True):
            if text in self._cut:
                near += [(word, text, name, len(name.letters) - len(text)) for name in self._cut[text]]
        for place, number in sorted(self._index.candidates(texts)):
            word, text, name = words[place], texts[place], self._names[number]
            most = edits_allowed(name.letters)
            distance = int(OSA.distance(text, name.letters, score_cutoff=most))
            if 0 < distance <= most and (len(name.letters) >= ONE_EDIT or _exchanged(text, name.letters)):
                near.append((word, text, name, distance))
        return near
