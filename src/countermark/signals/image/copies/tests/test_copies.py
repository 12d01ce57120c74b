"""Official photos in disguise are found by corners and pixels; other goods in the same place are not."""

import pickle

import cv2
import numpy as np
import pytest

from countermark.model import ImageRef, ImageRole, Portfolio, Right, RightKind, Signal
from countermark.signals.image.copies import CopyStage, References, finder
from countermark.signals.image.copies.again import placed_again
from countermark.signals.image.copies.features import (
    QUERY_CORNERS,
    QUERY_SIDE,
    REFERENCE_SIDE,
    Sides,
    described_sides,
    framed,
    query_corners,
)
from countermark.signals.image.copies.placing import Placing, moved, place
from countermark.signals.image.copies.words import NEAR, WordIndex
from countermark.signals.image.dct256 import GreyPixels
from countermark.signals.image.panels import panels
from countermark.signals.image.regions import WHOLE, written
from countermark.signals.image.seen import SeenPicture
from countermark.signals.image.tests.drawing import EXAMPLES, Picture, jpeg, on_carpet, photo, with_orientation


class Pictures:
    """Bytes in memory."""

    def __init__(self, pictures: dict[str, bytes]) -> None:
        self.pictures = pictures

    def read(self, uri: str) -> bytes:
        return self.pictures[uri]


OFFICIAL = {
    "tote": photo(1, 800, 600),
    "belt": photo(2, 800, 600),
    "carpet": on_carpet(3, 800, 600),
    "plain": np.full((800, 600, 3), 230, np.uint8),
}
SOURCE = Pictures({name: jpeg(picture) for name, picture in OFFICIAL.items()})


def portfolio(role: ImageRole = ImageRole.OFFICIAL) -> Portfolio:
    return Portfolio(
        rights=tuple(
            Right(brand=name, kind=RightKind.COPYRIGHT, title=name, references=(ImageRef(uri=name, role=role),))
            for name in OFFICIAL
        )
    )


STAGE = CopyStage.prepare(portfolio(), SOURCE)


def look(data: bytes, stage: CopyStage = STAGE) -> list[Signal]:
    return stage.look(SeenPicture(0, "shown", data))


def copied(data: bytes) -> set[str]:
    return {signal.brand for signal in look(data) if signal.name == "image.copied_photo"}


def pasted(picture: Picture) -> Picture:
    ground = photo(44, 800, 600)
    ground[200:600, 150:450] = cv2.resize(picture, (300, 400), interpolation=cv2.INTER_AREA)
    return ground


