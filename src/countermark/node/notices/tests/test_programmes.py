"""Notices under the programmes of eBay and Alibaba: whose rules hold, and each way from the filing to the end."""

import pytest

from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel import time as clock
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.lawbook import reading, signing
from countermark.node.notices import (
    acting,
    countering,
    deciding,
    drafting,
    filing,
    lawyer,
    permits,
    programmes,
    selectors,
    seller_page,
    sending,
    turning,
)
from countermark.node.notices.acting import Suit
from countermark.node.notices.deciding import Decision
from countermark.node.notices.drafting import Choice
from countermark.node.notices.factories import file_one, make_choice, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.models import Followed, Notice
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.tests.test_both_sides import answer
from countermark.node.notices.tests.walking import (
    MORE,
    PICTURE,
    WORK,
    after_clock,
    both_follow,
    decide,
    filed,
    matter,
    states,
)
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


def test_whose_rules_are_followed_decides_what_a_notice_runs_under(team):
    member, finding = team.brand.analyst, make_ground_for_notice(team.brand.analyst)
    assert drafting.prepare(member, finding.core_id, Choice()).regime.id == "eu-dsa"
    both_follow(team, "ebay")
    assert drafting.prepare(member, finding.core_id, Choice()).regime.id == "platform-ebay"
    both_follow(team, "1688")
    prepared = drafting.prepare(member, finding.core_id, Choice())
    assert (prepared.regime.id, prepared.platform) == ("platform-alibaba", "1688")
    assert prepared.paper.fields == {"complaint_type": "listing", "platform_name": "1688"}
    both_follow(team, "")
    assert drafting.prepare(member, finding.core_id, Choice()).regime.id == "eu-dsa"


def test_a_programme_that_the_other_side_does_not_follow_is_said_before_and_refused_there(team):
    member, finding = team.brand.analyst, make_ground_for_notice(team.brand.analyst)
    both_follow(team, "taobao")
    problems = drafting.prepare(member, finding.core_id, Choice(regime="platform-ebay")).problems
    assert "not-their-programme" in {one.code for one in problems if one.blocks}
    law = drafting.prepare(member, finding.core_id, Choice(regime="eu-dsa")).problems
    assert "not-their-programme" not in {one.code for one in law}
    programmes.follow(team.market.administrator, team.market.agreement_name, "")
    name = file_one(team, finding, fields=MORE["taobao"])
    pass_on(team, team.market)
    with pytest.raises(Notice.DoesNotExist):
        notice_of(team.market, name)


def test_a_notice_that_is_not_taken_comes_back_with_the_reason_and_can_be_sent_again(team):
    finding = make_ground_for_notice(team.brand.analyst)
    both_follow(team, "ebay")
    programmes.follow(team.market.administrator, team.market.agreement_name, "")
    name = file_one(team, finding, fields=MORE["ebay"])
    assert set(pass_on(team, team.market)) == {"done"}
    assert set(pass_on(team, team.brand)) == {"done"}
    shown = selectors.notice(team.brand.analyst, name)
    assert (shown.row.stage, notice_of(team.brand, name).due_who) == (Stage.HELD, "rights_holder")
    assert "does not follow this programme" in shown.problem
    assert shown.can_undo
    # Both sides write the same down: it goes again as another entry, and is taken.
    programmes.follow(team.market.administrator, team.market.agreement_name, "ebay")
    filing.send_now(team.brand.analyst, name)
    assert sending.send_due() == 1
    assert set(pass_on(team, team.market)) == {"done"}
    assert (notice_of(team.brand, name).stage, notice_of(team.market, name).stage) == (Stage.OPEN, Stage.OPEN)
    assert notice_of(team.market, name).law_state == "received"
    assert [one.number for one in notice_of(team.brand, name).happenings.order_by("number")] == [1, 2, 3]


