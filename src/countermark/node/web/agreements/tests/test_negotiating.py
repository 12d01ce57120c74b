"""An administrator begins an agreement in the browser: the partner's card, and the terms."""

import re

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from countermark.node.exchange import lines
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Agreement, AgreementVersion
from countermark.node.exchange.wire.partner_problems import PartnerUnreachable
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.node.web.agreements.tests.negotiating import at, card_of, form_of, text_of


def test_a_card_that_was_brought_is_shown_before_anything_is_written(team: Team, browser, look):
    client = browser(team.brand.administrator)
    for sent in ({"text": card_of(team).decode()}, {"file": SimpleUploadedFile("card.json", card_of(team))}):
        answer = client.post("/agreements/new/", sent)
        text = text_of(look, answer)
        assert "Bazaar" in text
        assert "node.bazaar.example" in text
        spoken = "".join(team.market.card.party.public.spoken.split())
        assert spoken in re.sub(r"\s", "", text)
    assert Agreement.objects.filter(organisation_id=team.brand.organisation_id).count() == 1


def test_a_card_is_fetched_from_the_partners_node(team: Team, browser, look, monkeypatch):
    asked = []

    def fetch(organisation_id: int, node: str):
        asked.append((organisation_id, node))
        return team.market.card

    monkeypatch.setattr(lines, "fetch_card", fetch)
    for address in ("node.bazaar.example", "https://Node.Bazaar.example/", "  node.bazaar.example  "):
        answer = browser(team.brand.administrator).post("/agreements/new/", {"address": address})
        assert "Bazaar" in text_of(look, answer)
    assert asked == [(team.brand.organisation_id, "node.bazaar.example")] * 3


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("node bazaar.example", "holds no spaces"),
        ("https://me:secret@node.bazaar.example", "no user name and no password"),
        ("me@node.bazaar.example", "no user name and no password"),
        ("http://node.bazaar.example", "by https only"),
        ("ftp://node.bazaar.example", "Write the host name alone"),
        ("node.bazaar.example/exchange/v1", "Write the host name alone"),
        ("node.bazaar.example?x=1", "Write the host name alone"),
        ("127.0.0.1:8000", "the machine on which this node runs"),
        ("localhost", "the machine on which this node runs"),
        ("[::1]:8000", "the machine on which this node runs"),
        ("169.254.169.254", "no host name"),
        ("2130706433", "no host name"),
        ("[::ffff:127.0.0.1]", "no host name"),
        ("https://[", "no host name"),
        ("bazaar", "no host name"),
        ("x" * 300 + ".example", "at most 300"),
        ("../../etc/passwd", "Write the host name alone"),
    ],
)
def test_an_address_that_is_none_says_why_and_nothing_is_asked(team, browser, look, monkeypatch, address, words):
    monkeypatch.setattr(lines, "fetch_card", lambda *_: pytest.fail("asked"))
    answer = browser(team.brand.administrator).post("/agreements/new/", {"address": address})
    assert answer.status_code == 422
    assert words in text_of(look, answer)


def test_a_loopback_partner_is_for_a_demo_only(team: Team, browser, look, monkeypatch, settings):
    monkeypatch.setattr(lines, "fetch_card", lambda *_: team.market.card)
    settings.COUNTERMARK_LOOPBACK_PARTNERS = True
    answer = browser(team.brand.administrator).post("/agreements/new/", {"address": "http://127.0.0.1:8001"})
    assert "Bazaar" in text_of(look, answer)


def test_a_partner_that_does_not_answer_is_told_in_words(team: Team, browser, look, monkeypatch):
    def away(*_: object):
        raise PartnerUnreachable("too-slow")

    monkeypatch.setattr(lines, "fetch_card", away)
    answer = browser(team.brand.administrator).post("/agreements/new/", {"address": "node.bazaar.example"})
    assert answer.status_code == 422
    assert "It did not answer in time." in text_of(look, answer)


