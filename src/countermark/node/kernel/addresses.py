"""Which network addresses a node may speak to: a table of our own.

Python's `ipaddress.is_global` (3.11) calls several addresses public that lead elsewhere: those that carry an IPv4
address inside (NAT64, 6to4, `::a.b.c.d`), 192.0.0.8, multicast. The table follows the IANA registries of
special-purpose addresses for IPv4 and IPv6 (RFC 6890); of IPv6 only 2000::/3 is given out at all, the rest is refused.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

#: Why an address is refused, by code.
REASONS = {
    "not-an-address": "It is no address.",
    "unspecified": "It stands for no machine, or for this one.",
    "loopback": "It is this machine itself.",
    "private": "It lies in a private network.",
    "link-local": "It lies on the own wire only.",
    "metadata": "There a cloud gives secrets to its machines.",
    "multicast": "It stands for many machines.",
    "reserved": "It is kept for protocols, examples or later use.",
    "nat64": "It carries an IPv4 address inside (NAT64).",
    "6to4": "It carries an IPv4 address inside (6to4).",
    "teredo": "It carries an IPv4 address inside (Teredo).",
    "ipv4-inside": "It is an IPv4 address in the dress of IPv6.",
    "mixed-answers": "The name leads to public addresses and to others at once.",
    "rebinding": "The connection led to another address than the one that was checked.",
    "scheme": "Only HTTPS is spoken with it.",
    "port": "This port is not asked.",
}

#: First match decides, so a special case stands before the network around it.
_TABLE: tuple[tuple[str, str], ...] = (
    ("169.254.169.254/32", "metadata"),
    ("169.254.170.0/24", "metadata"),
    ("100.100.100.200/32", "metadata"),
    ("168.63.129.16/32", "metadata"),
    ("192.0.0.192/32", "metadata"),
    ("fd00:ec2::/32", "metadata"),
    ("fd20:ce::254/128", "metadata"),
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "private"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "reserved"),
    ("192.88.99.0/24", "6to4"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "reserved"),
    ("198.51.100.0/24", "reserved"),
    ("203.0.113.0/24", "reserved"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "ipv4-inside"),
    ("::ffff:0:0:0/96", "ipv4-inside"),
    ("::/96", "ipv4-inside"),
    ("64:ff9b::/96", "nat64"),
    ("64:ff9b:1::/48", "nat64"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
    ("2001::/32", "teredo"),
    ("2001::/23", "reserved"),
    ("2001:db8::/32", "reserved"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "reserved"),
)
_REFUSED: tuple[tuple[Network, str], ...] = tuple((ip_network(network), code) for network, code in _TABLE)
_GIVEN_OUT = ip_network("2000::/3")


class AddressRefused(Exception):
    """An address that a node does not speak to.

    Attributes:
        code: a key of `REASONS`.
        host: the name that led there.
    """

    def __init__(self, code: str, host: str) -> None:
        super().__init__(f"{host} is not asked: {REASONS[code]}")
        self.code = code
        self.host = host


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a node may reach. Without arguments: HTTPS, any port, public addresses.

    Attributes:
        allow_loopback_http: HTTP, and HTTPS, to this machine itself (demo, tests).
        allow_public_http: HTTP to public addresses too (pages that are captured, never partners).
        networks: private networks that the operator opens on purpose, because a partner stands there. They open
            what `REASONS` calls private, never loopback, link-local or where a cloud keeps its secrets.
        ports: those that may be asked; None for any.
    """

    allow_loopback_http: bool = False
    allow_public_http: bool = False
    networks: tuple[Network, ...] = ()
    ports: frozenset[int] | None = None

    def refusal(self, written: str, *, secure: bool = True) -> str:
        """Code of `REASONS` for one address, empty when it may be spoken to.

        Args:
            written: an address in numbers, as a resolver gives it.
            secure: whether TLS is spoken there.
        """
        try:
            address = ip_address(written)
        except ValueError:
            return "not-an-address"
        code = _code(address)
        if code == "loopback" and self.allow_loopback_http:
            return ""
        if code == "private" and any(address in network for network in self.networks):
            code = ""
        return code or ("" if secure or self.allow_public_http else "scheme")

    def check(self, host: str, port: int, addresses: list[str], *, secure: bool = True) -> None:
        """Make sure that a name leads nowhere but to where a node may speak; every address counts.

        Raises:
            AddressRefused: with a key of `REASONS`.
        """
        if self.ports is not None and port not in self.ports:
            raise AddressRefused("port", host)
        codes = [self.refusal(address, secure=secure) for address in addresses]
        refused = [code for code in codes if code]
        if refused:
            # Whoever answers with both hopes that another address is taken than the one that was looked at.
            raise AddressRefused(refused[0] if len(refused) == len(codes) else "mixed-answers", host)


def _code(address: Address) -> str:
    for network, code in _REFUSED:
        if address.version == network.version and address in network:
            return code
    return "reserved" if address.version == 6 and address not in _GIVEN_OUT else ""