def test_only_who_manages_agreements_says_whose_rules_hold_and_the_same_again_is_one_row(team):
    name = team.brand.agreement_name
    with pytest.raises(NotPermitted):
        programmes.follow(team.brand.analyst, name, "ebay")
    with pytest.raises(Invalid):
        programmes.follow(team.brand.administrator, name, "shopnova")
    with pytest.raises(NotFound):
        programmes.follow(team.brand.administrator, "agr_unknown", "ebay")
    for _ in range(2):
        programmes.follow(team.brand.administrator, name, "ebay")
    assert Followed.objects.count() == 1


def test_a_notice_on_ebay_goes_from_the_owner_to_ebay_and_comes_back(team, later):
    name = filed(team, "ebay")
    assert notice_of(team.market, name).law_state == "received"
    assert "Reason code of eBay: 9051" in selectors.notice(team.market.administrator, name).explanation
    token = decide(team, name, Deed.REMOVE, "infringes")
    assert states(team, name) == ("taken_down", Stage.DOWN)
    countering.counter(token, answer("platform-ebay"))
    pass_on(team, team.brand)
    assert states(team, name) == ("seller_contacts", Stage.COUNTERED)
    assert notice_of(team.market, name).due_who == "rights_holder"
    assert "can answer you until" in seller_page.seller_view(token, "en").standing
    # Neither the marketplace nor the seller has a move while the owner's five days run.
    with pytest.raises(LawRefuses):
        decide(team, name, Deed.RESTORE, "answer_convinces")
    with pytest.raises(Conflict):
        countering.counter(token, answer("platform-ebay"))
    after_clock(team, name, "owner-answers", later)
    assert turning.turn_all_due() == 2
    assert notice_of(team.market, name).due_who == "seller"
    assert seller_page.seller_view(token, "en").can_answer
    countering.counter(token, answer("platform-ebay", words="The owner gave no answer; the invoice lies beside."))
    pass_on(team, team.brand)
    assert states(team, name) == ("seller_to_ebay", Stage.COUNTERED)
    assert notice_of(team.brand, name).counters.count() == 2
    assert notice_of(team.market, name).due_who == "platform"
    # Where somebody else can, who removed the offer does not judge the answer.
    officer = make_member(Role.OFFICER, Organisation.objects.get(pk=team.market.organisation_id))
    with pytest.raises(Conflict, match="Somebody else"):
        decide(team, name, Deed.RESTORE, "answer_convinces")
    deciding.decide(officer, name, Decision(deed=Deed.RESTORE, reason="answer_convinces"))
    pass_on(team, team.brand)
    assert states(team, name) == ("reinstated", Stage.RESTORED)
    assert not seller_page.seller_view(token, "en").can_answer


def test_an_owner_answers_the_seller_on_ebay_once_and_the_seller_reads_it(team):
    name = filed(team, "ebay")
    token = decide(team, name, Deed.REMOVE, "infringes")
    countering.counter(token, answer("platform-ebay"))
    pass_on(team, team.brand)
    assert selectors.notice(team.brand.analyst, name).can_reply
    with pytest.raises(Invalid):
        acting.reply(team.brand.analyst, name, " ")
    with pytest.raises(Conflict, match="Only the one who filed"):
        acting.reply(team.market.administrator, name, "No.")
    acting.reply(team.brand.analyst, name, "Our house sold no such bag to anybody.")
    with pytest.raises(LawRefuses):
        acting.reply(team.brand.analyst, name, "Our house sold no such bag to anybody.")
    assert set(pass_on(team, team.market)) == {"done"}
    assert states(team, name) == ("taken_down", Stage.DOWN)
    assert not selectors.notice(team.brand.analyst, name).can_reply
    view = seller_page.seller_view(token, "fr")
    assert view.reply == "Our house sold no such bag to anybody."
    assert view.can_answer
    # The owner answered, so that a second letter goes to the owner again and not to eBay.
    countering.counter(token, answer("platform-ebay"))
    assert notice_of(team.market, name).law_state == "seller_contacts"


def copyright_countered_on_ebay(team) -> str:
    """A picture was taken down, and the seller has sent a counter notice; the brand has not heard of it yet."""
    finding = make_ground_for_notice(team.brand.analyst, **PICTURE)
    both_follow(team, "ebay")
    name = file_one(team, finding, fields=MORE["ebay"], evidence=(("own_work", WORK),))
    pass_on(team, team.market)
    token = decide(team, name, Deed.REMOVE, "infringes")
    countering.counter(token, answer("platform-ebay"))
    return name


