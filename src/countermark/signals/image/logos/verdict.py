"""From evidence to one score: a network looks at what was found, and its answer is weighed with the other numbers.

The network is made by `training/verdict.py`; the weights are round numbers set on the dev split. Figures:
`docs/reference/signals/logos.md`.
"""

from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from countermark.signals.image.logos.layers import VERDICT_PLAN, read_network

LOWEST, HIGHEST = -12.0, 12.0


class Verdict:
    """A weight for each number of the evidence, and one added; they are in `verdict.npz`, with the network.

    Attributes:
        network: maps of places (N, 13, 56, 56), as `evidence.seen_maps` draws them, to log odds (N, 1, 1, 1).
    """

    def __init__(self) -> None:
        self.network = read_network("verdict.npz", "verdict", VERDICT_PLAN)
        with np.load(BytesIO(files(__package__).joinpath("verdict.npz").read_bytes())) as stored:
            self._weights, self._added = stored["weights"].astype(np.float64), float(stored["added"][0])

    def __call__(self, evidence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Scores (N,), 0 to 1, of rows of evidence (N, len(evidence.NAMES))."""
        odds = np.clip(evidence, LOWEST, HIGHEST) @ self._weights + self._added
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))
