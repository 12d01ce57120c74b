"""From listings and pictures to signals: what is a copy, what is not, and what is passed over."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from countermark.model import (
    ImageRef,
    ImageRole,
    ImageUnavailable,
    Portfolio,
    Right,
    RightKind,
    Signal,
    SignalExample,
    SignalSpec,
)
from countermark.signals.image import RADIUS, CopyStage, ImageSignals, Unreadable
from countermark.signals.image.dct256 import hash_grey
from countermark.signals.image.pixels import grey_pixels
from countermark.signals.image.specs import SPECS
from countermark.signals.image.tests.drawing import (
    EXAMPLES,
    Picture,
    hues_turned,
    jpeg,
    logo,
    on_carpet,
    photo,
    png_header_only,
)

#: What this family measures without a network of the user's own (`cli/tests/test_embeddings.py`).
MEASURED = [spec for spec in SPECS if spec.name != "image.looks_like"]

DOCS = Path(__file__).parents[5] / "docs" / "reference" / "signals" / "image.md"


class Pictures:
    """An image source that counts how often it is asked."""

    def __init__(self, pictures: dict[str, bytes]) -> None:
        self.pictures = pictures
        self.read_of: list[str] = []

    def read(self, uri: str) -> bytes:
        self.read_of.append(uri)
        if uri not in self.pictures:
            raise ImageUnavailable(f"there is no picture {uri}")
        return self.pictures[uri]


OFFICIAL = Pictures(
    {
        "tote.jpg": jpeg(photo(1)),
        "belt.jpg": jpeg(photo(2)),
        "carpet.jpg": jpeg(on_carpet(3)),
        "mark.png": jpeg(logo()),
    }
)


def right(brand: str, uri: str, role: ImageRole, kind: RightKind = RightKind.COPYRIGHT) -> Right:
    return Right(brand=brand, kind=kind, title=f"{brand} {uri}", references=(ImageRef(uri=uri, role=role),))


PORTFOLIO = Portfolio(
    rights=(
        right("Corvane", "tote.jpg", ImageRole.OFFICIAL),
        right("Corvane", "belt.jpg", ImageRole.OFFICIAL),
        right("Corvane", "carpet.jpg", ImageRole.OFFICIAL),
        right("Halcyr", "mark.png", ImageRole.LOGO, RightKind.TRADEMARK),
    )
)
SIGNALS = ImageSignals(PORTFOLIO, OFFICIAL, stages=(CopyStage.prepare(PORTFOLIO, OFFICIAL),))


def offers(*pictures: list[str] | None) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"images": pa.array(pictures, pa.list_(pa.string()))})


def measure(*shown: bytes, signals: ImageSignals = SIGNALS) -> list[Signal]:
    """Signals of one listing that shows these pictures."""
    source = Pictures({str(number): data for number, data in enumerate(shown)})
    return signals.measure(offers(list(source.pictures)), source)[0]


def value_of(found: list[Signal], name: str) -> float:
    return next((signal.value for signal in found if signal.name == name), 0.0)


@pytest.mark.parametrize(
    ("spec", "example"),
    [(spec, example) for spec in MEASURED for example in spec.examples],
    ids=lambda part: part.name if isinstance(part, SignalSpec) else part.given,
)
def test_each_worked_example_measures_as_it_says(spec: SignalSpec, example: SignalExample) -> None:
    reference = logo() if spec.name == "image.logo_file" else photo(1)
    found = measure(EXAMPLES[example.given](reference))
    assert example.low <= value_of(found, spec.name) <= example.high
    if example.note.startswith("variant: "):
        variants = [signal.facts["variant"] for signal in found if signal.name == spec.name]
        assert variants and example.note.removeprefix("variant: ") in variants[0]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_each_signal_and_example_stands_in_the_reference(spec: SignalSpec) -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert f"## `{spec.name}`" in page
    assert [e.given for e in spec.examples if f"| {e.given} |" not in page] == []
    assert spec.wrong_when in page
    assert spec.sentence in page


@pytest.mark.parametrize("spec", MEASURED, ids=lambda spec: spec.name)
def test_facts_fill_the_sentence(spec: SignalSpec) -> None:
    found = measure(jpeg(photo(1)), jpeg(logo()), jpeg(on_carpet(91)))
    signal = next(signal for signal in found if signal.name == spec.name)
    assert "{" not in spec.sentence.format(brand=signal.brand, **signal.facts)


def test_turned_hues_change_luma_and_not_what_a_copy_is_found_by() -> None:
    signals = ImageSignals(PORTFOLIO, OFFICIAL)
    assert hash_grey(grey_pixels(jpeg(hues_turned(photo(1))))).distance(hash_grey(grey_pixels(jpeg(photo(1))))) > RADIUS
    (found,) = measure(jpeg(hues_turned(photo(1))), signals=signals)
    assert (found.name, found.reference) == ("image.copied_photo", "tote.jpg")
    assert found.facts["algorithm"] == "dct256-light/1"
    assert found.facts["variant"] == "as is, hues turned"
    assert measure(jpeg(hues_turned(photo(77))), signals=signals) == []
    assert measure(jpeg(photo(1)), signals=signals)[0].facts["algorithm"] == "dct256/1"


def test_a_copy_names_house_right_reference_and_picture() -> None:
    (found,) = measure(jpeg(photo(50)), jpeg(photo(1), 60))
    assert (found.name, found.brand) == ("image.copied_photo", "Corvane")
    assert found.right_id == PORTFOLIO.rights[0].id
    assert (found.reference, found.listing_image) == ("tote.jpg", "1")
    assert (found.facts["threshold"], found.facts["allowed"]) == ("87", str(RADIUS))
    assert 0 <= int(found.facts["distance"]) <= RADIUS


def test_of_two_copies_the_nearer_one_is_named() -> None:
    found = measure(EXAMPLES["under a tiled watermark"](photo(1)), jpeg(photo(2)))
    assert [(signal.reference, signal.listing_image) for signal in found] == [("belt.jpg", "1")]


def test_a_photo_of_two_houses_speaks_about_both() -> None:
    both = Portfolio(rights=(*PORTFOLIO.rights, right("Ondrelle", "tote.jpg", ImageRole.OFFICIAL)))
    found = measure(jpeg(photo(1)), signals=ImageSignals(both, OFFICIAL))
    assert [signal.brand for signal in found] == ["Corvane", "Ondrelle"]


def test_of_two_rights_in_one_photo_the_copyright_is_named() -> None:
    design = right("Corvane", "tote.jpg", ImageRole.OFFICIAL, RightKind.DESIGN)
    found = measure(jpeg(photo(1)), signals=ImageSignals(Portfolio(rights=(design, *PORTFOLIO.rights)), OFFICIAL))
    assert [signal.right_id for signal in found] == [PORTFOLIO.rights[0].id]


def test_a_farther_copy_has_a_lower_value() -> None:
    near = value_of(measure(jpeg(photo(1), 90)), "image.copied_photo")
    far = value_of(measure(EXAMPLES["under a tiled watermark"](photo(1))), "image.copied_photo")
    assert 0.5 <= far < near <= 1.0


def on_white(picture: Picture, top: int, left: int) -> Picture:
    canvas = np.full((600, 600, 3), 252, np.uint8)
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return canvas


def test_goods_cut_out_of_a_plain_ground_must_agree_more_closely() -> None:
    product = photo(9, 300, 260)
    source = Pictures({"cut.jpg": jpeg(on_white(product, 152, 168))})
    signals = ImageSignals(Portfolio(rights=(right("Corvane", "cut.jpg", ImageRole.OFFICIAL),)), source)
    (elsewhere,) = measure(jpeg(on_white(product, 40, 296)), signals=signals)
    assert elsewhere.facts["allowed"] == "15"
    assert elsewhere.facts["variant"] == "as is, border cut"
    changed = product.copy()
    changed[:, :80] = changed[:, :80] // 2
    far = measure(jpeg(on_white(changed, 40, 296)), signals=signals)
    in_place = measure(jpeg(on_white(changed, 152, 168)), signals=signals)
    assert far == []
    assert [signal.facts["allowed"] for signal in in_place] == ["31"]


def test_a_frame_round_a_picture_with_its_own_white_is_cut_no_further() -> None:
    picture = on_white(photo(9, 300, 260), 150, 170)
    source = Pictures({"cut.jpg": jpeg(picture)})
    signals = ImageSignals(Portfolio(rights=(right("Corvane", "cut.jpg", ImageRole.OFFICIAL),)), source)
    (found,) = measure(EXAMPLES["in a red frame of 15 %"](picture), signals=signals)
    assert (found.facts["variant"], found.facts["allowed"]) == ("as is, border cut", "31")


def test_logo_and_copied_photo_can_stand_in_one_listing() -> None:
    names = {(signal.name, signal.brand) for signal in measure(jpeg(photo(2)), jpeg(logo()))}
    assert names == {("image.copied_photo", "Corvane"), ("image.logo_file", "Halcyr")}


def test_pictures_that_cannot_be_had_or_read_give_no_signal_and_are_told() -> None:
    source = Pictures({"bomb.png": png_header_only(10_000, 10_000), "svg.jpg": b"<svg/>", "good.jpg": jpeg(photo(1))})
    unreadable: list[Unreadable] = []
    batch = offers(["gone.jpg", "bomb.png"], ["svg.jpg"], ["good.jpg"])
    found = SIGNALS.measure(batch, source, unreadable=unreadable)
    assert [len(row) for row in found] == [0, 0, 1]
    assert [(one.row, one.uri) for one in unreadable] == [(0, "gone.jpg"), (0, "bomb.png"), (1, "svg.jpg")]
    assert all(one.why for one in unreadable)


def test_nobody_has_to_collect_what_was_unreadable() -> None:
    assert SIGNALS.measure(offers(["gone.jpg"]), Pictures({})) == [[]]


def test_each_picture_of_a_batch_is_read_once() -> None:
    source = Pictures({"a.jpg": jpeg(photo(1)), "b.jpg": jpeg(photo(60))})
    found = SIGNALS.measure(offers(["a.jpg", "b.jpg"], ["a.jpg"], ["b.jpg", "b.jpg"]), source)
    assert [len(row) for row in found] == [1, 1, 0]
    assert sorted(source.read_of) == ["a.jpg", "b.jpg"]


def test_only_the_rows_asked_for_are_looked_at() -> None:
    source = Pictures({"a.jpg": jpeg(photo(1)), "b.jpg": jpeg(photo(2))})
    found = SIGNALS.measure(offers(["a.jpg"], ["b.jpg"], []), source, rows=[1, 2])
    assert [len(row) for row in found] == [0, 1, 0]
    assert source.read_of == ["b.jpg"]


def test_rows_without_pictures_read_nothing() -> None:
    source = Pictures({})
    assert SIGNALS.measure(offers([], None, [""]), source) == [[], [], []]
    assert SIGNALS.measure(pa.RecordBatch.from_pydict({"title": ["a", "b"]}), source) == [[], []]
    assert source.read_of == []


def test_a_row_of_thousands_of_pictures_is_looked_at_only_so_far() -> None:
    source = Pictures({})
    SIGNALS.measure(offers([f"{number}.jpg" for number in range(5000)]), source)
    assert len(source.read_of) == 12


def test_without_references_no_picture_is_read() -> None:
    source = Pictures({"a.jpg": jpeg(photo(1))})
    assert ImageSignals(Portfolio(), OFFICIAL).measure(offers(["a.jpg"]), source) == [[]]
    assert source.read_of == []


@pytest.mark.parametrize(
    "make",
    [lambda: jpeg(np.full((300, 300, 3), 250, np.uint8)), lambda: jpeg(photo(1)[:8]), lambda: b"nothing", bytes],
    ids=["blank", "narrow", "no picture", "empty"],
)
def test_a_reference_that_cannot_be_used_is_left_out_and_told(make: Callable[[], bytes]) -> None:
    source = Pictures({"tote.jpg": make()})
    signals = ImageSignals(Portfolio(rights=PORTFOLIO.rights[:1]), source)
    assert [(one.uri, one.right_id) for one in signals.left_out] == [("tote.jpg", PORTFOLIO.rights[0].id)]
    assert signals.left_out[0].why
    assert measure(make(), signals=signals) == []


def test_a_missing_reference_is_left_out_and_told() -> None:
    signals = ImageSignals(PORTFOLIO, Pictures({}))
    assert [one.uri for one in signals.left_out] == ["tote.jpg", "belt.jpg", "carpet.jpg", "mark.png"]


def test_pictures_of_offers_in_a_right_are_no_references() -> None:
    offered = right("Corvane", "tote.jpg", ImageRole.OFFERED)
    assert measure(jpeg(photo(1)), signals=ImageSignals(Portfolio(rights=(offered,)), OFFICIAL)) == []


def test_it_travels_to_another_process_without_the_references() -> None:
    travelled = pickle.loads(pickle.dumps(SIGNALS))
    shown = EXAMPLES["mirrored"](photo(2))
    assert measure(shown, signals=travelled) == measure(shown) != []
