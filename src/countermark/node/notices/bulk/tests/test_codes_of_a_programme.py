"""Many notices to a marketplace with a node and a programme of its own: each row carries the code of its reason."""

import pytest

from countermark.node.kernel.errors import Invalid
from countermark.node.notices import drafting, papers, programmes
from countermark.node.notices.bulk import filing as bulk
from countermark.node.notices.bulk import looking, selectors
from countermark.node.notices.bulk.choosing import Row, Together
from countermark.node.notices.bulk.tests.test_filing_many import filed, rows_of
from countermark.node.notices.drafting import Choice
from countermark.node.notices.factories import make_ground_for_notice
from countermark.node.notices.models import Followed, Notice
from countermark.node.notices.tests.walking import both_follow

CODES = "counterfeit = 9051\nmark-in-offer = 9046\n\ndesign=9060"


def follow(team, codes=""):
    programmes.follow(team.brand.administrator, team.brand.agreement_name, "ebay", codes)


def test_a_row_without_a_code_is_a_draft_and_is_filed_once_the_codes_stand_beside_the_agreement(team):
    member = team.brand.analyst
    both_follow(team, "ebay")
    first, second = make_ground_for_notice(member), make_ground_for_notice(member)
    rows = [Row(finding=first.core_id, ground="mark-in-offer"), Row(finding=second.core_id, ground="other-trademark")]
    name = filed(member, rows)
    shown = selectors.batch(member, name)
    assert [one.state for one in shown.rows] == ["draft", "filed"]  # eBay prints the code of the second itself
    assert [(one["field"], one["code"]) for one in shown.rows[0].problems] == [("reason_code", "field-missing")]
    follow(team, CODES)
    bulk.try_again(member, name)
    bulk.file_rows(member, name)
    assert {one.state for one in selectors.batch(member, name).rows} == {"filed"}
    codes = {one.finding: papers.read(one.paper).fields["reason_code"] for one in Notice.objects.all()}
    assert codes == {first.core_id: "9046", second.core_id: "9052"}


def test_a_code_is_never_asked_once_for_rows_of_several_reasons(team):
    member = team.brand.analyst
    both_follow(team, "ebay")
    rows = rows_of(make_ground_for_notice(member))
    assert "reason_code" not in {one.id for one in looking.look(member, Together(), rows).fields}


def test_patent_and_country_are_known_and_only_where_the_reason_asks_for_them(team):
    member = team.brand.analyst
    both_follow(team, "ebay")
    patent = {"kind": "patent", "number": "3456789", "title": "Clasp", "territories": ("FR",), "office": "FR"}
    made = drafting.prepare(member, make_ground_for_notice(member, **patent).core_id, Choice(ground="patent"))
    assert made.paper.fields == {"reason_code": "9048", "patent_numbers": "3456789"}
    finding = make_ground_for_notice(member).core_id
    made = drafting.prepare(member, finding, Choice(ground="not-for-country", country="FR"))
    assert made.paper.fields == {"reason_code": "9037", "countries": "FR"}


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ("counterfeit: 9051", "codes-unreadable"),
        ("counterfit = 9051", "ground-unknown"),
        ("design = 1\n" * 300, "codes-too-long"),
    ],
)
def test_codes_that_cannot_hold_are_refused_with_their_mend_and_nothing_is_kept(team, codes, code):
    with pytest.raises(Invalid) as refused:
        follow(team, codes)
    assert [(one.field, one.code) for one in refused.value.problems] == [("codes", code)]
    assert refused.value.problems[0].mend
    assert not Followed.objects.exists()


def test_new_codes_are_a_new_row_and_the_same_again_is_none(team):
    for codes in ("", CODES, CODES, "counterfeit = 9051"):
        follow(team, codes)
    assert [one.codes for one in Followed.objects.order_by("pk")] == [
        {},
        {"counterfeit": "9051", "mark-in-offer": "9046", "design": "9060"},
        {"counterfeit": "9051"},
    ]
