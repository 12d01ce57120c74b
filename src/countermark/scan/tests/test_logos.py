"""Registered logos inside pictures reach a finding when the plan was asked to look for them, and only then."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pyarrow as pa
import pytest

from countermark.formats import listings_to_batch
from countermark.judge import load_policy
from countermark.model import (
    ImageRef,
    ImageRole,
    ImageUnavailable,
    Listing,
    Portfolio,
    Right,
    RightKind,
    Seller,
    Text,
)
from countermark.scan import ScanPlan


class Files(dict[str, bytes]):
    def read(self, uri: str) -> bytes:
        if uri not in self:
            raise ImageUnavailable(uri)
        return self[uri]


def mark(side: int) -> np.ndarray:
    """A C around an arrow head: ink 255."""
    ink = np.zeros((side, side), np.uint8)
    cv2.ellipse(ink, (side // 2, side // 2), (side * 2 // 5, side * 2 // 5), 0, 45, 315, 255, side // 8)
    head = [[side // 2, side // 3], [side * 4 // 5, side // 2], [side // 2, side * 2 // 3]]
    cv2.fillPoly(ink, [np.array(head)], 255)
    return ink


def shirt() -> np.ndarray:
    cloth = np.random.default_rng(1).normal((120, 70, 50), 5, (520, 400, 3))
    cover = np.zeros((520, 400, 1))
    cover[180:320, 130:270, 0] = mark(140) / 255.0
    return (cloth * (1 - cover) + 235 * cover).clip(0, 255).astype(np.uint8)


FILES = Files(
    {
        "logo.png": cv2.imencode(".png", 255 - np.pad(mark(300), 20))[1].tobytes(),
        "shirt.jpg": cv2.imencode(".jpg", shirt())[1].tobytes(),
    }
)


@pytest.fixture
def portfolio() -> Portfolio:
    logo = ImageRef(uri="logo.png", role=ImageRole.LOGO)
    return Portfolio(
        rights=(Right(brand="Corvane", kind=RightKind.TRADEMARK, title="Corvane, figurative", references=(logo,)),)
    )


@pytest.fixture
def batch() -> pa.RecordBatch:
    return listings_to_batch(
        [
            Listing(
                marketplace="Bazaar",
                external_id="1",
                title=Text("cotton shirt, see the picture"),
                seller=Seller(marketplace="Bazaar", external_id="s"),
                captured_at=datetime(2026, 11, 1, tzinfo=UTC),
                price=None,
                images=(ImageRef(uri="shirt.jpg"),),
            )
        ]
    )


def test_a_shirt_that_names_nobody_is_found_by_its_logo(portfolio: Portfolio, batch: pa.RecordBatch) -> None:
    plan = ScanPlan.prepare(portfolio, FILES, load_policy(), logos=True)
    (finding,) = plan.run(batch, FILES)
    (reason,) = [reason for reason in finding.reasons if reason.signal == "image.logo_in_photo"]
    assert finding.brand == "Corvane"
    assert len(reason.facts["region"].split()) == 4


def test_unasked_the_search_is_not_made_and_the_findings_say_so(portfolio: Portfolio, batch: pa.RecordBatch) -> None:
    plain = ScanPlan.prepare(portfolio, FILES, load_policy())
    assert plain.run(batch, FILES) == []
    assert plain.reference_hash != ScanPlan.prepare(portfolio, FILES, load_policy(), logos=True).reference_hash
