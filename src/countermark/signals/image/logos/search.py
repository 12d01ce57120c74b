"""Where in a photo which reference may be: edges seen by a network and flat ink seen by correlation, put together."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import edge_field
from countermark.signals.image.logos.flat import FlatSearch
from countermark.signals.image.logos.layers import STRIDE, WINDOW, Network
from countermark.signals.image.logos.levels import LEAST_LONG, Level, Place, near, peaks, peek
from countermark.signals.image.logos.quiet import quiet_embeddings
from countermark.signals.image.logos.templates import EMBED_LONG, Mark, Pixels, variant_fields

_SMALLEST, _LARGEST, _STEP = 0.13, 0.75, 1.35
_PAD = 16
_CENTRE = (WINDOW - 1) / 2
_EACH_WAY = 160  # places that either search puts forward
_LEAST = 4.8  # likeness below which no print of the dev split lay
_SIZES = 24  # places added of other sizes
_NEARLY = 0.8  # deviations by which edges may say less of another size than of the place's own
_ABOUT = 0.3  # share of a mark's length within which the place of another size is looked for

Embeddings = npt.NDArray[np.float32]


def unit(rows: Embeddings) -> Embeddings:
    """Rows of length one."""
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), np.float32)


class EdgeSearch:
    """One pass of the embedding network over a pyramid, one matrix product with all references."""

    def __init__(self, net: Network, marks: list[Mark]) -> None:
        drawn = [net(variant_fields(mark))[:, :, 1, 1] for mark in marks]
        self._net = net
        self._variants = len(drawn[0]) if drawn else 1
        self._vectors = unit(np.concatenate(drawn)) if drawn else np.zeros((0, net.plan[-1].outputs), np.float32)
        quiet = self._best(quiet_embeddings() @ self._vectors.T)
        self.usual, self._spread = quiet.mean(axis=0), quiet.std(axis=0) + 1e-6

    def levels(self, photo: Pixels) -> list[Level]:
        """Deviations of each reference above what it has on bare cloth."""
        found, share = [], _SMALLEST
        while share <= _LARGEST:
            long = share * photo.shape[1]
            if long >= LEAST_LONG:
                found.append(self._level(photo, long))
            share *= _STEP
        return found

    def _level(self, photo: Pixels, long: float) -> Level:
        height, width = photo.shape[:2]
        ratio = EMBED_LONG / long
        size = (max(8, round(width * ratio)), max(8, round(height * ratio)))
        small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
        border = (_PAD, _PAD + STRIDE, _PAD, _PAD + STRIDE)
        padded = np.asarray(cv2.copyMakeBorder(small, *border, cv2.BORDER_REPLICATE), np.uint8)
        out = self._net(edge_field(padded)[None])[0]
        rows, columns = out.shape[1:]
        likeness = self._best(unit(out.reshape(out.shape[0], -1).T) @ self._vectors.T)
        scores = ((likeness - self.usual) / self._spread).reshape(rows, columns, -1)
        x = (np.arange(columns) * STRIDE + _CENTRE - _PAD + 0.5) * width / size[0] - 0.5
        y = (np.arange(rows) * STRIDE + _CENTRE - _PAD + 0.5) * height / size[1] - 0.5
        return Level(scores, x, y, long)

    def _best(self, likeness: Embeddings) -> Embeddings:
        """Of the variants of each reference the most alike."""
        return np.asarray(likeness.reshape(len(likeness), -1, self._variants).max(axis=2))


def propose(edges: EdgeSearch, flat: FlatSearch, photo: Pixels, most: int) -> list[Place]:
    """The `most` best places, most alike first, and at most 24 of other sizes: what either search puts forward."""
    by_edges, by_ink = edges.levels(photo), flat.levels(photo)
    chosen = _best_of_either(by_edges, by_ink, most)
    return [*chosen, *_other_sizes(by_edges, by_ink, chosen)]


def _best_of_either(by_edges: list[Level], by_ink: list[Level], most: int) -> list[Place]:
    """Peaks of both searches, weighed by both; of one reference and size only one in a neighbourhood."""
    places = []
    for place in (*peaks(by_edges, _EACH_WAY), *peaks(by_ink, _EACH_WAY)):
        seen = peek(by_edges, place), peek(by_ink, place)
        places.append(Place(place.reference, place.x, place.y, place.long, *seen))
    return _distinct([one for one in places if one.likeness >= _LEAST], most)


def _other_sizes(by_edges: list[Level], by_ink: list[Level], chosen: list[Place]) -> list[Place]:
    """Places one level smaller or larger than the chosen ones, where edges say nearly as much.

    A peak takes all sizes of its neighbourhood with it, and the judge cannot lay a mark that starts at little more
    than half of its size.
    """
    others = [
        Place(other.reference, other.x, other.y, other.long, other.edges, peek(by_ink, other))
        for place in chosen
        for level in by_edges
        if 1.12 < max(level.long / place.long, place.long / level.long) < 1.6
        and (other := _strongest(level, place)) is not None
        and other.edges > place.edges - _NEARLY
    ]
    return _distinct(others, _SIZES, beside=chosen)


def _strongest(level: Level, place: Place) -> Place | None:
    """Where in a level edges say most of the reference about a place; None where its windows do not reach."""
    reach = _ABOUT * place.long
    rows, columns = (np.flatnonzero(np.abs(axis - at) < reach) for axis, at in ((level.y, place.y), (level.x, place.x)))
    if not len(rows) or not len(columns):
        return None
    around = level.scores[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, place.reference]
    row, column = divmod(int(around.argmax()), around.shape[1])
    x, y = float(level.x[columns[column]]), float(level.y[rows[row]])
    return Place(place.reference, x, y, level.long, float(around[row, column]))


def _distinct(places: list[Place], most: int, beside: Sequence[Place] = ()) -> list[Place]:
    """The `most` likeliest, of one reference and size only one in a neighbourhood; `beside` stand there already."""
    chosen: list[Place] = []
    there: dict[int, list[Place]] = {}
    for place in beside:
        there.setdefault(place.reference, []).append(place)
    for place in sorted(places, key=lambda one: (-one.likeness, one.reference, one.x, one.y)):
        if len(chosen) >= most:
            break
        around = there.setdefault(place.reference, [])
        if not any(near(place, other) and 0.8 < place.long / other.long < 1.25 for other in around):
            around.append(place)
            chosen.append(place)
    return chosen
