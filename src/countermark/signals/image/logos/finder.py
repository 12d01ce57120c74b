"""The public door: references in, a photo in, matches out."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.evidence import NAMES, Drawing, margins, reach, seen_maps, settle, weigh
from countermark.signals.image.logos.flat import FlatSearch
from countermark.signals.image.logos.layers import load_networks
from countermark.signals.image.logos.pairs import Look, Views, carry, judge
from countermark.signals.image.logos.search import EdgeSearch, propose
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels, cut
from countermark.signals.image.logos.verdict import Verdict

MOST_REFERENCES = 1000
_WORK_WIDTH = 512  # photos are shrunk to this width: the published sizes (12 % and more) stay above 60 pixels
_SMALLEST_PHOTO = 48
_HOPELESS = -4.0  # logit after three looks below which nothing is weighed
_MASKED = 0.1  # share of the outline that must be missing in one piece


@dataclass(frozen=True)
class Options:
    """How hard to look.

    Attributes:
        threshold: least score of a match.
        candidates: most places a photo that the pair judge looks at, but for 24 of other sizes; time grows with it.
        finalists: most places that it looks at a third time and that evidence is taken of.
    """

    threshold: float = 0.5
    candidates: int = 64
    finalists: int = 20


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
        embedder, self._judge = load_networks()
        self._edges, self._flat, self._verdict = EdgeSearch(embedder, self._marks), FlatSearch(self._marks), Verdict()
        self._drawings = [Drawing(mark) for mark in self._marks]

    def find(self, photo: Pixels) -> list[LogoMatch]:
        """Matches in an RGB photo (H, W, 3), best first; raises ValueError for another shape or type."""
        if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
            raise ValueError("a photo is an array (height, width, 3) of bytes")
        if not self._ids or min(photo.shape[:2]) < _SMALLEST_PHOTO:
            return []
        small, ratio = shrunk(photo)
        sights = self.sights(small)
        scores = self._verdict(np.array([sight.evidence for sight in sights])) if sights else np.zeros(0)
        return self._matches(sights, scores, ratio)

    def sights(self, small: Pixels) -> list["Sight"]:
        """Everything worth a verdict in a photo of working size, with its evidence."""
        views = Views(small)
        looks = self.looks(small, views)
        return self._weighed(looks, [views.upright(look.pose) for look in looks], small.shape[1])

    def looks(self, small: Pixels, views: Views) -> list[Look]:
        """The places that the judge leaves, as it laid them."""
        places = propose(self._edges, self._flat, small, self._options.candidates)
        looks = [Look(place, place.first_pose(), self._drawings[place.reference].field, []) for place in places]
        looks = judge(self._judge, views, looks, 0.08 * small.shape[1], self._options.finalists)
        return [look for look in looks if look.logits[-1] > _HOPELESS]

    def _weighed(self, looks: list[Look], windows: list[Pixels], width: int) -> list["Sight"]:
        if not looks:
            return []
        drawings = [self._drawings[look.place.reference] for look in looks]
        settled = [settle(window, drawing) for window, drawing in zip(windows, drawings, strict=True)]
        rows = [
            weigh(window, look, drawing, width, lies)
            for window, look, drawing, lies in zip(windows, looks, drawings, settled, strict=True)
        ]
        maps = [
            seen_maps(window, drawing, lies[1])
            for window, drawing, lies in zip(windows, drawings, settled, strict=True)
        ]
        said = self._verdict.network(np.stack(maps))[:, 0, 0, 0]
        return [
            Sight(look.place.reference, look.pose, (*row, float(net), rival))
            for look, row, net, rival in zip(looks, rows, said, margins(looks), strict=True)
        ]

    def _matches(self, sights: list["Sight"], scores: npt.NDArray[np.float64], ratio: float) -> list[LogoMatch]:
        found: list[LogoMatch] = []
        taken: list[tuple[npt.NDArray[np.float64], float]] = []
        for at in np.argsort(-scores, kind="stable"):
            if scores[at] < self._options.threshold:
                break
            sight = sights[at]
            centre, far = carry(sight.pose, np.zeros((1, 2)))[0], reach(sight.pose) / 2
            if any(np.linalg.norm(centre - other) < 0.8 * max(far, their) for other, their in taken):
                continue
            taken.append((centre, far))
            x, y = self._marks[sight.reference].aspect
            corners = carry(sight.pose, np.array([[-x, -y], [x, -y], [x, y], [-x, y]]))
            polygon = tuple((round(float(px) * ratio, 2), round(float(py) * ratio, 2)) for px, py in corners)
            hidden = sight.evidence[NAMES.index("hidden")]
            score = round(float(scores[at]), 4)
            found.append(LogoMatch(self._ids[sight.reference], score, polygon, hidden, hidden > _MASKED))
        return found


@dataclass(frozen=True)
class Sight:
    """A reference (by number) laid where it may be (pose: mark units -> photo), and the evidence for it."""

    reference: int
    pose: Matrix
    evidence: tuple[float, ...]


def _mark(reference: LogoReference) -> Mark:
    rgba = reference.rgba
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4:
        raise ValueError(f"{reference.id}: a drawing is an array (height, width, 4) of bytes, RGBA")
    try:
        return cut(rgba[..., 3], None if reference.flat else rgba[..., :3])
    except ValueError as empty:
        raise ValueError(f"{reference.id}: {empty}") from empty


def shrunk(photo: Pixels) -> tuple[Pixels, float]:
    """The photo at working size and how many of its pixels one of that size is; never grown."""
    ratio = max(photo.shape[1] / _WORK_WIDTH, photo.shape[0] / (2 * _WORK_WIDTH))
    if ratio <= 1:
        return photo, 1.0
    size = (max(1, round(photo.shape[1] / ratio)), max(1, round(photo.shape[0] / ratio)))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA)), ratio
