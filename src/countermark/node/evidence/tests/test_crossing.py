"""Papers of an export say what the record says; what lies in China does not go abroad without an approval on record."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from countermark.node.evidence import bagging, collecting, crossing, isolating
from countermark.node.evidence.crossing import Approval, Destination
from countermark.node.evidence.exhibits.facts import LANGUAGES
from countermark.node.evidence.exhibits.making import open_exhibit
from countermark.node.evidence.exhibits.packs import PACKS, make_pack, pack_words
from countermark.node.evidence.models import Evidence, ExportRecord
from countermark.node.evidence.tests.shop import pages, shop
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.proof.tests.authority import Authority, served

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
PARIS = "Tribunal judiciaire de Paris"


@pytest.fixture
def counsel() -> Member:
    return make_member(role=Role.COUNSEL)


@pytest.fixture
def evidence_id(counsel: Member, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(isolating, "browser", lambda: "")
    with shop(pages(1)) as address:
        return collecting.capture_now(counsel, f"{address}/offer")


def approval(**changed: object) -> Approval:
    said = Approval(
        country="FR",
        recipient=PARIS,
        authority="Ministry of Justice",
        reference="2026-17",
        approved_on=now().date(),
    )
    return replace(said, **changed)  # type: ignore[arg-type]


CANNOT_BE: list[dict[str, object]] = [
    {"country": "France"},
    {"country": "fr"},
    {"reference": " "},
    {"authority": "x" * 201},
    {"approved_on": now().date() + timedelta(days=2)},
    {"valid_until": now().date() - timedelta(days=2)},
]


def test_each_paper_says_what_the_record_says(counsel, evidence_id, settings, tmp_path) -> None:
    authority = Authority.made(tmp_path, "Stamps & <Sons>")
    with served(authority) as url:
        settings.TIMESTAMP_AUTHORITIES = ((url, authority.pem),)
        collecting.add_stamps(Evidence.objects.get())
    files = {one.sha256 for one in Evidence.objects.get().files.all()}
    for kind in PACKS:
        for language in LANGUAGES:
            paper = make_pack(counsel, evidence_id, kind, language)
            assert make_pack(counsel, evidence_id, kind, language).sha256 == paper.sha256
            page = open_exhibit(counsel, evidence_id, paper.name).data.decode()
            assert pack_words(language)[kind]["title"] in page.replace("&#x27;", "'")
            assert "<Sons>" not in page
            assert "<script" not in page
            if kind == "eu":
                assert "1.2.3.4.1" in page
                assert pack_words(language)["eu"]["holds"] in page
            else:
                assert all(sha256 in page for sha256 in files)
    with pytest.raises(Invalid):
        make_pack(counsel, evidence_id, "uk", "en")
    with pytest.raises(NotPermitted):
        make_pack(make_member(role=Role.ANALYST), evidence_id, "eu", "en")


def test_words_of_the_papers_are_the_same_in_every_language() -> None:
    def shape(found: object) -> object:
        return {name: shape(one) for name, one in found.items()} if isinstance(found, dict) else bool(found)

    assert shape(pack_words("en")) == shape(pack_words("fr")) == shape(pack_words("zh"))


def test_what_lies_in_china_goes_abroad_with_an_approval_only(counsel, evidence_id, settings) -> None:
    settings.COUNTERMARK_STORED_IN = "CN"
    abroad = Destination(country="FR", recipient=PARIS, persons=2)
    make_pack(counsel, evidence_id, "eu", "fr")

    def export(to: Destination | None) -> None:
        bagging.export_bag(counsel, evidence_id, io.BytesIO(), to=to)

    for to in (abroad, None):
        with pytest.raises(Conflict):
            export(to)
    for changed in CANNOT_BE:
        with pytest.raises(Invalid):
            crossing.record_approval(counsel, evidence_id, approval(**changed))
    assert not ExportRecord.objects.exists()
    crossing.record_approval(counsel, evidence_id, approval(country="US"))
    crossing.record_approval(counsel, evidence_id, approval(recipient="Another court"))
    old = now().date() - timedelta(days=9)
    crossing.record_approval(counsel, evidence_id, approval(approved_on=old, valid_until=old))
    with pytest.raises(Conflict):
        export(abroad)
    crossing.record_approval(counsel, evidence_id, approval())
    export(abroad)
    export(Destination(country="CN", recipient="Hangzhou Internet Court"))
    assert list(ExportRecord.objects.order_by("id").values_list("gated", "approval__reference")) == [
        (True, "2026-17"),
        (False, None),
    ]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_exportrecord")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_exportapproval SET country = 'FR'")
    year = crossing.count_year(counsel, now().year)
    assert (year.exports, year.persons, year.asks) == (1, 2, "free")


def test_persons_in_china_and_chinese_shops_close_the_gate_wherever_the_node_stands(counsel) -> None:
    row = Evidence.objects.get(public_id=collecting.request_capture(counsel, "http://x.example/"))
    for changed in ({"persons": 1}, {"seller_in_china": True}):
        with pytest.raises(Conflict):
            crossing.check_gate(row, Destination(country="FR", recipient="", **changed))
    assert crossing.check_gate(row, Destination(country="FR", recipient="")) is None
    row.url = "https://shop.example.cn/1"
    with pytest.raises(Conflict):
        crossing.check_gate(row, Destination(country="FR", recipient=""))


@pytest.mark.parametrize(
    ("persons", "sensitive", "asks"),
    [
        (99_999, 0, "free"),
        (100_000, 0, "contract"),
        (5, 1, "contract"),
        (1_000_000, 0, "assessment"),
        (9**5, 10_000, "assessment"),
    ],
)
def test_the_year_says_what_it_asks_for(counsel, persons: int, sensitive: int, asks: str) -> None:
    row = Evidence.objects.get(public_id=collecting.request_capture(counsel, "http://x.example/"))
    to = Destination(country="FR", recipient=PARIS, persons=persons, sensitive=sensitive)
    crossing.record_export(counsel, row, to, None)
    year = crossing.count_year(counsel, now().year)
    assert (year.persons, year.sensitive, year.asks) == (persons, sensitive, asks)
    assert crossing.count_year(counsel, now().year - 1).exports == 0
