from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from countermark.signals.image.logos.levels import Level
from countermark.signals.image.logos.search import propose

LONGS = (50.0, 67.5, 91.1)
GRID = np.arange(10.0, 410.0, 10.0)
PHOTO = np.zeros((420, 420, 3), np.uint8)


@dataclass(frozen=True)
class Saying:
    """A search that answers the same levels whatever the photo."""

    said: list[Level]

    def levels(self, photo):
        return self.said


NOTHING: Any = Saying([])


def edges(*said, references=1):
    """A search that sees (level, row, column, reference, score) and nothing else."""
    scores = np.zeros((len(LONGS), len(GRID), len(GRID), references), np.float32)
    for level, row, column, reference, score in said:
        scores[level, row, column, reference] = score
    return Saying([Level(part, GRID, GRID, long) for part, long in zip(scores, LONGS, strict=True)])


def put_forward(by_edges):
    return propose(by_edges, NOTHING, PHOTO, 64)


def sizes(places):
    return [place.long for place in places]


def test_a_size_of_which_edges_say_nearly_as_much_is_put_forward_too():
    assert sizes(put_forward(edges((0, 5, 5, 0, 9.0), (1, 6, 5, 0, 8.5)))) == [50.0, 67.5]


@pytest.mark.parametrize("score", [0.0, 8.0])
def test_a_size_of_which_edges_say_less_is_not(score):
    assert sizes(put_forward(edges((0, 5, 5, 0, 9.0), (1, 5, 5, 0, score)))) == [50.0]


def test_a_size_beyond_the_next_is_not():
    assert sizes(put_forward(edges((0, 5, 5, 0, 9.0), (2, 5, 5, 0, 8.9)))) == [50.0]


def test_another_size_is_looked_for_about_the_place_only():
    assert sizes(put_forward(edges((0, 5, 5, 0, 9.0), (1, 7, 5, 0, 8.9)))) == [50.0]


def test_at_most_24_places_of_other_sizes_are_added_the_most_alike_first():
    said = [(level, 5, 5, reference, 9 + reference / 10) for reference in range(4) for level in (0, 1)]
    far = [(level, 20, at, 4 + at, 8.0) for at in range(30) for level in (0, 1)]
    places = put_forward(edges(*said, *far, references=40))
    assert sizes(places) == [50.0] * 34 + [67.5] * 24
    assert [place.reference for place in places[34:38]] == [3, 2, 1, 0]
