"""Proceedings: opened under a pinned law, told step by step, taken back, with every clock explained."""

from datetime import date

import pytest

from countermark.law.history import replay
from countermark.law.lawbook import shipped_lawbook
from countermark.law.wording import is_said
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.lawbook import keeping
from countermark.node.notices import lawyer
from countermark.node.proceedings import happening, opening, regimes, selectors
from countermark.node.proceedings.factories import make_proceeding, tell
from countermark.node.proceedings.models import Proceeding, Step
from countermark.node.proceedings.opening import Opening


def clocks(member, name):
    return {one.rule: one for one in selectors.proceeding(member, name).clocks}


def test_held_goods_have_the_days_of_the_state_that_holds_them_and_each_is_explained(analyst):
    name = make_proceeding(analyst, since=date(2026, 4, 1), place="de")
    tell(analyst, name, "detain", "2026-04-01", application="FR 2026/77", notice_proof="letter of 1 April")
    found = clocks(analyst, name)["eu-customs/conviction"]
    assert found.last == date(2026, 4, 17)
    assert found.called == "legal deadline"
    assert found.sources[0][0] == "Reg. (EU) 608/2013 art. 23(1)"
    assert "DE" in found.calendar
    assert found.steps
    assert found.over
    shown = selectors.proceeding(analyst, name)
    assert shown.row.day == date(2026, 4, 17)
    assert shown.steps[0].facts[0] == ("number of the decision that grants the application", "FR 2026/77")


def test_a_recordal_is_due_when_its_window_opens_and_not_ten_years_later(analyst):
    name = make_proceeding(analyst, "cn-customs-recordal", date(2026, 9, 22), about="Recordal of Corvane")
    tell(analyst, name, "file", "2026-09-22", application="A1")
    tell(analyst, name, "record", "2026-10-20", recordal="T2026-1")
    row = selectors.proceeding(analyst, name).row
    assert row.day == date(2036, 4, 20)
    assert row.clock is not None
    assert row.clock.title == "Renew the recordal"
    assert [one.id for one in selectors.due(analyst)] == [name]


def test_a_step_that_was_a_mistake_is_taken_back_and_stays_to_be_read(analyst):
    name = make_proceeding(
        analyst, "udrp", date(2026, 11, 2), about="corvane-outlet.example", facts=frozenset({"three_members"})
    )
    tell(analyst, name, "file", "2026-11-02", complaint="D2026-1")
    before = Proceeding.objects.get()
    tell(analyst, name, "lock", "2026-11-03")
    happening.take_back(analyst, name, "it was another domain")
    after = Proceeding.objects.get()
    assert (after.matter, after.due) == (before.matter, before.due)
    tell(analyst, name, "lock", "2026-11-04")
    happening.take_back(analyst, name, "again another one")
    happening.take_back(analyst, name, "nor was it filed")
    with pytest.raises(Conflict, match="Nothing has been written"):
        happening.take_back(analyst, name, "once more")
    steps = selectors.proceeding(analyst, name).steps
    assert [one.undoes for one in steps] == [None, None, 2, None, 4, 1]
    assert [one.taken_back for one in steps] == [True, True, False, True, False, False]
    with pytest.raises(RewriteForbidden):
        Step.objects.all().delete()


def test_what_stands_is_what_its_steps_compute_again(analyst):
    name = make_proceeding(analyst, "udrp", date(2026, 10, 1), about="corvane-outlet.example")
    for event, day, facts in (
        ("file", "2026-10-01", {"complaint": "D1"}),
        ("lock", "2026-10-02", {}),
        ("find_compliant", "2026-10-05", {}),
        ("commence", "2026-10-06", {"served": "e-mail and post"}),
        ("ask_four_days", "2026-10-20", {}),
    ):
        tell(analyst, name, event, day, **facts)
    matter = lawyer.read(Proceeding.objects.get(public_id=name).matter)
    assert replay({matter.version: keeping.pinned("udrp", matter.version)}, matter) == matter
    assert clocks(analyst, name)["udrp/response-extended"].last == date(2026, 10, 30)
    assert clocks(analyst, name)["udrp/response-extended"].called == "deadline of the terms"


