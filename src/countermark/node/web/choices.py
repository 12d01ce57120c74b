"""Values that filters and forms offer, and words of other rooms put into the reader's language."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext

from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member
from countermark.node.review.shown import FactLine
from countermark.node.rights import selectors as rights
from countermark.node.web.words import word


def brands(member: Member) -> tuple[str, ...]:
    """Names of the houses of the member's organisation."""
    return tuple(brand.name for brand in rights.brands(member))


def marketplaces(member: Member) -> tuple[str, ...]:
    """Marketplaces the member's organisation has listings of."""
    return tuple(listings.marketplaces(member))


def translated(label: str) -> str:
    """An English label of another room in the reader's language; the catalogs hold them too."""
    return gettext(label) if label else label


def facts_in_words(lines: Iterable[FactLine]) -> list[FactLine]:
    """Rows of the facts table with labels, and codes that are words, in the reader's language."""
    return [
        replace(
            line,
            label=translated(line.label),
            offered=str(word("condition", line.offered)) if line.code == "condition" else line.offered,
            protected=translated(line.protected) if line.code == "seller" else line.protected,
        )
        for line in lines
    ]