@pytest.mark.parametrize(
    "card", [b"{", b"[]", b"{}", b"\xff\xfe", b'{"format":"countermark-card/1"}', b'{"a":1,"a":2}', b"[" * 5000]
)
def test_a_file_that_is_no_card_says_so(team: Team, browser, look, card: bytes):
    client = browser(team.brand.administrator)
    answer = client.post("/agreements/new/", {"file": SimpleUploadedFile("card.json", card)})
    assert answer.status_code == 422
    assert "This is no card" in text_of(look, answer)
    assert client.post("/agreements/new/draft/", {"card": card.decode("latin-1")}).status_code == 422


def test_a_file_of_ten_megabytes_is_refused_unread(team: Team, browser, look):
    large = SimpleUploadedFile("card.json", b" " * 10_000_000)
    answer = browser(team.brand.administrator).post("/agreements/new/", {"file": large})
    assert answer.status_code == 422
    assert "larger than any card" in text_of(look, answer)


def test_nothing_or_two_things_at_once_are_no_card(team: Team, browser, look):
    client = browser(team.brand.administrator)
    for sent in ({}, {"address": "node.bazaar.example", "text": card_of(team).decode()}):
        answer = client.post("/agreements/new/", sent)
        assert "either an address, or a file, or the text" in text_of(look, answer)


def test_our_own_card_and_one_of_our_kind_make_no_draft(team: Team, browser, look):
    client = browser(team.brand.administrator)
    own = msgspec.json.encode(msgspec.structs.replace(team.brand.card, kind="marketplace")).decode()
    assert "This is your own node." in text_of(look, client.post("/agreements/new/draft/", {"card": own}))
    same = msgspec.json.encode(msgspec.structs.replace(team.market.card, kind="rights_holder")).decode()
    answer = client.post("/agreements/new/draft/", {"card": same})
    assert answer.status_code == 422
    assert "no draft for two organisations of one kind" in text_of(look, answer)


def test_a_node_without_keys_says_what_comes_first(browser, administrator, team: Team, look):
    answer = browser(make_member(Role.ADMINISTRATOR)).post("/agreements/new/draft/", {"card": card_of(team).decode()})
    assert "countermark node keys init" in text_of(look, answer)


# --- Drafting ------------------------------------------------------------------------------------------------------


def test_a_draft_reads_as_sentences_before_it_is_offered(team: Team, browser, look, drafted: str):
    text = text_of(look, browser(team.brand.administrator).get(at(team, name=drafted)))
    assert "Your move: read the draft, then offer it to the partner." in text
    assert "PERSONAL data are kept at most 90 days." in text
    assert "Nothing is passed on to a third organisation." in text


def test_saving_the_form_unchanged_keeps_the_document(team: Team, browser, look, drafted: str):
    client = browser(team.brand.administrator)
    before = AgreementVersion.objects.get(agreement__name=drafted).digest
    sent = form_of(look, client.get(at(team, "terms", drafted)))
    assert client.post(at(team, "terms", drafted), sent).status_code == 303
    row = Agreement.objects.get(organisation_id=team.brand.organisation_id, name=drafted)
    assert latest(row, 1).digest == before
    assert AgreementVersion.objects.filter(agreement=row).count() == 1


