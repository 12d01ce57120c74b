"""Personal data are found in the shapes they come in, and register numbers are left alone."""

import pytest

from countermark.law.statement.personal_data import KINDS, find_personal_data

FOUND = [
    ("mail", "write to j.martin+shop@mail.example.com now"),
    ("mail", "j.martin [at] mail [dot] example"),
    ("handle", "she posts as @annelise_k there"),
    ("handle", "WeChat: seller8899"),
    ("handle", "微信：abc12345"),
    ("telephone", "call +33 6 12 34 56 78"),
    ("telephone", "call 0033 6 12 34 56 78"),
    ("telephone", "06 12 34 56 78"),
    ("telephone", "(212) 555-0143"),
    ("telephone", "13812345678"),
    ("telephone", "电话：021 5555 0143"),
    ("telephone", "Tel. 030 901820"),
    ("account", "paid to FR76 3000 6000 0112 3456 7890 189"),
    ("account", "paid to DE89370400440532013000"),
    ("account", "card 4111 1111 1111 1111"),
    ("account", "paid to GB29 NWBK 6016 1331 9268 19"),
    ("account", "paid to NL91ABNA0417164300."),
    ("account", "paid to MT84MALT011000012345MTLCAST001S"),
    ("ip", "from 1.2.3.4, twice"),
    ("id", "2 84 12 2A 451 089 80"),
    ("id", "11010519491231002X"),
    ("id", "1 84 12 76 451 089 46"),
    ("id", "passport no. C01X00T47"),
    ("id", "123-45-6789"),
    ("ip", "logged in from 203.0.113.7"),
    ("birth", "born on 4 May 1990"),
    ("birth", "né le 04/05/1990"),
    ("address", "sent from 12 bis, rue des Lilas"),
    ("address", "at 221 Baker Street"),
    ("address", "Lindenstraße 14"),
    ("address", "南京东路100号"),
    ("name", "the seller, Mr. Jean Dupont, says"),
    ("name", "Mme Martin has answered"),
    ("name", "Frau Müller-Lüdenscheidt"),
    ("name", "a shop run by Anna Kowalska"),
    ("name", "联系人：王小明"),
    ("name", "李先生"),
]

LEFT_ALONE = [
    "EUTM 018000001 and EUTM 003512312, classes 18 and 25",
    "EAN 4006381333931, listing 301234567890",
    "Reg. (EU) 2017/1001 art. 9(2)(a); Code de la propriété intellectuelle L. 713-2",
    "The price of 129.00 EUR is 11 % of 1 150.00 EUR.",
    "Captured on 2026-11-20 at 10:31:07 UTC, SHA-256 9f2c4b7e1d00",
    "Maison Aurelle SA holds the mark; Bazaar GmbH removed 14 offers.",
    "A Prada-like bag, model M41234, on page 3 of the shop",
    "D'après le constat, la marque est reproduite.",
    "Version 1.2.3.4.5 of the rules, section 4.2",
    "品牌手表的仿制品，注册号第18000001号",
    "operated by Bazaar Marketplace Limited",
    "At 1:1 quality, 10 pieces, 40mm steel",
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_personal_data_are_seen_in_the_shape_they_come_in(kind: str, text: str) -> None:
    assert kind in {one.kind for one in find_personal_data(text)}
    assert kind in KINDS


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_belongs_to_the_case_and_to_no_person_is_left_alone(text: str) -> None:
    assert find_personal_data(text) == ()


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _ in FOUND} == set(KINDS)


def test_a_place_is_given_so_that_the_writer_finds_it() -> None:
    text = "Sold by shop 4; mail x@mail.example."
    (one,) = find_personal_data(text)
    assert text[one.start : one.end] == "x@mail.example"


@pytest.mark.parametrize("name", ["", " ", "X", "-"])
def test_a_name_of_nothing_is_found_nowhere(name: str) -> None:
    assert find_personal_data("X sells bags - many of them.", [name]) == ()


def test_a_chinese_name_of_the_case_is_found_inside_a_sentence() -> None:
    assert [one.kind for one in find_personal_data("店主王小明出售仿制品", ["王小明"])] == ["name"]


@pytest.mark.parametrize(
    "text", ["a" * 5000, "1" * 5000, "+1" * 2500, "a@" * 2500, "Mr " * 1600, "A1" * 2500, "0 " * 2500]
)
def test_no_text_takes_long_to_look_through(text: str) -> None:
    find_personal_data(text, ["Jean Dupont"])
