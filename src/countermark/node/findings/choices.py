"""The values that filters of findings may take, in one question to the database."""

from dataclasses import dataclass

from django.db import connection

from countermark.node.parties.access import Member

#: Marketplaces are found by steps in an index, one for each name, where DISTINCT would read every listing.
_CHOICES = """
WITH RECURSIVE markets (name) AS (
    SELECT MIN(marketplace) FROM listings_listing WHERE organisation_id = %s
    UNION ALL
    SELECT (SELECT MIN(marketplace) FROM listings_listing WHERE organisation_id = %s AND marketplace > markets.name)
    FROM markets WHERE markets.name IS NOT NULL
)
SELECT 'marketplace', name FROM markets WHERE name IS NOT NULL
UNION ALL
SELECT 'brand', name FROM rights_brand WHERE organisation_id = %s
"""


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What a filter offers: the organisation's houses, and the marketplaces it has listings of, each sorted."""

    brands: tuple[str, ...]
    marketplaces: tuple[str, ...]


def choices(member: Member) -> FilterChoices:
    """The choices of the member's organisation."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, [member.organisation_id] * 3)
        rows = cursor.fetchall()
    return FilterChoices(
        brands=tuple(sorted(name for kind, name in rows if kind == "brand")),
        marketplaces=tuple(sorted(name for kind, name in rows if kind == "marketplace")),
    )
