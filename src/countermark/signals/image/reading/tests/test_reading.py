"""Writing is read where it stands, nothing is read where none stands, and each picture is read once."""

import pickle

import cv2
import numpy as np
import pyarrow as pa
import pytest

from countermark.model import ImageUnavailable
from countermark.signals.image.reading import PictureReader, PictureReading, ReadLine, can_read, looks_written
from countermark.signals.image.reading.reader import LEAST_CONFIDENCE

LINE = ReadLine("Corvane", 0.98, ((0.1, 0.1), (0.5, 0.1), (0.5, 0.2), (0.1, 0.2)))
needs_reader = pytest.mark.skipif(not can_read(), reason="needs the extra `pictures`")


def written(words: str, size: int = 44) -> np.ndarray:
    """Words on a soft ground, in the fonts that OpenCV brings (Latin and Chinese)."""
    across = np.linspace(90, 190, 480)
    picture = np.repeat(np.tile(across, (360, 1))[..., None], 3, axis=2).astype(np.uint8)
    cv2.putText(picture, words, (30, 200), (20, 20, 20), cv2.FontFace("sans"), size, 600)
    return picture


def as_png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


class Counting:
    """A reader that says one line and counts."""

    def __init__(self) -> None:
        self.read_pictures = 0

    def read(self, picture: np.ndarray) -> tuple[ReadLine, ...]:
        self.read_pictures += 1
        return (LINE,)


class Held(dict[str, bytes]):
    def read(self, uri: str) -> bytes:
        if uri not in self:
            raise ImageUnavailable("there is no such picture.")
        return self[uri]


def batch(*rows: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"images": pa.array(rows, pa.list_(pa.string()))})


def test_writing_asks_to_be_read_and_plain_or_rough_pictures_do_not():
    noise = np.random.default_rng(3).integers(0, 256, (360, 480, 3), np.uint8)
    for words in ("Corvane", "加微信 珂梵手袋", "pièce véritable"):
        assert looks_written(written(words)), words
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 6), np.uint8)
    for plain in (written(""), noise, soft, np.zeros((360, 480, 3), np.uint8)):
        assert not looks_written(plain)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000, 3), (4000, 2, 3), (3, 3), (40, 40)])
def test_hostile_sizes_are_no_writing(shape: tuple[int, ...]):
    assert not looks_written(np.full(shape, 200, np.uint8))
    chequered = (np.indices(shape[:2]).sum(axis=0) % 2 * 255).astype(np.uint8)
    looks_written(chequered)


def test_a_picture_that_many_listings_show_is_read_once_and_one_without_words_never():
    reader = Counting()
    reading = PictureReading(reader)
    images = Held(a=as_png(written("Corvane")), same=as_png(written("Corvane")), plain=as_png(written("")), bad=b"x")
    read = reading.read(batch(["a", "a"], ["plain", "bad", "gone"], ["same"], ["a"]), images)
    assert [[one.uri for one in row] for row in read] == [["a"], [], ["same"], ["a"]]
    assert reader.read_pictures == 1
    reading.read(batch(["same"]), images)
    assert reader.read_pictures == 1


def test_it_travels_without_its_models():
    assert len(pickle.dumps(PictureReading())) < 1000
    assert isinstance(pickle.loads(pickle.dumps(PictureReader())), PictureReader)


@needs_reader
def test_french_and_chinese_and_numbers_are_read_with_their_place():
    reader = PictureReader()
    for words in ("pièce véritable été", "珂梵 高仿", "WhatsApp 138 0013 8000"):
        picture = written(words, 30)
        lines = reader.read(picture)
        assert "".join(line.text for line in lines).replace(" ", "") == words.replace(" ", "")
        assert lines == reader.read(picture)
        assert all(line.confidence >= LEAST_CONFIDENCE for line in lines)
        assert 0.4 < lines[0].corners[0][1] < 0.6
        assert lines[0].region.count(",") == 4
    assert reader.read(np.zeros((10, 400, 3), np.uint8)) == ()
