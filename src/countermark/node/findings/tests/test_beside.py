"""What a scan decides by beside the rights: the market learnt from the listings held, rates, choices, a network."""

from datetime import date
from decimal import Decimal

import pytest

from countermark.model import Finding as Record
from countermark.model import Price, Seller, Text, from_json
from countermark.node.findings import beside, engine, market, selectors, services
from countermark.node.findings.filters import ScanChoices
from countermark.node.findings.models import Finding, Market, Scan, ScanPart, Snapshot
from countermark.node.findings.states import PartOutcome
from countermark.node.kernel.errors import Invalid
from countermark.node.listings.factories import make_listing
from countermark.node.rights.factories import make_right
from countermark.signals.image.embeddings import NetworkSettings
from countermark.signals.price import Rates

pytestmark = pytest.mark.django_db

SHOPS = 6
NETWORK = NetworkSettings(model="/nowhere/net.onnx", sha256="0" * 64, size=32, threshold=0.9)


@pytest.fixture(autouse=True)
def _fresh_plans():
    engine.forget_plans()


@pytest.fixture
def right(member):
    return make_right(member)


@pytest.fixture
def offers(member, right):
    """Six shops that ask about 400 for a bag of the house, four offers each; and one that asks 60."""
    for shop in range(SHOPS):
        for number in range(4):
            offer(member, f"{shop}-{number}", 380 + 4 * shop + 12 * number, shop)
    return offer(member, "cheap", 60, "new")


def offer(member, external_id, amount, shop, title="Corvane leather bag"):
    return make_listing(
        member,
        external_id=external_id,
        title=Text(title, "en"),
        price=Price(Decimal(amount), "EUR"),
        category="Fashion > Bags",
        seller=Seller(marketplace="Bazaar", external_id=f"shop-{shop}"),
    )


def run_all():
    outcomes = []
    while (claimed := services.claim_part("here")) is not None:
        outcomes.append(services.run_part(claimed, "here"))
    return outcomes


def signals_of(listing) -> set[str]:
    found = Finding.objects.get(listing=listing, current=True)
    return {reason.signal for reason in from_json(found.record, Record).reasons}


def test_a_scan_learns_what_shops_usually_ask_before_it_judges(member, offers):
    scan_id = services.request_scan(member)
    assert set(run_all()) == {PartOutcome.DONE}
    assert "price.below_market" in signals_of(offers)
    shown = selectors.scan(member, scan_id)
    assert shown.market_learnt_at == Market.objects.get().learnt_at
    kept = Scan.objects.get().snapshot
    assert engine.plan_of(kept.pk).reference_hash == kept.reference_hash
    assert {from_json(one.record, Record).reference_hash for one in Finding.objects.all()} == {kept.reference_hash}


def test_a_market_serves_a_week_so_that_findings_do_not_change_by_themselves(member, offers, clock):
    services.request_scan(member)
    run_all()
    before = set(Finding.objects.values_list("core_id", "current"))
    clock.forward(days=6)
    services.request_scan(member)
    run_all()
    assert set(Finding.objects.values_list("core_id", "current")) == before
    assert Market.objects.count() == 1
    clock.forward(days=2)
    services.request_scan(member)
    run_all()
    assert Market.objects.count() == 2


def test_a_market_that_has_grown_by_half_is_learnt_again(member, offers):
    services.request_scan(member)
    run_all()
    assert not market.is_due(member.organisation_id)
    for number in range(13):
        offer(member, f"more-{number}", 400, number)
    assert market.is_due(member.organisation_id)


def test_too_few_offers_make_no_market(member, right):
    offer(member, "one", 60, "new")
    services.request_scan(member)
    run_all()
    assert Market.objects.get().is_empty
    assert Snapshot.objects.get().market is None


def test_the_same_offer_again_and_again_by_one_shop_counts(member, right):
    for number in range(40):
        listing = offer(member, f"copy-{number}", 60, "one", title="Corvane bag mirror quality")
    services.request_scan(member)
    run_all()
    assert "seller.many_copies" in signals_of(listing)


def test_a_look_back_judges_by_the_market_and_the_choices_of_the_last_scan(member, right, offers):
    services.request_scan(member, choices=ScanChoices(logos=True))
    run_all()
    scan = Scan.objects.get(public_id=services.look_back(member, right.core_id))
    assert scan.snapshot == Scan.objects.order_by("pk")[0].snapshot
    assert beside.choices_in(scan.snapshot) == ScanChoices(logos=True)


def test_choices_are_kept_and_are_part_of_the_references(member, right):
    offer(member, "one", 60, "new")
    plain = selectors.scan(member, services.request_scan(member))
    logos = selectors.scan(member, services.request_scan(member, choices=ScanChoices(logos=True)))
    assert (plain.choices, logos.choices) == (ScanChoices(), ScanChoices(logos=True))
    assert plain.reference_hash != logos.reference_hash
    assert set(run_all()) == {PartOutcome.DONE}


def test_reading_is_refused_where_nothing_can_read(member, right, monkeypatch):
    monkeypatch.setattr("countermark.node.findings.services.can_read", lambda: False)
    with pytest.raises(Invalid, match="cannot be read here"):
        services.request_scan(member, choices=ScanChoices(reading=True))
    assert not Scan.objects.exists()


def test_rates_are_kept_with_the_scan_whatever_the_settings_say_later(member, right, settings):
    settings.COUNTERMARK_RATES = Rates(
        date=date(2026, 3, 1), base="EUR", source="a bank", rates={"EUR": Decimal(1), "CNY": Decimal("7.8")}
    )
    services.request_scan(member)
    kept = Snapshot.objects.get()
    taken, settings.COUNTERMARK_RATES = settings.COUNTERMARK_RATES, None
    assert beside.read_beside(bytes(kept.beside)).rates == taken
    assert engine.plan_of(kept.pk).reference_hash == kept.reference_hash


def test_a_scan_is_not_finished_with_another_network(member, right, settings):
    offer(member, "one", 60, "new")
    settings.COUNTERMARK_NETWORK = NETWORK
    scan_id = services.request_scan(member)
    settings.COUNTERMARK_NETWORK = None
    assert PartOutcome.FAILED in run_all()
    assert ScanPart.objects.filter(reason__contains="learned network that this worker does not have").exists()
    assert selectors.scan(member, scan_id).state.value == "failed"
