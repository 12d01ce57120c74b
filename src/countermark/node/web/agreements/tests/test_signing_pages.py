"""An administrator offers, answers, signs, suspends and ends an agreement in the browser."""

import hashlib
from datetime import timedelta

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermark.node.audit.models import Event
from countermark.node.exchange.agreeing import arriving, lifecycle
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.documents import read_card
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Agreement, Parcel
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.node.web.agreements.tests.negotiating import at, colleague, form_of, text_of
from countermark.proof.agreements import SignedAgreement, sign_agreement
from countermark.proof.encoding import to_base64url
from countermark.proof.keys import spoken


def offered_by_market(team: Team) -> None:
    """The marketplace offers version 2 with other times."""
    from countermark.node.exchange.agreeing import drafting

    terms = dict(opened(latest(team.market.agreement, 1)).terms)
    terms["times"] = {**terms["times"], "receipt_hours": 6}
    drafting.begin_amendment(team.market.administrator, team.market.agreement_name, terms)
    arriving.take_offer(team.brand.organisation_id, opened(latest(team.market.agreement, 2)), team.market.card.kind)


def test_an_offer_says_what_happens_and_then_goes_on_its_way(team: Team, browser, look, drafted: str):
    client = browser(team.brand.administrator)
    text = text_of(look, client.get(at(team, "offer", drafted)))
    assert "Nothing counts before both organisations have signed." in text
    assert client.post(at(team, "offer", drafted)).status_code == 303
    assert Parcel.objects.filter(agreement__name=drafted, kind="offer").count() == 1
    text = text_of(look, client.get(at(team, name=drafted)))
    assert "The partner's move" in text
    assert "is on its way to the partner's node" in text
    assert client.get(at(team, "offer", drafted)).status_code == 409


def test_the_partners_amendment_shows_what_changes_and_can_be_answered(team: Team, browser, look):
    offered_by_market(team)
    client = browser(team.brand.administrator)
    text = text_of(look, client.get(at(team)))
    assert "What changes against version 1, which is in force" in text
    assert "Time for a receipt falls from 24 to 6 hours." in text
    sent = form_of(look, client.get(at(team, "terms"))) | {"times.receipt_hours": ["12"]}
    assert client.post(at(team, "terms"), sent).status_code == 303
    assert opened(latest(team.brand.agreement, 2)).terms["times"]["receipt_hours"] == 12
    assert team.brand.agreement.version == 1


def test_declining_needs_a_reason_and_leaves_what_is_in_force(team: Team, browser, look):
    offered_by_market(team)
    client = browser(team.brand.administrator)
    for reason in ("", "   ", "x" * 1001):
        answer = client.post(at(team, "decline"), {"reason": reason})
        assert answer.status_code == 422
    assert client.post(at(team, "decline"), {"reason": "Too fast for us."}).status_code == 303
    assert (team.brand.agreement.state, team.brand.agreement.pending) == ("agreed", 0)
    assert client.get(at(team, "decline")).status_code == 409


def test_both_fingerprints_are_shown_in_large_digits_and_the_comparison_is_noted(team, browser, look, drafted):
    client = browser(team.brand.administrator)
    tree = look(client.get(at(team, "fingerprints", drafted)).content)
    shown = [" ".join(one.text() for one in box.css(".digits-group")) for box in tree.css(".digits-large")]
    assert shown == [team.market.card.party.public.spoken, team.brand.card.party.public.spoken]
    answer = client.post(at(team, "fingerprints", drafted), {})
    assert answer.status_code == 422
    assert "Tick that you have compared" in text_of(look, answer)
    assert client.post(at(team, "fingerprints", drafted), {"compared": "on"}).status_code == 303
    event = Event.objects.filter(action="agreement.fingerprint_compared", target=drafted).get()
    assert event.actor == team.brand.administrator.actor


def signature(team: Team) -> str:
    document = opened(latest(team.brand.agreement, 2))
    return sign_agreement(document, team.brand.keys.organisation(team.brand.organisation_id))


