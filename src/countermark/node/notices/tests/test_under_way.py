"""Terms change and agreements rest while notices are under way: what was said counts as it was agreed then."""

from countermark.node.exchange import applying
from countermark.node.exchange.agreeing import arriving, drafting, lifecycle
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Inbound
from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.terms import write_terms
from countermark.node.notices import papers, permits
from countermark.node.notices.drafting import message
from countermark.node.notices.factories import EXPLANATION, file_one, notice_of, pass_on
from countermark.node.notices.handlers import HANDLERS
from countermark.node.notices.states import Stage
from countermark.node.parties.permissions import Role


def amend_without(team: Team, field: str) -> None:
    """Both sides agree that a field of notices travels no more."""
    terms = write_terms(permits.standing_of(team.brand.agreement).terms)
    del terms["items"]["notice"]["fields"][field]
    drafting.begin_amendment(team.brand.administrator, team.brand.agreement_name, terms)
    arriving.take_offer(team.market.organisation_id, opened(latest(team.brand.agreement, 2)), team.brand.card.kind)
    team.market.sign()
    team.carry_signature(team.market)
    team.brand.sign()
    team.carry_signature(team.brand)


def test_what_was_said_before_an_amendment_is_read_as_it_was_agreed_then(team):
    name = file_one(team)
    amend_without(team, "explanation")
    assert team.market.agreement.version == 2
    assert set(pass_on(team, team.market)) == {"done"}
    assert papers.read(notice_of(team.market, name).paper).explanation == EXPLANATION
    later = file_one(team)
    assert set(pass_on(team, team.market)) == {"done"}
    assert papers.read(notice_of(team.market, later).paper).explanation == ""


def test_a_notice_said_before_a_suspension_counts_and_one_said_after_it_waits_until_it_is_resumed(team):
    name = file_one(team)
    lifecycle.suspend(team.market.administrator, team.market.agreement_name, "We must look into something.")
    late = file_one(team)  # the brand has not heard of it yet
    assert sorted(set(pass_on(team, team.market))) == ["done", "failed"]
    assert notice_of(team.market, name).stage == Stage.OPEN
    lifecycle.resume(team.market.administrator, team.market.agreement_name)
    (kept,) = Inbound.objects.filter(organisation_id=team.market.organisation_id, subject=late)
    assert kept.code == "not-agreed"
    applying.retry(team.market.administrator, kept.entry.entry_id)
    assert pass_on(team, team.market) == ["done"]
    assert notice_of(team.market, late).stage == Stage.OPEN


def test_the_preview_of_a_notice_is_what_the_partner_takes(team):
    name = file_one(team)
    notice = notice_of(team.brand, name)
    said = message(name, notice.regime, papers.read(notice.paper), signer="Ada Quill")
    seen = permits.Voice.under(team.brand.agreement).preview(Role.ANALYST, said)
    taken = {}

    def take(arrived):
        taken.update(permits.taken(arrived, ItemKind.NOTICE, Action.NOTIFY))

    assert set(pass_on(team, team.market, {**HANDLERS, "notice.filed": take})) == {"done"}
    shown = {one.field: one.value for one in seen.shown if one.field != "sent_at"}
    assert {field: value for field, value in taken.items() if field != "sent_at"} == shown
    assert not {one.field for one in seen.hidden} & set(taken)
    assert {"explanation", "brand", "right_number"} <= set(shown)
