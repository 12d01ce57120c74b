"""One right held against listings: which are worth a look, and which are none of its business."""

from io import BytesIO
from random import Random

import pyarrow as pa
import pytest
from PIL import Image

from countermark.model import (
    Brand,
    ImageRef,
    ImageRole,
    ImageUnavailable,
    Portfolio,
    Right,
    RightKind,
    Text,
)
from countermark.scan import LookBack
from countermark.signals.image import fingerprint

TITLES = ["Corvane tote", "Corvane Astra tote", "garden hose", "Halbrecht Astra", "astra telescope"]


def drawn(seed: int, quality: int = 95) -> bytes:
    out = BytesIO()
    picture = Image.frombytes("RGB", (12, 12), Random(seed).randbytes(432)).resize((160, 160))
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


class Shelf:
    """Pictures by the number in their name."""

    def read(self, uri: str) -> bytes:
        if not uri.startswith("photo-"):
            raise ImageUnavailable(uri)
        return drawn(int(uri.removeprefix("photo-")))


def right(mark: str, *, generic: bool = False, photos: tuple[str, ...] = ()) -> Right:
    return Right(
        brand="Corvane",
        kind=RightKind.TRADEMARK,
        title=f"the mark {mark}",
        mark=Text(mark) if mark else None,
        generic=generic,
        references=tuple(ImageRef(uri=uri, role=ImageRole.OFFICIAL) for uri in photos),
    )


def looking(of: Right, *others: Right) -> LookBack:
    return LookBack.prepare(Portfolio(brands=(Brand(name="Corvane"),), rights=(of, *others)), of.id, Shelf())


def named(looking: LookBack, titles: list[str] = TITLES) -> list[str]:
    return [titles[row] for row in looking.named(pa.RecordBatch.from_pydict({"title": titles}))]


def test_only_what_the_right_changes_is_worth_a_look():
    assert named(looking(right("Astra"), right("Corvane"))) == [
        "Corvane Astra tote",
        "Halbrecht Astra",
        "astra telescope",
    ]
    assert named(looking(right("Corvane Astra"), right("Corvane"), right("Astra"))) == ["Corvane Astra tote"]


def test_a_generic_mark_is_worth_a_look_where_the_house_gives_it_context():
    assert named(looking(right("Astra", generic=True), right("Corvane"))) == ["Corvane Astra tote"]


def test_a_right_without_words_changes_no_words():
    assert named(looking(right("", photos=("photo-1",)), right("Corvane"))) == []
    assert named(looking(right("Corvane")), []) == []


def test_stored_fingerprints_near_an_official_picture_are_found():
    seen = looking(right("", photos=("photo-1", "gone.jpg")))
    hashes = [fingerprint(drawn(seed, quality)).whole.bits for seed, quality in ((1, 30), (2, 95), (1, 95))]
    assert seen.shown([7, 8, 9], hashes) == {7, 9}
    assert seen.shown([], []) == set()
    assert looking(right("Corvane")).shown([7], hashes[:1]) == set()


def test_a_mirrored_copy_is_found():
    turned = Image.open(BytesIO(drawn(1))).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    out = BytesIO()
    turned.save(out, "JPEG", quality=80)
    assert looking(right("", photos=("photo-1",))).shown([3], [fingerprint(out.getvalue()).whole.bits]) == {3}


def test_a_right_that_the_portfolio_lacks_is_an_error():
    with pytest.raises(KeyError):
        LookBack.prepare(Portfolio(), "rgt_nowhere", Shelf())
