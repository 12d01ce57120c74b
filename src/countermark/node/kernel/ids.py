"""New identifiers that say their kind and sort by age: `cap_01JD8…`, a ULID behind a prefix."""

import os
import re
import secrets
import threading
import time

from countermark.model.ids import ALPHABET, BODY_LENGTH, encode_crockford

#: Every kind the node makes, with what it names. Kinds of the core (`lst`, `fnd`, …) are derived there, not here.
KINDS = {
    "adt": "audit event",
    "bat": "batch of notices",
    "btc": "batch of dispatches",
    "cap": "capture",
    "cas": "joint case",
    "chn": "channel",
    "cmt": "comment",
    "cnt": "counter-notice",
    "dcs": "decision",
    "dsp": "dispatch",
    "evd": "evidence",
    "fil": "file of a case",
    "hld": "legal hold",
    "imp": "import",
    "lse": "list entry",
    "msr": "measure about conduct",
    "ntc": "notice",
    "pbl": "publication",
    "pcd": "proceeding",
    "prc": "test purchase",
    "prq": "request of a person",
    "ref": "reference",
    "req": "request",
    "scn": "scan",
}

#: Longest identifier: prefix, underscore, 26 characters.
ID_LENGTH = 30

_RANDOM_BITS = 80
_BODY = re.compile(f"[{ALPHABET}]{{{BODY_LENGTH}}}")


class _Sequence:
    """ULIDs that only grow within one process, also when the clock stands still or goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        fresh = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            self._last = fresh if fresh >> _RANDOM_BITS > self._last >> _RANDOM_BITS else self._last + 1
            return self._last

    def forget(self) -> None:
        self._lock = threading.Lock()
        self._last = 0


_sequence = _Sequence()
# A forked child would go on counting where its parent stands, and both would give the same ids.
os.register_at_fork(after_in_child=_sequence.forget)


def new_id(kind: str) -> str:
    """A new identifier of a kind, `<kind>_<ULID>`: 48 bits of milliseconds, 80 random bits, growing within a process.

    Raises ValueError when the kind is not in `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a kind of identifier of the node; known: {', '.join(sorted(KINDS))}")
    return f"{kind}_{encode_crockford(_sequence.next())}"


def is_id(kind: str, text: str) -> bool:
    """Whether a text, for instance from an address, has the shape of an identifier of that kind."""
    prefix, _, body = text.partition("_")
    return prefix == kind and _BODY.fullmatch(body) is not None
