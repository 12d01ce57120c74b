"""Which addresses a node speaks to."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.node.kernel.addresses import REASONS, AddressRefused, Reach

PUBLIC = ["93.184.215.14", "1.1.1.1", "8.8.8.8", "192.31.196.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00::1"]
REFUSED = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "::1": "loopback",
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "::": "unspecified",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "100.64.0.1": "private",
    "fd12:3456::1": "private",
    "fec0::1": "private",
    "169.254.1.1": "link-local",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "169.254.169.254": "metadata",
    "169.254.170.2": "metadata",
    "100.100.100.200": "metadata",
    "168.63.129.16": "metadata",
    "192.0.0.192": "metadata",
    "fd00:ec2::254": "metadata",
    "fd20:ce::254": "metadata",
    "192.0.0.8": "reserved",
    "192.0.0.10": "reserved",
    "192.0.2.1": "reserved",
    "198.18.0.1": "reserved",
    "198.51.100.1": "reserved",
    "203.0.113.1": "reserved",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "100::1": "reserved",
    "2001:db8::1": "reserved",
    "2001:2::1": "reserved",
    "2001:20::1": "reserved",
    "3fff::1": "reserved",
    "4000::1": "reserved",
    "5f00::1": "reserved",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "ff02::1": "multicast",
    "ff0e::1": "multicast",
    "64:ff9b::7f00:1": "nat64",
    "64:ff9b:1::1": "nat64",
    "2002:7f00:1::": "6to4",
    "192.88.99.1": "6to4",
    "2001::1": "teredo",
    "::7f00:1": "ipv4-inside",
    "::8.8.8.8": "ipv4-inside",
    "::ffff:127.0.0.1": "ipv4-inside",
    "::ffff:8.8.8.8": "ipv4-inside",
    "::ffff:0:127.0.0.1": "ipv4-inside",
    "localhost": "not-an-address",
    "2130706433": "not-an-address",
    "": "not-an-address",
}
INSIDE = Reach(networks=(ip_network("10.20.0.0/16"), ip_network("fd12::/16"), ip_network("0.0.0.0/0")))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_spoken_to(address):
    assert Reach().refusal(address) == ""


@pytest.mark.parametrize(("address", "code"), REFUSED.items())
def test_every_other_address_is_refused_by_its_name(address, code):
    assert Reach().refusal(address) == code


@settings(deadline=None)
@given(address=st.one_of(st.ip_addresses(), st.sampled_from([IPv4Address("192.0.0.9"), IPv6Address("2001:20::9")])))
def test_what_python_calls_not_public_is_never_spoken_to(address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert Reach().refusal(str(address)) in REASONS


@settings(deadline=None)
@given(address=st.ip_addresses(v=4))
def test_no_dress_of_ipv6_lets_an_ipv4_address_through(address):
    dresses = [
        f"::ffff:{address}",
        f"::{address}",
        f"64:ff9b::{address}",
        IPv6Address((0x2002 << 112) | int(address) << 80),
    ]
    for dress in dresses:
        assert Reach().refusal(str(dress))


def test_an_operator_opens_a_private_network_on_purpose():
    assert INSIDE.refusal("10.20.1.1") == ""
    assert INSIDE.refusal("fd12:3456::1") == ""
    assert Reach(networks=(ip_network("10.20.0.0/16"),)).refusal("10.21.0.1") == "private"


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "100.100.100.200", "224.0.0.1", "0.0.0.0"])
def test_no_network_that_is_opened_opens_what_is_never_a_partner(address):
    assert INSIDE.refusal(address) == REFUSED[address]


def test_http_is_spoken_with_nobody_but_this_machine_and_only_when_allowed():
    assert Reach().refusal("93.184.215.14", secure=False) == "scheme"
    assert Reach(allow_public_http=True).refusal("93.184.215.14", secure=False) == ""
    assert INSIDE.refusal("10.20.1.1", secure=False) == "scheme"
    demo = Reach(allow_loopback_http=True)
    assert demo.refusal("127.0.0.1", secure=False) == demo.refusal("::1") == ""
    assert demo.refusal("93.184.215.14", secure=False) == "scheme"
    assert demo.refusal("10.0.0.1", secure=False) == "private"
    assert demo.refusal("::ffff:127.0.0.1", secure=False) == "ipv4-inside"


def _code(reach: Reach, *addresses: str, port: int = 443) -> str:
    with pytest.raises(AddressRefused) as caught:
        reach.check("bazaar.example", port, [*addresses])
    assert "bazaar.example" in str(caught.value)
    return caught.value.code


def test_every_address_of_a_name_counts():
    Reach().check("bazaar.example", 443, ["93.184.215.14", "2a00::1"])
    assert _code(Reach(), "93.184.215.14", "10.0.0.1") == "mixed-answers"
    assert _code(Reach(), "10.0.0.1", "93.184.215.14") == "mixed-answers"
    assert _code(Reach(), "10.0.0.1", "127.0.0.1") == "private"


def test_only_the_ports_that_were_named_are_asked():
    pages = Reach(ports=frozenset({80, 443}))
    pages.check("bazaar.example", 443, ["93.184.215.14"])
    assert _code(pages, "93.184.215.14", port=6379) == "port"


def test_each_refusal_has_its_sentence():
    assert set(REFUSED.values()) | {"mixed-answers", "rebinding", "scheme", "port"} == set(REASONS)
