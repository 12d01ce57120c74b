"""Who may do what with what: the table of cases that people argue about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from countermark.node.exchange.rules.actions import DEEDS, NODE, Action, AgreementState, Reach
from countermark.node.exchange.rules.permitting import may, may_arrive
from countermark.node.exchange.rules.reasons import DENIALS
from countermark.node.exchange.rules.standing import Actor, Item, Permit, Side, Standing
from countermark.node.exchange.rules.term_parts import Onward, Terms
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOLDER, MARKET, PAYMENT = OrganisationKind
BRAND = Actor("maison-aurelle", HOLDER, Role.ANALYST)
SHOP = Actor("bazaar", MARKET, Role.OFFICER)
READER = replace(BRAND, role=Role.READER)
COUNSEL = replace(BRAND, role=Role.COUNSEL)
LISTING = Item(
    kind="listing",
    owner="maison-aurelle",
    fields={"title": "", "seller_token": ""},
    territories=("FR",),
    purpose="counterfeit-removal",
    retain_until=date(2026, 5, 1),
)
NOTICE = replace(LISTING, kind="notice", fields={"notice_id": "", "explanation": ""})
SIGNED_NOTICE = replace(NOTICE, fields={"signer_name": ""})


def agreement(terms: Terms | None = None, **changes: object) -> Standing:
    standing = Standing(
        terms=terms or standard_terms(HOLDER, MARKET),
        sides=(Side("maison-aurelle", HOLDER), Side("bazaar", MARKET)),
        state=AgreementState.AGREED,
        since=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return replace(standing, **changes)  # type: ignore[arg-type]


def terms_with(**changes: object) -> Terms:
    return msgspec.structs.replace(standard_terms(HOLDER, MARKET), **changes)


ENDED: dict[str, Any] = {"state": AgreementState.ENDED, "since": NOW - timedelta(days=5)}
LONG_ENDED: dict[str, Any] = {"state": AgreementState.ENDED, "since": NOW - timedelta(days=40)}
SUSPENDED: dict[str, Any] = {"state": AgreementState.SUSPENDED}
OFFERED = {"state": AgreementState.OFFERED}

ALLOWED = [
    ("an analyst shares a listing", BRAND, "share", LISTING, {}),
    ("the node shares by a rule", replace(BRAND, role=NODE), "share", LISTING, {}),
    ("a reader reads what was shared", READER, "read", LISTING, {}),
    ("an analyst files a notice", BRAND, "notify", NOTICE, {}),
    ("an analyst signs it with a name", BRAND, "notify", SIGNED_NOTICE, {}),
    ("the marketplace answers it", SHOP, "answer", NOTICE, {}),
    ("a withdrawn notice is answered", SHOP, "answer", replace(NOTICE, withdrawn=True), {}),
    ("an officer reveals who signed", SHOP, "reveal", SIGNED_NOTICE, {}),
    ("counsel takes it out for court", COUNSEL, "export", SIGNED_NOTICE, {}),
    ("a receipt while suspended", SHOP, "acknowledge", LISTING, SUSPENDED),
    ("a withdrawal while suspended", BRAND, "withdraw", LISTING, SUSPENDED),
    ("a correction while suspended", BRAND, "correct", LISTING, SUSPENDED),
    ("reading while suspended", SHOP, "read", LISTING, SUSPENDED),
    ("a withdrawal after the end", BRAND, "withdraw", LISTING, LONG_ENDED),
    ("a deletion is confirmed after the end", SHOP, "confirm_deletion", LISTING, LONG_ENDED),
    ("counsel takes out personal data while they may still be there", COUNSEL, "export", SIGNED_NOTICE, ENDED),
    ("counsel signs an offer", COUNSEL, "sign", None, OFFERED),
    ("counsel declines an offer", COUNSEL, "end", None, OFFERED),
    ("counsel suspends", COUNSEL, "suspend", None, {}),
    ("counsel resumes", COUNSEL, "resume", None, SUSPENDED),
    ("the last day of retention", BRAND, "read", replace(LISTING, retain_until=NOW.date()), {}),
]

DENIED = [
    ("an unknown action", BRAND, "fly", LISTING, {}, "action-unknown"),
    ("no item", BRAND, "share", None, {}, "no-item"),
    ("an unknown kind", BRAND, "share", replace(LISTING, kind="diary"), {}, "kind-unknown"),
    ("a stranger", replace(BRAND, party="alto-pay"), "share", LISTING, {}, "not-a-party"),
    ("a party under another hat", replace(BRAND, kind=PAYMENT), "share", LISTING, {}, "wrong-kind-of-party"),
    ("an unknown role", replace(BRAND, role="intern"), "share", LISTING, {}, "role-unknown"),
    ("a reader writes", READER, "share", LISTING, {}, "role-never"),
    ("an analyst exports", BRAND, "export", LISTING, {}, "role-not-granted"),
    ("the marketplace files a notice", SHOP, "notify", replace(NOTICE, owner="bazaar"), {}, "side-not-granted"),
    ("before both have signed", BRAND, "share", LISTING, OFFERED, "not-yet-agreed"),
    ("sharing while suspended", BRAND, "share", LISTING, SUSPENDED, "suspended"),
    ("answering while suspended", SHOP, "answer", NOTICE, SUSPENDED, "suspended"),
    ("answering after the end", SHOP, "answer", NOTICE, ENDED, "ended"),
    ("sharing after the end", BRAND, "share", LISTING, ENDED, "ended"),
    ("revealing after the end", SHOP, "reveal", SIGNED_NOTICE, ENDED, "ended"),
    ("a notice of the marketplace", SHOP, "read", replace(NOTICE, owner="bazaar"), {}, "side-not-source"),
    ("a correction with a name after the end", BRAND, "correct", SIGNED_NOTICE, ENDED, "ended-personal"),
    ("after its last day", BRAND, "share", LISTING, {"valid_until": NOW}, "ended"),
    ("before its first day", BRAND, "share", LISTING, {"valid_from": NOW + timedelta(days=1)}, "not-yet-valid"),
    ("an offer that lapsed is signed", COUNSEL, "sign", None, {**OFFERED, "valid_until": NOW}, "offer-lapsed"),
    ("an offer that lapsed gives no rights of an end", SHOP, "read", LISTING, {**OFFERED, "valid_until": NOW},
     "offer-lapsed"),
    ("in a state nobody knows", BRAND, "share", LISTING, {"state": "limbo"}, "state-unknown"),
    ("resuming what is not suspended", COUNSEL, "resume", None, {}, "not-in-this-state"),
    ("signing twice", COUNSEL, "sign", None, {}, "not-in-this-state"),
    ("ending twice", COUNSEL, "end", None, ENDED, "ended"),
    ("a notice by sharing", BRAND, "share", NOTICE, {}, "kind-not-for-action"),
    ("what a third party stated", BRAND, "share", replace(LISTING, owner="alto-pay"), {}, "owner-unknown"),
    ("withdrawing for the other", SHOP, "withdraw", LISTING, {}, "not-yours"),
    ("answering one's own notice", replace(BRAND, kind=HOLDER), "answer", NOTICE, {}, "own-statement"),
    ("a withdrawn listing", BRAND, "share", replace(LISTING, withdrawn=True), {}, "withdrawn"),
    ("withdrawing twice", BRAND, "withdraw", replace(LISTING, withdrawn=True), {}, "withdrawn"),
    ("no purpose", BRAND, "share", replace(LISTING, purpose=""), {}, "no-purpose"),
    ("another purpose", BRAND, "share", replace(LISTING, purpose="marketing"), {}, "purpose-unknown"),
    ("a purpose for others", BRAND, "share", replace(LISTING, purpose="joint-figures"), {}, "purpose-not-for-kind"),
    ("no country", BRAND, "share", replace(LISTING, territories=()), {}, "no-territory"),
    ("a country outside", BRAND, "share", replace(LISTING, territories=("FR", "CN")), {}, "territory-outside"),
    ("a field that nobody knows", BRAND, "share", replace(LISTING, fields={"shoe_size": ""}), {}, "field-unknown"),
    ("a password", BRAND, "share", replace(LISTING, fields={"password": ""}), {}, "secret"),
    ("a field not agreed", BRAND, "share", replace(LISTING, fields={"seller_phone": ""}), {}, "field-not-agreed"),
    ("a class nobody knows", BRAND, "share", replace(LISTING, fields={"title": "MINE"}), {}, "class-unknown"),
    ("a title stated sensitive", BRAND, "share", replace(LISTING, fields={"title": "SENSITIVE"}), {},
     "class-above-purpose"),
    ("reading a name without revealing", SHOP, "read", SIGNED_NOTICE, {}, "needs-reveal"),
    ("personal data kept for ever", BRAND, "notify", replace(SIGNED_NOTICE, retain_until=None), {}, "no-retention"),
    ("past its retention", SHOP, "read", replace(LISTING, retain_until=date(2026, 2, 28)), {}, "retention-over"),
    ("personal data for too long", BRAND, "notify", replace(SIGNED_NOTICE, retain_until=date(2026, 6, 1)), {},
     "retention-too-long"),
    ("passing on", replace(COUNSEL), "pass_on", replace(LISTING, owner="bazaar"), {}, "side-not-granted"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "action", "item", "changes"), [row[1:] for row in ALLOWED], ids=[r[0] for r in ALLOWED]
)
def test_allowed(actor, action, item, changes):
    assert may(actor, action, item, agreement(**changes), NOW) == Permit.given()


@pytest.mark.parametrize(
    ("actor", "action", "item", "changes", "code"), [row[1:] for row in DENIED], ids=[r[0] for r in DENIED]
)
def test_denied(actor, action, item, changes, code):
    permit = may(actor, action, item, agreement(**changes), NOW)
    assert (permit.allow, permit.reason) == (False, code)
    assert permit.sentence.endswith(".")
    assert "{" not in permit.sentence


def test_a_time_without_zone_decides_nothing():
    assert may(BRAND, "share", LISTING, agreement(), NOW.replace(tzinfo=None)).reason == "clock"


def test_terms_written_for_others_allow_nothing():
    standing = agreement(standard_terms(HOLDER, PAYMENT))
    assert may(BRAND, "share", LISTING, standing, NOW).reason == "sides-differ"


def test_a_kind_that_is_not_named_is_not_exchanged():
    items = {kind: item for kind, item in standard_terms(HOLDER, MARKET).items.items() if kind != "listing"}
    assert may(BRAND, "share", LISTING, agreement(terms_with(items=items)), NOW).reason == "kind-not-agreed"


def test_without_a_legal_basis_of_both_sides_nothing_is_sent():
    purposes = tuple(msgspec.structs.replace(p, bases=p.bases[:1]) for p in standard_terms(HOLDER, MARKET).purposes)
    assert may(BRAND, "share", LISTING, agreement(terms_with(purposes=purposes)), NOW).reason == "no-legal-basis"


def test_without_a_retention_of_its_class_a_field_is_not_sent():
    permit = may(BRAND, "share", LISTING, agreement(terms_with(retention={})), NOW)
    assert permit.reason == "no-retention-agreed"


def test_a_machine_never_sends_personal_data_and_neither_does_who_may_not_see_them():
    grants = {**standard_terms(HOLDER, MARKET).grants, Action.REVEAL: {HOLDER: (Role.COUNSEL,), MARKET: ()}}
    standing = agreement(terms_with(grants=grants))
    assert may(BRAND, "notify", SIGNED_NOTICE, standing, NOW).reason == "personal-needs-role"
    assert may(COUNSEL, "notify", SIGNED_NOTICE, standing, NOW).allow


def test_personal_data_are_read_no_more_once_they_had_to_be_deleted_at_the_end():
    by_market = Actor("bazaar", MARKET, Role.COUNSEL)
    assert may(by_market, "export", SIGNED_NOTICE, agreement(**ENDED), NOW).allow
    assert may(by_market, "export", SIGNED_NOTICE, agreement(**LONG_ENDED), NOW).reason == "deleted-at-end"
    assert may(COUNSEL, "export", SIGNED_NOTICE, agreement(**LONG_ENDED), NOW).allow, "one's own data stay"


class TestPassingOn:
    GRANTS = {**standard_terms(HOLDER, MARKET).grants, Action.PASS_ON: {HOLDER: (Role.COUNSEL,)}}
    THEIRS = replace(LISTING, owner="bazaar", recipient=PAYMENT)

    def ask(self, **onward: object) -> str:
        terms = terms_with(grants=self.GRANTS, onward=Onward(**onward))  # type: ignore[arg-type]
        return may(COUNSEL, "pass_on", self.THEIRS, agreement(terms), NOW).reason

    def test_needs_kind_recipient_and_class(self):
        assert self.ask() == "onward-not-agreed"
        assert self.ask(kinds=("listing",)) == "onward-recipient"
        assert self.ask(kinds=("listing",), to=(PAYMENT,)) == "onward-class"
        assert self.ask(kinds=("listing",), to=(PAYMENT,), up_to="PSEUDONYM") == "allowed"

    def test_what_was_allowed_to_be_passed_on_can_be_shared_under_the_next_agreement(self):
        passed = replace(LISTING, owner="alto-pay", may_be_passed_on=True)
        assert may(BRAND, "share", passed, agreement(), NOW).allow
        assert may(SHOP, "reveal", passed, agreement(), NOW).reason == "owner-unknown"


class TestArriving:
    def test_a_partner_is_held_to_the_same_terms(self):
        assert may_arrive("maison-aurelle", "share", LISTING, agreement(), NOW).allow
        outside = replace(LISTING, territories=("US",))
        assert may_arrive("maison-aurelle", "share", outside, agreement(), NOW).reason == "territory-outside"
        assert may_arrive("alto-pay", "share", LISTING, agreement(), NOW).reason == "not-a-party"

    def test_its_roles_are_its_own_affair(self):
        assert may_arrive("maison-aurelle", "notify", SIGNED_NOTICE, agreement(), NOW).allow


def test_each_denial_is_reached_by_a_case_here_or_belongs_to_previews():
    of_previews = {"empty", "value-unfit", "too-large"}
    named = {row[5] for row in DENIED} | {
        "clock", "sides-differ", "kind-not-agreed", "no-legal-basis", "no-retention-agreed", "personal-needs-role",
        "deleted-at-end", "onward-not-agreed", "onward-recipient", "onward-class",
    }  # fmt: skip
    assert named | of_previews == set(DENIALS)


def test_only_receipts_withdrawals_and_corrections_go_out_while_suspended():
    out = {a for a, deed in DEEDS.items() if deed.reach is Reach.OUTWARD and AgreementState.SUSPENDED in deed.states}
    assert out == {Action.ACKNOWLEDGE, Action.CONFIRM_DELETION, Action.WITHDRAW, Action.CORRECT}
