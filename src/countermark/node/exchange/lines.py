"""A line to a partner's node: where it is, with which key we ask, and how far we may reach."""

import ssl
from collections.abc import Container

from django.conf import settings

from countermark.node.exchange.agreeing.versions import identity_of
from countermark.node.exchange.documents import Card, read_card
from countermark.node.exchange.models import Agreement
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.signing import signer_of
from countermark.node.exchange.wire.client import Bounds, PartnerClient
from countermark.node.kernel.addresses import Reach
from countermark.node.kernel.time import now
from countermark.proof.agreements import Purpose

#: Below the address of every node.
EXCHANGE_PATH = "/exchange/v1"
#: A partner may hold a question for 25 seconds (`answering.LONGEST_WAIT`).
_BOUNDS = Bounds(step=40.0, total=90.0)
_BOUNDS_OF_CARDS = Bounds(step=5.0, total=10.0, most_bytes=64 * 1024)


def line_to(agreement: Agreement) -> PartnerClient:
    """A line to the partner of an agreement; the caller closes it.

    Raises:
        Conflict: no key ceremony was held yet. What opens our key may raise its own.
    """
    known = ring_of(agreement).keys if agreement.version else None
    return _client(agreement.organisation_id, agreement.partner_node, _BOUNDS, known)


def line_of(agreement_id: int) -> PartnerClient:
    """A line to the partner of an agreement, by its row."""
    return line_to(Agreement.objects.get(pk=agreement_id))


def fetch_card(organisation_id: int, node: str) -> Card:
    """How the node at an address introduces itself; not believed before people compare the fingerprint of its key.

    Args:
        organisation_id: who asks.
        node: address without scheme, such as `node.bazaar.example`.

    Raises:
        PartnerProblem; Refused, what came is no card; ValueError, no address.
    """
    with _client(organisation_id, node, _BOUNDS_OF_CARDS, None) as line:
        return read_card(line.get("/card").body)


def base_url(node: str) -> str:
    """Where a node's exchange begins; http only for a loopback address of a demo."""
    scheme = "http" if settings.COUNTERMARK_LOOPBACK_PARTNERS and _is_loopback(node) else "https"
    return f"{scheme}://{node}{EXCHANGE_PATH}"


def _client(organisation_id: int, node: str, bounds: Bounds, known: Container[str] | None) -> PartnerClient:
    party = identity_of(organisation_id).party
    signer = signer_of(organisation_id, Purpose.HTTP, known)
    return PartnerClient(base_url(node), signer, party, _reach(), now, bounds=bounds, tls=trusted_at(node))


def trusted_at(node: str) -> ssl.SSLContext | None:
    """What vouches for a partner's node: its own authority where one is set, and then no other; None for the usual."""
    file = settings.COUNTERMARK_PARTNER_AUTHORITIES.get(node)
    return None if file is None else ssl.create_default_context(cafile=file)


def _reach() -> Reach:
    return Reach(
        allow_loopback_http=settings.COUNTERMARK_LOOPBACK_PARTNERS, networks=settings.COUNTERMARK_PARTNER_NETWORKS
    )


def _is_loopback(node: str) -> bool:
    host = node.rpartition(":")[0] or node
    return host in {"127.0.0.1", "localhost", "[::1]"}