def test_copyright_on_ebay_has_a_counter_notice_whose_ten_days_bring_the_offer_back(team, later):
    name = copyright_countered_on_ebay(team)
    pass_on(team, team.brand)
    assert states(team, name) == ("countered", Stage.COUNTERED)
    back = Decision(deed=Deed.RESTORE, reason="time_over", second_look=True)
    with pytest.raises(LawRefuses, match="still runs"):
        deciding.decide(team.market.administrator, name, back)
    after_clock(team, name, "counter-notice", later)
    # Nobody judges here: the days are over, and whoever removed it may put it back.
    make_member(Role.OFFICER, Organisation.objects.get(pk=team.market.organisation_id))
    with pytest.raises(Invalid, match="looked again"):
        decide(team, name, Deed.RESTORE, "time_over")
    deciding.decide(team.market.administrator, name, back)
    with pytest.raises(LawRefuses, match="closed"):
        deciding.decide(team.market.administrator, name, back)
    pass_on(team, team.brand)
    assert states(team, name) == ("reinstated", Stage.RESTORED)


def test_a_suit_keeps_the_offer_down_on_ebay_beyond_the_ten_days(team, later):
    name = copyright_countered_on_ebay(team)
    pass_on(team, team.brand)
    acting.report_suit(team.brand.analyst, name, Suit(authority="Court of X", docket="1/26", day="2026-11-02"))
    assert set(pass_on(team, team.market)) == {"done"}
    assert states(team, name) == ("escalated", Stage.IN_COURT)
    later(40)
    with pytest.raises(Invalid):
        deciding.decide(team.market.administrator, name, Decision(deed=Deed.RESTORE, reason="time_over"))
    decide(team, name, Deed.KEEP, "not_convincing")
    assert states(team, name) == ("taken_down", Stage.KEPT)


def test_no_machine_brings_an_offer_back_on_a_rule_of_ebay_that_nobody_signed(team, later):
    name = copyright_countered_on_ebay(team)
    after_clock(team, name, "counter-notice", later)
    row, counsel = notice_of(team.market, name), team.market.administrator

    def by_a_machine():
        reviews = signing.reviews(counsel.organisation_id)
        return lawyer.done(lawyer.read(row.matter), Deed.RESTORE, clock.now(), {}, by_itself=reviews)

    with pytest.raises(LawRefuses, match="not confirmed"):
        by_a_machine()
    for rule in ("platform-ebay/counter-notice", "BD"):
        found = reading.subject(rule)
        signing.sign(counsel, rule, found.version, words="Read on the help page of 2026-11-20.", name="Ada Quill")
    assert by_a_machine().state == "reinstated"


def test_a_withdrawal_ends_it_on_each_programme_and_a_second_is_refused(team):
    for platform, end in (("ebay", "withdrawn"), ("taobao", "withdrawn")):
        name = filed(team, platform)
        acting.withdraw(team.brand.analyst, name, "error")
        with pytest.raises(Conflict):
            acting.withdraw(team.brand.analyst, name, "error")
        pass_on(team, team.market)
        assert states(team, name) == (end, Stage.WITHDRAWN)


def test_a_decision_that_comes_twice_and_one_out_of_turn_change_nothing(team):
    name = filed(team, "ebay")
    decide(team, name, Deed.REMOVE, "infringes")
    before = notice_of(team.market, name).happenings.count(), team.market.feed.seq
    for deed, reason in ((Deed.REMOVE, "infringes"), (Deed.REFUSE, "no_infringement"), (Deed.ASK_SELLER, "in_account")):
        with pytest.raises(Conflict):
            decide(team, name, deed, reason)
    assert (notice_of(team.market, name).happenings.count(), team.market.feed.seq) == before


