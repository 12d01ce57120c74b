"""Rights in: good entries kept, bad ones told by path, pictures looked at, registers read whichever their version."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pytest

from countermark.formats import UnreadableSource, read_portfolio
from countermark.model import ImageRole, Portfolio, Price, RightKind, RightStatus

FILE = """
version: 1
group: Maison Aurelle
brands:
  - name: Corvane
    price_bands: [{currency: EUR, low: 400.10, high: "3000"}]
    authorised_sellers: [Corvane Paris, {name: Shop, marketplace: Bazaar, external_id: s1}]
    never_made: [{words: [neon, canvas], explanation: The house never made neon canvas.}]
    rights:
      - {kind: trademark, title: word, mark: Corvane, aliases: [{value: 珂梵, language: zh}],
         classes: [18, 25], status: in_force}
      - {kind: copyright, title: photos, photos: photos}
"""

ST96 = """<?xml version="1.0"?>
<t:TrademarkTransaction xmlns:t="urn:any" xmlns:c="urn:other"><t:TrademarkBag><t:Trademark>
<c:RegistrationOfficeCode>EM</c:RegistrationOfficeCode><c:RegistrationNumber>018000001</c:RegistrationNumber>
<c:RegistrationDate>2019-02-07+01:00</c:RegistrationDate><c:ExpiryDate>2029-02-07</c:ExpiryDate>
<t:MarkCurrentStatusCode>Registered</t:MarkCurrentStatusCode>
<t:WordMarkSpecification><t:MarkVerbalElementText>HALCYR</t:MarkVerbalElementText></t:WordMarkSpecification>
<t:GoodsServicesClassification><t:ClassificationKindCode>Nice</t:ClassificationKindCode><t:ClassNumber>014</t:ClassNumber></t:GoodsServicesClassification>
<t:GoodsServicesClassification><t:ClassificationKindCode>Domestic</t:ClassificationKindCode><t:ClassNumber>027</t:ClassNumber></t:GoodsServicesClassification>
</t:Trademark></t:TrademarkBag></t:TrademarkTransaction>"""


def picture() -> bytes:
    pixels = np.random.default_rng(1).integers(0, 255, (40, 50, 3)).astype(np.uint8)
    return bytes(cv2.imencode(".png", pixels)[1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    for name in ("b.png", "a.png"):
        (tmp_path / "photos" / name).write_bytes(picture())
    (tmp_path / "rights.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def portfolio(folder: Path) -> Portfolio:
    reading = read_portfolio(folder / "rights.yaml")
    assert reading.problems == ()
    return reading.portfolio


def test_every_fact_of_the_file_arrives(folder: Path) -> None:
    corvane = portfolio(folder).brand("Corvane")
    assert corvane.owner == "Maison Aurelle"
    assert (corvane.price_bands[0].low, corvane.price_bands[0].high) == (Decimal("400.10"), Decimal(3000))
    assert [s.name for s in corvane.authorised_sellers] == ["Corvane Paris", "Shop"]
    assert corvane.never_made[0].words == ("neon", "canvas")
    word, photos = portfolio(folder).rights_of("Corvane")
    assert (word.kind, word.status, word.classes) == (RightKind.TRADEMARK, RightStatus.IN_FORCE, (18, 25))
    assert word.aliases[0].language == "zh"
    assert [(r.uri, r.role) for r in photos.references] == [
        ("photos/a.png", ImageRole.OFFICIAL),
        ("photos/b.png", ImageRole.OFFICIAL),
    ]


def test_the_pictures_can_be_read_and_their_hash_is_known(folder: Path) -> None:
    reading = read_portfolio(folder / "rights.yaml")
    reference = reading.portfolio.rights[1].references[0]
    assert reading.images.read(reference.uri) == picture()
    assert reference.sha256 is not None


def test_another_picture_under_the_same_name_changes_the_reference_hash(folder: Path) -> None:
    before = portfolio(folder).digest()
    pixels = np.zeros((40, 50, 3), np.uint8)
    (folder / "photos" / "a.png").write_bytes(bytes(cv2.imencode(".png", pixels)[1]))
    assert portfolio(folder).digest() != before


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("classes: [18, 25]", "classes: [18, 99]", "brands[0].rights[0].classes"),
        ("kind: trademark", "kind: wish", "brands[0].rights[0].kind"),
        ("mark: Corvane", "marc: Corvane", "brands[0].rights[0]"),
        ("currency: EUR", "currency: EUX", "brands[0].price_bands[0].currency"),
        ('high: "3000"', 'high: "3"', "brands[0].price_bands[0].price_bands"),
        ("words: [neon, canvas]", "words: []", "brands[0].never_made[0].words"),
    ],
)
def test_a_bad_entry_costs_only_itself_and_is_told_by_path(folder: Path, old: str, new: str, path: str) -> None:
    file = folder / "rights.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    reading = read_portfolio(file)
    (problem,) = reading.problems
    assert problem.field.startswith(path)
    assert problem.mend
    assert any(right.title == "photos" for right in reading.portfolio.rights)


def test_pictures_that_are_none_are_set_aside_and_named(folder: Path) -> None:
    (folder / "photos" / "c.jpg").write_text("<svg onload=alert(1)>")
    (folder / "photos" / "d.png").write_bytes(picture()[:60])
    (folder / "photos" / "notes.txt").write_text("x")
    (folder / "photos" / "out.png").symlink_to("/etc/hostname")
    reading = read_portfolio(folder / "rights.yaml")
    assert {p.excerpt.rpartition("/")[2] for p in reading.problems} == {"c.jpg", "d.png", "notes.txt", "out.png"}
    assert len(reading.portfolio.rights[1].references) == 2


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "https://example.org/a.png"])
def test_a_picture_outside_the_folder_is_never_read(folder: Path, name: str) -> None:
    file = folder / "rights.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("photos: photos", f"photos: ['{name}']"), encoding="utf-8")
    reading = read_portfolio(file)
    assert [p.code for p in reading.problems] == ["bad-picture"]


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\nbrands: []",
        "just words",
        "version: 1\nbrands: nothing",
        "a: &a [x]\nb: [*a, *a]",
        "version: 1\nversion: 1\nbrands: []",
        "version: !!python/object:os.system 1\nbrands: []",
        "[" * 200 + "]" * 200,
        "\x00\x01",
        "   ",
    ],
)
def test_what_is_no_rights_file_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(UnreadableSource) as refused:
        read_portfolio(tmp_path / "r.yaml")
    assert refused.value.problem.mend


def test_json_says_the_same_as_yaml(tmp_path: Path) -> None:
    rights = '[{"kind": "trademark", "title": "word", "mark": "Corvane", "classes": [18]}]'
    (tmp_path / "r.json").write_text(f'{{"version": 1, "brands": [{{"name": "Corvane", "rights": {rights}}}]}}')
    reading = read_portfolio(tmp_path / "r.json")
    assert reading.problems == ()
    assert reading.portfolio.rights[0].classes == (18,)


def test_a_register_record_becomes_a_right(tmp_path: Path) -> None:
    (tmp_path / "record.xml").write_text(ST96)
    (right,) = read_portfolio(tmp_path / "record.xml").portfolio.rights
    assert (right.brand, right.office, right.territories, right.number) == ("HALCYR", "EM", ("EU",), "018000001")
    assert right.classes == (14,)
    assert right.status is RightStatus.IN_FORCE
    assert str(right.valid_from) == "2019-02-07"
    assert str(right.valid_to) == "2029-02-07"


def test_a_record_in_a_zip_is_read_and_a_strange_zip_refused(tmp_path: Path) -> None:
    good, strange = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("record.xml", ST96)
    with zipfile.ZipFile(strange, "w") as archive:
        archive.writestr("a.xml", ST96)
        archive.writestr("b.xml", ST96)
    (tmp_path / "good.zip").write_bytes(good.getvalue())
    (tmp_path / "strange.zip").write_bytes(strange.getvalue())
    (tmp_path / "cut.zip").write_bytes(good.getvalue()[:50])
    assert len(read_portfolio(tmp_path / "good.zip").portfolio.rights) == 1
    for name in ("strange.zip", "cut.zip"):
        with pytest.raises(UnreadableSource, match="archive"):
            read_portfolio(tmp_path / name)


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<a><b></a>",
        "<a/>",
        "<a>" * 200 + "</a>" * 200,
    ],
)
def test_hostile_or_foreign_xml_is_refused(tmp_path: Path, xml: str) -> None:
    (tmp_path / "r.xml").write_text(xml)
    with pytest.raises(UnreadableSource):
        read_portfolio(tmp_path / "r.xml")


def test_a_folder_of_files_is_one_portfolio(folder: Path) -> None:
    (folder / "record.xml").write_text(ST96)
    (folder / "broken.xml").write_text("<a>")
    reading = read_portfolio(folder)
    assert {r.brand for r in reading.portfolio.rights} == {"Corvane", "HALCYR"}
    assert [p.source for p in reading.problems] == ["broken.xml"]


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="no such file"):
        read_portfolio(tmp_path / "nowhere.yaml")


@pytest.mark.real_data
def test_real_register_records_are_read(shared_data: Path) -> None:
    reading = read_portfolio(shared_data / "trademarks" / "uspto")
    rights = {right.number: right for right in reading.portfolio.rights}
    assert rights["2178784"].classes == (9,)
    assert rights["2178784"].status is RightStatus.IN_FORCE
    assert rights["2824281"].classes == (9, 42)
    assert str(rights["2178784"].valid_from) == "1998-08-04"
    # The archive and the second schema version hold the same records again.
    assert {p.code for p in reading.problems} == {"duplicate-right"}


def test_prices_in_the_file_are_exact(folder: Path) -> None:
    assert str(Price(portfolio(folder).brand("Corvane").price_bands[0].low, "EUR")) == "400.10 EUR"


def test_anchors_that_a_program_wrote_are_followed(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "version: 1\nbrands:\n- name: Corvane\n  rights:\n"
        "  - {kind: trademark, title: a, aliases: &id001 [{value: 珂梵, language: zh}]}\n"
        "  - {kind: trademark, title: b, aliases: *id001}\n"
    )
    reading = read_portfolio(tmp_path / "r.yaml")
    assert reading.problems == ()
    assert [right.aliases[0].value for right in reading.portfolio.rights] == ["珂梵", "珂梵"]


def test_a_registration_number_keeps_its_noughts_and_norway_its_name(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "version: 1\nbrands:\n- name: Corvane\n  rights:\n"
        "  - {kind: trademark, title: a, number: 0123456, office: NO, territories: [NO, eu], classes: [09]}\n"
    )
    (right,) = read_portfolio(tmp_path / "r.yaml").portfolio.rights
    assert (right.number, right.office, right.territories, right.classes) == ("0123456", "NO", ("NO", "EU"), (9,))


def test_the_same_right_twice_is_told_and_the_first_kept(folder: Path) -> None:
    (folder / "again.yaml").write_text((folder / "rights.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    reading = read_portfolio(folder)
    assert len(reading.portfolio.rights) == 2
    assert [(p.source, p.code) for p in reading.problems] == [("rights.yaml", "duplicate-right")] * 2
    assert len(reading.portfolio.brands[0].price_bands) == 1


def test_photos_of_a_house_are_one_unregistered_copyright(folder: Path) -> None:
    (folder / "r.yaml").write_text("version: 1\nbrands: [{name: Corvane, photos: [photos/a.png]}]")
    (right,) = read_portfolio(folder / "r.yaml").portfolio.rights
    assert (right.kind, right.title, right.number) == (RightKind.COPYRIGHT, "Corvane, official photographs", "")
    assert [reference.uri for reference in right.references] == ["photos/a.png"]


def test_links_in_a_folder_of_rights_are_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "r.yaml"
    other.write_text("version: 1\nbrands: [{name: Ondrelle, rights: [{kind: design, title: x}]}]")
    (folder / "link.yaml").symlink_to(other)
    reading = read_portfolio(folder)
    assert [p.code for p in reading.problems] == ["symlink-not-followed"]
    assert reading.portfolio.brand_names() == ("Corvane",)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ("{name: ''}", "brands[0].name"),
        ("just words", "brands[0].name"),
        ("{name: A, colour: red}", "brands[0].colour"),
        ("{name: A, rights: none}", "brands[0].rights"),
        ("{name: A, rights: [{kind: design, title: x, territories: [XX]}]}", "brands[0].rights[0].territories"),
        ("{name: A, rights: [{kind: design, title: x, id: lst_1}]}", "brands[0].rights[0].id"),
        ("{name: A, rights: [{kind: design, title: x, mark: {value: a, language: '!!'}}]}", "brands[0].rights[0].mark"),
        ("{name: A, rights: [{kind: design, title: x, valid_from: 14.03.2010}]}", "brands[0].rights[0].valid_from"),
        ("{name: A, price_bands: [{currency: EUR, low: NaN, high: 3}]}", "brands[0].price_bands[0].price_bands"),
        ("{name: A, authorised_sellers: [{marketplace: Bazaar}]}", "brands[0].authorised_sellers[0]"),
    ],
)
def test_every_kind_of_bad_entry_is_told_by_its_path(tmp_path: Path, entry: str, path: str) -> None:
    good = "{name: Good, rights: [{kind: trademark, title: x, mark: Good}]}"
    (tmp_path / "r.yaml").write_text(f"version: 1\nbrands:\n- {entry}\n- {good}\n")
    reading = read_portfolio(tmp_path / "r.yaml")
    (problem,) = reading.problems
    assert (problem.code, problem.field) == ("bad-entry", path)
    assert [right.brand for right in reading.portfolio.rights] == ["Good"]
