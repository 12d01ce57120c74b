"""The public door: references in, a photo in, matches out."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.cover import hidden_share
from countermark.signals.image.logos.layers import load_networks
from countermark.signals.image.logos.pairs import carry, judge
from countermark.signals.image.logos.quiet import quiet_embeddings
from countermark.signals.image.logos.search import Place, embed_windows, propose, unit
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels, cut, judge_field, variant_fields

MOST_REFERENCES = 1000
_WORK_WIDTH = 512  # photos are shrunk to this width: the published sizes (12 % and more) stay above 60 pixels
_SMALLEST_PHOTO = 48


@dataclass(frozen=True)
class Options:
    """How hard to look.

    Attributes:
        threshold: least score of a match; the default is even odds, not yet set by measured false alarms.
        candidates: most places a photo that the pair judge looks at; time grows with it.
        gate: least likeness, in deviations above what the reference has on bare cloth, of a place worth a look.
        rounds: corrections of the pose.
    """

    threshold: float = 0.5
    candidates: int = 32
    gate: float = 3.0
    rounds: int = 2


@dataclass(frozen=True)
class LogoReference:
    """A registered mark as a drawing: `rgba` (H, W, 4), ink where alpha is; `flat` when one ink says it all."""

    id: str
    rgba: Pixels
    flat: bool = True


@dataclass(frozen=True)
class LogoMatch:
    """A mark found in a photo.

    Attributes:
        reference: id of the reference.
        score: 0 to 1, monotone in the evidence; not a probability.
        polygon: four corners of the mark's box in photo pixels, from its upper left, clockwise.
        hidden: share of the mark's outline that the photo does not show there, 0 to 1.
        masked: whether so much is missing that the mark looks covered, smeared or half hidden.
    """

    reference: str
    score: float
    polygon: tuple[tuple[float, float], ...]
    hidden: float
    masked: bool


class LogoFinder:
    """Finds up to a thousand reference marks in photographs. Built once, deterministic, picklable."""

    def __init__(self, references: Sequence[LogoReference], options: Options = Options()) -> None:
        """Raises ValueError for an empty drawing, one that is not (H, W, 4) bytes, twice the same id, or too many."""
        if len(references) > MOST_REFERENCES:
            raise ValueError(f"{len(references)} references, at most {MOST_REFERENCES}: split the portfolio")
        if len({reference.id for reference in references}) != len(references):
            raise ValueError("two references have the same id")
        self._options = options
        self._ids = [reference.id for reference in references]
        self._marks = [_mark(reference) for reference in references]
        self._embedder, self._judge = load_networks()
        self._fields = [judge_field(mark) for mark in self._marks]
        drawn = [self._embedder(variant_fields(mark))[:, :, 1, 1] for mark in self._marks]
        self._variants = len(drawn[0]) if drawn else 1
        self._vectors = unit(np.concatenate(drawn)) if drawn else np.zeros((0, 128), np.float32)
        quiet = quiet_embeddings() @ self._vectors.T
        self._usual = self._best(quiet)
        self._level, self._spread = self._usual.mean(axis=0), self._usual.std(axis=0) + 1e-6

    def find(self, photo: Pixels) -> list[LogoMatch]:
        """Matches in an RGB photo (H, W, 3), best first; raises ValueError for another shape or type."""
        if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
            raise ValueError("a photo is an array (height, width, 3) of bytes")
        if not self._ids or min(photo.shape[:2]) < _SMALLEST_PHOTO:
            return []
        small, ratio = _shrunk(photo)
        places = self._places(small)
        fields = [self._fields[place.reference] for place in places]
        smallest = 0.08 * small.shape[1]
        logits, poses = judge(
            self._judge, small, [place.pose for place in places], fields, self._options.rounds, smallest
        )
        return self._matches(small, places, logits, poses, ratio)

    def _places(self, small: Pixels) -> list[Place]:
        vectors, places = embed_windows(self._embedder, small)
        above = (self._best(vectors @ self._vectors.T) - self._level) / self._spread
        return propose(above, places, self._options.candidates, self._options.gate)

    def _best(self, likeness: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Of the variants of each reference the most alike."""
        return np.asarray(likeness.reshape(len(likeness), -1, self._variants).max(axis=2))

    def _matches(
        self, small: Pixels, places: list[Place], logits: npt.NDArray[np.float32], poses: list[Matrix], ratio: float
    ) -> list[LogoMatch]:
        scores = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30).astype(np.float64)))
        found: list[LogoMatch] = []
        taken: list[tuple[npt.NDArray[np.float64], float]] = []
        for at in np.argsort(-scores, kind="stable"):
            if scores[at] < self._options.threshold:
                break
            mark = self._marks[places[at].reference]
            x, y = mark.aspect
            corners = carry(poses[at], np.array([[-x, -y], [x, -y], [x, y], [-x, y]]))
            square = carry(poses[at], np.array([[-1.0, -1.0], [1.0, 1.0]]))
            centre, reach = square.mean(axis=0), float(np.linalg.norm(square[1] - square[0])) / 2.83
            if any(np.linalg.norm(centre - other) < 0.8 * max(reach, far) for other, far in taken):
                continue
            taken.append((centre, reach))
            hidden = hidden_share(small, poses[at], self._fields[places[at].reference])
            polygon = tuple((round(float(px) * ratio, 2), round(float(py) * ratio, 2)) for px, py in corners)
            found.append(
                LogoMatch(self._ids[places[at].reference], round(float(scores[at]), 4), polygon, hidden, hidden > 0.3)
            )
        return found


def _mark(reference: LogoReference) -> Mark:
    rgba = reference.rgba
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4:
        raise ValueError(f"{reference.id}: a drawing is an array (height, width, 4) of bytes, RGBA")
    try:
        return cut(rgba[..., 3], None if reference.flat else rgba[..., :3])
    except ValueError as empty:
        raise ValueError(f"{reference.id}: {empty}") from empty


def _shrunk(photo: Pixels) -> tuple[Pixels, float]:
    ratio = photo.shape[1] / _WORK_WIDTH
    if ratio <= 1:
        return photo, 1.0
    size = (_WORK_WIDTH, max(1, round(photo.shape[0] / ratio)))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA)), ratio
