"""The doors for partners' nodes: open to whom an agreement names, to nobody else, and with an answer machines read."""

import json
from datetime import timedelta

import msgspec
import pytest

from countermark.node.exchange import answering, logs, talking
from countermark.node.exchange.agreeing import drafting
from countermark.node.exchange.agreeing.versions import latest, opened
from countermark.node.exchange.answering import write_add_checkpoint
from countermark.node.exchange.documents import offer_of
from countermark.node.exchange.factories import make_team
from countermark.node.exchange.models import Agreement, Identity, SeenCheckpoint, Standing
from countermark.node.exchange.pages import read_page
from countermark.node.exchange.signing import set_keys
from countermark.node.exchange.wire.signed_requests import sign
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose

HOST = "node.maison-aurelle.example"


@pytest.fixture
def team(db, settings):
    settings.ALLOWED_HOSTS = [HOST, "node.bazaar.example", "testserver"]
    yield make_team()
    set_keys(None)


class Caller:
    """Sends requests to the brand's node, signed as the marketplace unless told otherwise."""

    def __init__(self, client, team) -> None:
        self.client, self.team = client, team

    def headers(self, method, path, body=b"", *, side=None, media_type="application/json", purpose=Purpose.HTTP):
        side = side or self.team.market
        signer = side.keys.signer(side.organisation_id, purpose)
        url = f"http://{HOST}/exchange/v1{path}"
        party = side.card.party.id
        return sign(method, url, body, signer, party=party, now=now(), content_type=media_type)

    def send(self, method, path, body=b"", *, headers=None, media_type="application/json", **more):
        given = self.headers(method, path, body, media_type=media_type, **more) if headers is None else headers
        given = {key: value for key, value in given.items() if key != "Content-Type"}
        return self.client.generic(
            method, f"/exchange/v1{path}", body, content_type=media_type, headers=given | {"Host": HOST}
        )

    def of(self, rest):
        return f"/agreements/{self.team.brand.agreement_name}{rest}"


@pytest.fixture
def caller(client, team):
    return Caller(client, team)


