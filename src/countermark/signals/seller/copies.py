"""How often one shop offers the same thing: counted once over a stated set of listings, never within a batch."""

import hashlib
from collections import Counter
from collections.abc import Iterable

import msgspec

from countermark.model import Listing, Seller
from countermark.model.text import fold_plain

#: Offers of one title by one shop up to which nothing is said: sizes and colours are listed apart.
ORDINARY = 5


class Copies(msgspec.Struct, frozen=True):
    """Offers by shop and title, for those above `ORDINARY` only; keys are hashes in hex, so no name is kept."""

    counts: dict[str, int] = {}

    @classmethod
    def learnt(cls, keys: Iterable[int]) -> "Copies":
        """Count keys (`copy_key`), one a listing; the order changes nothing."""
        counted = Counter(keys)
        return cls({f"{key:016x}": counted[key] for key in sorted(counted) if counted[key] > ORDINARY})

    def of(self, listing: Listing) -> int:
        """How many offers of this title the shop had in the counted set; 0 when no more than ordinary."""
        return self.counts.get(f"{copy_key(listing):016x}", 0) if self.counts else 0


def copy_key(listing: Listing) -> int:
    """63 bits that stand for the shop and the folded title; two different ones agree once in 10^9 even among 10^5."""
    return _hash(listing.seller.marketplace, listing.seller.external_id, fold_plain(listing.title.value))


def shop_key(seller: Seller) -> int:
    """63 bits that stand for a shop."""
    return _hash(seller.marketplace, seller.external_id)


def _hash(*parts: str) -> int:
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
