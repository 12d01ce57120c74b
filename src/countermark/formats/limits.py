"""How much of anything we accept from outside, and what stands in for what a file does not say."""

from dataclasses import dataclass
from datetime import datetime

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a reader of listings takes in; every one of them is reported when it is met.

    Attributes:
        batch_rows: rows in one batch, at most.
        batch_bytes: bytes of raw rows in one batch, at most (plus one row).
        record_bytes: one line, one CSV record or one feed item; longer ones are passed over, not held.
        title_characters, description_characters: Unicode code points.
        name_characters: ids, names, categories, brands.
        uri_characters: addresses of pages and pictures.
        images: pictures of one listing.
        page_bytes: one saved HTML page.
        depth: nesting of JSON, HTML data and XML.
        gzip_ratio: bytes out for each byte in, once 16 MiB came out.
        gzip_bytes: bytes out of one compressed file.
        row_group_bytes: one Parquet row group, uncompressed.
        files: files taken from one directory or glob.
    """

    batch_rows: int = 4096
    batch_bytes: int = 16 * MIB
    record_bytes: int = MIB
    title_characters: int = 2_000
    description_characters: int = 50_000
    name_characters: int = 500
    uri_characters: int = 2_048
    images: int = 50
    page_bytes: int = 10 * MIB
    depth: int = 64
    gzip_ratio: int = 200
    gzip_bytes: int = 64 * GIB
    row_group_bytes: int = 2 * GIB
    files: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Defaults:
    """What fills columns that a file lacks; a value in the file always wins.

    Attributes:
        marketplace: name of the marketplace.
        captured_at: when the listings were seen, aware; without it, the time the file was last changed is taken
            (for a stream: the time reading began).
        language: BCP 47 tag of titles and descriptions.
    """

    marketplace: str = ""
    captured_at: datetime | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if self.captured_at is not None and self.captured_at.utcoffset() is None:
            raise ValueError("captured_at has no zone; give an aware datetime.")
