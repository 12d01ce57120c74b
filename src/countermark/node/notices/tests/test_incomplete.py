"""A notice that comes from another program without what its law asks for (PR-09); ours never comes so."""

from dataclasses import replace

import pytest

from countermark.law.asked import Paper
from countermark.law.drafts import Proof
from countermark.node.exchange.models import Inbound
from countermark.node.exchange.rules.values import Value
from countermark.node.notices import acting, deciding, drafting, lacking, lawyer, papers, selectors
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.completing import Completion
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.lawyer import LawRefuses
from countermark.node.notices.models import Happening, Notice
from countermark.node.notices.states import Deed, Stage
from countermark.node.notices.steps import STEPS
from countermark.node.notices.tests.walking import MORE, PICTURE, WORK, both_follow

WORDS = "Here is what was missing, with our apologies."
PAPER = Attachment("extract.pdf", "application/pdf", "ef" * 32, b"%PDF-")


def file_under(team, regime):
    """A notice of our own program under a regime; gives its id."""
    member, more = team.brand.analyst, {}
    if regime in {"platform-ebay", "platform-alibaba"}:
        platform = {"platform-ebay": "ebay", "platform-alibaba": "taobao"}[regime]
        both_follow(team, platform)
        return file_one(team, fields=MORE[platform])
    if regime in {"cn-copyright", "us-dmca"}:
        more = PICTURE | {"territories": ("CN" if regime == "cn-copyright" else "US",)}
        return file_one(team, make_ground_for_notice(member, **more), evidence=(("own_work", WORK),))
    if regime == "cn-goods":
        return file_one(team, make_ground_for_notice(member, territories=("CN",), office="CN"))
    return file_one(team, regime=regime)


@pytest.fixture
def another_program(monkeypatch):
    """The filer's program says something else than ours would: `fields` in place of what ours says."""
    ours = drafting.message

    def says(**fields):
        def message(*args, **more):
            made = ours(*args, **more)
            return replace(made, fields={**made.fields, **fields})

        monkeypatch.setattr(drafting, "message", message)

    return says


def stands(team, name):
    row = notice_of(team.market, name)
    return row.law_state, row.stage, row.due_who


def titles(team, name):
    return {one.rule for one in lawyer.read(notice_of(team.market, name).matter).running}


@pytest.mark.parametrize("regime", STEPS)
def test_what_our_own_program_files_is_never_incomplete(team, regime):
    name = file_under(team, regime)
    assert set(pass_on(team, team.market)) == {"done"}
    row = notice_of(team.market, name)
    assert (row.regime, row.stage, papers.read(row.paper).lacks) == (regime, Stage.OPEN, ())
    assert not row.happenings.filter(deed=Deed.ASK).exists()


def test_every_field_that_a_law_asks_of_a_notice_has_its_place_in_an_entry():
    known = lacking.BROUGHT | set(lacking.CARRIED) | lacking.BY_KIND
    for regime in STEPS:
        asked = {one.id for one in lawyer.regime(regime).file.asked.fields if Paper.NOTICE in one.of}
        assert asked <= known | {name for name, _title in lawyer.codes(regime)}, regime


#: Regime, what another program says, what then lacks, the state in law, and clocks that must not run.
CASES = [
    ("cn-goods", {"right_owner": ""}, {"holder_identity"}, "incomplete", {"measures", "forward-notice"}),
    ("cn-goods", {"evidence_hashes": []}, {"evidence"}, "incomplete", {"measures", "forward-notice"}),
    ("cn-copyright", {"right_id": "", "explanation": "Fake."}, {"work_title", "facts"}, "incomplete", {"remove"}),
    ("us-dmca", {"accuracy": False}, {"accuracy-and-authority"}, "incomplete", {"remove"}),
    ("platform-generic", {"explanation": ""}, {"facts"}, "clarification_required", {"decide", "acknowledge"}),
    ("platform-ebay", {"explanation": "No code."}, {"reason_code"}, "clarification_required", {"decide"}),
    (
        "platform-alibaba",
        {"good_faith": False, "urls": []},
        {"good-faith", "items"},
        "clarification_required",
        {"decide"},
    ),
]


@pytest.mark.parametrize(("regime", "says", "lacks", "state", "clocks"), CASES)
def test_it_is_incomplete_with_a_list_and_no_time_for_a_removal(
    team, another_program, regime, says, lacks, state, clocks
):
    another_program(**says)
    name = file_under(team, regime)
    assert set(pass_on(team, team.market)) == {"done"}
    assert stands(team, name) == (state, Stage.ASKED, "rights_holder")
    assert not clocks & titles(team, name)
    shown = selectors.notice(team.market.administrator, name)
    assert {one.id for one in shown.lacks} == lacks
    assert not shown.decision_goes_on
    with pytest.raises(LawRefuses):
        deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
    assert "done" in pass_on(team, team.brand)
    theirs = selectors.notice(team.brand.analyst, name)
    assert theirs.row.mine
    assert [one.words for one in theirs.lacks] == [one.words for one in shown.lacks]
    assert {one.id for one in theirs.wanted} == lacks
    assert notice_of(team.brand, name).law_state == state
    for side in (team.brand, team.market):
        asked = notice_of(side, name).happenings.get(deed=Deed.ASK)
        assert asked.reason == lacking.INCOMPLETE
        if asked.event == "find_incomplete":
            assert set(asked.facts["missing_fields"].split(", ")) == lacks


