"""The log takes in everything we said, partners witness it, and a log that was changed is not witnessed."""

import msgspec
import pytest

from countermark.node.exchange import logs
from countermark.node.exchange.models import Checkpoint, Contradiction, LogLeaf, SeenCheckpoint, Standing
from countermark.node.exchange.trees import Tree
from countermark.node.exchange.witnessing import OtherSize, witness
from countermark.proof.agreements import Purpose
from countermark.proof.checkpoints import Checkpoint as LogState
from countermark.proof.checkpoints import sign_checkpoint
from countermark.proof.log_proofs import check_log_proof, leaf_of
from countermark.proof.merkle import leaf_hash
from countermark.proof.refusals import Refused


def published(side):
    row = logs.publish_checkpoint(side.organisation_id)
    assert row is not None
    return row


def asked_of(side, old_size=None):
    asked = logs.to_witness(side.agreement, old_size)
    assert asked is not None
    return asked


def ask_to_witness(team, side):
    published(side)
    asked = asked_of(side)
    line = witness(team.other(side).agreement, asked.old_size, asked.proof, asked.checkpoint.note)
    logs.keep_cosignature(side.agreement, asked.checkpoint, line)


def test_every_entry_stands_in_the_log_once(team):
    for _ in range(4):
        team.brand.say()
    assert logs.grow_log(team.brand.organisation_id) == 5
    assert logs.grow_log(team.brand.organisation_id) == 5
    team.brand.say()
    assert logs.grow_log(team.brand.organisation_id) == 6
    leaves = LogLeaf.objects.filter(organisation_id=team.brand.organisation_id).order_by("index")
    assert [leaf.index for leaf in leaves] == list(range(6))


def test_a_proof_shows_that_an_entry_stands_in_a_witnessed_log(team):
    rows = [team.brand.say() for _ in range(5)]
    ask_to_witness(team, team.brand)
    proof = logs.log_proof(rows[2], team.brand.agreement)
    assert proof is not None
    from countermark.node.exchange.rings import ring_of

    ring = ring_of(team.brand.agreement)
    leaf = leaf_of(bytes(rows[2].leaf_salt), rows[2].entry_id)
    seen = check_log_proof(proof, leaf, ring.note_keys(Purpose.LOG), ring.note_keys(Purpose.WITNESS))
    assert list(seen.witnessed) == ["node.bazaar.example"]


def test_a_partner_witnesses_each_growth_and_nothing_twice(team):
    for _ in range(3):
        team.brand.say()
        ask_to_witness(team, team.brand)
    assert logs.to_witness(team.brand.agreement) is None
    assert SeenCheckpoint.objects.filter(organisation_id=team.market.organisation_id).count() == 3
    assert Standing.objects.get(agreement=team.brand.agreement).witnessed_us_size == 4


def test_a_witness_that_saw_another_size_says_which(team):
    team.brand.say()
    ask_to_witness(team, team.brand)
    team.brand.say()
    logs.publish_checkpoint(team.brand.organisation_id)
    asked = asked_of(team.brand, 1)
    with pytest.raises(OtherSize) as other:
        witness(team.market.agreement, asked.old_size, asked.proof, asked.checkpoint.note)
    assert other.value.size == 2
    again = asked_of(team.brand, other.value.size)
    assert witness(team.market.agreement, again.old_size, again.proof, again.checkpoint.note)


def test_a_log_that_was_rewritten_is_not_witnessed(team):
    team.brand.say()
    ask_to_witness(team, team.brand)
    forged = Tree("forged")
    size = forged.add(0, [leaf_hash(bytes([number])) for number in range(4)])
    note = note_of(team, size, forged.root(size))
    with pytest.raises(Refused, match="does not contain the older one"):
        witness(team.market.agreement, 2, forged.consistency(2, 4), note)


def note_of(team, size, root):
    signer = team.brand.keys.signer(team.brand.organisation_id, Purpose.LOG)
    return sign_checkpoint(LogState("node.maison-aurelle.example", size, root), signer)


def test_two_roots_for_one_size_are_kept_as_proof_and_freeze_the_feed(team):
    team.brand.say()
    ask_to_witness(team, team.brand)
    with pytest.raises(Refused, match="Two roots"):
        witness(team.market.agreement, 2, (), note_of(team, 2, b"\x01" * 32))
    kept = Contradiction.objects.get(agreement=team.market.agreement)
    assert (kept.what, kept.place) == ("checkpoint", "node.maison-aurelle.example at 2")
    assert team.market.partners_feed.state == "frozen"


def test_a_smaller_log_than_the_one_that_was_witnessed_is_not_asked_for_again(team):
    team.brand.say()
    logs.publish_checkpoint(team.brand.organisation_id)
    with pytest.raises(Refused, match="has witnessed 40"):
        logs.to_witness(team.brand.agreement, old_size=40)


def test_a_cosignature_by_somebody_else_is_not_kept(team):
    team.brand.say()
    row = published(team.brand)
    with pytest.raises(Refused):
        logs.keep_cosignature(team.brand.agreement, row, "\u2014 stranger.example AAAAAAAAAAAAAAAA\n")


def test_a_size_is_signed_once(team):
    team.brand.say()
    first = published(team.brand)
    again = published(team.brand)
    assert first.pk == again.pk
    assert Checkpoint.objects.filter(organisation_id=team.brand.organisation_id).count() == 1
    assert msgspec.json.encode(first.note)
