"""Formats: listings, rights, findings and truth in and out; pictures looked at safely."""

from countermark.formats.arrow import LISTING_SCHEMA, batch_to_listings, listing_at, listings_to_batch
from countermark.formats.arrow_findings import FINDING_SCHEMA, batch_to_findings, findings_to_batch
from countermark.formats.findings import FindingWriter, read_findings
from countermark.formats.images import FolderImages
from countermark.formats.limits import Defaults, Limits
from countermark.formats.listings import ListingBatch, read_listings
from countermark.formats.picture import PictureFacts, PictureLimits, RefusedPicture, inspect_picture
from countermark.formats.problems import UnreadableSource
from countermark.formats.rights import PortfolioReading, read_portfolio
from countermark.formats.sources import ListingFormat, expand_sources
from countermark.formats.truth import Truth, read_truth, write_truth

__all__ = [
    "FINDING_SCHEMA",
    "LISTING_SCHEMA",
    "Defaults",
    "FindingWriter",
    "FolderImages",
    "Limits",
    "ListingBatch",
    "ListingFormat",
    "PictureFacts",
    "PictureLimits",
    "PortfolioReading",
    "RefusedPicture",
    "Truth",
    "UnreadableSource",
    "batch_to_findings",
    "batch_to_listings",
    "expand_sources",
    "findings_to_batch",
    "inspect_picture",
    "listing_at",
    "listings_to_batch",
    "read_findings",
    "read_listings",
    "read_portfolio",
    "read_truth",
    "write_truth",
]
