"""What a partner may not say about notices, and what is never rewritten."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from countermark.node.exchange.models import Inbound
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Invalid, NotPermitted
from countermark.node.kernel.ids import new_id
from countermark.node.notices import answering, attachments, countering, deciding, drafting, filing, permits, sending
from countermark.node.notices.deciding import Decision
from countermark.node.notices.drafting import Choice
from countermark.node.notices.factories import file_one, make_choice, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import Happening, Notice, SellerLink
from countermark.node.notices.states import Deed, Stage
from countermark.proof.entries import DataClass

REMOVE = Decision(deed=Deed.REMOVE, reason="infringes")


def say(side, kind, subject, fields, owner="", item=ItemKind.NOTICE, action=Action.ANSWER):
    message = permits.Message(type=kind, subject=subject, kind=item, action=action, owner=owner, fields=fields)
    permits.say(side.agreement, "administrator", message)


def codes():
    return set(Inbound.objects.filter(state="failed").values_list("code", flat=True))


def test_a_decision_on_a_notice_that_was_never_filed_is_kept_and_not_applied(team):
    name = new_id("ntc")
    fields = {"notice_id": name, "decision": "remove", "decision_reasons": "infringes"}
    say(team.market, "notice.decided", name, fields, owner=team.market.agreement.partner)
    assert "failed" in pass_on(team, team.brand)
    assert codes() == {"no-such-notice"}
    assert not Notice.objects.exists()


def test_an_entry_that_is_no_item_is_kept_and_not_applied(team):
    team.brand.say("notice.filed", new_id("ntc"), data={"text": "Take everything down."})
    assert "failed" in pass_on(team, team.market)
    assert codes() == {"wrong-data"}


def test_a_notice_whose_entry_names_another_one_is_not_taken(team):
    finding = make_ground_for_notice(team.brand.analyst)
    paper = drafting.prepare(team.brand.analyst, finding.core_id, Choice()).paper
    message = drafting.message(new_id("ntc"), "eu-dsa", paper)
    permits.say(team.brand.agreement, "analyst", replace(message, subject=new_id("ntc")))
    pass_on(team, team.market)
    assert codes() == {"wrong-data"}


def test_a_law_that_nobody_knows_is_not_applied(team):
    finding, name = make_ground_for_notice(team.brand.analyst), new_id("ntc")
    paper = drafting.prepare(team.brand.analyst, finding.core_id, Choice()).paper
    permits.say(team.brand.agreement, "analyst", drafting.message(name, "atlantis-law", paper))
    pass_on(team, team.market)
    assert codes() == {"regime-unknown"}


def test_a_marketplace_cannot_file_a_notice(team):
    fields = {"notice_id": new_id("ntc")}
    team.market.say("notice.filed", "ntc_x", data={"v": 1, "kind": "notice", "fields": fields, "classes": {}})
    pass_on(team, team.brand)
    assert codes() == {"not-agreed"}


def test_a_decision_in_words_that_nobody_knows_changes_nothing(team):
    name = file_one(team)
    pass_on(team, team.market)
    fields = {"notice_id": name, "decision": "explode", "decision_reasons": "because"}
    say(team.market, "notice.decided", name, fields, owner=team.market.agreement.partner)
    pass_on(team, team.brand)
    assert notice_of(team.brand, name).stage == Stage.OPEN


def test_an_arrival_of_an_answer_that_was_never_sent_starts_no_clock(team):
    finding = make_ground_for_notice(team.brand.analyst, territories=("CN",), office="CN")
    name = file_one(team, finding)
    pass_on(team, team.market)
    deciding.decide(team.market.administrator, name, REMOVE)
    fields = {"counter_notice_id": new_id("cnt"), "notice_id": name, "answer": "arrived"}
    owner = team.brand.agreement.partner
    say(team.brand, "notice.arrived", name, fields, owner, ItemKind.COUNTER_NOTICE, Action.ACKNOWLEDGE)
    assert "failed" in pass_on(team, team.market)
    assert notice_of(team.market, name).law_state == "measures_on"


def test_the_same_entry_applied_twice_changes_nothing(team):
    name = file_one(team)
    pass_on(team, team.market)
    before = Happening.objects.filter(notice=notice_of(team.market, name)).count()
    Inbound.objects.filter(organisation_id=team.market.organisation_id).update(state="queued", attempts=0)
    pass_on(team, team.market)
    assert Happening.objects.filter(notice=notice_of(team.market, name)).count() == before


def test_a_notice_is_said_once_however_often_the_worker_runs(team):
    file_one(team)
    sending.send_due()
    assert team.brand.feed.entries.filter(type="notice.filed").count() == 1


def test_a_notice_that_the_agreement_no_longer_lets_out_is_held_back_with_the_reason(team):
    member, finding = team.brand.analyst, make_ground_for_notice(team.brand.analyst)
    name = filing.file(member, finding.core_id, make_choice(member, finding))
    filing.send_now(member, name)
    row = team.brand.agreement
    row.state = "suspended"
    row.save()
    assert sending.send_due() == 0
    held = notice_of(team.brand, name)
    assert held.stage == Stage.HELD
    assert "suspended" in held.problem


def test_what_happened_is_never_rewritten(team):
    name = file_one(team)
    row = notice_of(team.brand, name).happenings.all()[0]
    row.reason = "other"
    with pytest.raises(RewriteForbidden):
        row.save()
    with pytest.raises(RewriteForbidden):
        Happening.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE notices_happening SET reason = 'other'")


def test_each_matter_pins_the_version_of_its_law(team):
    name = file_one(team)
    version = notice_of(team.brand, name).happenings.all()[0].version
    assert len(version) == 64
    assert version in notice_of(team.brand, name).matter


def test_a_second_notice_about_the_same_offer_and_right_is_refused_before_it_is_sent(team):
    finding = make_ground_for_notice(team.brand.analyst)
    file_one(team, finding)
    with pytest.raises(Invalid, match="is open"):
        filing.file(team.brand.analyst, finding.core_id, make_choice(team.brand.analyst, finding))


def test_only_the_hash_of_a_sellers_link_is_kept(team):
    name = file_one(team)
    pass_on(team, team.market)
    token = deciding.decide(team.market.administrator, name, REMOVE)
    kept = SellerLink.objects.get()
    assert token not in {kept.token_hash, str(kept.pk)}
    assert len(token) == 43


def test_a_brand_does_not_decide_and_a_marketplace_does_not_file(team):
    name = file_one(team)
    with pytest.raises(NotPermitted):
        deciding.decide(team.brand.administrator, name, REMOVE)
    finding = make_ground_for_notice(team.market.administrator)
    with pytest.raises(NotPermitted):
        filing.file(team.market.administrator, finding.core_id, Choice())


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.exe", b"MZ\x90", "no PDF"),
        ("a.pdf", b"<html>", "no PDF"),
        ("a.pdf", b"%PDF-" + b"0" * attachments.LARGEST, "larger than"),
    ],
)
def test_a_paper_that_is_none_is_refused_by_name(name, data, says):
    with pytest.raises(Invalid, match=says):
        attachments.accept([(name, data)])


def test_a_name_of_a_paper_loses_its_folders_and_controls():
    (kept,) = attachments.accept([('../../etc/pass\n"wd.pdf', b"%PDF-1.7")])
    assert kept.name == "passwd.pdf"


def test_personal_data_of_a_seller_travel_only_beside_an_entry(team):
    name = file_one(team)
    pass_on(team, team.market)
    token = deciding.decide(team.market.administrator, name, REMOVE)
    declared = {one.id: one.version for one in answering.wanted("eu-dsa")[1]}
    given = countering.Answer(reason="own_right", words="My name is Mira Vale and the mark is mine.", declared=declared)
    countering.counter(token, given)
    entry = team.market.feed.entries.get(type="notice.countered")
    assert b"Mira" in bytes(entry.beside.data)
    assert entry.data_class in {DataClass.PSEUDONYM, DataClass.PERSONAL}


def test_a_notice_that_is_closed_is_not_opened_again_by_an_answer_that_nobody_asked_for(team):
    name = file_one(team)
    pass_on(team, team.market)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.REFUSE, reason="no_infringement"))
    fields = {"notice_id": name, "status": "answer", "explanation": "Look once more."}
    say(team.brand, "notice.answered", name, fields, action=Action.CORRECT)
    assert "failed" in pass_on(team, team.market)
    assert notice_of(team.market, name).stage == Stage.REFUSED
