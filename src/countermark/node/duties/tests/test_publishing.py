"""Nothing reaches the public without a second person, and nothing that looks like personal data does."""

import pytest

from countermark.node.duties import publishing
from countermark.node.duties.factories import make_upheld
from countermark.node.duties.models import Publication
from countermark.node.duties.redacting import doubts, redact
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.notices import countering
from countermark.node.notices.factories import file_one, pass_on
from countermark.node.notices.tests.test_both_sides import answer
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role

SECRET = "Write to mira.vale@example.org or call +33 1 99 00 12 34."


def second(team):
    return make_member(Role.ADMINISTRATOR, Organisation.objects.get(pk=team.market.organisation_id))


def test_personal_data_are_taken_out_whatever_overlaps():
    text = f"The seller Mira Vale says: {SECRET}"
    clean = redact(text, ["Mira Vale"])
    assert "[…]" in clean
    for secret in ("Mira", "Vale", "example.org", "99 00"):
        assert secret not in clean
    assert doubts(clean, ["Mira Vale"]) == ()
    assert redact("") == ""


def test_a_notice_is_published_by_another_person_than_its_author(team):
    row, link = make_upheld(team)
    countering.counter(link, answer(words=f"These bags are genuine. {SECRET}", signer="Mira Vale"))
    author, other = team.market.administrator, second(team)
    name = publishing.draft(author, "notice", row.public_id)
    text = publishing.publication(author, name).text
    assert "Offer removed" in text
    assert "upheld by the platform" in text
    assert "The seller answered" in text
    for secret in ("Mira", "genuine. Write", "example.org", "Ada Quill"):
        assert secret not in text
    assert publishing.for_the_public() == ()
    with pytest.raises(NotPermitted, match="Another person"):
        publishing.release(author, name, no_secret=True)
    with pytest.raises(Invalid, match="trade secrets"):
        publishing.release(other, name, no_secret=False)
    publishing.release(other, name, no_secret=True)
    assert [one.id for one in publishing.for_the_public()] == [name]
    assert publishing.for_the_public(before=name) == ()
    with pytest.raises(Conflict, match="drafted already"):
        publishing.draft(author, "notice", row.public_id)
    publishing.withdraw(author, name)
    assert publishing.for_the_public() == ()
    publishing.draft(author, "notice", row.public_id)


def test_an_edited_draft_is_looked_through_again_and_changes_its_author(team):
    row, _link = make_upheld(team)
    author, other = team.market.administrator, second(team)
    name = publishing.draft(author, "notice", row.public_id)
    with pytest.raises(Invalid, match="e-mail address"):
        publishing.edit(other, name, "Title", SECRET)
    Publication.objects.filter(public_id=name).update(text=SECRET)
    with pytest.raises(Invalid, match="e-mail address"):
        publishing.release(other, name, no_secret=True)
    publishing.edit(other, name, "Title", "A text without anybody in it.")
    with pytest.raises(NotPermitted):
        publishing.release(other, name, no_secret=True)
    publishing.release(author, name, no_secret=True)
    with pytest.raises(Conflict):
        publishing.edit(author, name, "Title", "Another text.")


def test_what_is_not_decided_or_not_ours_is_not_drafted(team, stranger):
    name = file_one(team)
    pass_on(team, team.market)
    with pytest.raises(Conflict, match="Nothing is decided"):
        publishing.draft(team.market.administrator, "notice", name)
    with pytest.raises(NotPermitted):
        publishing.draft(team.market.analyst, "notice", name)
    with pytest.raises(NotFound):
        publishing.draft(stranger, "notice", name)
    with pytest.raises(NotFound):
        publishing.publication(stranger, "pbl_never")


def test_the_essence_of_an_arrangement_says_purposes_grounds_times_and_whom_to_ask(team):
    name = publishing.draft(team.market.administrator, "essence", team.market.agreement_name)
    text = publishing.publication(team.market.administrator, name).text
    for words in ("GDPR Art. 6(1)(f)", "days", "either of them", "notice"):
        assert words in text
    publishing.release(second(team), name, no_secret=True)
    assert [one.kind for one in publishing.for_the_public("essence")] == ["essence"]
    assert publishing.for_the_public() == ()
