"""Timestamps hold for their bytes and their authority, and for nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from countermark.proof.refusals import Refused
from countermark.proof.tests.authority import Authority
from countermark.proof.timestamps import check_stamp, read_authorities, request_stamp

SAID = b'{"what":"was there"}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def token(authority: Authority) -> bytes:
    return authority.stamp(request_stamp(SAID).data)


def _code(token: bytes, data: bytes, pem: bytes, nonce: int | None = None) -> str:
    with pytest.raises(Refused) as refused:
        check_stamp(token, data, read_authorities(pem), nonce)
    return refused.value.code


def test_a_stamp_says_when_and_by_whom(authority: Authority) -> None:
    request = request_stamp(SAID)
    stamp = check_stamp(authority.stamp(request.data), SAID, read_authorities(authority.pem), request.nonce)
    assert abs(stamp.time - datetime.now(UTC)) < timedelta(minutes=2)
    assert (stamp.within, stamp.authority) == (timedelta(seconds=1), "CN=Stamps of the Test")


def test_other_bytes_are_not_stamped(authority: Authority, token: bytes) -> None:
    assert _code(token, SAID + b" ", authority.pem) == "wrong-timestamp"


def test_an_old_answer_does_not_do_for_a_new_request(authority: Authority, token: bytes) -> None:
    assert _code(token, SAID, authority.pem, request_stamp(SAID).nonce) == "wrong-timestamp"


def test_another_authority_of_the_same_name_is_not_believed(token: bytes, tmp_path: Path) -> None:
    assert _code(token, SAID, Authority.made(tmp_path / "other").pem) == "untrusted-timestamp"


def test_a_certificate_for_something_else_does_not_stamp(tmp_path: Path) -> None:
    # OpenSSL itself refuses to stamp without the usage, so the key of a plain certificate is put in its place.
    good, plain = Authority.made(tmp_path / "good"), Authority.made(tmp_path / "plain", usage="")
    token = good.stamp(request_stamp(SAID).data)
    assert _code(token, SAID, plain.pem) == "untrusted-timestamp"


def test_no_flipped_byte_changes_what_is_said(authority: Authority, token: bytes) -> None:
    # Some bytes of a CMS message are signed by nobody, such as the version of the set; no statement hangs on them.
    roots = read_authorities(authority.pem)
    said = check_stamp(token, SAID, roots)
    refused = 0
    for place in range(0, len(token), 7):
        broken = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        try:
            assert check_stamp(broken, SAID, roots) == said
        except Refused:
            refused += 1
    assert refused > len(token) / 7 * 0.9


@pytest.mark.parametrize("token", [b"", b"\x30\x03\x02\x01\x02", b"\x00" * 100, b"x" * 70_000])
def test_what_is_no_answer_is_named(authority: Authority, token: bytes) -> None:
    assert _code(token, SAID, authority.pem) == "not-a-timestamp"


def test_bytes_after_the_answer_are_refused(authority: Authority, token: bytes) -> None:
    assert _code(token + b"\0", SAID, authority.pem) == "not-a-timestamp"


@pytest.mark.parametrize(
    "pem", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"]
)
def test_without_a_root_nothing_is_believed(pem: bytes) -> None:
    with pytest.raises(Refused, match="certificate"):
        read_authorities(pem)
