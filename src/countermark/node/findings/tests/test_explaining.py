"""A finding in the reader's words, by the policy that made it."""

import pytest
from django.utils import translation

from countermark.judge import load_policy
from countermark.node.findings import selectors
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.factories import make_finding, make_reason, make_snapshot
from countermark.node.findings.models import Snapshot

pytestmark = pytest.mark.django_db


def changing(member, **more):
    """A finding that one reason alone lifts to its word."""
    made = make_finding(member, reasons=(make_reason("text.disguised_mark", 4.0),), **more)
    return selectors.explanation(member, selectors.finding(member, made.core_id))


def test_the_explanation_says_what_would_change_the_word(member):
    explained = changing(member)
    assert explained.policy_known
    assert any("disguise" in change for change in explained.changes)


def test_the_policy_kept_with_a_scan_explains_its_findings_after_another_came_into_use(member, settings):
    settings.COUNTERMARK_POLICY = load_policy().source + b"# another\n"
    snapshot = make_snapshot(member)
    explained = changing(member, policy_hash=snapshot.policy_hash)
    assert snapshot.policy_hash != policy_in_use().digest
    assert explained.policy_known
    assert explained.changes


def test_without_the_policy_that_made_it_nothing_is_said_about_changes(member):
    explained = changing(member, policy_hash="f" * 64)
    assert not explained.policy_known
    assert explained.changes == ()


def test_a_policy_kept_by_another_organisation_or_unreadable_counts_as_not_kept(member, stranger):
    theirs = make_snapshot(stranger)
    Snapshot.objects.filter(pk=theirs.pk).update(policy_hash="a" * 64)
    assert not changing(member, policy_hash="a" * 64).policy_known
    broken = make_snapshot(member)
    Snapshot.objects.filter(pk=broken.pk).update(policy_hash="b" * 64, policy=b"version: 99\n")
    assert not changing(member, policy_hash="b" * 64).policy_known


@pytest.mark.parametrize(
    ("chosen", "words"), [("en", "without"), ("fr", "sans"), ("zh-hans", "没有"), ("de", "without")]
)
def test_the_explanation_speaks_the_readers_language(member, chosen, words):
    with translation.override(chosen):
        assert words in " ".join(changing(member).changes).lower()
