"""Records of trademark registers: ST.96 of every version and ST.66, bare or in an archive."""

import io
import zipfile
from pathlib import Path

import pytest

from countermark.formats import UnreadableSource, read_portfolio
from countermark.formats.register_status import status_of
from countermark.model import Right, RightStatus

#: Invented records, in the shape of the US register.
ST66 = """<?xml version="1.0"?><Transaction xmlns="http://www.wipo.int/standards/XMLSchema/trademarks" xmlns:n="urn:x">
<TradeMarkTransactionBody><TransactionContentDetails><TransactionData><TradeMarkDetails><TradeMark>
<RegistrationOfficeCode>US</RegistrationOfficeCode><ApplicationNumber>76000001</ApplicationNumber>
<RegistrationNumber>2800001</RegistrationNumber><RegistrationDate>2004-03-23-05:00</RegistrationDate>
<MarkCurrentStatusCode>702</MarkCurrentStatusCode>
<WordMarkSpecification><MarkVerbalElementText>ONDRELLE</MarkVerbalElementText></WordMarkSpecification>
<GoodsServicesDetails><GoodsServices><ClassDescriptionDetails><ClassDescription><ClassNumber>025</ClassNumber>
<GoodsServicesDescription>Scarves</GoodsServicesDescription>
<ClassDescriptionExt><n:DomesticClassNumbers>039</n:DomesticClassNumbers></ClassDescriptionExt>
</ClassDescription></ClassDescriptionDetails></GoodsServices></GoodsServicesDetails>
<MarkEventDetails><MarkEvent><MarkEventDate>2010-09-08-04:00</MarkEventDate></MarkEvent></MarkEventDetails>
</TradeMark></TradeMarkDetails>
<ApplicantDetails><Applicant><ApplicantAddressBook><FormattedNameAddress><Name><FreeFormatName><FreeFormatNameDetails>
<FreeFormatNameLine>FIRST APPLICANT, INC.</FreeFormatNameLine></FreeFormatNameDetails></FreeFormatName></Name>
</FormattedNameAddress></ApplicantAddressBook><ApplicantExt><n:PartyTypeCode>10</n:PartyTypeCode></ApplicantExt></Applicant>
<Applicant><ApplicantAddressBook><FormattedNameAddress><Name><FreeFormatName><FreeFormatNameDetails>
<FreeFormatNameLine>MAISON AURELLE</FreeFormatNameLine></FreeFormatNameDetails></FreeFormatName></Name>
</FormattedNameAddress></ApplicantAddressBook><ApplicantExt><n:PartyTypeCode>31</n:PartyTypeCode></ApplicantExt></Applicant>
</ApplicantDetails></TransactionData></TransactionContentDetails></TradeMarkTransactionBody></Transaction>"""


def st96(
    *, mark: str = "CORVANE", office: str = "EM", status: str = "Registered", more: str = "", number: str = "1"
) -> str:
    return f"""<?xml version="1.0"?><t:TrademarkTransaction xmlns:t="urn:t" xmlns:c="urn:c"><t:TrademarkBag>
<t:Trademark><c:RegistrationOfficeCode>{office}</c:RegistrationOfficeCode>
<c:ApplicationNumber><c:ApplicationNumberText>9{number}</c:ApplicationNumberText></c:ApplicationNumber>
<c:RegistrationNumber>{number}</c:RegistrationNumber><t:MarkCurrentStatusCode>{status}</t:MarkCurrentStatusCode>
<t:WordMarkSpecification><t:MarkVerbalElementText c:languageCode="fr">{mark}</t:MarkVerbalElementText>
</t:WordMarkSpecification>{more}</t:Trademark></t:TrademarkBag></t:TrademarkTransaction>"""


@pytest.fixture
def right_in(tmp_path: Path):
    def read(xml: str) -> Right:
        (tmp_path / "record.xml").write_text(xml)
        reading = read_portfolio(tmp_path / "record.xml")
        assert reading.problems == ()
        (right,) = reading.portfolio.rights
        return right

    return read