def test_a_signature_made_elsewhere_is_taken_as_text_or_as_the_commands_file(team: Team, browser, look):
    offered_by_market(team)
    client = browser(team.brand.administrator)
    page = client.get(at(team, "sign"))
    digest = look(page.content).css_first("input[name=digest]").attributes["value"]
    document = client.get(reverse("web:agreement-document", args=[team.brand.agreement_name, digest]))
    assert document.content == opened(latest(team.brand.agreement, 2)).to_bytes()
    signed = SignedAgreement(to_base64url(document.content), {"maison-aurelle": signature(team)})
    file = SimpleUploadedFile("signed.json", msgspec.json.encode(signed) + b"\n")
    sent = {"digest": digest, "read": "on", "file": file}
    assert client.post(at(team, "sign"), sent).status_code == 303
    assert "The partner's move: you have signed" in text_of(look, client.get(at(team)))
    assert client.get(at(team, "sign")).status_code == 409


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "There is no signature."),
        ({"signature": "A" * 86}, "This is not your organisation's signature."),
        ({"signature": "A" * 85}, "This is no signature."),
        ({"signature": "{"}, "This is no signed agreement."),
        ({"signature": '{"agreement":"e30","signatures":{}}'}, "It is a signature for another document."),
        ({"read": ""}, "Read the document first"),
        ({"passphrase": "something long enough to be one"}, "does not lie on this node"),
        ({"file": SimpleUploadedFile("x", b"\xff" * 20)}, "The file is no signed agreement."),
    ],
)
def test_what_is_no_signature_says_why(team: Team, browser, look, sent, words):
    offered_by_market(team)
    client = browser(team.brand.administrator)
    digest = latest(team.brand.agreement, 2).digest
    answer = client.post(at(team, "sign"), {"digest": digest, "read": "on"} | sent)
    assert answer.status_code in (409, 422)
    assert words in text_of(look, answer)
    assert not Parcel.objects.filter(agreement=team.brand.agreement, kind="signature", agreement__pending=0).exists()


def test_a_document_that_changed_since_it_was_read_is_not_signed(team: Team, browser, look):
    offered_by_market(team)
    answer = browser(team.brand.administrator).post(
        at(team, "sign"), {"digest": "0" * 64, "read": "on", "signature": signature(team)}
    )
    assert answer.status_code == 409
    assert "changed since you read it" in text_of(look, answer)


def test_nobody_signs_before_the_voices_were_compared(team: Team, browser, look, drafted: str):
    client = browser(team.brand.administrator)
    client.post(at(team, "offer", drafted))
    page = client.get(at(team, "sign", drafted))
    assert "Before you sign, compare the fingerprints" in text_of(look, page)
    assert look(page.content).css_first("form.form") is None


def test_a_key_that_lies_on_the_node_signs_with_its_passphrase(team: Team, browser, look, settings, tmp_path):
    offered_by_market(team)
    file = tmp_path / "organisation.pem"
    file.write_bytes(team.brand.keys.organisation(team.brand.organisation_id).to_pem(b"linen and lock and harbour"))
    settings.COUNTERMARK_ORGANISATION_KEY = str(file)
    client = browser(team.brand.administrator)
    sent = {"digest": latest(team.brand.agreement, 2).digest, "read": "on"}
    wrong = client.post(at(team, "sign"), sent | {"passphrase": "linen and lock and harvest"})
    assert "The passphrase does not open the key." in text_of(look, wrong)
    assert b"harvest" not in wrong.content
    short = client.post(at(team, "sign"), sent | {"passphrase": "short"})
    assert "The passphrase does not open the key." in text_of(look, short)
    assert client.post(at(team, "sign"), sent | {"passphrase": "linen and lock and harbour"}).status_code == 303
    assert not Event.objects.filter(detail__icontains="harbour").exists()
    settings.COUNTERMARK_ORGANISATION_KEY = str(tmp_path / "gone")
    assert client.get(at(team)).status_code == 200


# --- In force ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("suspend", "At once, nothing new passes in either direction"),
        ("end", "after the agreed notice of 30 days"),
    ],
)
def test_before_an_act_its_page_says_what_will_happen(team: Team, browser, look, act: str, words: str):
    client = browser(team.brand.administrator)
    assert words in text_of(look, client.get(at(team, act)))
    assert client.post(at(team, act), {"reason": ""}).status_code == 422
    assert client.post(at(team, act), {"reason": "A dispute is open."}).status_code == 303
    assert client.get(at(team, act)).status_code == 409


def test_what_was_suspended_is_resumed(team: Team, browser, look):
    client = browser(team.brand.administrator)
    assert client.get(at(team, "resume")).status_code == 409
    client.post(at(team, "suspend"), {"reason": "A dispute is open."})
    assert "You have suspended it" in text_of(look, client.get(at(team)))
    assert "Entries pass again" in text_of(look, client.get(at(team, "resume")))
    client.post(at(team, "resume"))
    assert team.brand.agreement.state == "agreed"


