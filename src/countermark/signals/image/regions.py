"""Where something was recognised in a picture, as a reader of a finding sees the picture."""

import cv2
import numpy as np
import numpy.typing as npt

Corners = npt.NDArray[np.float64]

#: The whole picture.
WHOLE: Corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])

#: For each EXIF orientation, from shares of the stored width and height to shares of the upright ones, as
#: (x, y, 1) times a matrix (EXIF 2.32, table 4.6.4).
_UPRIGHT = {
    2: [[-1, 0, 1], [0, 1, 0]],
    3: [[-1, 0, 1], [0, -1, 1]],
    4: [[1, 0, 0], [0, -1, 1]],
    5: [[0, 1, 0], [1, 0, 0]],
    6: [[0, -1, 1], [1, 0, 0]],
    7: [[0, -1, 1], [-1, 0, 1]],
    8: [[0, 1, 0], [-1, 0, 1]],
}


def written(corners: Corners, orientation: int = 1) -> str:
    """An outline as the facts `region` and `reference_region` carry it: `0.1,0.2 0.9,0.2 0.9,0.8`.

    Args:
        corners: shape (n, 2), shares of width and height from the top left, of the picture as stored.
        orientation: of its EXIF block; the outline is written for the upright picture.
    """
    turn = _UPRIGHT.get(orientation)
    if turn is not None:
        matrix = np.array(turn, np.float64)
        corners = corners @ matrix[:, :2].T + matrix[:, 2]
    return " ".join(f"{x:.3g},{y:.3g}" for x, y in (np.clip(np.round(corners, 3), 0, 1) + 0.0).tolist())


def common(corners: Corners) -> Corners:
    """The part of a convex outline that lies inside the picture, shape (n, 2); empty when none does."""
    area, inside = cv2.intersectConvexConvex(corners.astype(np.float32), WHOLE.astype(np.float32))
    return np.zeros((0, 2)) if area <= 0 or inside is None else np.asarray(inside, np.float64).reshape(-1, 2)