def test_a_notice_keeps_its_programme_whatever_is_followed_later(team):
    name = filed(team, "ebay")
    version = matter(team.market, name).version
    both_follow(team, "")
    decide(team, name, Deed.REMOVE, "infringes")
    assert notice_of(team.market, name).regime == "platform-ebay"
    assert set(notice_of(team.market, name).happenings.values_list("version", flat=True)) == {version}


def test_a_notice_under_the_general_programme_goes_its_way_beside_the_others(team):
    finding = make_ground_for_notice(team.brand.analyst)
    name = file_one(team, finding, regime="platform-generic")
    pass_on(team, team.market)
    both_follow(team, "ebay")
    token = decide(team, name, Deed.REMOVE, "infringes")
    countering.counter(token, answer("platform-generic"))
    pass_on(team, team.brand)
    with pytest.raises(Conflict):
        countering.counter(token, answer("platform-generic"))
    decide(team, name, Deed.KEEP, "not_convincing")
    assert states(team, name) == ("counter_rejected", Stage.KEPT)
    assert notice_of(team.market, name).due_who == ""
    # The general programme would let it: a seller is heard once there, as it always was.
    with pytest.raises(Conflict):
        countering.counter(token, answer("platform-generic"))


@pytest.mark.parametrize("platform", ["ebay", "taobao"])
def test_the_pre_flight_asks_what_the_programme_asks(team, platform):
    member, finding = team.brand.analyst, make_ground_for_notice(team.brand.analyst)
    both_follow(team, platform)
    wanted = {"ebay": "reason_code", "taobao": ""}[platform]
    choice = make_choice(member, finding, fields={})
    missing = {one.field for one in drafting.prepare(member, finding.core_id, choice).problems if one.blocks}
    assert missing == ({wanted} if wanted else set())
    wrong = {"ebay": {"reason_code": "9" * 9}, "taobao": {"platform_name": "Bazaar"}}[platform]
    codes = {
        one.code
        for one in drafting.prepare(member, finding.core_id, make_choice(member, finding, fields=wrong)).problems
    }
    assert codes & {"field-too-long", "field-not-listed"}
    if platform == "ebay":
        long = make_choice(member, finding, fields=MORE["ebay"], explanation="x" * 1001)
        assert "field-too-long" in {one.code for one in drafting.prepare(member, finding.core_id, long).problems}
    with pytest.raises(Invalid):
        filing.file(member, finding.core_id, make_choice(member, finding, fields=wrong))


def test_a_worker_killed_between_commit_and_reply_answers_the_seller_of_ebay_once(team):
    name = filed(team, "ebay")
    token = decide(team, name, Deed.REMOVE, "infringes")
    countering.counter(token, answer("platform-ebay"))
    pass_on(team, team.brand)
    # The reply was committed and the browser heard nothing: the same click again says nothing twice.
    acting.reply(team.brand.analyst, name, "Our house sold no such bag.")
    said = team.brand.feed.seq
    with pytest.raises(LawRefuses):
        acting.reply(team.brand.analyst, name, "Our house sold no such bag.")
    assert team.brand.feed.seq == said
    assert set(pass_on(team, team.market)) == {"done"}
    team.pull(team.market)
    assert pass_on(team, team.market) == []
    assert notice_of(team.market, name).happenings.filter(deed=Deed.REPLY).count() == 1


@pytest.mark.parametrize(
    ("platform", "kind", "fields"),
    [
        ("ebay", "notice.replied", {"status": "reply", "explanation": "No."}),
        ("taobao", "notice.replied", {"status": "reply", "explanation": "No."}),
    ],
)
def test_a_partner_that_says_what_the_programme_has_no_step_for_changes_nothing(team, platform, kind, fields):
    name = filed(team, platform)
    row = notice_of(team.brand, name)
    before = notice_of(team.market, name).happenings.count()
    said = permits.Message(
        type=kind,
        subject=name,
        kind=ItemKind.NOTICE,
        action=Action.CORRECT,
        fields={"notice_id": name, **fields},
    )
    permits.say(row.agreed, team.brand.analyst.role, said)
    assert pass_on(team, team.market)[-1] == "failed"
    assert notice_of(team.market, name).happenings.count() == before