def test_every_part_of_the_terms_is_changed_by_the_form(team: Team, browser, look, drafted: str):
    client = browser(team.brand.administrator)
    sent = form_of(look, client.get(at(team, "terms", drafted)))
    sent |= {
        "purposes[3].id": ["brand-watch"],
        "purposes[3].words": ["Watch  for\nnew shops."],
        "purposes[3].up_to": ["PSEUDONYM"],
        "purposes[3].bases[0].law": ["GDPR"],
        "purposes[3].bases[0].article": ["Art. 6(1)(f)"],
        "purposes[3].bases[0].words": ["Watching."],
        "purposes[3].bases[1].law": ["GDPR"],
        "purposes[3].bases[1].article": ["Art. 6(1)(f)"],
        "purposes[3].bases[1].words": ["Watching."],
        "items.listing.purposes": [*sent["items.listing.purposes"], "3"],
        "items.listing.fields.title": [""],
        "territories": ["fr, de; CH"],
        "retention.PERSONAL": ["30"],
        "grants.share.rights_holder": ["counsel"],
        "times.answer_hours": ["48"],
        "ending.notice_days": ["14"],
        "onward.kinds": ["figures"],
        "onward.to": ["payment"],
    }
    assert client.post(at(team, "terms", drafted), sent).status_code == 303
    terms = opened(latest(Agreement.objects.get(organisation_id=team.brand.organisation_id, name=drafted), 1)).terms
    assert terms["purposes"][3]["words"] == "Watch for new shops."
    assert "brand-watch" in terms["items"]["listing"]["purposes"]
    assert "title" not in terms["items"]["listing"]["fields"]
    assert terms["territories"] == ["DE", "FR", "CH"]
    assert (terms["retention"]["PERSONAL"], terms["times"]["answer_hours"]) == (30, 48)
    assert terms["grants"]["share"]["rights_holder"] == ["counsel"]
    assert terms["onward"]["to"] == ["payment"]
    text = text_of(look, client.get(at(team, name=drafted)))
    assert "What changes against your document before" in text
    assert "Retention of PERSONAL data falls from 90 to 30 days." in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"retention.PERSONAL": ["many"]}, "whole number"),
        ({"territories": ["FR ZZ"]}, "no country of ISO 3166-1"),
        ({"grants.sign.marketplace": []}, "Grant it to at least one role of each side."),
        ({"purposes[0].bases[0].law": [""], "purposes[0].bases[0].article": [""]}, ""),
        ({"ending.after": []}, "After the end it must stay possible"),
        ({"onward.kinds": ["listing"]}, "Passing on needs both"),
        ({"items.listing.fields.seller_phone": ["PUBLIC"]}, "at least PERSONAL"),
        ({"purposes[0].words": ["a\u202eb"]}, "hidden characters"),
        ({"times.receipt_hours": ["0"]}, ""),
        ({"purposes[1].id": ["counterfeit-removal"]}, "there twice"),
    ],
)
def test_terms_that_cannot_be_meant_come_back_with_their_mend(team, browser, look, drafted, change, words):
    client = browser(team.brand.administrator)
    sent = form_of(look, client.get(at(team, "terms", drafted))) | change
    answer = client.post(at(team, "terms", drafted), sent)
    assert answer.status_code == 422
    assert "Not saved yet." in text_of(look, answer)
    assert words in text_of(look, answer)
    tree = look(answer.content)
    places = [link.attributes["href"] for link in tree.css("main .notice a")]
    ids = {f"#{node.attributes['id']}" for node in tree.css("[id]")}
    assert places
    assert set(places) <= ids
    assert tree.css("form.terms .field-problem")
    assert AgreementVersion.objects.filter(agreement__name=drafted).count() == 1


def test_a_form_of_garbage_breaks_nothing(team: Team, browser, drafted: str):
    garbage = {"purposes[0].id": "\0", "items.listing": "on", "retention.PERSONAL": "9" * 60, "grants.share.x": "y"}
    assert browser(team.brand.administrator).post(at(team, "terms", drafted), garbage).status_code == 422


def test_terms_that_this_node_cannot_read_are_shown_as_such(browser, look, db):
    from countermark.node.exchange.factories import make_team
    from countermark.node.exchange.signing import set_keys

    team = make_team({"purposes": [], "newer": True})
    client = browser(team.brand.administrator)
    text = text_of(look, client.get(at(team)))
    assert "This node cannot read these terms." in text
    assert client.get(at(team, "terms")).status_code == 200
    set_keys(None)
