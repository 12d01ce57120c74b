"""A notice runs under the law that it has pinned, and a machine does nothing on a rule that nobody stands for."""

import pytest

from countermark.law.lawbook import Lawbook, shipped_lawbook
from countermark.law.regime import read_regime
from countermark.node.kernel.errors import Invalid, NotPermitted
from countermark.node.lawbook import keeping, reading, signing
from countermark.node.notices import deciding, lawyer, migrating, queues, selectors, sending
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, notice_of, pass_on
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.states import Deed

REASON = "The regulation was amended, art. 17."


@pytest.fixture
def amended(monkeypatch):
    """The next release: one rule of the European law says something else, after the notices were filed."""
    book = shipped_lawbook()
    old = book.regimes["eu-dsa"]
    new = read_regime(old.source.replace(b"title: Decide on the notice", b"title: Decide on it at once", 1))
    assert new.version != old.version
    later = Lawbook({**book.regimes, "eu-dsa": new}, book.counting)

    def release():
        for module in (lawyer, keeping, reading):
            monkeypatch.setattr(module, "shipped_lawbook", lambda: later)
        return old, new

    return release


def test_a_new_release_leaves_a_notice_under_its_law_until_a_person_moves_it(team, amended):
    name = file_one(team)
    pass_on(team, team.market)
    counsel, version = team.market.administrator, lawyer.read(notice_of(team.market, name).matter).version
    old, new = amended()
    assert version == old.version
    assert [one.id for one in migrating.outdated(counsel)] == [name]
    seen = migrating.preview(counsel, name)
    assert [one.rule for one in seen.changes] == ["eu-dsa/decide"]
    with pytest.raises(NotPermitted):
        migrating.move(team.market.analyst, name, new.version, REASON)
    with pytest.raises(Invalid):
        migrating.move(counsel, name, new.version, " ")
    before = lawyer.read(notice_of(team.market, name).matter).clocks
    migrating.move(counsel, name, new.version, REASON)
    after = lawyer.read(notice_of(team.market, name).matter)
    assert (after.version, after.clocks) == (new.version, before)
    assert migrating.outdated(counsel) == ()
    assert not migrating.preview(counsel, name).is_needed
    shown = selectors.notice(counsel, name)
    assert shown.steps[-1].note == REASON
    with pytest.raises(LawRefuses):
        migrating.move(counsel, name, new.version, REASON)
    deciding.decide(counsel, name, Decision(deed=Deed.REMOVE, reason="infringes"))


def test_a_notice_that_nobody_moves_goes_on_under_the_old_law(team, amended):
    name = file_one(team)
    pass_on(team, team.market)
    old, _new = amended()
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    row = notice_of(team.market, name)
    assert set(row.happenings.values_list("version", flat=True)) == {old.version}
    assert sending.send_due() == 0
    assert selectors.notice(team.market.administrator, name).law_moved


def test_a_machine_does_only_what_confirmed_or_signed_rules_say(team):
    name = file_one(team)
    pass_on(team, team.market)
    row = notice_of(team.market, name)
    matter, given = lawyer.read(row.matter), {"error": "no", "reason": "other"}
    rule = reading.subject("eu-dsa/withdrawal")
    counsel = team.market.administrator
    assert not rule.tag.is_confirmed
    reviews = signing.reviews(counsel.organisation_id)
    with pytest.raises(LawRefuses, match="not confirmed"):
        lawyer.done(matter, Deed.WITHDRAW, matter.latest, given, by_itself=reviews)
    signing.sign(counsel, rule.id, rule.version, words="Our own terms, point 9, say so.", name="Ada Quill")
    reviews = signing.reviews(counsel.organisation_id)
    assert lawyer.done(matter, Deed.WITHDRAW, matter.latest, given, by_itself=reviews).state == "withdrawn"


def test_each_clock_shows_its_rule_its_tag_and_whether_anything_acts_on_it(team):
    name = file_one(team)
    pass_on(team, team.market)
    shown = selectors.notice(team.market.administrator, name)
    assert all(one.rule.startswith("eu-dsa/") and one.tag in {"P", "Q", "q", "M", "O"} for one in shown.clocks)
    assert all(one.tag for one in shown.steps if one.rule)
    row = queues.by_move(team.market.administrator, "due").rows[0]
    assert row.due_called == "service target"
