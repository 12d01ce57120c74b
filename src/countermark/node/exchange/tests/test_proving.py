"""A receipt of the partner is proven to stand in the partner's log, and goes so into the file for a stranger."""

import pytest
from django.db import IntegrityError, connection, transaction

from countermark.node.exchange import answering, logs, proving, receipting
from countermark.node.exchange.extracting import extract_of
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import ReceiptProof, Refusal
from countermark.node.exchange.tests.test_watching import receipts_go_round
from countermark.node.exchange.wire.client import Reply
from countermark.node.exchange.wire.partner_problems import PartnerRefused
from countermark.node.exchange.witnessing import witness
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import NotFound
from countermark.proof.extracts import write_extract
from countermark.proof.verifying import Report, verify_extract


class MarketsLine:
    """Asks the marketplace's node; `spoil` changes what it answers."""

    def __init__(self, team: Team, spoil: tuple[bytes, bytes] = (b"", b"")) -> None:
        self.team, self.spoil, self.asked = team, spoil, 0

    def get(self, path, query=None):
        self.asked += 1
        try:
            text = answering.proof_of(self.team.market.agreement, path.split("/")[4])
        except NotFound as missing:
            raise PartnerRefused(404, missing.code, "", None) from missing
        return Reply(200, "text/plain", text.encode().replace(*self.spoil))

    def post(self, path, said, *, media_type=""):
        raise AssertionError(path)


def witness_the_market(team: Team) -> None:
    logs.publish_checkpoint(team.market.organisation_id)
    asked = logs.to_witness(team.market.agreement)
    assert asked is not None
    line = witness(team.brand.agreement, asked.old_size, asked.proof, asked.checkpoint.note)
    logs.keep_cosignature(team.market.agreement, asked.checkpoint, line)


def verified(team: Team) -> Report:
    return verify_extract(write_extract(extract_of(team.brand.analyst, team.brand.feed.name, 2, 2)))


def test_a_receipt_is_proven_once_and_the_stranger_sees_in_whose_log_it_stood(team: Team):
    team.brand.say()
    receipts_go_round(team)
    line = MarketsLine(team)
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 0
    assert line.asked == 0, "nothing of the partner's log was witnessed yet"
    assert any("other side's log" in one for one in verified(team).not_shown)
    witness_the_market(team)
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 1
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 0
    assert line.asked == 1
    report = verified(team)
    assert report.holds
    assert not [one for one in report.not_shown if "other side's log" in one]
    assert "It stood in the log of node.bazaar.example" in next(
        check.words for check in report.checks if check.part == "entries[0].receipt.logged"
    )


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ((b"index 1\n", b"index 0\n"), "not-in-log"),
        ((b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v2"), "proof-form"),
        (("— node.maison-aurelle.example".encode(), "— node.elsewhere.example".encode()), "not-witnessed"),
    ],
)
def test_a_proof_that_does_not_hold_is_noted_and_not_kept(team: Team, spoil, code):
    team.brand.say()
    receipts_go_round(team)
    witness_the_market(team)
    line = MarketsLine(team, spoil)
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 0
    assert Refusal.objects.get(agreement=team.brand.agreement).code == code
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 0
    assert line.asked == 1
    assert verified(team).holds


def test_a_partner_that_cannot_prove_is_asked_again(team: Team):
    team.brand.say()
    receipts_go_round(team)
    witness_the_market(team)

    class Older(MarketsLine):
        def get(self, path, query=None):
            raise PartnerRefused(404, "not-found", "", None)

    assert proving.prove_receipts(team.brand.agreement.pk, Older(team)) == 0
    assert proving.prove_receipts(team.brand.agreement.pk, MarketsLine(team)) == 1
    row = ReceiptProof.objects.get()
    with pytest.raises(RewriteForbidden):
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_receiptproof SET text = 'other'")


def test_a_receipt_that_was_long_on_its_way_is_asked_about_although_no_log_was_witnessed_since(
    clock, team: Team, monkeypatch
):
    monkeypatch.setattr(proving, "_asked", {})
    team.brand.say()
    team.pull(team.market)
    receipting.give_receipt(team.market.agreement)
    witness_the_market(team)
    clock.forward(minutes=1)
    team.pull(team.brand)  # it stands in the log that was witnessed before it came here
    line = MarketsLine(team)
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 0
    clock.forward(minutes=9)
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 0
    assert line.asked == 0
    clock.forward(minutes=1)
    assert proving.prove_receipts(team.brand.agreement.pk, line) == 1
    assert ReceiptProof.objects.count() == 1