def test_an_st66_record_keeps_the_latest_owner_and_its_own_dates(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(ST66)
    reading = read_portfolio(tmp_path / "r.xml")
    (right,) = reading.portfolio.rights
    assert (right.office, right.number, right.classes, right.territories) == ("US", "2800001", (25,), ("US",))
    assert (right.status, str(right.valid_from), right.source) == (RightStatus.IN_FORCE, "2004-03-23", "ST.66")
    assert reading.portfolio.brand("ONDRELLE").owner == "MAISON AURELLE"


def test_a_record_without_a_registration_has_the_number_of_its_application(right_in) -> None:
    assert right_in(st96(number="")).number == "9"
    assert right_in(st96(number="0000000")).number == "90000000"


def test_the_language_of_the_mark_is_kept(right_in) -> None:
    mark = right_in(st96()).mark
    assert mark is not None
    assert (mark.value, mark.language) == ("CORVANE", "fr")


def test_a_figurative_mark_goes_to_its_owner(right_in) -> None:
    owner = "<t:Applicant><c:EntityName>Corvane SAS</c:EntityName></t:Applicant>"
    right = right_in(st96(mark="", more=f"<t:ApplicantBag>{owner}</t:ApplicantBag>"))
    assert (right.brand, right.mark) == ("Corvane SAS", None)


@pytest.mark.parametrize(
    ("office", "more", "territories"),
    [
        ("EM", "", ("EU",)),
        ("BX", "", ("BE", "NL", "LU")),
        ("CN", "", ("CN",)),
        ("WO", "", ("WO",)),
        (
            "WO",
            "<c:DesignatedCountryCode>JP</c:DesignatedCountryCode><c:DesignatedCountryCode>EM</c:DesignatedCountryCode>",
            ("JP", "EU"),
        ),
        ("OA", "", ()),
    ],
)
def test_territories_follow_from_the_office(right_in, office: str, more: str, territories: tuple[str, ...]) -> None:
    assert right_in(st96(office=office, more=more)).territories == territories


@pytest.mark.parametrize(
    ("office", "code", "status"),
    [
        ("US", "700", RightStatus.IN_FORCE),
        ("US", "702", RightStatus.IN_FORCE),
        ("US", "800", RightStatus.IN_FORCE),
        ("US", "790", RightStatus.IN_FORCE),
        ("US", "602", RightStatus.LAPSED),
        ("US", "710", RightStatus.LAPSED),
        ("US", "900", RightStatus.LAPSED),
        ("US", "641", RightStatus.PENDING),
        ("US", "686", RightStatus.PENDING),
        ("US", "730", RightStatus.PENDING),
        ("US", "620", RightStatus.UNKNOWN),
        ("US", "12345678901234567890", RightStatus.UNKNOWN),
        ("US", "", RightStatus.UNKNOWN),
        ("EM", "Registered", RightStatus.IN_FORCE),
        ("EM", "Registration  expired", RightStatus.LAPSED),
        ("EM", "Application published", RightStatus.PENDING),
        ("EM", "700", RightStatus.UNKNOWN),
        ("FR", "something else", RightStatus.UNKNOWN),
    ],
)
def test_a_status_is_mapped_only_where_its_words_leave_no_doubt(office: str, code: str, status: RightStatus) -> None:
    assert status_of(office, code) is status


def test_a_record_goes_to_the_house_that_has_its_mark(tmp_path: Path) -> None:
    (tmp_path / "rights.yaml").write_text(
        "version: 1\nbrands:\n"
        "  - {name: Corvane, owner: Corvane SAS}\n"
        "  - {name: Halcyr, owner: Halcyr SA, rights: [{kind: trademark, title: x, mark: HAL, aliases: [HALCYRE]}]}\n"
    )
    (tmp_path / "a.xml").write_text(st96(number="1"))
    (tmp_path / "b.xml").write_text(st96(number="2", mark="halcyre"))
    owner = "<t:Applicant><c:EntityName>Halcyr SA</c:EntityName></t:Applicant>"
    (tmp_path / "c.xml").write_text(st96(number="3", mark="CADRAN", more=owner))
    reading = read_portfolio(tmp_path)
    assert {right.number: right.brand for right in reading.portfolio.rights} == {
        "": "Halcyr",
        "1": "Corvane",
        "2": "Halcyr",
        "3": "Halcyr",
    }
    assert reading.portfolio.brand_names() == ("Corvane", "Halcyr")


def test_a_record_of_nothing_is_told_and_the_next_one_read(tmp_path: Path) -> None:
    two = st96(number="7").replace(
        "<t:TrademarkBag>", "<t:TrademarkBag><t:Trademark><c:FilingPlace>FR</c:FilingPlace></t:Trademark>"
    )
    (tmp_path / "r.xml").write_text(two)
    reading = read_portfolio(tmp_path / "r.xml")
    assert [right.number for right in reading.portfolio.rights] == ["7"]
    assert [(p.row, p.code) for p in reading.problems] == [(1, "bad-entry")]


def archive(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("_", "."), content)
    return data.getvalue()


def linked() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        member = zipfile.ZipInfo("record.xml")
        member.external_attr = 0o120777 << 16
        packed.writestr(member, "/etc/passwd")
    return data.getvalue()


def encrypted() -> bytes:
    data = bytearray(archive(record_xml=st96()))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def test_an_archive_may_hold_other_files_beside_the_record(tmp_path: Path) -> None:
    (tmp_path / "r.zip").write_bytes(archive(record_xml=st96(), status_html="<html>", mark_jpg="x"))
    assert len(read_portfolio(tmp_path / "r.zip").portfolio.rights) == 1


@pytest.mark.parametrize(
    "content",
    [
        archive(a_xml=st96(), b_xml=st96()),
        archive(a_html="x"),
        b"<html>" + archive(record_xml=st96()),
        linked(),
        encrypted(),
        archive(record_xml="<a>" + " " * 3_000_000 + "</a>"),
        archive(**{f"f{number}_txt": "" for number in range(1001)}, record_xml=st96()),
        archive(record_xml=st96())[:-30],
        b"PK\x03\x04",
        b"not an archive",
    ],
    ids=["two", "none", "prefix", "link", "encrypted", "bomb", "many", "cut", "stub", "other"],
)
def test_an_odd_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.zip").write_bytes(content)
    with pytest.raises(UnreadableSource) as refused:
        read_portfolio(tmp_path / "r.zip")
    assert refused.value.problem.code == "bad-zip"
    assert refused.value.problem.mend


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    data = bytearray(archive(record_xml=st96()))
    data[60:70] = bytes(10)
    (tmp_path / "r.zip").write_bytes(data)
    with pytest.raises(UnreadableSource):
        read_portfolio(tmp_path / "r.zip")
