"""Listings, rights, findings and truth in and out of files; everything from outside is checked here."""

from countermark.formats.arrow import (
    FINDING_SCHEMA,
    LISTING_SCHEMA,
    batch_to_findings,
    batch_to_listings,
    findings_to_batch,
    listing_at,
    listings_to_batch,
)
from countermark.formats.limits import Defaults, Limits
from countermark.formats.listings import ListingBatch, read_listings
from countermark.formats.problems import UnreadableSource
from countermark.formats.sources import ListingFormat, expand_sources

__all__ = [
    "FINDING_SCHEMA",
    "LISTING_SCHEMA",
    "Defaults",
    "Limits",
    "ListingBatch",
    "ListingFormat",
    "UnreadableSource",
    "batch_to_findings",
    "batch_to_listings",
    "expand_sources",
    "findings_to_batch",
    "listing_at",
    "listings_to_batch",
    "read_listings",
]
