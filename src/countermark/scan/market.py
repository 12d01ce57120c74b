"""The first pass: what shops usually ask, and how often a shop repeats an offer, learnt from stated listings."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec
import pyarrow as pa

from countermark.formats.arrow import listing_at
from countermark.formats.writing import whole_file
from countermark.model import ImageSource, InvalidRecord, Signal
from countermark.model.decoding import decode
from countermark.scan.local import scan_batches
from countermark.scan.pointers import houses_in
from countermark.signals import price, seller, text

#: Bytes of a table on file; ten million markets take less.
LARGEST_TABLE = 1 << 30

#: Raised when tables come to be learnt in another way.
VERSION = 2
#: Listings with one of these do not say what genuine goods cost; they are counted as copies, not as prices.
NOT_A_PRICE = frozenset({"text.replica_word", "text.disguised_mark", "text.lookalike", "text.genuine_context"})

_SCHEMA = pa.schema(
    [
        pa.field("brand", pa.string()),
        pa.field("family", pa.string()),
        pa.field("currency", pa.string()),
        pa.field("condition", pa.string()),
        pa.field("step", pa.int32()),
        pa.field("shop", pa.int64()),
        pa.field("copy", pa.int64()),
    ]
)


class MarketTable(msgspec.Struct, frozen=True, kw_only=True):
    """What was learnt, from what: part of the reference side, so its hash is part of the reference hash.

    Attributes:
        source: the listings, as they were named.
        listings: how many of them pointed to a house.
    """

    source: str
    listings: int
    prices: price.MarketPrices
    copies: seller.Copies
    version: int = VERSION

    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON of what was learnt; its name and day do not matter."""
        learnt = (self.version, self.prices, self.copies)
        return hashlib.sha256(msgspec.json.encode(learnt, order="deterministic")).hexdigest()

    def write(self, path: Path) -> None:
        """Keep it as JSON, whole or not at all, for later scans and for whoever wants to look."""
        with whole_file(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=1))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            InvalidRecord: when it is something else.
        """
        if path.stat().st_size > LARGEST_TABLE:
            raise InvalidRecord("market", f"{path.name} is too large.", "Learn it from fewer listings.")
        try:
            table = decode(path.read_bytes(), cls)
        except msgspec.DecodeError as error:
            raise InvalidRecord(
                "market", f"{path.name} is no market table ({error}).", "Make it with --market-out."
            ) from error
        if table.version != VERSION:
            raise InvalidRecord("market", f"{path.name} has version {table.version}.", "Learn it again.")
        return table


@dataclass(frozen=True)
class MarketLearner:
    """From a batch of listings to what the table counts: pure and picklable, like a plan."""

    text: text.TextSignals

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        """A row for each listing and house that its words point to, one more for each market of its price."""
        del images
        rows: list[dict[str, object]] = []
        for row, signals in enumerate(self.text.measure(batch)):
            if houses := houses_in(signals):
                rows.extend(_rows(batch, row, signals, houses))
        return pa.RecordBatch.from_pylist(rows, schema=_SCHEMA)


def _rows(batch: pa.RecordBatch, row: int, signals: list[Signal], houses: list[str]) -> Iterator[dict[str, object]]:
    listing = listing_at(batch, row)
    shop, copy = seller.shop_key(listing.seller), seller.copy_key(listing)
    is_price = not any(signal.name in NOT_A_PRICE for signal in signals)
    for number, brand in enumerate(houses):
        # A listing that names two houses is still one offer.
        yield {**dict.fromkeys(_SCHEMA.names), "brand": brand, "shop": shop, "copy": copy if number == 0 else None}
        for seen in price.observations(listing, brand, shop) if is_price else ():
            yield {**msgspec.structs.asdict(seen), "copy": None}


def learn_market(
    text_signals: text.TextSignals, batches: Iterable[pa.RecordBatch], source: str, *, workers: int = 1
) -> MarketTable:
    """Learn the table from listings; neither their order nor how they are cut into batches changes it.

    Memory: about 100 bytes for each listing that points to a house. For very many, learn it from a sample.
    """
    prices: set[price.Observation] = set()
    copies: list[int] = []
    for seen in scan_batches(MarketLearner(text_signals), batches, None, workers=workers):
        copies.extend(key for key in seen.column("copy").to_pylist() if key is not None)
        prices.update(_observations(seen))
    return MarketTable(
        source=source,
        listings=len(copies),
        prices=price.MarketPrices.learnt(prices),
        copies=seller.Copies.learnt(copies),
    )


def _observations(seen: pa.RecordBatch) -> Iterator[price.Observation]:
    columns = (seen.column(name).to_pylist() for name in _SCHEMA.names[:-1])
    for brand, family, currency, condition, step, shop in zip(*columns, strict=True):
        if step is not None:
            yield price.Observation(brand, family, currency, condition, step, shop)
