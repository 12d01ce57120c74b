"""The plan: pure, the same every time, and silent where no right stands."""

import pickle
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from countermark.formats import listings_to_batch
from countermark.judge import load_policy
from countermark.model import (
    Brand,
    ImageRef,
    ImageUnavailable,
    Listing,
    Portfolio,
    Price,
    PriceBand,
    Right,
    RightKind,
    RightStatus,
    Seller,
    Text,
)
from countermark.scan import ScanPlan, all_specs
from countermark.scan.market import MarketLearner

BAND = PriceBand(currency="EUR", low=Decimal(400), high=Decimal(3000))


class NoImages:
    """Every picture is missing."""

    def read(self, uri: str) -> bytes:
        raise ImageUnavailable(uri)


def plan(status: RightStatus = RightStatus.IN_FORCE) -> ScanPlan:
    mark = Right(brand="Corvane", kind=RightKind.TRADEMARK, title="word", mark=Text("Corvane"), status=status)
    portfolio = Portfolio(brands=(Brand(name="Corvane", price_bands=(BAND,)),), rights=(mark,))
    return ScanPlan.prepare(portfolio, NoImages(), load_policy())


@pytest.fixture
def batch() -> pa.RecordBatch:
    titles = ["Corvane tote replica 1:1", "linen tote", "replica watch, no house named"]
    return listings_to_batch(
        [
            Listing(
                marketplace="Bazaar",
                external_id=str(number),
                title=Text(title),
                seller=Seller(marketplace="Bazaar", external_id="s"),
                captured_at=datetime(2026, 11, 1, tzinfo=UTC),
                price=Price(Decimal(30), "EUR"),
                images=(ImageRef(uri="gone.jpg"),),
            )
            for number, title in enumerate(titles)
        ]
    )


def test_only_what_points_to_a_house_is_found(batch: pa.RecordBatch) -> None:
    assert [f.external_id for f in plan().run(batch, None)] == ["0"]


def cheap(title: str) -> pa.RecordBatch:
    return listings_to_batch(
        [
            Listing(
                marketplace="Bazaar",
                external_id="1",
                title=Text(title),
                seller=Seller(marketplace="Bazaar", external_id="s", country="FR"),
                ships_from="CN",
                captured_at=datetime(2026, 11, 1, tzinfo=UTC),
                price=Price(Decimal(3), "EUR"),
            )
        ]
    )


@pytest.mark.parametrize("title", ["新款 Corv 女包", "新款 Corv 女包 高仿", "Co* 女包 加微信"])
def test_a_piece_of_a_name_opens_no_finding_whatever_price_shop_or_words(title: str) -> None:
    found = plan()
    assert "text.name_part" in [s.name for s in found.text.measure_text(title)]
    assert found.run(cheap(title), None) == []


def test_a_piece_of_a_name_teaches_no_price() -> None:
    learner = MarketLearner(plan().text)
    assert learner.run_arrow(cheap("新款 Corv 女包"), None).num_rows == 0
    assert learner.run_arrow(cheap("Corvane 女包"), None).num_rows > 0


def test_a_missing_picture_is_passed_over(batch: pa.RecordBatch) -> None:
    assert [f.external_id for f in plan().run(batch, NoImages())] == ["0"]


def test_the_same_plan_gives_the_same_findings_also_after_a_journey(batch: pa.RecordBatch) -> None:
    one = plan()
    assert one.run(batch, None) == one.run(batch, None) == pickle.loads(pickle.dumps(one)).run(batch, None)


def test_a_scan_that_did_not_look_at_pictures_gives_ids_of_its_own(batch: pa.RecordBatch) -> None:
    (without,), (looked,) = plan().run(batch, None), plan().run(batch, NoImages())
    assert without.id != looked.id
    assert without.reasons == looked.reasons


def test_a_house_without_a_right_in_force_accuses_nobody(batch: pa.RecordBatch) -> None:
    assert plan(RightStatus.LAPSED).run(batch, None) == []


def test_every_signal_has_a_name_of_its_own() -> None:
    names = [spec.name for spec in all_specs()]
    assert len(names) == len(set(names)) > 10
