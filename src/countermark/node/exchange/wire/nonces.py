"""What was signed once is accepted once: a memory of nonces."""

from collections import OrderedDict, defaultdict
from datetime import datetime
from threading import Lock
from typing import Protocol


class MemoryFull(Exception):
    """More nonces of one key than the memory holds; to forget one would let its request in again."""


class NonceMemory(Protocol):
    """Remembers, for each key, which nonces were used. Must be shared by all processes of a node."""

    def remember(self, kid: str, nonce: str, *, now: datetime, until: datetime) -> bool:
        """Remember a nonce at least until then; in one step with looking whether it is new.

        Args:
            kid: the key's id, 43 characters.
            nonce: at most 64 characters of printable ASCII; the same text with another key is another nonce.
            now: aware; what ended before may be forgotten.
            until: aware.

        Returns:
            Whether it is new. False means that the request was here before.

        Raises:
            MemoryFull: there is no room; the request is then refused, not let through.
        """
        ...


class NoncesInMemory:
    """A memory in one process: for tests, and for a node that has only one.

    Attributes:
        most_per_key: nonces that are held at once for one key.
    """

    def __init__(self, most_per_key: int = 10_000) -> None:
        self.most_per_key = most_per_key
        self._ends: defaultdict[str, OrderedDict[str, datetime]] = defaultdict(OrderedDict)
        self._lock = Lock()

    def remember(self, kid: str, nonce: str, *, now: datetime, until: datetime) -> bool:
        """As `NonceMemory.remember`."""
        with self._lock:
            held = self._ends[kid]
            # They all live equally long, so the oldest ends first; a clock that was set back only keeps one longer.
            while held and next(iter(held.values())) <= now:
                held.popitem(last=False)
            if nonce in held:
                return False
            if len(held) >= self.most_per_key:
                raise MemoryFull
            held[nonce] = until
            return True