def code_of(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, json.loads(answer.content)["code"]


def test_the_partner_reads_entries_after_a_place(caller, team):
    for _ in range(3):
        team.brand.say()
    answer = caller.send("GET", caller.of("/entries?after=1&most=2"))
    page = read_page(answer.content)
    assert (answer.status_code, page.head, len(page.entries)) == (200, 4, 2)


def test_a_request_without_a_signature_learns_nothing(caller, team):
    there = caller.send("GET", caller.of("/entries"), headers={})
    absent = caller.send("GET", "/agreements/no-such-agreement/entries")
    assert code_of(there) == (401, "unsigned")
    assert code_of(absent) == (401, "unknown-key")


@pytest.mark.parametrize("rest", ["/entries", "/checkpoint", f"/entries/{'a' * 64}/log-proof"])
def test_our_own_key_and_keys_of_other_purposes_do_not_open(caller, team, rest):
    assert code_of(caller.send("GET", caller.of(rest), side=team.brand)) == (401, "unknown-key")
    assert code_of(caller.send("GET", caller.of(rest), purpose=Purpose.ENTRIES)) == (403, "wrong-purpose")


def test_the_same_request_is_answered_once(caller, team):
    headers = caller.headers("GET", caller.of("/entries"))
    assert caller.send("GET", caller.of("/entries"), headers=headers).status_code == 200
    assert code_of(caller.send("GET", caller.of("/entries"), headers=headers)) == (401, "replayed")


def test_a_signature_for_another_address_or_body_does_not_fit(caller, team):
    headers = caller.headers("GET", caller.of("/entries?after=1"))
    assert code_of(caller.send("GET", caller.of("/entries?after=0"), headers=headers))[1] == "bad-signature"
    headers = caller.headers("POST", caller.of("/hint"), b'{"seq":4}')
    assert code_of(caller.send("POST", caller.of("/hint"), b'{"seq":5}', headers=headers))[1] == "digest-mismatch"


def test_a_hint_wakes_us_and_says_nothing_else(caller, team):
    Standing.objects.filter(agreement=team.brand.agreement).update(next_try=now().replace(year=2999))
    assert caller.send("POST", caller.of("/hint"), b'{"seq":9}').status_code == 204
    standing = Standing.objects.get(agreement=team.brand.agreement)
    assert standing.next_try is not None
    assert standing.next_try <= now()
    assert code_of(caller.send("POST", caller.of("/hint"), b'{"seq":9,"title":"x"}')) == (422, "not-an-entry")
    assert code_of(caller.send("POST", caller.of("/hint"), b"{")) == (422, "not-json")


def test_each_signed_request_shows_how_far_the_partners_clock_is_from_ours(clock, caller, team):
    headers = caller.headers("GET", caller.of("/entries"))
    clock.forward(seconds=100)
    assert caller.send("GET", caller.of("/entries"), headers=headers).status_code == 200
    assert Standing.objects.get(agreement=team.brand.agreement).clock_off_seconds in range(-101, -98)
    assert caller.send("GET", caller.of("/entries")).status_code == 200
    assert Standing.objects.get(agreement=team.brand.agreement).clock_off_seconds == 0


def test_a_partner_that_asks_us_is_asked_again_at_once(caller, team):
    Standing.objects.filter(agreement=team.brand.agreement).update(next_try=now() + timedelta(minutes=5))
    assert not talking.due(team.brand.agreement.pk)
    assert caller.send("GET", caller.of("/entries"), headers={}).status_code == 401
    assert not talking.due(team.brand.agreement.pk)
    assert caller.send("GET", caller.of("/entries")).status_code == 200
    assert talking.due(team.brand.agreement.pk)


def test_a_node_that_was_just_started_waits_for_nobody(team):
    Standing.objects.filter(agreement=team.brand.agreement).update(next_try=now() + timedelta(minutes=5))
    assert talking.begin_anew() == 1
    assert talking.due(team.brand.agreement.pk)


def test_a_checkpoint_of_the_partner_is_cosigned(caller, team):
    logs.publish_checkpoint(team.market.organisation_id)
    asked = logs.to_witness(team.market.agreement)
    assert asked is not None
    body = write_add_checkpoint(asked)
    answer = caller.send("POST", caller.of("/checkpoint"), body, media_type="text/plain")
    assert answer.status_code == 200
    logs.keep_cosignature(team.market.agreement, asked.checkpoint, answer.content.decode())
    assert SeenCheckpoint.objects.filter(organisation_id=team.brand.organisation_id).count() == 1


def test_a_checkpoint_that_begins_elsewhere_is_answered_with_our_size(caller, team):
    logs.publish_checkpoint(team.market.organisation_id)
    asked = logs.to_witness(team.market.agreement)
    assert asked is not None
    body = write_add_checkpoint(asked).replace(b"old 0", b"old 7", 1)
    answer = caller.send("POST", caller.of("/checkpoint"), body, media_type="text/plain")
    assert code_of(answer) == (409, "other-size")
    assert json.loads(answer.content)["detail"] == "0"


@pytest.mark.parametrize("body", [b"", b"old x\n\nnote", b"\xff\xfe", b"old 0\nAAAA\n\nnot a note", b"old 0\n" * 200])
def test_a_checkpoint_in_no_known_form_is_refused(caller, team, body):
    answer = caller.send("POST", caller.of("/checkpoint"), body or b" ", media_type="text/plain")
    assert answer.status_code == 422


def test_a_proof_is_given_for_witnessed_entries_of_this_agreement_alone(caller, team):
    row = team.brand.say()
    assert code_of(caller.send("GET", caller.of(f"/entries/{row.entry_id}/log-proof"))) == (404, "not-found")


def test_the_card_is_open_to_anyone(client, team):
    answer = client.get("/exchange/v1/card", headers={"Host": HOST})
    assert json.loads(answer.content)["party"]["id"] == "maison-aurelle"
    assert client.post("/exchange/v1/card", headers={"Host": HOST}).status_code == 405


def test_an_offer_is_taken_from_whoever_holds_the_key_it_names(caller, team):
    row = drafting.draft(team.market.administrator, team.brand.card, {"purposes": []})
    document = opened(latest(row, 1))
    body = msgspec.json.encode(offer_of(document, team.market.administrator.organisation_kind))
    assert code_of(caller.send("POST", "/offers", body, side=team.brand)) == (401, "unknown-key")
    assert caller.send("POST", "/offers", body).status_code == 202
    assert Agreement.objects.get(organisation_id=team.brand.organisation_id, name=row.name).state == "received"


def test_a_host_that_is_not_ours_is_refused_before_anything_else(client, team):
    answer = client.get("/exchange/v1/card", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_a_node_without_identity_answers_nobody(client, db):
    Identity.objects.all().delete()
    assert client.get("/exchange/v1/card").status_code == 404


def test_numbers_in_the_address_are_numbers(caller, team):
    assert code_of(caller.send("GET", caller.of("/entries?after=-1"))) == (422, "not-an-entry")
    assert code_of(caller.send("GET", caller.of("/entries?after=99999999999999999"))) == (422, "not-an-entry")


def test_a_partner_holds_few_questions_at_once_and_others_are_answered_at_once(team):
    depth, slept = 0, []

    def ask_another(seconds):
        nonlocal depth
        depth += 1
        if depth <= answering.MOST_HELD:
            answering.entries_after(team.brand.agreement, 99, wait=answering.LOOK_EVERY, pause=ask_another)
        slept.append(seconds)

    answering.entries_after(team.brand.agreement, 99, wait=answering.LOOK_EVERY, pause=ask_another)
    assert len(slept) == answering.MOST_HELD
    answering.entries_after(team.brand.agreement, 99, wait=answering.LOOK_EVERY, pause=slept.append)
    assert len(slept) == answering.MOST_HELD + 1, "a place that was left is free again"