def test_the_law_refuses_with_its_reason_and_nothing_is_written(analyst):
    name = make_proceeding(analyst)
    for event, day, facts, words in (
        ("confirm", "2026-04-02", {}, "not possible in the state draft"),
        ("detain", "2026-04-02", {"application": "1"}, "proof of when the notice arrived"),
        ("detain", "2026-03-30", {"application": "1", "notice_proof": "2"}, "dated before"),
        ("lose", "2026-04-02", {}, "There is no event"),
    ):
        with pytest.raises(Conflict, match=words):
            tell(analyst, name, event, day, **facts)
    with pytest.raises(Invalid, match="not come yet"):
        tell(analyst, name, "detain", "2999-01-01", application="1", notice_proof="2")
    with pytest.raises(Invalid, match="cannot be stored"):
        tell(analyst, name, "detain", "2026-04-02", application="1\0", notice_proof="2")
    for words in ("DE89 3704 0044 0532 0130 00", "write to ada@quill.example"):
        with pytest.raises(Invalid, match="stays for years"):
            tell(analyst, name, "detain", "2026-04-02", application="1", notice_proof=words)
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"place": ""}, "no Member State"),
        ({"place": "US"}, "no Member State"),
        ({"regime": "udrp", "place": ""}, "No calendar"),
        ({"regime": "udrp", "place": "Atlantis"}, "No calendar"),
        ({"since": date(2999, 1, 1)}, "not come yet"),
        ({"since": None}, "first day is missing"),
        ({"since": date(2001, 1, 1)}, "not in force"),
        ({"about": " "}, "missing, too long"),
        ({"regime": "udrp", "zone": "../../etc/passwd"}, "not known"),
    ],
)
def test_what_cannot_be_opened_says_why(analyst, more, words):
    given = {"regime": "eu-customs", "about": "Parcel", "since": date(2026, 4, 1), "place": "FR"} | more
    with pytest.raises(Invalid, match=words):
        opening.open_one(analyst, Opening(**given))


def test_only_who_files_notices_writes_and_a_stranger_sees_nothing(analyst, reader, stranger):
    name = make_proceeding(analyst)
    assert selectors.proceeding(reader, name).choices == ()
    with pytest.raises(NotPermitted):
        tell(reader, name, "detain", "2026-04-02", application="1", notice_proof="2")
    with pytest.raises(NotFound):
        selectors.proceeding(stranger, name)
    with pytest.raises(NotFound):
        make_proceeding(analyst, "us-inform")
    with pytest.raises(NotFound):
        make_proceeding(analyst, "cn-goods")


def test_every_procedure_that_is_held_elsewhere_can_be_opened_by_somebody():
    opened = {one for ids in regimes.OPENED_BY.values() for one in ids}
    elsewhere = {"eu-misuse", "eu-payments", "eu-persons", "platform-ebay", "platform-alibaba"}
    book = shipped_lawbook().regimes
    with_procedure = {one.id for one in book.values() if one.file.procedure is not None}
    assert with_procedure - {one.id for one in lawyer.regimes()} - elsewhere == opened


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("name", [name for names in regimes.OPENED_BY.values() for name in names])
def test_every_word_of_the_laws_that_a_proceeding_shows_is_translated(name, language):
    file = shipped_lawbook().regime(name).file
    assert file.procedure is not None
    shown = [file.title, file.summary, *file.actors.values(), *file.facts.values()]
    shown += [state.says for state in file.procedure.states]
    shown += [selectors.in_words(move.event) for move in file.procedure.moves]
    shown += [text for rule in file.rules for text in (rule.title, rule.says) if text]
    assert [words for words in shown if not is_said(words, language)] == []


def test_a_clock_names_its_actor_as_the_law_does_also_after_a_move_to_other_names(analyst):
    name = make_proceeding(analyst, since=date(2026, 4, 1), place="de")
    tell(analyst, name, "detain", "2026-04-01", application="FR 2026/77", notice_proof="letter of 1 April")
    found = clocks(analyst, name)
    assert found["eu-customs/holder-answer"].who == "declarant or holder of the goods"
    assert found["eu-customs/conviction"].who == "holder of the decision granting the application"
    row = Proceeding.objects.get()
    older = row.matter.replace('"who":"goods_holder"', '"who":"seller"')
    assert older != row.matter
    Proceeding.objects.update(matter=older)
    assert clocks(analyst, name)["eu-customs/holder-answer"].who == "declarant or holder of the goods"