def leaning(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    here = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = here + np.array([[60, 30], [0, 0], [-60, 0], [0, -20]], np.float32)
    matrix = cv2.getPerspectiveTransform(here, there)
    return np.asarray(cv2.warpPerspective(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


EDITED = {
    "crop of 15 %": lambda p: jpeg(p[250:560, 180:412]),
    "mirrored crop": lambda p: jpeg(cv2.flip(p[100:600, 100:500], 1)),
    "turned": EXAMPLES["turned by 15 degrees"],
    "leaning": lambda p: jpeg(leaning(p)),
    "screenshot": EXAMPLES["on a screenshot of a phone"],
    "collage": EXAMPLES["as a quarter of a collage"],
    "pasted": lambda p: jpeg(pasted(p)),
    "mirrored and pasted": lambda p: jpeg(pasted(np.ascontiguousarray(p[:, ::-1]))),
}


@pytest.mark.parametrize("edit", EDITED)
def test_an_edited_official_photo_is_found(edit: str) -> None:
    assert copied(EDITED[edit](OFFICIAL["tote"])) == {"tote"}


def test_other_goods_on_the_carpet_of_an_official_photo_share_its_scene_only() -> None:
    (found,) = look(jpeg(on_carpet(91, 800, 600)))
    assert (found.name, found.brand) == ("image.shared_scene", "carpet")
    assert int(found.facts["corners"]) >= 12


def test_the_photo_on_the_carpet_itself_is_a_copy() -> None:
    assert copied(EXAMPLES["turned by 15 degrees"](OFFICIAL["carpet"])) == {"carpet"}


def laid_on(level: int) -> Picture:
    """The same flat goods on a plain ground, lit from the left."""
    light = np.linspace(level - 25, level + 25, 600)
    ground = np.repeat(np.repeat(light[None, :, None], 800, axis=0), 3, axis=2).astype(np.uint8)
    ground[200:600, 150:450] = photo(7, 400, 300)
    return ground


def test_the_same_goods_on_another_ground_are_no_copy_of_the_photo() -> None:
    reference = ImageRef(uri="x", role=ImageRole.OFFICIAL)
    rights = (Right(brand="flat", kind=RightKind.COPYRIGHT, title="x", references=(reference,)),)
    stage = CopyStage.prepare(Portfolio(rights=rights), Pictures({"x": jpeg(laid_on(200))}))

    def names(picture: Picture) -> set[str]:
        return {signal.name for signal in look(jpeg(picture), stage)}

    assert "image.copied_photo" not in names(laid_on(90))
    carpet = on_carpet(5, 800, 600)
    carpet[200:600, 150:450] = photo(7, 400, 300)
    assert "image.copied_photo" not in names(carpet)
    banded = laid_on(200)
    banded[680:] = (20, 20, 200)
    assert "image.copied_photo" in names(banded)


def test_another_photo_gives_nothing() -> None:
    assert [look(jpeg(photo(seed, 800, 600))) for seed in (404, 405, 406)] == [[], [], []]


def test_outlines_lie_where_the_part_was_taken() -> None:
    (found,) = look(jpeg(OFFICIAL["tote"][200:600, 150:450]))
    outline = np.array([[float(v) for v in point.split(",")] for point in found.facts["reference_region"].split()])
    assert np.allclose(outline.min(0), [0.25, 0.25], atol=0.03)
    assert np.allclose(outline.max(0), [0.75, 0.75], atol=0.03)


def test_only_official_photos_are_references_and_plain_ones_are_left_out() -> None:
    assert len(CopyStage.prepare(portfolio(ImageRole.LOGO), SOURCE)) == 0
    assert [one.uri for one in References(portfolio(), SOURCE).photos] == ["tote", "belt", "carpet"]
    assert look(jpeg(OFFICIAL["tote"]), CopyStage.prepare(portfolio(ImageRole.LOGO), SOURCE)) == []


def test_the_same_signals_in_every_process() -> None:
    data = EDITED["pasted"](OFFICIAL["tote"])
    assert look(data, pickle.loads(pickle.dumps(STAGE))) == look(data)


def test_a_reference_stays_small() -> None:
    assert len(pickle.dumps(STAGE)) < 200_000 * len(STAGE) + 600_000


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3, 3), (24, 24)])
def test_tiny_pictures_give_nothing(size: tuple[int, int]) -> None:
    assert look(jpeg(np.full((*size, 3), 90, np.uint8))) == []
    noise = np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8)
    assert look(jpeg(noise)) == []


def test_large_noise_and_one_colour_give_nothing() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (3000, 3000)).astype(np.uint8)
    assert look(jpeg(noise)) == []
    assert look(jpeg(np.full((5000, 5000), 7, np.uint8))) == []


def test_a_chessboard_of_equal_corners_gives_nothing() -> None:
    board = np.kron(np.indices((32, 32)).sum(0) % 2, np.ones((25, 25))) * 255
    assert look(jpeg(board.astype(np.uint8))) == []


def test_a_placing_is_found_among_wrong_pairs() -> None:
    dice = np.random.default_rng(2)
    reference = np.column_stack([dice.uniform(0, 500, (40, 2)), np.zeros(40), np.ones(40)]).astype(np.float32)
    turn = np.array([[0.0, -0.5, 300.0], [0.5, 0.0, 10.0], [0, 0, 1]])
    picture = np.column_stack([moved(turn, reference[:, :2]), np.full(40, 90), np.full(40, 0.5)]).astype(np.float32)
    picture[25:, :2] = dice.uniform(0, 300, (15, 2))
    placing = place(picture, reference, np.ones(40))
    assert placing is not None
    assert placing.agree[:25].all()
    assert np.allclose(placing.matrix, turn, atol=0.02)


def test_a_collage_falls_into_its_panels_and_a_photo_does_not() -> None:
    grey = np.full((250, 250), 255, np.uint8)
    for top, left, seed in ((5, 5, 1), (5, 130, 2), (130, 5, 3), (130, 130, 4)):
        grey[top : top + 115, left : left + 115] = cv2.cvtColor(photo(seed, 115, 115), cv2.COLOR_BGR2GRAY)
    found = [(box.top, box.left, box.bottom, box.right) for box in panels(grey)]
    assert {(5, 5, 120, 120), (5, 130, 120, 245), (130, 5, 245, 120)} <= set(found)
    assert panels(np.asarray(cv2.cvtColor(photo(1, 250, 200), cv2.COLOR_BGR2GRAY), np.uint8)) == []


