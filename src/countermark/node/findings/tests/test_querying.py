"""A page of the queue must read its rows from an index in their order, however many wait."""

import pytest
from django.db import connection

from countermark.model import Level
from countermark.node.findings.cursor import Cursor
from countermark.node.findings.factories import make_finding
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.querying import ORDER, after, matching
from countermark.node.findings.states import FindingState

pytestmark = pytest.mark.django_db

OPEN = frozenset({FindingState.OPEN})


def plan(queryset):
    """How the database would run a query, when it may choose between an index and sorting everything."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A test's tables are so small that reading them whole is cheapest; a real queue is not.
            for way in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                cursor.execute(f"SET LOCAL {way} = off")
    return queryset.explain()


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
    for _ in range(3):
        make_finding(member)
    page = after(matching(member, filters), cursor).order_by(*ORDER)[:51]
    chosen = plan(page)
    assert index in chosen
    assert "TEMP B-TREE" not in chosen
    assert "Sort" not in chosen