def test_an_amendment_is_drafted_from_the_version_in_force(team: Team, browser, look):
    client = browser(team.brand.administrator)
    sent = form_of(look, client.get(at(team, "terms"))) | {"times.receipt_hours": ["8"]}
    assert client.post(at(team, "terms"), sent).status_code == 303
    assert (team.brand.agreement.version, team.brand.agreement.pending) == (1, 2)
    assert "Time for a receipt falls from 24 to 8 hours." in text_of(look, client.get(at(team)))


def test_an_older_document_can_be_read_again(team: Team, browser, look):
    offered_by_market(team)
    client = browser(team.brand.administrator)
    first = latest(team.brand.agreement, 1).digest
    assert "Version 1, in force, in words" in text_of(look, client.get(at(team) + f"?version={first}"))
    assert "Version 2, under discussion" in text_of(look, client.get(at(team) + "?version=nothing"))


# --- Who may -------------------------------------------------------------------------------------------------------

ACTS = ("terms", "fingerprints", "sign", "offer", "decline", "suspend", "resume", "end")


@pytest.mark.parametrize("role", [Role.READER, Role.ANALYST, Role.COUNSEL, Role.OFFICER])
def test_only_an_administrator_acts_and_the_others_read(team: Team, browser, look, role: Role):
    client = browser(colleague(team, role))
    page = client.get(at(team))
    assert page.status_code == 200
    assert look(page.content).css("main a.button-main, main a.button-grave") == []
    assert client.get("/agreements/").status_code == 200
    for act in ACTS:
        assert client.get(at(team, act)).status_code == 403, act
        assert client.post(at(team, act), {"reason": "x", "compared": "on"}).status_code == 403, act
    assert client.get("/agreements/new/").status_code == 403
    assert client.post("/agreements/new/draft/", {"card": "{}"}).status_code == 403
    assert team.brand.agreement.state == "agreed"


def test_a_stranger_finds_no_agreement_of_others(team: Team, browser, stranger):
    client = browser(stranger)
    assert b"Bazaar" not in client.get("/agreements/").content
    for act in ("", *ACTS):
        assert client.get(at(team, act)).status_code == 404, act
        if act:
            sent = {"reason": "x", "compared": "on", "read": "on"}
            assert client.post(at(team, act), sent).status_code == 404, act
    digest = latest(team.brand.agreement, 1).digest
    assert client.get(reverse("web:agreement-document", args=[team.brand.agreement_name, digest])).status_code == 404


def test_a_name_of_a_partner_that_wants_to_break_out_stays_text(team: Team, browser):
    Agreement.objects.filter(pk=team.brand.agreement.pk).update(partner_name="</bdi><script>alert(1)</script>\u202e")
    client = browser(team.brand.administrator)
    for page in ("/agreements/", at(team), "/exchange/", at(team, "suspend"), at(team, "fingerprints")):
        assert b"<script>alert" not in client.get(page).content, page


def test_pages_of_agreements_ask_few_questions(team: Team, browser, django_assert_max_num_queries, drafted: str):
    client = browser(team.brand.administrator)
    for page, most in (("/agreements/", 6), (at(team), 12), (at(team, "terms", drafted), 12)):
        client.get(page)
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200


def test_the_digest_that_is_read_aloud_is_the_one_that_the_command_shows(team: Team, browser, look):
    offered_by_market(team)
    document = opened(latest(team.brand.agreement, 2)).to_bytes()
    tree = look(browser(team.brand.administrator).get(at(team, "sign")).content)
    shown = " ".join(one.text() for one in tree.css(".spoken-digest .digits-group"))
    assert shown == spoken(hashlib.sha256(document).digest())


def test_our_own_card_is_given_to_a_partner_as_a_file(team: Team, browser, look):
    answer = browser(colleague(team, Role.READER)).get("/agreements/card/")
    assert read_card(answer.content) == team.brand.card
    without_keys = browser(make_member(Role.ADMINISTRATOR)).get("/agreements/card/")
    assert without_keys.status_code == 409
    assert "countermark node keys init" in text_of(look, without_keys)


def test_a_far_end_that_the_partner_named_leaves_us_our_own(clock, team: Team, browser, look):
    address = reverse("web:agreement", args=[team.brand.agreement_name])
    Agreement.objects.filter(pk=team.brand.agreement.pk).update(ends_at=now() + timedelta(days=9000))
    ending = reverse("web:agreement-end", args=[team.brand.agreement_name])
    assert ending in browser(team.brand.administrator).get(address).content.decode()
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "We end it now.")
    assert ending not in browser(team.brand.administrator).get(address).content.decode()