@pytest.mark.parametrize(("regime", "says", "lacks", "state", "clocks"), CASES)
def test_the_completed_notice_goes_on_from_there(team, another_program, regime, says, lacks, state, clocks):
    another_program(**says)
    name = file_under(team, regime)
    pass_on(team, team.market)
    pass_on(team, team.brand)
    wanted = {one.id: one for one in selectors.notice(team.brand.analyst, name).wanted}
    lines = {one: f"https://bazaar.example/{one}" for one, how in wanted.items() if how.how == "line"}
    acting.answer(
        team.brand.analyst,
        name,
        f"{WORDS} The picture of the bag is the house's own, taken for its catalogue.",
        Completion(
            texts=lines,
            declared=frozenset(one for one, how in wanted.items() if how.how == "sign"),
            signer="Ada Quill",
            evidence=(("right_paper", PAPER), ("capture", PAPER)) if "evidence" in wanted else (),
        ),
    )
    assert set(pass_on(team, team.market)) == {"done"}
    row = notice_of(team.market, name)
    assert (row.stage, papers.read(row.paper).lacks, row.due_who) == (Stage.OPEN, (), "platform")
    assert row.law_state == notice_of(team.brand, name).law_state
    if "measures" in clocks or "remove" in clocks:
        assert clocks & titles(team, name)
    if regime != "platform-alibaba":  # where the seller is asked first
        deciding.decide(team.market.administrator, name, Decision(deed=Deed.REMOVE, reason="infringes"))
        assert notice_of(team.market, name).stage == Stage.DOWN


def test_an_answer_that_leaves_something_out_is_asked_once_more_and_only_for_that(team, another_program):
    another_program(right_owner="", evidence_hashes=[])
    name = file_under(team, "cn-goods")
    pass_on(team, team.market)
    pass_on(team, team.brand)
    brings = Completion(texts={"holder_identity": "Maison Aurelle SAS, Paris"})
    acting.answer(team.brand.analyst, name, WORDS, brings)
    pass_on(team, team.market)
    assert stands(team, name) == ("incomplete", Stage.ASKED, "rights_holder")
    assert titles(team, name) == set()
    pass_on(team, team.brand)
    here = selectors.notice(team.brand.analyst, name)
    assert [one.id for one in here.lacks] == ["evidence"]
    assert (notice_of(team.brand, name).law_state, here.row.mine) == ("incomplete", True)
    assert papers.read(notice_of(team.market, name).paper).right_owner == "Maison Aurelle SAS, Paris"


@pytest.mark.parametrize(
    ("says", "lacks"),
    [
        ({"explanation": "Fake."}, {"facts"}),
        ({"good_faith": False, "urls": [], "external_ids": ["nowhere"]}, {"good-faith", "items"}),
        ({"statement": ""}, {"good-faith"}),
        ({"evidence_ids": ["capture"]}, {"evidence"}),
        ({"ground": "dislike"}, {"ground"}),
    ],
)
def test_under_the_dsa_it_is_taken_and_decided_on_all_the_same(team, another_program, says, lacks):
    another_program(**says)
    name = file_one(team)
    assert set(pass_on(team, team.market)) == {"done"}
    assert stands(team, name) == ("received", Stage.ASKED, "rights_holder")
    assert titles(team, name) == {"decide"}
    shown = selectors.notice(team.market.administrator, name)
    assert {one.id for one in shown.lacks} == lacks
    assert shown.decision_goes_on
    pass_on(team, team.brand)
    deciding.decide(team.market.administrator, name, Decision(deed=Deed.REFUSE, reason="incomplete"))
    pass_on(team, team.brand)
    assert notice_of(team.brand, name).stage == notice_of(team.market, name).stage == Stage.REFUSED


def test_nothing_of_it_happens_twice_and_no_notice_is_lost(team, another_program):
    another_program(right_owner="")
    name = file_under(team, "cn-goods")
    pass_on(team, team.market)
    row = notice_of(team.market, name)
    many, said = Happening.objects.filter(notice=row).count(), team.market.feed.seq
    Inbound.objects.filter(organisation_id=team.market.organisation_id).update(state="queued", attempts=0)
    pass_on(team, team.market)
    assert Happening.objects.filter(notice=row).count() == many
    assert team.market.feed.entries.filter(type="notice.decided").count() == 1
    assert Notice.objects.filter(public_id=name).count() == 2
    pass_on(team, team.brand)
    acting.answer(team.brand.analyst, name, WORDS, Completion(texts={"holder_identity": "Maison Aurelle SAS"}))
    pass_on(team, team.market)
    after = Happening.objects.filter(notice=row).count()
    Inbound.objects.filter(organisation_id=team.market.organisation_id).update(state="queued", attempts=0)
    pass_on(team, team.market)
    assert Happening.objects.filter(notice=row).count() == after
    assert notice_of(team.market, name).stage == Stage.OPEN
    assert said < team.market.feed.seq + 1


def test_what_a_question_says_is_read_as_it_was_told_and_other_words_stand_for_themselves():
    lacks = (lacking.Lack("holder_identity", "It is missing. Name it."), lacking.Lack("good-faith", "Sign: it."))
    assert lacking.read(lacking.told(lacks)) == lacks
    assert [one.id for one in lacking.read("Please look: the extract is old.\nIt ended.")] == ["", ""]


def test_evidence_that_an_answer_repeats_is_kept_once_and_the_rest_stays():
    paper = papers.Filed(
        url="", external_id="o", marketplace="", title="", brand="b", evidence=(Proof("capture", "aa"),)
    )
    said: dict[str, Value] = {
        "evidence_ids": ("capture", "right_paper"),
        "evidence_hashes": ("aa", "bb"),
        "right_owner": "M",
    }
    after = papers.completed(paper, said, in_words=False)
    assert after.evidence == (Proof("capture", "aa"), Proof("right_paper", "bb"))
    assert (after.right_owner, after.brand, after.explanation) == ("M", "b", "")
