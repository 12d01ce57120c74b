"""Reading the lines of one picture, with rapidocr and the models in its wheel; nothing is ever fetched."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

#: The longer side of what is read, in pixels: the cost grows with the area.
READ_AT = 640
#: Lines of a picture that are kept, the surest first when there are more.
MOST_LINES = 40
#: Characters of a line.
MOST_CHARACTERS = 120
#: Lines that the recogniser trusts less are left out; half of such lines are patterns of cloth.
LEAST_CONFIDENCE = 0.6
#: A line taller than this share of the picture is none: the detector frames whole goods at times, and reads a letter.
MOST_HEIGHT = 0.45

_MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")


class ReadLine(msgspec.Struct, frozen=True):
    """A line of writing.

    Attributes:
        text: as read.
        confidence: of the recogniser, in [0, 1], two places.
        corners: four, clockwise from the upper left, as shares of width and height.
    """

    text: str
    confidence: float
    corners: tuple[tuple[float, float], ...]

    @property
    def region(self) -> str:
        """The corners as facts hold them: `0.1,0.2 0.9,0.2 0.9,0.4 0.1,0.4`."""
        return " ".join(f"{x:.4f},{y:.4f}" for x, y in self.corners)


def can_read() -> bool:
    """Whether the extra `pictures` is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


@cache
def reader_digest() -> str:
    """SHA-256 in hex over the versions of the libraries and the bytes of the models: what a reading depends on.

    Raises:
        PackageNotFoundError: without the extra `pictures`.
    """
    parts = [f"{name} {version(name)}".encode() for name in ("rapidocr", "onnxruntime")]
    parts += [hashlib.sha256((_models() / name).read_bytes()).digest() for name in _MODELS]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _models() -> Path:
    found = find_spec("rapidocr")
    if found is None or found.origin is None:
        raise PackageNotFoundError("rapidocr")
    return Path(found.origin).with_name("models")


class PictureReader:
    """Reads one picture at a time on one thread; the same pixels give the same lines.

    Picklable: it travels empty, and loads its models (30 MB, half a second) when the first picture is read.
    """

    def __init__(self) -> None:
        self._engine: Any = None

    def __reduce__(self) -> tuple[type["PictureReader"], tuple[()]]:
        return type(self), ()

    def read(self, picture: npt.NDArray[np.uint8]) -> tuple[ReadLine, ...]:
        """The lines of a picture, from top to bottom.

        Args:
            picture: blue, green, red of shape (height, width, 3), dtype uint8, the longer side at most `READ_AT`.
        """
        height, width = picture.shape[:2]
        if min(height, width) < 16:
            return ()
        if self._engine is None:
            self._engine = _engine()
        answer = self._engine(picture)
        if answer.txts is None or answer.boxes is None:
            return ()
        lines = [
            ReadLine(text.strip()[:MOST_CHARACTERS], round(float(score), 2), _corners(box, width, height))
            for text, score, box in zip(answer.txts, answer.scores, answer.boxes, strict=True)
        ]
        return _kept([line for line in lines if _is_line(line)])


def _kept(lines: list[ReadLine]) -> tuple[ReadLine, ...]:
    surest = sorted(range(len(lines)), key=lambda at: (-lines[at].confidence, at))[:MOST_LINES]
    return tuple(lines[at] for at in sorted(surest))


def _is_line(line: ReadLine) -> bool:
    tall = max(y for _, y in line.corners) - min(y for _, y in line.corners)
    return len(line.text) >= 2 and line.confidence >= LEAST_CONFIDENCE and tall <= MOST_HEIGHT


def _corners(box: npt.NDArray[np.generic], width: int, height: int) -> tuple[tuple[float, float], ...]:
    shares = np.clip(np.asarray(box, float) / (width, height), 0, 1).round(4)
    return tuple((float(x), float(y)) for x, y in shares)


def _engine() -> Any:
    # Imported late: it belongs to an extra, and its import takes a second.
    from rapidocr import RapidOCR  # noqa: PLC0415

    # Models are named by path: without one rapidocr may look for them elsewhere and fetch what it misses.
    models = _models()
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": LEAST_CONFIDENCE,
            "Global.max_side_len": READ_AT,
            "Det.model_path": str(models / _MODELS[0]),
            "Rec.model_path": str(models / _MODELS[1]),
            "Det.limit_type": "max",
            "Det.limit_side_len": READ_AT,
            "Det.max_candidates": 4 * MOST_LINES,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
