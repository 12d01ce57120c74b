"""A signed PDF is, byte for byte, what one key signed; whatever else lies in it is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from countermark.proof.keys import PrivateKey
from countermark.proof.pades.certificates import SignerNames, self_signed
from countermark.proof.pades.checking import check_pdf
from countermark.proof.pades.signing import sign_pdf
from countermark.proof.refusals import Refused
from countermark.proof.tests.authority import Authority
from countermark.proof.timestamps import read_authorities

KEY = PrivateKey.generate()
NAMES = SignerNames("Maison Aurelle", datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("pdf") / "plain.pdf"
    document = PdfDocument.new()
    document.new_page(200, 200).close()
    document.save(path)
    document.close()
    return path.read_bytes()


@pytest.fixture(scope="module")
def signed(plain: bytes, authority: Authority) -> bytes:
    return sign_pdf(plain, KEY, NAMES, authority.stamp)


def test_key_name_and_time_are_read_from_a_signed_pdf(signed: bytes, plain: bytes, authority: Authority) -> None:
    seal = check_pdf(signed, [read_authorities(authority.pem)])
    assert (seal.key, seal.organisation, seal.authority) == (KEY.public, "Maison Aurelle", "Stamps of the Test 1")
    assert seal.stamped is not None
    assert check_pdf(sign_pdf(plain, KEY, NAMES)).stamped is None
    assert self_signed(KEY, NAMES).dump() == self_signed(KEY, NAMES).dump()


def test_flipped_bytes_are_found_also_in_the_place_of_the_signature(signed: bytes, authority: Authority) -> None:
    believed = [read_authorities(authority.pem)]
    for place in [*range(0, len(signed), 1499), signed.index(b"/ByteRange") + 14, len(signed) - 1]:
        changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        with pytest.raises(Refused):
            check_pdf(changed, believed)


def test_what_is_added_signed_twice_or_not_signed_is_refused(signed: bytes, plain: bytes, authority: Authority) -> None:
    believed = [read_authorities(authority.pem)]
    for pdf, code in (
        (signed + b"\n%more", "wrong-pdf-signature"),
        (plain, "not-a-signed-pdf"),
        (b"no PDF", "not-a-signed-pdf"),
        (b"", "not-a-signed-pdf"),
    ):
        with pytest.raises(Refused) as refused:
            check_pdf(pdf, believed)
        assert refused.value.code == code


def test_a_timestamp_of_an_unknown_authority_is_refused(signed: bytes, tmp_path: Path) -> None:
    other = read_authorities(Authority.made(tmp_path / "other").pem)
    with pytest.raises(Refused) as refused:
        check_pdf(signed, [other])
    assert refused.value.code == "untrusted-timestamp"


def test_an_authority_that_stamps_something_else_makes_no_signature(plain: bytes) -> None:
    with pytest.raises(Refused):
        sign_pdf(plain, KEY, NAMES, lambda _request: bytes.fromhex("30053003020102"))
