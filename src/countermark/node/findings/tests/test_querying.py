"""A page of the queue must read its rows from an index in their order, however many wait."""

from copy import copy
from itertools import product

import pytest
from django.db import connection
from django.db.models.base import ModelState

from countermark.model import Level, derive_id
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.factories import make_finding
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER, after, matching
from countermark.node.findings.states import FindingState
from countermark.node.listings.factories import make_listing

pytestmark = pytest.mark.django_db

OPEN = frozenset({FindingState.OPEN})


LISTINGS, BRANDS, MARKETS = 30, 40, 25


@pytest.fixture
def queue(member):
    """A queue of 1,200 findings in which each filter leaves a small part, as the database counted it.

    PostgreSQL chooses by what it knows of the rows; without rows and a count of its own the choice would hang on
    what the tests before this one left behind.
    """
    listings = [make_listing(member) for _ in range(LISTINGS)]
    brands = ["Corvane", *(f"House {number}" for number in range(1, BRANDS))]
    markets = ["Bazaar", *(f"Market {number}" for number in range(1, MARKETS))]
    model = make_finding(member, listings[0])
    rows = []
    for number, (listing, brand) in enumerate(product(listings, brands)):
        row = copy(model)
        row.pk, row._state = None, ModelState()
        row.core_id = derive_id("fnd", str(number))
        row.listing, row.brand, row.marketplace = listing, brand, markets[number % MARKETS]
        row.level = Level.HIGH if number % 10 == 0 else Level.LOW
        row.expected_harm = number / 100
        rows.append(row)
    Finding.objects.filter(pk=model.pk).delete()
    Finding.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE findings_finding")


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (FindingFilters(states=OPEN), "findings_queue"),
        (FindingFilters(states=OPEN, level=Level.HIGH), "findings_queue_by_level"),
        (FindingFilters(states=OPEN, brand="Corvane"), "findings_queue_by_brand"),
        (FindingFilters(states=OPEN, marketplace="Bazaar"), "findings_queue_by_market"),
        (FindingFilters(), "findings_current"),
    ],
)
@pytest.mark.parametrize("cursor", [None, Cursor(5.0, 3)])
def test_a_page_is_read_from_an_index_in_its_order(member, filters, index, cursor):
    page = after(matching(member, filters), cursor).order_by(*ORDER)[:51]
    chosen = page.explain()
    assert index in chosen
    assert "TEMP B-TREE" not in chosen
    assert "Sort" not in chosen
