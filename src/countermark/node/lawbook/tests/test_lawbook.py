"""Versions of law outlive a release; a rule that no source confirms waits for a named person."""

import msgspec
import pytest

from countermark.law.confirming import unconfirmed
from countermark.law.lawbook import shipped_lawbook
from countermark.law.regime import read_regime
from countermark.node.audit.models import Event
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.lawbook import keeping, reading, selectors, signing
from countermark.node.lawbook.models import KeptRegime

RULE = "platform-generic/decide"
WORDS = "Read in the terms of the platform, edition of March, point 4."


@pytest.fixture
def weak() -> reading.Subject:
    """A rule that no good source confirms."""
    rows = [one for regime in shipped_lawbook().regimes for one in reading.subjects(regime)]
    return next(one for one in rows if not one.tag.is_confirmed)


def test_every_version_of_a_release_is_kept_once_and_comes_back(db):
    regimes = shipped_lawbook().regimes
    assert keeping.keep_all_shipped() == len(regimes)
    assert keeping.keep_all_shipped() == 0
    old = read_regime(regimes["us-dmca"].source.replace(b"period: 14 working days", b"period: 12 working days"))
    keeping.keep(old)
    keeping.keep(old)
    assert keeping.pinned("us-dmca", old.version).file == old.file
    assert keeping.pinned("us-dmca", regimes["us-dmca"].version) is regimes["us-dmca"]
    assert KeptRegime.objects.count() == len(regimes) + 1


def test_a_version_that_was_lost_or_changed_is_said_not_guessed(db):
    with pytest.raises(Conflict, match="not kept here"):
        keeping.pinned("us-dmca", "0" * 64)
    KeptRegime(regime="us-dmca", version="1" * 64, data=b"{}").save()
    with pytest.raises(Conflict):
        keeping.pinned("us-dmca", "1" * 64)


def test_nothing_acts_on_a_weak_rule_until_a_named_reviewer_signs_it(counsel, analyst, weak, stranger):
    regime, rule = shipped_lawbook().rule(weak.id, now().date())

    def waiting(member):
        reviews = signing.reviews(member.organisation_id)
        return weak.id in set(unconfirmed(regime, [rule.id], reviews, now().date()))

    assert waiting(counsel)
    with pytest.raises(NotPermitted):
        signing.sign(analyst, weak.id, weak.version, words=WORDS, name="Ada Quill")
    signing.sign(counsel, weak.id, weak.version, words=WORDS, name="Ada Quill")
    assert not waiting(counsel)
    assert waiting(stranger)
    assert selectors.rule(counsel, weak.id).standing.by == "Ada Quill"
    assert not [f for e in Event.objects.filter(action="rule.signed") for f in e.detail.values() if "Ada" in str(f)]
    with pytest.raises(Conflict, match="signed already"):
        signing.sign(counsel, weak.id, weak.version, words=WORDS, name="Ada Quill")
    signing.take_back(counsel, weak.id, weak.version, words="The edition was withdrawn by the platform.")
    assert waiting(counsel)
    assert [one.act for one in selectors.history(counsel, weak.id)] == ["taken_back", "signed"]


def test_a_signature_is_for_the_version_that_was_read(counsel, weak):
    with pytest.raises(Conflict, match="changed since"):
        signing.sign(counsel, weak.id, "0" * 64, words=WORDS, name="Ada Quill")
    with pytest.raises(Conflict, match="not signed"):
        signing.take_back(counsel, weak.id, weak.version, words=WORDS)
    for words, name in (("", "Ada Quill"), ("short", "Ada Quill"), (WORDS, " "), (WORDS, "x\0")):
        with pytest.raises(Invalid):
            signing.sign(counsel, weak.id, weak.version, words=words, name=name)
    with pytest.raises(NotFound):
        signing.sign(counsel, "cn-goods/never", "0" * 64, words=WORDS, name="Ada Quill")
    confirmed = reading.subject("cn-goods/wait")
    with pytest.raises(Conflict, match="needs no signature"):
        signing.sign(counsel, confirmed.id, confirmed.version, words=WORDS, name="Ada Quill")


def test_ways_of_counting_are_signed_like_rules(counsel):
    how = reading.subject("CN-CIV")
    assert not how.tag.is_confirmed
    signing.sign(counsel, how.id, how.version, words=WORDS, name="Ada Quill")
    row = next(one for one in selectors.counting(counsel) if one.subject.id == "CN-CIV")
    assert row.standing.code == "signed"
    assert any(one.id == "cn-goods" and one.waiting for one in selectors.regimes(counsel))
    assert msgspec.structs.replace(signing.reviews(counsel.organisation_id)[0], reviewer="x").version == how.version
