"""What a scan decides by beside the portfolio and the policy: choices of people, rates, a network, the market."""

from typing import Any

import msgspec
from django.conf import settings

from countermark.model import Portfolio
from countermark.model.decoding import decode
from countermark.node.findings.filters import ScanChoices
from countermark.node.findings.models import Market, Snapshot
from countermark.scan import MarketTable, reference_hash_of
from countermark.signals.image.embeddings import NetworkSettings
from countermark.signals.image.reading import PictureReading, can_read
from countermark.signals.price import Rates

__all__ = ["Beside", "NetworkChanged", "beside_now", "can_read", "choices_in", "hash_beside", "plan_arguments"]


class NetworkChanged(Exception):
    """The scan compares pictures with a network that this node no longer has."""


class Beside(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """As a snapshot keeps it, in canonical JSON; nothing chosen is no bytes at all.

    Attributes:
        logos: whether registered logos are looked for inside pictures.
        reading: whether words in pictures are read.
        rates: exchange rates of COUNTERMARK_RATES at the time.
        network: digest of the settings of COUNTERMARK_NETWORK; empty without one.
    """

    logos: bool = False
    reading: bool = False
    rates: Rates | None = None
    network: str = ""

    def as_bytes(self) -> bytes:
        """Canonical JSON; empty when nothing is beside the portfolio."""
        return b"" if self == Beside() else msgspec.json.encode(self, order="deterministic")


def beside_now(*, logos: bool, reading: bool) -> Beside:
    """The choices, with the rates and the network of the node's settings."""
    network: NetworkSettings | None = settings.COUNTERMARK_NETWORK
    return Beside(
        logos=logos, reading=reading, rates=settings.COUNTERMARK_RATES, network=network.digest() if network else ""
    )


def read_beside(kept: bytes) -> Beside:
    """What `as_bytes` gave."""
    return decode(kept, Beside) if kept else Beside()


def choices_in(snapshot: Snapshot) -> ScanChoices:
    """The choices that a snapshot was taken with."""
    beside = read_beside(bytes(snapshot.beside))
    return ScanChoices(logos=beside.logos, reading=beside.reading)


def plan_arguments(kept: bytes, market: Market | None) -> dict[str, Any]:
    """What `ScanPlan.prepare` takes by name. Raises NetworkChanged."""
    return {"market": table_of(market) if market else None, **_chosen(kept)}


def _chosen(kept: bytes) -> dict[str, Any]:
    beside = read_beside(kept)
    network: NetworkSettings | None = settings.COUNTERMARK_NETWORK if beside.network else None
    if beside.network != (network.digest() if network else ""):
        raise NetworkChanged("The scan began with a learned network that this worker does not have. Scan again.")
    return {
        "rates": beside.rates,
        "logos": beside.logos,
        "reading": PictureReading() if beside.reading else None,
        "network": network,
    }


def hash_beside(portfolio: Portfolio, kept: bytes, market: Market | None) -> str:
    """The hash that a plan of these references has, hex."""
    return reference_hash_of(portfolio, market_digest=market.digest if market else "", **_chosen(kept))


def table_of(market: Market) -> MarketTable:
    """The learnt table of a row."""
    return decode(bytes(market.table), MarketTable)
