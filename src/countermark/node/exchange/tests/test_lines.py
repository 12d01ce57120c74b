"""A partner may have certificates of its own house: they are trusted at its node, and nowhere else."""

from pathlib import Path

import httpx
import pytest

from countermark.node.exchange.lines import trusted_at
from countermark.node.kernel.addresses import Reach
from countermark.node.kernel.reaching import open_client
from countermark.node.kernel.tests.loopback import answer, saying, serving
from countermark.node.kernel.tests.test_reaching import certified

__all__ = ["certified"]


@pytest.fixture
def file(certified, tmp_path: Path) -> Path:
    """The certificate of bazaar.example."""
    found = tmp_path / "bazaar-ca.pem"
    found.write_text(certified[2])
    return found


def test_a_partners_own_authority_vouches_for_it_and_for_nobody_else(certified, file, settings):
    settings.COUNTERMARK_PARTNER_AUTHORITIES = {"node.bazaar.example": file}
    assert trusted_at("node.alto-pay.example") is None

    def ask(node: str) -> int:
        with (
            serving(saying(answer(headers="Connection: close")), tls=certified[0]) as port,
            open_client(
                Reach(allow_loopback_http=True), tls=trusted_at(node), resolver=lambda _host, _port: ["127.0.0.1"]
            ) as client,
        ):
            return client.get(f"https://bazaar.example:{port}/").status_code

    assert ask("node.bazaar.example") == 200
    with pytest.raises(httpx.ConnectError, match="certificate"):
        ask("node.alto-pay.example")
