"""Pictures to vectors with a network of the user's own, on one thread."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from countermark.model import InvalidRecord
from countermark.signals.image.embeddings.settings import NetworkSettings

Vector = npt.NDArray[np.float32]


class Network:
    """Picklable: it travels as its settings and loads the file where the first picture is embedded."""

    def __init__(self, settings: NetworkSettings) -> None:
        self.settings = settings
        self._session: Any = None

    def __reduce__(self) -> tuple[type["Network"], tuple[NetworkSettings]]:
        return type(self), (self.settings,)

    def embed(self, picture: npt.NDArray[np.uint8]) -> Vector:
        """The vector of a picture.

        Args:
            picture: blue, green, red of shape (height, width, 3), dtype uint8; squeezed to the square.

        Raises:
            InvalidRecord: when the network cannot be run as its settings say.
        """
        try:
            vector = np.asarray(self._run(_prepared(picture, self.settings)), np.float32).reshape(-1)
        except InvalidRecord:
            raise
        except Exception as error:
            raise InvalidRecord(
                "model", f"the network cannot be run: {error}.", "Compare size, layout and output with its card."
            ) from error
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise InvalidRecord("model", "the network gave no vector.", "Compare mean, std and output with its card.")
        return np.asarray(vector / length, np.float32) if self.settings.normalise else vector

    def _run(self, pixels: Vector) -> Any:
        if self._session is None:
            self._session = _session(self.settings.model)
        names = [one.name for one in self._session.get_outputs()]
        wanted = self.settings.output or names[0]
        if wanted not in names:
            raise InvalidRecord("output", f"the network has no output {wanted!r}.", f"It has: {', '.join(names)}.")
        return self._session.run([wanted], {self._session.get_inputs()[0].name: pixels})[0]


def _prepared(picture: npt.NDArray[np.uint8], settings: NetworkSettings) -> Vector:
    square = cv2.resize(picture, (settings.size, settings.size), interpolation=cv2.INTER_AREA)
    levels = square[..., ::-1].astype(np.float32) / 255
    levels = (levels - np.asarray(settings.mean, np.float32)) / np.asarray(settings.std, np.float32)
    laid = levels.transpose(2, 0, 1) if settings.layout == "nchw" else levels
    return np.ascontiguousarray(laid[None], np.float32)


def _session(path: str) -> Any:
    # Imported late: it belongs to an extra.
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
