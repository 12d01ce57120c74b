"""Where in a photo which reference may be: one pass of the embedding network over a pyramid, one matrix product."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.edges import edge_field
from countermark.signals.image.logos.layers import STRIDE, WINDOW, Network
from countermark.signals.image.logos.templates import EMBED_LONG, Matrix, Pixels

_SMALLEST, _LARGEST, _STEP = 0.13, 0.75, 1.35
_PAD = 16
_CENTRE = (WINDOW - 1) / 2

Embeddings = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Place:
    """A reference (by number), a first pose (mark units -> photo pixels) and how alike the embeddings are."""

    reference: int
    pose: Matrix
    likeness: float


def unit(rows: Embeddings) -> Embeddings:
    """Rows of length one."""
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), np.float32)


def embed_windows(net: Network, photo: Pixels) -> tuple[Embeddings, npt.NDArray[np.float64]]:
    """Embeddings (N, 128) of windows at all levels, and centre x, centre y, long side (N, 3) in photo pixels."""
    height, width = photo.shape[:2]
    vectors, places = [], []
    long = _SMALLEST * width
    while long <= _LARGEST * max(width, 1):
        ratio = EMBED_LONG / long
        size = (max(8, round(width * ratio)), max(8, round(height * ratio)))
        small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
        border = (_PAD, _PAD + STRIDE, _PAD, _PAD + STRIDE)
        padded = np.asarray(cv2.copyMakeBorder(small, *border, cv2.BORDER_REPLICATE), np.uint8)
        out = net(edge_field(padded)[None])[0]
        rows, columns = np.mgrid[: out.shape[1], : out.shape[2]]
        vectors.append(unit(out.reshape(out.shape[0], -1).T))
        x = ((columns.ravel() * STRIDE + _CENTRE - _PAD + 0.5) * width / size[0]) - 0.5
        y = ((rows.ravel() * STRIDE + _CENTRE - _PAD + 0.5) * height / size[1]) - 0.5
        places.append(np.stack([x, y, np.full(x.shape, long)], axis=1))
        long *= _STEP
    return np.concatenate(vectors), np.concatenate(places)


def propose(
    likeness: Embeddings, places: npt.NDArray[np.float64], most: int, least: float, each: int = 3
) -> list[Place]:
    """The best places, most alike first.

    `likeness` (windows, references) may hold several rows for one print; of one reference only peaks stand, and of
    one window only the best `each` references.
    """
    windows, references = likeness.shape
    each = min(each, references)
    top = np.argpartition(likeness, references - each, axis=1)[:, references - each :]
    rows = np.repeat(np.arange(windows), each)
    columns = top.ravel()
    values = likeness[rows, columns]
    order = np.argsort(-values, kind="stable")
    found: list[Place] = []
    kept: dict[int, list[npt.NDArray[np.float64]]] = {}
    for at in order:
        if values[at] < least or len(found) >= most:
            break
        reference, place = int(columns[at]), places[rows[at]]
        if any(_near(place, other) for other in kept.get(reference, [])):
            continue
        kept.setdefault(reference, []).append(place)
        x, y, half = place[0], place[1], place[2] / 2
        pose = np.array([[half, 0, x], [0, half, y], [0, 0, 1.0]])
        found.append(Place(reference, pose, float(values[at])))
    return found


def _near(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> bool:
    reach = 0.45 * max(one[2], other[2])
    return bool(abs(one[0] - other[0]) < reach and abs(one[1] - other[1]) < reach and 0.5 < one[2] / other[2] < 2.0)