def test_an_outline_is_written_for_the_upright_picture() -> None:
    left_half = WHOLE * (0.5, 1.0)
    assert written(left_half) == "0,0 0.5,0 0.5,1 0,1"
    assert written(left_half, 6) == "1,0 1,0.5 0,0.5 0,0"
    part = jpeg(OFFICIAL["tote"][200:600, 150:450])
    upright, turned = look(part), look(with_orientation(part, 6))
    assert upright[0].facts["reference_region"] == turned[0].facts["reference_region"]


def test_few_pairs_place_a_photo_badly_and_more_are_found_where_they_put_it() -> None:
    references = References(portfolio(), SOURCE)
    crop = np.asarray(cv2.cvtColor(OFFICIAL["carpet"][:310, :232], cv2.COLOR_BGR2GRAY), np.uint8)
    frame = framed(crop, QUERY_SIDE)
    side = described_sides(frame, query_corners(frame)).of(0)
    share = QUERY_SIDE / 310 * 800 / REFERENCE_SIDE
    exact = np.diag([share, share, 1.0])
    bent = exact @ np.array([[1.02, 0.01, 3], [-0.01, 0.99, -3], [0, 0, 1]])
    inside = np.array([[20.0, 20.0], [150.0, 20.0], [20.0, 210.0], [150.0, 210.0]])

    def off(matrix: np.ndarray) -> float:
        return float(np.abs(moved(matrix, inside) - moved(exact, inside)).max())

    again = placed_again(references, side, 2, Placing(bent, np.ones(3, np.bool_)))
    assert again is not None
    assert off(bent) > 5
    assert off(again.matrix) < 1.5
    assert again.agree.sum() > 12
    assert placed_again(references, side, 0, Placing(bent, np.ones(40, np.bool_))) is None


def test_drawers_are_the_same_however_many_words_are_looked_up_at_once() -> None:
    words = np.random.default_rng(4).integers(0, 2**63, (3000, 4)).astype(np.uint64)
    index = WordIndex(words)
    changed = words[:50].copy()
    changed[:, 1] ^= np.uint64(0b1011)
    together = index.near(changed)
    assert set(zip(together.query.tolist(), together.reference.tolist(), strict=True)) >= {(n, n) for n in range(50)}
    alone = index.near(changed[7:8])
    assert alone.reference.tolist() == together.reference[together.query == 7].tolist()


def test_a_picture_that_shows_no_photo_is_described_by_half_of_its_corners(monkeypatch: pytest.MonkeyPatch) -> None:
    described: list[int] = []

    def counted(frame: GreyPixels, corners: list[cv2.KeyPoint]) -> Sides:
        described.append(len(corners))
        return described_sides(frame, corners)

    monkeypatch.setattr(finder, "described_sides", counted)
    noise = np.random.default_rng(1).integers(0, 256, (800, 600)).astype(np.uint8)
    assert look(jpeg(cv2.GaussianBlur(noise, (0, 0), 4))) == []
    assert described == [QUERY_CORNERS // 2]
    described.clear()
    assert copied(EDITED["turned"](OFFICIAL["tote"])) == {"tote"}
    assert described == [QUERY_CORNERS // 2, QUERY_CORNERS // 2]


def test_a_corner_lies_alike_on_both_sides_of_a_picture() -> None:
    frame = framed(np.asarray(cv2.cvtColor(OFFICIAL["tote"], cv2.COLOR_BGR2GRAY), np.uint8), QUERY_SIDE)
    sides = described_sides(frame, query_corners(frame))
    one, other = sides.of(0), sides.of(1)
    assert np.allclose(one.places[:, 0] + other.places[:, 0], frame.shape[1] - 1)
    assert np.allclose((one.places[:, 2] + other.places[:, 2]) % 360, 180, atol=1e-3)
    again = described_sides(np.ascontiguousarray(frame[:, ::-1]), query_corners(frame)[:0])
    assert len(again) == 0


def test_words_are_near_up_to_so_many_bits_however_they_are_spread() -> None:
    dice = np.random.default_rng(6)
    words = dice.integers(0, 2**63, (2000, 4)).astype(np.uint64)
    index = WordIndex(words)
    for differ, found in ((12, True), (40, True), (NEAR + 1, False)):
        single = np.unpackbits(words[:200].view(np.uint8), axis=1)
        single[np.arange(200)[:, None], np.argsort(dice.random((200, 256)), axis=1)[:, :differ]] ^= 1
        pairs = index.near(np.packbits(single, axis=1).view(np.uint64))
        own = int((pairs.query == pairs.reference).sum())
        assert (own > 100) == found, differ
        assert len(set(zip(pairs.query.tolist(), pairs.reference.tolist(), strict=True))) == len(pairs)
