"""What is held stays, somebody looks again, and what nothing needs goes when its time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from countermark.law.retention import shipped_retention
from countermark.node.audit.models import Event
from countermark.node.duties import holding, retaining
from countermark.node.duties.models import Hold
from countermark.node.evidence import retaining as evidence
from countermark.node.evidence.models import Purchase
from countermark.node.evidence.purchases.acts import Act
from countermark.node.evidence.tests.purchasing import bought
from countermark.node.exchange import holding as exchange
from countermark.node.exchange.factories import make_team
from countermark.node.exchange.models import Beside
from countermark.node.exchange.signing import set_keys
from countermark.node.findings.factories import make_finding
from countermark.node.findings.models import Finding
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now


def old(finding: Finding, days: int = 91) -> Finding:
    Finding.objects.filter(pk=finding.pk).update(found_at=now() - timedelta(days=days))
    return finding


def soon(days: int = 30) -> date:
    return now().date() + timedelta(days=days)


def test_a_finding_that_nobody_decides_goes_after_ninety_days_and_not_before(analyst):
    fresh, stale = old(make_finding(analyst), 89), old(make_finding(analyst), 92)
    decided = old(make_finding(analyst), 200)
    Finding.objects.filter(pk=decided.pk).update(state="decided")
    assert retaining.apply_all() == 1
    assert retaining.apply_all() == 0
    assert set(Finding.objects.values_list("pk", flat=True)) == {fresh.pk, decided.pk}
    assert stale.pk not in {fresh.pk, decided.pk}
    assert Event.objects.get(action="retention.alerts_deleted").detail == {"things": 1}


def test_a_hold_keeps_a_finding_until_it_ends(counsel, analyst):
    finding = old(make_finding(counsel))
    made = holding.place(counsel, finding.core_id, "litigation", "Docket 12/26", soon())
    assert retaining.apply_all() == 0
    with pytest.raises(Conflict, match="held already"):
        holding.place(counsel, finding.core_id, "claim", "another", soon())
    with pytest.raises(NotPermitted):
        holding.end(analyst, made)
    holding.end(counsel, made)
    with pytest.raises(NotFound):
        holding.end(counsel, made)
    assert retaining.apply_all() == 1


def test_a_hold_has_a_reason_a_case_and_a_day_within_a_year(counsel, stranger):
    finding = make_finding(counsel)
    for reason, case, day in (
        ("over", "Docket 1", soon()),
        ("whim", "Docket 1", soon()),
        ("claim", " ", soon()),
        ("claim", "x\0", soon()),
        ("claim", "Docket 1", now().date()),
        ("claim", "Docket 1", soon(400)),
    ):
        with pytest.raises(Invalid):
            holding.place(counsel, finding.core_id, reason, case, day)
    for target in ("fnd_never", "0" * 64, "evd_" + "0" * 26):
        with pytest.raises(NotFound):
            holding.place(counsel, target, "claim", "Docket 1", soon())
    with pytest.raises(NotFound):
        holding.place(stranger, finding.core_id, "claim", "Docket 1", soon())
    assert not Hold.objects.exists()


def test_somebody_is_reminded_once_a_day_to_look_again(counsel, clock):
    finding = make_finding(counsel)
    made = holding.place(counsel, finding.core_id, "authority", "Order 7", soon(10))
    assert (holding.remind(), holding.due(counsel.organisation_id)) == (0, 0)
    clock.forward(days=10)
    assert (holding.remind(), holding.remind(), holding.due(counsel.organisation_id)) == (1, 0, 1)
    assert holding.holds(counsel)[0].due
    assert Event.objects.get(action="hold.review_due").detail == {"owner": counsel.actor}
    clock.forward(days=1)
    assert holding.remind() == 1
    holding.review(counsel, made, soon(30))
    assert (holding.remind(), holding.due(counsel.organisation_id)) == (0, 0)


def test_what_lies_beside_an_entry_is_held_through_the_same_register(db):
    team = make_team()
    try:
        team.brand.say_beside()
        team.pull(team.market)
        row = Beside.objects.get(entry__feed__organisation_id=team.market.organisation_id)
        exchange.hold(team.market.administrator, [row.entry.entry_id], "claim")
        assert holding.unregistered(team.market.administrator) == (row.entry.entry_id,)
        made = holding.place(team.market.administrator, row.entry.entry_id, "claim", "Docket 3", soon())
        assert Beside.objects.get(pk=row.pk).held
        assert holding.unregistered(team.market.administrator) == ()
        holding.end(team.market.administrator, made)
        assert not Beside.objects.get(pk=row.pk).held
    finally:
        set_keys(None)


def test_evidence_is_kept_as_long_as_the_table_says():
    years = evidence.YEARS
    table = shipped_retention()
    assert {f"{number} years" for name, number in years.items() if name in {"routine", "case"}} == {
        table["evidence-routine"].most,
        table["evidence-case"].most,
    }
    sealed = datetime(2026, 3, 1, tzinfo=UTC).date()
    assert table["evidence-routine"].last_day(sealed) == date(2028, 3, 1)


def test_a_test_purchase_is_held_in_the_same_register(counsel):
    purchase = bought(counsel, Act.RECEIVE)
    evidence.hold(counsel, purchase, "case 4")
    assert holding.unregistered(counsel) == (purchase,)
    day = soon()
    made = holding.place(counsel, purchase, "litigation", "Docket 4", day)
    row = Purchase.objects.get(public_id=purchase)
    assert (row.held, row.review_on, holding.unregistered(counsel)) == (True, day, ())
    holding.end(counsel, made)
    row.refresh_from_db()
    assert (row.held, row.review_on) == (False, None)
