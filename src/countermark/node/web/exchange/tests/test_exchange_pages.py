"""Who opens the exchange sees at once what goes wrong, with whom, since when, and what to do."""

import msgspec
import pytest
from django.core.cache import cache
from django.urls import reverse

from countermark.node.exchange.applying import apply_one, claim_inbound
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Contradiction, Feed, FeedEntry, Inbound, Standing
from countermark.node.exchange.pages import page_after
from countermark.node.exchange.receiving import receive
from countermark.node.exchange.tests.test_feeds import forge
from countermark.node.exchange.tests.test_watching import ask_to_witness, receipts_go_round
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role
from countermark.proof.agreements import Purpose
from countermark.proof.verifying import verify_extract


def colleague(team: Team, role: Role):
    return make_member(role, Organisation.objects.get(pk=team.brand.organisation_id))


def address(team: Team, *more: object) -> str:
    return reverse("web:feed-entry" if more else "web:feed", args=[team.brand.feed.name, *more])


def text_of(look, answer) -> str:
    return " ".join(look(answer.content).css_first("main").text().split())


def work() -> None:
    while (key := claim_inbound("worker")) is not None:
        apply_one(key, "worker", {"comment": lambda _arrived: None})


def test_an_exchange_without_partners_says_what_comes_first(browser, administrator, reader, look):
    page = browser(administrator).get("/exchange/")
    assert "No partner yet" in text_of(look, page)
    assert look(page.content).css_first("a.button-main").attributes["href"] == "/agreements/new/"
    assert "An administrator begins one" in text_of(look, browser(reader).get("/exchange/"))


def test_a_partner_with_whom_all_goes_well(team: Team, browser, look):
    team.brand.say()
    receipts_go_round(team)
    ask_to_witness(team)
    page = browser(team.brand.analyst).get("/exchange/")
    text = text_of(look, page)
    assert "Everything goes as agreed" in text
    assert "Bazaar" in text
    assert "up to entry 2" in text
    assert "Witnessed by Bazaar since" in text
    assert look(page.content).css_first("aside.alarms") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"failing_since": "then", "problem": "timeout"}, "no answer"),
        ({"asked_at": "then"}, "our own node does not ask for entries"),
        ({"clock_off_seconds": 300}, "its clock is 300 seconds ahead"),
        ({"clock_off_seconds": -300}, "its clock is 300 seconds behind"),
    ],
)
def test_what_goes_wrong_stands_on_every_first_page_with_since_when(clock, team: Team, browser, look, change, words):
    then = now()
    changed = {name: then if value == "then" else value for name, value in change.items()}
    Standing.objects.filter(agreement=team.brand.agreement).update(answered_at=then, **changed)
    clock.forward(hours=1)
    for page in ("/review/", "/listings/", "/rights/"):
        banner = look(browser(colleague(team, Role.READER)).get(page).content).css_first("aside.alarms")
        assert "Bazaar" in banner.text()
        assert words in banner.text()
        assert banner.css_first("time").attributes["datetime"] == then.isoformat()
    assert words in text_of(look, browser(team.brand.analyst).get("/exchange/"))


def test_the_banner_asks_the_tables_only_now_and_then(team: Team, browser, django_assert_max_num_queries):
    client = browser(team.brand.analyst)
    client.get("/members/")
    with django_assert_max_num_queries(5):
        client.get("/members/")


def test_alarms_of_others_are_not_shown(team: Team, browser, look, stranger):
    Feed.objects.filter(agreement=team.brand.agreement).update(state="frozen", reason="equivocation", changed_at=now())
    page = browser(stranger).get("/exchange/")
    assert b"Bazaar" not in page.content
    assert look(page.content).css_first("aside.alarms") is None


