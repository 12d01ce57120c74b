"""From evidence to one score: a weighted sum as log-odds. The shipped weights are three round numbers set by hand.

`training/verdict.py` fits all of them on the dev split; measured there, it is no better. Figures:
`docs/reference/signals/logos.md`.
"""

from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

LOWEST, HIGHEST = -12.0, 12.0


class Verdict:
    """A weight for each number of the evidence, and one added; they are in `verdict.npz`."""

    def __init__(self) -> None:
        with np.load(BytesIO(files(__package__).joinpath("verdict.npz").read_bytes())) as stored:
            self._weights, self._added = stored["weights"].astype(np.float64), float(stored["added"][0])

    def __call__(self, evidence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Scores (N,), 0 to 1, of rows of evidence (N, len(evidence.NAMES))."""
        odds = np.clip(evidence, LOWEST, HIGHEST) @ self._weights + self._added
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))
