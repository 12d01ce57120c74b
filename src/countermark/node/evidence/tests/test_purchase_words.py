"""What people write about a test purchase: one line is one line, a card number is one however it is typed."""

import pytest

from countermark.node.evidence.purchases import fields
from countermark.node.evidence.purchases.acts import Act
from countermark.node.kernel.errors import Invalid

ORDER = {
    "at": "2026-03-01T10:00:00+00:00", "buyer": "Agency Nord", "buyer_class": "agency", "account": "buyer 3",
    "order_number": "BZ-7781", "price": "129.90", "currency": "EUR", "payment_class": "card",
}  # fmt: skip


@pytest.mark.parametrize("between", ["", " ", "\u00a0", "\u202f", ".", "-", " - ", "/", "\u200d", "\t"])
@pytest.mark.parametrize("field", ["account", "payment_reference"])
def test_a_card_number_is_refused_whatever_stands_between_its_digits(field, between):
    number = between.join(["4111", "1111", "1111", "1111"])
    with pytest.raises(Invalid) as refused:
        fields.checked(Act.ORDER, ORDER | {field: number})
    assert [one.code for one in refused.value.problems] == ["account-number"]


def test_a_reference_with_the_last_digits_is_none():
    words = fields.checked(Act.ORDER, ORDER | {"payment_reference": "ends in 4417, 2 March 2026"})
    assert words["payment_reference"] == "ends in 4417, 2 March 2026"


def test_spaces_that_french_and_chinese_write_are_spaces():
    words = fields.checked(Act.ORDER, ORDER | {"order_number": "n°\u00a05", "buyer": "王\u3000芳"})
    assert (words["order_number"], words["buyer"]) == ("n° 5", "王 芳")


@pytest.mark.parametrize("words", ["a\x1b[31m red", "genuine \u202efeit", "\u2066x", "a bell\a"])
def test_what_reads_otherwise_than_it_is_goes_into_no_paper(words):
    for field in ("buyer", "note"):
        with pytest.raises(Invalid, match="not shown"):
            fields.checked(Act.ORDER, ORDER | {field: words})


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-02-29T10:00:00+00:00",
        "2026-03-01T10:00:00",
        "soon",
    ],
)
def test_days_that_never_were_or_never_come_are_refused(at):
    with pytest.raises(Invalid):
        fields.checked(Act.ORDER, ORDER | {"at": at})


def test_a_leap_day_and_a_far_zone_are_kept_in_utc():
    assert fields.checked(Act.ORDER, ORDER | {"at": "2024-03-01T01:00:00+14:00"})["at"] == "2024-02-29T11:00:00Z"
