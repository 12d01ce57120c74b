"""What the verdict network learns from: windows that the real search and the judge end up with, right ones and wrong.

Half of it are whole photos of the train split through the whole search, bare or with three prints each; all that ends
among the finalists counts, so that wrong ones are what really tempts. The other half are single composites (see
`samples.py`) that the judge alone laid upright, since a search costs a second and gives three right ones at most.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.evidence import reach
from countermark.signals.image.logos.finder import LogoFinder, LogoReference, Options, shrunk
from countermark.signals.image.logos.layers import Network
from countermark.signals.image.logos.levels import Place
from countermark.signals.image.logos.pairs import Look, Views, carry, judge
from countermark.signals.image.logos.templates import Mark, Matrix, Pixels, judge_field
from countermark.signals.image.logos.training.compose import Style, pose, stamp
from countermark.signals.image.logos.training.hiding import hide
from countermark.signals.image.logos.training.samples import LONG, PATCH, sample

_REFERENCES = 300  # marks looked for at once, and
_PHOTOS = 40  # photos that they are looked for in
_PRINTS = 3
_WIDTHS = (0.11, 0.36)
_HIDDEN = 0.25  # share of prints of which a part is hidden
_HOPELESS = -4.0  # as in finder.py
_ONCE = Options(finalists=24)
_LOOSE = Style(tilt=22.0, perspective=0.07, plate=0.12, quality=(65, 90))


@dataclass
class Finalists:
    """Upright windows (56, 56, 3), the mark (number) that each was held against, and whether it is that mark."""

    windows: list[Pixels] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)

    def add(self, window: Pixels, mark: int, *, same: bool) -> None:
        """One more."""
        self.windows.append(window)
        self.marks.append(mark)
        self.same.append(int(same))

    def extend(self, other: "Finalists") -> None:
        """All of another gathering."""
        self.windows += other.windows
        self.marks += other.marks
        self.same += other.same


@dataclass(frozen=True)
class _Printed:
    mark: int
    pose: Matrix


def search(marks: Sequence[Mark], photos: Sequence[Pixels], seed: int, minutes: float) -> Finalists:
    """Finalists of the real search, for so many minutes; photos and groups of marks come in turn."""
    rng = np.random.default_rng(seed)
    out, ends = Finalists(), time.monotonic() + 60 * minutes
    order: list[int] = []
    while time.monotonic() < ends:
        group = rng.permutation(len(marks))[:_REFERENCES]
        finder = LogoFinder([_reference(str(at), marks[at]) for at in group], _ONCE)
        for _ in range(_PHOTOS):
            order = order or list(rng.permutation(len(photos)))
            photo = _varied(photos[order.pop()], rng)
            prints: list[_Printed] = []
            if rng.random() < 0.5:
                photo, prints = _with_prints(photo, marks, group, rng)
            _note(out, finder, photo, group, prints)
            if time.monotonic() > ends:
                break
        print(f"searched: {sum(out.same)} of {len(out.same)} are right", flush=True)  # noqa: T201
    return out


def lay(
    net: Network,
    marks: Sequence[Mark],
    alike: npt.NDArray[np.int64],
    photos: Sequence[Pixels],
    seed: int,
    minutes: float,
) -> Finalists:
    """Composites laid upright by the judge: each beside its own mark, and beside one of those most alike (K, n)."""
    rng = np.random.default_rng(seed)
    out, ends = Finalists(), time.monotonic() + 60 * minutes
    while time.monotonic() < ends:
        mark = int(rng.integers(len(marks)))
        window, laid = sample(marks[mark], photos[int(rng.integers(len(photos)))], rng)
        truth = laid.astype(np.float64)
        seen = Views(window)
        for other in (mark, int(rng.choice(alike[mark]))):
            half = LONG / 2 * np.exp(rng.uniform(-0.12, 0.12))
            x, y = carry(truth, np.zeros((1, 2)))[0] + rng.uniform(-3, 3, 2)
            place = Place(other, float(x), float(y), float(2 * half))
            look = Look(place, place.first_pose(), judge_field(marks[other]), [])
            for done in judge(net, seen, [look], 0.2 * PATCH, 1):
                same = other == mark
                if done.logits[-1] > _HOPELESS and (not same or _agrees(done.pose, truth, 1.0)):
                    out.add(seen.upright(done.pose), other, same=same)
    return out


def _note(
    out: Finalists, finder: LogoFinder, photo: Pixels, group: npt.NDArray[np.int64], prints: list[_Printed]
) -> None:
    small, ratio = shrunk(photo)
    views = Views(small)
    for look in finder.looks(small, views):
        mark = int(group[look.place.reference])
        same = any(one.mark == mark and _agrees(look.pose, one.pose, ratio) for one in prints)
        if not same and any(one.mark == mark and _touches(look.pose, one.pose, ratio) for one in prints):
            continue  # the right mark, badly laid: neither right nor wrong
        out.add(views.upright(look.pose), mark, same=same)


def _away(laid: Matrix, truth: Matrix, ratio: float) -> float:
    middle = np.zeros((1, 2))
    return float(np.linalg.norm(carry(laid, middle)[0] * ratio - carry(truth, middle)[0])) / reach(truth)


def _agrees(laid: Matrix, truth: Matrix, ratio: float) -> bool:
    return _away(laid, truth, ratio) < 0.25 and 0.6 < reach(laid) * ratio / reach(truth) < 1.5


def _touches(laid: Matrix, truth: Matrix, ratio: float) -> bool:
    return _away(laid, truth, ratio) < 0.6


def _with_prints(
    photo: Pixels, marks: Sequence[Mark], group: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[Pixels, list[_Printed]]:
    """The photo with up to three prints that do not lie over one another, some of them partly hidden."""
    height, width = photo.shape[:2]
    prints: list[_Printed] = []
    taken: list[tuple[float, float, float]] = []
    for _ in range(3 * _PRINTS):
        half = float(np.exp(rng.uniform(*np.log(_WIDTHS)))) * width / 2
        if 2.2 * half > height or len(prints) == _PRINTS:
            continue
        x, y = (rng.uniform(1.1 * half, side - 1.1 * half) for side in (width, height))
        if any(max(abs(x - u), abs(y - v)) < 1.2 * (half + other) for u, v, other in taken):
            continue
        mark = int(rng.choice(group))
        matrix = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]]) @ pose(rng, _LOOSE, marks[mark].aspect)
        photo = stamp(photo, marks[mark], matrix, rng, _LOOSE)
        if rng.random() < _HIDDEN:
            photo = hide(photo, matrix, marks[mark].aspect, rng.uniform(0.2, 0.5), rng)
        prints.append(_Printed(mark, matrix))
        taken.append((x, y, half))
    return photo, prints


def _varied(photo: Pixels, rng: np.random.Generator) -> Pixels:
    """Mirrored, its colours in another order, or as it is: few photos stand for many."""
    if rng.random() < 0.5:
        photo = photo[:, ::-1]
    return np.ascontiguousarray(photo[..., rng.permutation(3)] if rng.random() < 0.5 else photo)


def _reference(name: str, mark: Mark) -> LogoReference:
    return LogoReference(name, np.dstack([np.zeros((*mark.alpha.shape, 3), np.uint8), mark.alpha]))
