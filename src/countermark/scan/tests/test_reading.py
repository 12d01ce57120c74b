"""Words in a picture go through the text signals, weigh as surely as they were read, and say where they stand."""

import pickle
from datetime import UTC, datetime
from decimal import Decimal

import cv2
import numpy as np
import pytest

from countermark.formats import listings_to_batch
from countermark.judge import load_policy
from countermark.model import (
    Brand,
    Finding,
    ImageRef,
    ImageUnavailable,
    Level,
    Listing,
    Portfolio,
    Price,
    Right,
    RightKind,
    Seller,
    Signal,
    Text,
)
from countermark.scan import ScanPlan
from countermark.scan.reading import place, words_of
from countermark.signals.image.reading import PictureReading, ReadLine, ReadPicture, can_read
from countermark.signals.text import TextSignals

MARK = Right(brand="Corvane", kind=RightKind.TRADEMARK, title="word", mark=Text("Corvane"))
PORTFOLIO = Portfolio(brands=(Brand(name="Corvane"),), rights=(MARK,))
TEXT = TextSignals(PORTFOLIO)
needs_reader = pytest.mark.skipif(not can_read(), reason="needs the extra `pictures`")


def line(text: str, confidence: float = 1.0, top: float = 0.1) -> ReadLine:
    return ReadLine(text, confidence, ((0.1, top), (0.9, top), (0.9, top + 0.1), (0.1, top + 0.1)))


def measured(title: str, *pictures: tuple[ReadLine, ...]) -> dict[str, Signal]:
    read = tuple(ReadPicture(f"{number}.jpg", lines) for number, lines in enumerate(pictures))
    words = words_of(read)
    signals = TEXT.measure(listings_to_batch([listing(title)]), {0: words})[0]
    return {signal.name: place(signal, read, words) for signal in signals}


def listing(title: str, uri: str = "") -> Listing:
    return Listing(
        marketplace="Bazaar",
        external_id="1",
        title=Text(title),
        seller=Seller(marketplace="Bazaar", external_id="s"),
        captured_at=datetime(2026, 11, 1, tzinfo=UTC),
        price=Price(Decimal(60), "EUR"),
        images=(ImageRef(uri=uri),) if uri else (),
    )


def test_a_name_in_a_picture_says_which_picture_where_and_how_it_was_read():
    mark = measured("Elegant bag", (line("new season"),), (line("CORVANE", 0.93, top=0.5),))["text.mark"]
    assert mark.value == pytest.approx(0.93)
    assert mark.listing_image == "1.jpg"
    assert mark.spans == ()
    assert mark.facts["field"] == "picture"
    assert mark.facts["read"] == "CORVANE"
    assert mark.facts["confidence"] == "0.93"
    assert mark.facts["region"] == "0.1000,0.5000 0.9000,0.5000 0.9000,0.6000 0.1000,0.6000"


def test_what_a_reader_may_have_misread_is_no_disguise_and_what_it_cannot_invent_is():
    for misread in ("C0RVANE", "C O R V A N E", "Соrvаnе"):
        signals = measured("Elegant bag", (line(misread),))
        assert "text.disguised_mark" not in signals, misread
        assert 0 < signals["text.mark"].value <= 1, misread
    assert measured("Elegant bag", (line("C*rvane"),))["text.disguised_mark"].value == pytest.approx(0.9)


def test_a_near_miss_in_a_picture_weighs_half_of_one_in_a_title():
    typed, read = measured("Corvanne bag")["text.lookalike"], measured("bag", (line("Corvanne"),))["text.lookalike"]
    assert read.value == pytest.approx(typed.value / 2, abs=1e-5)


def test_a_name_in_title_and_picture_keeps_its_sentence_and_gains_the_place():
    mark = measured("Corvane bag", (line("CORVANE", 0.8),))["text.mark"]
    assert (mark.value, mark.facts["field"], mark.listing_image) == (1.0, "title", "0.jpg")
    assert [span.field for span in mark.spans] == ["title"]


def test_replica_words_and_contacts_in_a_picture_count_as_they_were_read():
    signals = measured("Corvane bag", (line("高仿 一比一", 0.9), line("加微信 VX8821", 0.7)))
    typed = measured("Corvane bag 高仿 一比一")["text.replica_word"]
    assert 0.8 < signals["text.replica_word"].value < typed.value
    assert signals["text.contact_outside"].facts["field"] == "picture"
    assert signals["text.contact_outside"].value < 0.75


def test_names_do_not_go_on_from_one_picture_to_the_next():
    assert "text.mark" in measured("bag", (line("COR VANE"),))
    assert measured("bag", (line("COR"),), (line("VANE"),)) == {}


class Drawn:
    """One picture with words on it."""

    def __init__(self, words: str) -> None:
        picture = np.full((360, 480, 3), 235, np.uint8)
        cv2.putText(picture, words, (30, 200), (20, 20, 20), cv2.FontFace("sans"), 34, 600)
        self.data = cv2.imencode(".png", picture)[1].tobytes()

    def read(self, uri: str) -> bytes:
        if uri != "shown.png":
            raise ImageUnavailable("there is no such picture.")
        return self.data


@needs_reader
def test_a_plan_reads_real_pictures_alike_in_any_process_and_a_name_alone_accuses_nobody():
    reading = ScanPlan.prepare(PORTFOLIO, Drawn(""), load_policy(), reading=PictureReading())
    batch, shown = listings_to_batch([listing("Elegant bag", "shown.png")]), Drawn("CORVANE")
    findings: list[Finding] = reading.run(batch, shown)
    assert [finding.level for finding in findings] == [Level.LOW]
    assert findings[0].reasons[0].sentence == "The picture names “CORVANE”, a mark of Corvane."
    assert pickle.loads(pickle.dumps(reading)).run(batch, shown) == findings
    assert reading.run(batch, Drawn("LINEN TOTE")) == []
    assert reading.run(batch, None) == []
    deaf = ScanPlan.prepare(PORTFOLIO, Drawn(""), load_policy())
    assert deaf.run(batch, shown) == []
    assert deaf.reference_hash != reading.reference_hash
