"""What the capturing process found around it before its first request: nothing left over, whose names, which clock."""

import ctypes
import hashlib
import os
import platform
import socket
from contextlib import suppress
from pathlib import Path

import httpx

from countermark.node.evidence.capturing.fetching import moment
from countermark.node.evidence.capturing.orders import Order, Surroundings
from countermark.node.kernel.addresses import AddressRefused
from countermark.node.kernel.reaching import Resolver, look_up

#: adjtimex(2): the answer when the clock is not kept by anybody, and where the largest error stands (64-bit Linux).
_NOT_KEPT, _LARGEST_ERROR, _TIMEX_BYTES = 5, slice(24, 32), 256


def look_around(order: Order, profile: Path, resolver: Resolver = look_up) -> Surroundings:
    """Write down what is there; looks names up, and asks nobody else.

    Args:
        order: what is about to be captured.
        profile: where the browser is about to keep its own files.
        resolver: how names are looked up.
    """
    kept, error = _clock()
    host, addresses = _host(order.url), list[str]()
    with suppress(OSError, AddressRefused):  # the capture itself says why the page is not reached
        addresses = resolver(host, 443)
    return Surroundings(
        taken=moment(),
        system=platform.platform(),
        machine=_machine(),
        variables=tuple(sorted(os.environ)),
        files_left=sum(1 for _ in Path(order.folder).rglob("*")),
        profile_is_new=not profile.exists(),
        resolvers=_resolvers(),
        host=host,
        addresses=tuple(addresses),
        own_addresses=tuple(sorted({own for one in addresses if (own := _own_address(one))})),
        clock_kept=kept,
        clock_largest_error_seconds=error,
    )


def _host(url: str) -> str:
    return httpx.URL(url).host


def _machine() -> str:
    """A number that stands for this machine and gives its own number away to nobody; empty where it has none."""
    try:
        number = Path("/etc/machine-id").read_bytes().strip()
    except OSError:
        return ""
    return hashlib.sha256(b"countermark capture\0" + number).hexdigest()[:16] if number else ""


def _resolvers() -> tuple[str, ...]:
    try:
        lines = Path("/etc/resolv.conf").read_text("ascii", "replace").splitlines()
    except OSError:
        return ()
    return tuple(parts[1] for line in lines[:100] if len(parts := line.split()) > 1 and parts[0] == "nameserver")


def _own_address(theirs: str) -> str:
    """The address from which this machine would speak to another; connecting a UDP socket sends nothing."""
    family = socket.AF_INET6 if ":" in theirs else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.connect((theirs, 443))
            return str(one.getsockname()[0])
    except OSError:
        return ""


def _clock() -> tuple[bool | None, float | None]:
    """Whether the kernel counts the clock as kept by a time service, and its largest error; None where it says not."""
    told = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(told)
    except (OSError, AttributeError):
        return None, None
    if state < 0:
        return None, None
    kept = state != _NOT_KEPT
    return kept, int.from_bytes(told.raw[_LARGEST_ERROR], "little") / 1e6 if kept else None
