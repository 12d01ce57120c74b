"""When something was there: timestamps of outside authorities (RFC 3161), asked for and checked without a network.

A timestamp says that bytes with this hash existed at that time, by the word of whoever holds the authority's key. Two
unrelated authorities say it better than one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import Accuracy

from countermark.proof.refusals import Refused

REQUEST_TYPE, ANSWER_TYPE = "application/timestamp-query", "application/timestamp-reply"
MOST_BYTES = 64 * 1024
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


@dataclass(frozen=True, slots=True)
class StampRequest:
    """What is sent to an authority: DER bytes, and the number that its answer must repeat."""

    data: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority said.

    Attributes:
        time: by when the bytes existed, UTC.
        within: how far the authority says that its clock may be off; None when it does not say.
        serial: its number for this timestamp.
        authority: name on the certificate at the top of its chain.
    """

    time: datetime
    within: timedelta | None
    serial: int
    authority: str


def request_stamp(data: bytes) -> StampRequest:
    """A request for a timestamp over SHA-256 of `data`, with a fresh nonce, asking for the authority's certificates."""
    request = TimestampRequestBuilder(data).hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=True).build()
    if request.nonce is None:
        raise ValueError("the request has no nonce")
    return StampRequest(request.as_bytes(), request.nonce)


def read_authorities(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Certificates of an authority from a PEM file: its root, and those between.

    Raises:
        Refused: untrusted-timestamp, when there is no certificate or no root among them.
    """
    if len(pem) > MOST_BYTES:
        raise Refused("untrusted-timestamp", "The file of certificates is larger than any honest one.")
    try:
        found = tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise Refused("untrusted-timestamp", "The file holds no certificates in PEM.") from error
    if not _roots(found):
        raise Refused("untrusted-timestamp", "The file holds no root certificate (one that names itself as issuer).")
    return found


def spoken_fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate as OpenSSL prints it, to compare with what the authority publishes."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def check_stamp(token: bytes, data: bytes, authority: Sequence[x509.Certificate], nonce: int | None = None) -> Stamp:
    """Make sure that an authority stamped these bytes; the certificates must have been valid at the stamped time.

    Args:
        token: the whole answer (TimeStampResp, DER).
        data: what was stamped.
        authority: from `read_authorities`.
        nonce: of the request, when it is known.

    Raises:
        Refused: not-a-timestamp, wrong-timestamp, untrusted-timestamp.
    """
    answer = _answer(token)
    imprint = answer.tst_info.message_imprint
    if imprint.hash_algorithm != _SHA256 or imprint.message != hashlib.sha256(data).digest():
        raise Refused("wrong-timestamp", "Its hash is not that of the bytes.")
    if nonce is not None and answer.tst_info.nonce != nonce:
        raise Refused("wrong-timestamp", "It does not repeat the number of the request.")
    roots = _roots(authority)
    between = [one for one in authority if one not in roots]
    verifier = VerifierBuilder(roots=list(roots), intermediates=between)
    try:
        verifier.build().verify(answer, imprint.message)
    except (VerificationError, ValueError) as error:
        raise Refused("untrusted-timestamp", f"{error}".rstrip(".") + ".") from error
    return _stamp(answer, roots)


def serial_of(token: bytes) -> int:
    """The authority's number for a timestamp.

    Raises:
        Refused: not-a-timestamp.
    """
    return _answer(token).tst_info.serial_number


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a timestamp says, to be written down; nothing of it is checked here.

    Attributes:
        time, within: its time and accuracy; None when it names no accuracy.
        serial, policy, imprint: its number, the id of its policy, its hash in hexadecimal.
        signer, issuer, valid, certificate: of the certificate that stamps, empty when none lies in the token.
        claims_qualified: that certificate says that it is qualified (ETSI EN 319 412-5, QcCompliance).
    """

    time: str
    within: timedelta | None
    serial: int
    policy: str
    imprint: str
    signer: str
    issuer: str
    valid: str
    certificate: str
    claims_qualified: bool


def token_facts(token: bytes) -> TokenFacts:
    """What a timestamp says.

    Raises:
        Refused: not-a-timestamp.
    """
    answer = _answer(token)
    info, said = answer.tst_info, _stamp(answer, ())
    one = next((one for one in _inside(answer) if _stamps(one)), None)
    return TokenFacts(
        time=f"{said.time:%Y-%m-%d %H:%M:%S}",
        within=said.within,
        serial=said.serial,
        policy=info.policy.dotted_string,
        imprint=info.message_imprint.message.hex(),
        signer=one.subject.rfc4514_string() if one else "",
        issuer=one.issuer.rfc4514_string() if one else "",
        valid=f"{one.not_valid_before_utc:%Y-%m-%d} – {one.not_valid_after_utc:%Y-%m-%d}" if one else "",
        certificate=spoken_fingerprint(one) if one else "",
        claims_qualified=bool(one and _claims_qualified(one)),
    )


def _inside(answer: TimeStampResponse) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(bytes(one)) for one in answer.signed_data.certificates]


def _stamps(one: x509.Certificate) -> bool:
    try:
        usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in usage


def _claims_qualified(one: x509.Certificate) -> bool:
    """Whether its qcStatements (RFC 3739) hold QcCompliance, 0.4.0.1862.1.1."""
    try:
        found = one.extensions.get_extension_for_oid(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return isinstance(found, x509.UnrecognizedExtension) and bytes.fromhex("060604008e460101") in found.value


def _answer(token: bytes) -> TimeStampResponse:
    if len(token) > MOST_BYTES:
        raise Refused("not-a-timestamp", "It is larger than any honest one.")
    try:
        answer = decode_timestamp_response(token)
        # A refusal carries no token. Written again, an answer must be the same bytes.
        granted, whole = answer.status == 0 and answer.tst_info.version == 1, answer.as_bytes() == token
    except Exception as error:
        # The parser's errors have no ancestor of their own.
        raise Refused("not-a-timestamp", "It cannot be read.") from error
    if not granted:
        raise Refused("not-a-timestamp", f"The authority answered with status {answer.status}.")
    if not whole:
        raise Refused("not-a-timestamp", "Something follows its end.")
    return answer


def _stamp(answer: TimeStampResponse, roots: Sequence[x509.Certificate]) -> Stamp:
    info = answer.tst_info
    accuracy: Accuracy | None = info.accuracy  # the library's types forget that it is optional
    within = None
    if accuracy is not None and (accuracy.seconds or accuracy.millis or accuracy.micros):
        within = timedelta(
            seconds=accuracy.seconds or 0, milliseconds=accuracy.millis or 0, microseconds=accuracy.micros or 0
        )
    time = info.gen_time if info.gen_time.tzinfo else info.gen_time.replace(tzinfo=UTC)
    name = roots[0].subject.rfc4514_string() if len(roots) == 1 else "one of several authorities"
    return Stamp(time, within, info.serial_number, name)


def _roots(certificates: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    return tuple(one for one in certificates if one.subject == one.issuer)
