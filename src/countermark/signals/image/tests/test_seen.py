"""One picture decoded once in each form, and stages that look at it after the fingerprints."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from countermark.formats.picture import RefusedPicture
from countermark.model import ImageUnavailable, Portfolio, Signal
from countermark.signals.image import ImageSignals, SeenPicture, Stage
from countermark.signals.image.pixels import colour_pixels
from countermark.signals.image.tests.drawing import Picture, jpeg, photo, png, with_orientation


class Pictures:
    def __init__(self, pictures: dict[str, bytes]) -> None:
        self.pictures = pictures

    def read(self, uri: str) -> bytes:
        if uri not in self.pictures:
            raise ImageUnavailable(f"there is no picture {uri}")
        return self.pictures[uri]


class Says:
    """A stage that gives one signal of a value for each picture, and keeps what it was shown."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.shown: list[tuple[int, str, int]] = []

    def look(self, picture: SeenPicture) -> list[Signal]:
        self.shown.append((picture.row, picture.uri, len(picture.found)))
        return [Signal(name="image.test", value=self.value, brand="Corvane", listing_image=picture.uri)]


class Wants:
    """A stage that asks for a colour form."""

    def look(self, picture: SeenPicture) -> list[Signal]:
        picture.colour(64)
        return [Signal(name="image.colour", value=1.0, listing_image=picture.uri)]


def measure(pictures: dict[str, bytes], rows: list[list[str]], *stages: Stage) -> list[list[Signal]]:
    batch = pa.RecordBatch.from_pydict({"images": pa.array(rows, pa.list_(pa.string()))})
    return ImageSignals(Portfolio(), Pictures({}), stages=stages).measure(batch, Pictures(pictures))


def test_a_form_is_decoded_once() -> None:
    picture = SeenPicture(0, "a.jpg", jpeg(photo(1)))
    assert picture.grey() is picture.grey()
    assert picture.colour(100) is picture.colour(100)


@pytest.mark.parametrize("encode", [jpeg, png], ids=["jpeg", "png"])
def test_colour_keeps_the_shape_and_the_colours_within_the_longest_side(encode: Callable[[Picture], bytes]) -> None:
    drawn = np.zeros((480, 360, 3), np.uint8)
    drawn[:240] = (200, 30, 10)
    for longest in (500, 480, 200, 30):
        colours = colour_pixels(encode(drawn), longest)
        side = min(longest, 480)
        assert colours.shape == (side, round(360 * side / 480), 3)
        assert np.abs(colours[2, 2].astype(int) - (200, 30, 10)).max() <= 4


def test_colour_is_upright_and_grey_as_stored() -> None:
    picture = SeenPicture(0, "a.jpg", with_orientation(jpeg(photo(1)), 6))
    assert picture.grey().shape == (240, 180)
    assert picture.colour(480).shape == (360, 480, 3)


def test_a_refused_picture_is_refused_each_time() -> None:
    picture = SeenPicture(0, "a.jpg", b"nothing")
    for _ in range(2):
        with pytest.raises(RefusedPicture):
            picture.grey()
        with pytest.raises(RefusedPicture):
            picture.colour(100)


def test_a_jpeg_that_is_cut_short_still_has_colours() -> None:
    data = jpeg(photo(1))
    assert colour_pixels(data[: len(data) // 2], 480).shape == (480, 360, 3)


def test_a_longest_side_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="longest"):
        colour_pixels(jpeg(photo(1)), 0)


def test_a_stage_sees_each_picture_once_and_its_signals_reach_every_listing_that_shows_it() -> None:
    stage = Says(0.5)
    found = measure({"a": jpeg(photo(1)), "b": jpeg(photo(2))}, [["a", "b"], ["gone"], ["b"]], stage)
    assert [[signal.listing_image for signal in row] for row in found] == [["a"], [], ["b"]]
    assert stage.shown == [(0, "a", 0), (0, "b", 0)]


def test_of_two_stages_the_stronger_signal_is_kept_and_the_later_knows_of_the_earlier() -> None:
    first, second = Says(0.5), Says(0.8)
    found = measure({"a": jpeg(photo(1))}, [["a"]], first, second)
    assert [signal.value for signal in found[0]] == [0.8]
    assert second.shown == [(0, "a", 1)]


def test_a_form_that_cannot_be_had_is_no_signal() -> None:
    good = jpeg(photo(1))
    found = measure({"bad": b"\xff\xd8\xff", "good": good}, [["bad", "good"]], Wants())
    assert [signal.listing_image for signal in found[0]] == ["good"]


def test_many_pictures_pass_in_blocks_with_nothing_lost() -> None:
    data = jpeg(photo(1, 48, 36))
    pictures = {str(number): data for number in range(150)}
    found = measure(pictures, [[uri] for uri in pictures], Says(1.0))
    assert [row[0].listing_image for row in found] == list(pictures)