def test_a_frozen_feed_says_why_and_what_to_do_and_gives_the_proof(team: Team, browser, look):
    team.brand.say()
    team.pull(team.market)
    forged = forge(team, FeedEntry.objects.get(feed=team.brand.feed, seq=2), {"text": "Something else."})
    receive(team.market.agreement, msgspec.structs.replace(page_after(team.brand.feed, 1), entries=(forged,)))
    page = browser(team.market.analyst).get("/exchange/")
    text = text_of(look, page)
    assert "Two different signed statements stand for one place." in text
    assert "give it to counsel" in text
    number = Contradiction.objects.get().pk
    answer = browser(team.market.analyst).post(f"/exchange/contradictions/{number}/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="contradiction-{number}.json"'
    assert verify_extract(answer.content).holds
    assert browser(team.brand.analyst).post(f"/exchange/contradictions/{number}/").status_code == 404
    market_reader = make_member(Role.READER, Organisation.objects.get(pk=team.market.organisation_id))
    assert browser(market_reader).post(f"/exchange/contradictions/{number}/").status_code == 403


def test_a_feed_that_went_back_says_so(team: Team, browser, look):
    feeds = Feed.objects.filter(pk=team.brand.partners_feed.pk)
    feeds.update(state="frozen", reason="rolled-back", changed_at=now())
    assert "its database went back in time" in text_of(look, browser(team.brand.analyst).get("/exchange/"))
    feeds.update(reason="something-newer")
    assert "something-newer" in text_of(look, browser(team.brand.analyst).get("/exchange/"))


def test_a_frozen_feed_goes_on_when_two_administrators_have_looked(team: Team, browser, look):
    name = team.brand.partners_feed.name
    Feed.objects.filter(pk=team.brand.partners_feed.pk).update(state="frozen", reason="rolled-back", changed_at=now())
    first, second = team.brand.administrator, colleague(team, Role.ADMINISTRATOR)
    thaw = reverse("web:feed-thaw", args=[name])
    page = browser(first).get("/exchange/")
    assert look(page.content).css_first(f'form[action="{thaw}"] select') is not None
    assert "Two administrators let it go on" in text_of(look, browser(team.brand.analyst).get("/exchange/"))
    assert browser(team.brand.analyst).post(thaw, {"reason": "data-restored"}).status_code == 403
    said = browser(first).post(thaw, {"step": "propose", "reason": "data-restored"}, follow=True)
    assert "You proposed to let it go on" in text_of(look, said)
    assert look(said.content).css_first('button[value="confirm"]') is None
    assert "yourself" in browser(first).post(thaw, {"step": "confirm"}, follow=True).content.decode()
    page = browser(second).get("/exchange/")
    assert f"{first.name} proposed to let it go on" in text_of(look, page)
    assert "The newest data was brought back" in text_of(look, page)
    browser(second).post(thaw, {"step": "withdraw"})
    browser(second).post(thaw, {"step": "propose", "reason": "data-restored"})
    done = browser(first).post(thaw, {"step": "confirm"}, follow=True)
    assert "The feed goes on" in done.content.decode()
    assert team.brand.partners_feed.state == "open"


def test_what_could_not_be_applied_is_tried_again_by_a_button(team: Team, browser, look):
    row = team.market.say(kind="hologram.sent")
    team.pull(team.brand)
    work()
    client = browser(team.brand.analyst)
    page = client.get("/exchange/")
    assert "This node does not know entries of type hologram.sent" in text_of(look, page)
    form = look(page.content).css_first("form[action='/exchange/retry/']")
    assert form.css_first("input[name=entry]").attributes["value"] == row.entry_id
    assert client.post("/exchange/retry/", {"entry": row.entry_id}).status_code == 303
    assert (
        Inbound.objects.get(entry__entry_id=row.entry_id, organisation_id=team.brand.organisation_id).state == "queued"
    )
    assert client.post("/exchange/retry/", {"entry": row.entry_id}).status_code == 404
    assert browser(colleague(team, Role.READER)).post("/exchange/retry/", {"entry": "x"}).status_code == 403


def test_a_reader_sees_no_button_that_acts(team: Team, browser, look):
    team.market.say(kind="hologram.sent")
    team.pull(team.brand)
    work()
    client = browser(colleague(team, Role.READER))
    for page in ("/exchange/", address(team), address(team, 1)):
        assert look(client.get(page).content).css("main form[method=post]") == []


def test_refused_entries_say_why_in_words(team: Team, browser, look):
    team.market.say()
    page = page_after(team.market.feed, 0)
    token = page.entries[1].token
    bad = msgspec.structs.replace(page.entries[1], token=token[:-8] + "AAAAAAAA")
    receive(team.brand.agreement, msgspec.structs.replace(page, entries=(page.entries[0], bad)))
    text = text_of(look, browser(team.brand.analyst).get("/exchange/"))
    assert "The signature does not fit the bytes and the key." in text
    assert "entry 2 was refused" in text
    team.pull(team.brand)
    assert "came properly since" in text_of(look, browser(team.brand.analyst).get("/exchange/"))


def test_keys_that_end_soon_are_told_with_what_to_do(clock, team: Team, browser, look):
    clock.forward(days=340)
    text = text_of(look, browser(team.brand.administrator).get("/exchange/"))
    assert "our key for entries ends" in text
    assert "countermark node keys renew entries" in text
    assert "The partners learn of the new key by a signed entry and need to do nothing." in text
    assert "Ask the partner to run “countermark node keys renew entries” before it ends." in text
    assert "Ask the partner to run: countermark node keys renew entries" in text
    kid = team.brand.keys.signer(team.brand.organisation_id, Purpose.ENTRIES).public.kid
    assert f"countermark node keys revoke {kid} --since" in text
    assert "keys revoke" not in text_of(look, browser(team.brand.analyst).get("/exchange/"))
    clock.forward(days=40)
    text = text_of(look, browser(team.brand.administrator).get("/exchange/"))
    assert "Partners know no other key that could introduce the new one: amend the agreement afterwards." in text


def test_a_feed_lists_its_entries_and_narrows_them(team: Team, browser, look):
    for number in range(3):
        team.brand.say(subject=f"cas_{number}")
    client = browser(team.brand.analyst)
    tree = look(client.get(address(team)).content)
    assert [cell.text() for cell in tree.css("tbody .row-link")] == ["comment"] * 3 + ["agreement.agreed"]
    tree = look(client.get(address(team) + "?q=cas_1").content)
    assert [cell.text().strip() for cell in tree.css("tbody td.number")] == ["3"]
    tree = look(client.get(address(team) + "?type=nothing").content)
    assert "Nothing fits these filters" in tree.css_first("main").text()


def test_an_entry_shows_what_was_signed_and_what_became_of_it(team: Team, browser, look):
    team.brand.say(data={"text": "<b>Seen</b>", "more": {"count": 3, "list": ["a", {"deep": None}]}})
    receipts_go_round(team)
    ask_to_witness(team)
    page = browser(team.brand.analyst).get(address(team, 2))
    text = text_of(look, page)
    assert "We said this to Bazaar" in text
    assert "more.count 3" in text
    assert "more.list.2.deep null" in text
    assert "signed by the partner" in text
    assert "witnessed by Bazaar" in text
    assert b"<b>Seen</b>" not in page.content
    there = text_of(look, browser(team.market.analyst).get(address(team, 2)))
    assert "Maison Aurelle said this to us" in there
    assert "signed by us" in there


def test_personal_data_beside_an_entry_are_hidden_from_a_reader(team: Team, browser, look):
    team.brand.say_beside()
    seen = browser(team.brand.analyst).get(address(team, 2))
    assert "+33 1 99 00 12 34" in text_of(look, seen)
    hidden = browser(colleague(team, Role.READER)).get(address(team, 2))
    assert "99 00" not in text_of(look, hidden)
    assert "your role does not show them" in text_of(look, hidden)


@pytest.mark.parametrize("data", [b"[[[[", b'{"a":' * 200 + b"1" + b"}" * 200, b"\xff\x00", b"x" * 30_000])
def test_what_lies_beside_may_be_anything(team: Team, browser, data: bytes):
    team.brand.say_beside(data)
    assert browser(team.brand.analyst).get(address(team, 2)).status_code == 200


def test_an_entry_is_exported_and_verifies(team: Team, browser):
    team.brand.say_beside()
    receipts_go_round(team)
    ask_to_witness(team)
    client, page = browser(team.brand.analyst), address(team) + "export/"
    answer = client.post(page, {"first": "1", "last": "2"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert verify_extract(answer.content).holds
    assert b'"beside":null' in answer.content.replace(b" ", b"").replace(b"\n", b"")
    with_data = client.post(page, {"first": "2", "last": "2", "beside": "on"})
    assert verify_extract(with_data.content).holds
    assert len(with_data.content) > len(answer.content) / 2


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("", "", "The range is empty"),
        ("3", "1", "The range is empty"),
        ("1", "5000", "too many entries"),
        ("77", "78", "The feed ends at 2"),
        ("１", "2", "The range is empty"),
        ("-1", "9" * 40, "The range is empty"),
    ],
)
def test_a_range_that_cannot_be_exported_says_why(team: Team, browser, look, first, last, words):
    team.brand.say()
    answer = browser(team.brand.analyst).post(address(team) + "export/", {"first": first, "last": last})
    assert answer.status_code == 422
    assert words in text_of(look, answer)


def test_a_reader_exports_nothing(team: Team, browser):
    answer = browser(colleague(team, Role.READER)).post(address(team) + "export/", {"first": "1", "last": "1"})
    assert answer.status_code == 403


def test_a_stranger_finds_none_of_it(team: Team, browser, stranger):
    client = browser(stranger)
    for page in (address(team), address(team, 1)):
        assert client.get(page).status_code == 404
    assert client.post(address(team) + "export/", {"first": "1", "last": "1"}).status_code == 404


def test_pages_of_the_exchange_ask_few_questions(team: Team, browser, django_assert_max_num_queries):
    for _ in range(40):
        team.brand.say()
    receipts_go_round(team)
    ask_to_witness(team)
    client = browser(team.brand.analyst)
    for page, most in (("/exchange/", 18), (address(team), 8), (address(team, 7), 26)):
        client.get(page)
        cache.set("warm", 1)
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200
