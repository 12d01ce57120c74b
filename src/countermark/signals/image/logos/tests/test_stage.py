import pickle
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from countermark.model import ImageRef, ImageRole, ImageUnavailable, Portfolio, Right, RightKind, Signal
from countermark.signals.image.logos.specs import SPECS
from countermark.signals.image.logos.stage import LogoStage
from countermark.signals.image.logos.tests.drawing import cloth, corvane, halcyr, printed

DOCS = Path(__file__).parents[6] / "docs" / "reference" / "signals" / "logos.md"
DARK, LIGHT, BLUE = (60, 60, 66), (225, 220, 215), (60, 80, 140)


def png(alpha):
    return cv2.imencode(".png", 255 - np.pad(alpha, 12))[1].tobytes()


class Files(dict[str, bytes]):
    def read(self, uri):
        if uri not in self:
            raise ImageUnavailable(f"there is no {uri}")
        return self[uri]


@dataclass
class Shown:
    rgb: np.ndarray
    uri: str = "photo.jpg"
    found: list[Signal] = field(default_factory=list)

    def colour(self, longest):
        assert max(self.rgb.shape) <= longest
        return self.rgb[..., ::-1]


def disc():
    return cv2.circle(np.zeros((240, 240), np.uint8), (120, 120), 110, 255, -1)


def right(brand, *uris, kind=RightKind.TRADEMARK, role=ImageRole.LOGO):
    references = tuple(ImageRef(uri=uri, role=role) for uri in uris)
    return Right(brand=brand, kind=kind, title=f"{brand}, figurative mark", references=references)


FILES = Files(
    {"corvane.png": png(corvane()), "halcyr.png": png(halcyr()), "blank.png": png(np.zeros((60, 60), np.uint8))}
)
FILES["disc.png"] = png(disc())
PORTFOLIO = Portfolio(rights=(right("Corvane", "corvane.png"), right("Ondrelle", "disc.png")))


@pytest.fixture(scope="module")
def stage():
    return LogoStage(PORTFOLIO, FILES)


def barred():
    """A third of the mark under a bar of another colour."""
    photo = printed(cloth(colour=DARK), corvane(), (200, 250), 150)
    photo[165:335, 125:182] = (150, 110, 60)
    return photo


EXAMPLES = {
    "the logo in white on dark cloth, 30 % of the width": lambda: printed(
        cloth(colour=DARK), corvane(), (200, 250), 140
    ),
    "the logo in black on light cloth, 20 % of the width": lambda: printed(
        cloth(colour=LIGHT), corvane(), (150, 300), 95, ink=(20, 20, 20)
    ),
    "the logo in red on blue cloth, tilted by 15 degrees": lambda: printed(
        cloth(colour=BLUE), corvane(), (220, 220), 110, turn=15, ink=(200, 30, 30)
    ),
    "another mark on the same cloth": lambda: printed(cloth(colour=DARK), halcyr(), (200, 250), 140),
    "a disc, where a disc is registered": lambda: printed(cloth(colour=DARK), disc(), (200, 250), 140),
    "bare cloth": lambda: cloth(colour=DARK),
    "a blank picture": lambda: np.full((300, 300, 3), 250, np.uint8),
    "the logo with a third under a bar": barred,
}


@pytest.mark.parametrize(
    ("spec", "example"),
    [(spec, example) for spec in SPECS for example in spec.examples],
    ids=lambda part: getattr(part, "name", None) or part.given,
)
def test_each_worked_example_measures_as_it_says(stage, spec, example):
    found = stage.look(Shown(EXAMPLES[example.given]()))
    value = next((signal.value for signal in found if signal.name == spec.name), 0.0)
    assert example.low <= value <= example.high, found
    for signal in found:
        said = {one.name: one for one in SPECS}[signal.name].sentence.format(brand=signal.brand, **signal.facts)
        assert "{" not in said


def test_a_signal_says_whose_mark_where_and_how(stage):
    (found,) = stage.look(Shown(printed(cloth(colour=DARK), corvane(), (200, 250), 140)))
    assert (found.brand, found.reference, found.listing_image) == ("Corvane", "corvane.png", "photo.jpg")
    assert found.right_id == PORTFOLIO.rights[0].id
    corners = np.array([pair.split(",") for pair in found.facts["region"].split()], float)
    assert corners.shape == (4, 2)
    assert np.abs(corners.mean(axis=0) - (200 / 400, 250 / 520)).max() < 0.04
    assert found.facts["polarity"] == "light on dark"
    assert 20 <= int(found.facts["width"]) <= 40


def test_one_file_of_two_houses_speaks_for_both():
    both = LogoStage(Portfolio(rights=(*PORTFOLIO.rights, right("Ondrelle", "corvane.png"))), FILES)
    found = both.look(Shown(printed(cloth(colour=DARK), corvane(), (200, 250), 140)))
    assert [signal.brand for signal in found] == ["Corvane", "Ondrelle"]


def test_only_logos_of_trademarks_are_looked_for_and_the_rest_is_said():
    rights = (
        right("Corvane", "blank.png", "gone.png"),
        right("Corvane", "corvane.png", kind=RightKind.DESIGN),
        right("Corvane", "corvane.png", role=ImageRole.OFFICIAL),
    )
    stage = LogoStage(Portfolio(rights=rights), FILES)
    assert len(stage) == 0
    assert [(one.uri, bool(one.why)) for one in stage.left_out] == [("blank.png", True), ("gone.png", True)]
    assert stage.look(Shown(cloth())) == []


def test_a_picture_known_as_official_is_not_looked_at(stage):
    photo = printed(cloth(colour=DARK), corvane(), (200, 250), 140)
    assert stage.look(Shown(photo, found=[Signal(name="image.copied_photo", value=1.0)])) == []


def test_a_stage_travels_and_answers_the_same(stage):
    photo = Shown(printed(cloth(colour=DARK), corvane(), (200, 250), 140))
    assert pickle.loads(pickle.dumps(stage)).look(photo) == stage.look(photo)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_each_signal_and_example_stands_in_the_reference(spec):
    page = DOCS.read_text(encoding="utf-8")
    assert f"## `{spec.name}`" in page
    assert [e.given for e in spec.examples if f"| {e.given} |" not in page] == []
    assert spec.wrong_when in page
    assert spec.sentence in page


def test_a_plain_stripe_or_disc_is_left_out_with_the_reason_said():
    stage = LogoStage(Portfolio(rights=(right("Ondrelle", "disc.png"),)), FILES)
    assert len(stage) == 0
    assert "plain shape (disc)" in stage.left_out[0].why
