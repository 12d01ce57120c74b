import pytest

from countermark.model import Direction, Reason
from countermark.node.review import suggestions
from countermark.node.review.tests.acts import record
from countermark.node.review.verdicts import Verdict, is_reason_of


def reason(signal, weight):
    return Reason(
        signal=signal,
        version=1,
        direction=Direction.FOR if weight > 0 else Direction.AGAINST,
        value=1.0,
        weight=weight,
        sentence="",
        wrong_when="",
    )


def test_the_weightiest_signal_chooses_the_reason():
    both = record(reason("text.mark", 1.0), reason("image.copied_photo", 2.0))
    assert suggestions.suggested_reason(both) == "photo_copied"


def test_what_speaks_against_never_suggests_infringement():
    assert (
        suggestions.suggested_reason(record(reason("seller.authorised", -9.0), reason("text.mark", 1.0))) == "mark_used"
    )


def test_clearing_takes_its_reason_from_what_speaks_against():
    authorised = record(reason("text.mark", 3.0), reason("seller.authorised", -1.0))
    assert suggestions.suggested_reason(authorised, Verdict.NOT_INFRINGING) == "authorised_seller"


def test_without_a_telling_signal_the_first_reason_is_preselected():
    for verdict in (Verdict.INFRINGING, Verdict.NOT_INFRINGING, Verdict.UNSURE, Verdict.ESCALATE):
        assert is_reason_of(verdict, suggestions.suggested_reason(record(), verdict))


@pytest.mark.parametrize("code", sorted({*suggestions._FOR.values()}))
def test_every_suggestion_for_infringement_is_offered(code):
    assert is_reason_of(Verdict.INFRINGING, code)


@pytest.mark.parametrize("code", sorted({*suggestions._AGAINST.values()}))
def test_every_suggestion_for_clearing_is_offered(code):
    assert is_reason_of(Verdict.NOT_INFRINGING, code)
