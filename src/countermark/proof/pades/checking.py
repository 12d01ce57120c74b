"""Whether the signature of a PDF holds: over all of its bytes, by which key, stamped by whom; without a network."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import parser
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from countermark.proof.keys import PublicKey
from countermark.proof.pades.certificates import key_in
from countermark.proof.refusals import Refused

MOST_BYTES = 64 * 1024 * 1024
# It writes each refusal with a traceback; what does not hold is said by our own report.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class PdfSeal:
    """What the signature of a PDF says.

    Attributes:
        key: that signed; believed when an agreement names it, or when its id is known from elsewhere.
        organisation: name on the certificate, which the key issued to itself.
        stamped: by when the signature existed, UTC; None without a timestamp.
        authority: name on the certificate that stamped, empty without one.
    """

    key: PublicKey
    organisation: str
    stamped: datetime | None
    authority: str


def check_pdf(pdf: bytes, authorities: Sequence[Sequence[x509.Certificate]] = ()) -> PdfSeal:
    """Make sure that a PDF is, byte for byte, what one key signed.

    Args:
        pdf: whole file.
        authorities: certificates of timestamp authorities that are believed, each from `read_authorities`.

    Raises:
        Refused: not-a-signed-pdf, wrong-pdf-signature, untrusted-timestamp, too-large, weak-key.
    """
    if len(pdf) > MOST_BYTES:
        raise Refused("too-large", "The PDF is larger than any exhibit.")
    signature = _only_signature(pdf)
    _check_spelling(pdf, signature)
    status = _status(signature, authorities)
    if not status.intact or not status.valid:
        raise Refused("wrong-pdf-signature", "The bytes are not those that were signed.")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise Refused("wrong-pdf-signature", "Something was added to it after it was signed.")
    stamp: TimestampSignatureStatus | None = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid and stamp.trusted):
        raise Refused("untrusted-timestamp", "It is the one over the signature of the PDF.")
    return PdfSeal(
        key=_key(signature.signer_cert),
        organisation=_name(signature.signer_cert),
        stamped=stamp.timestamp if stamp else None,
        authority=_name(stamp.signing_cert) if stamp else "",
    )


def _only_signature(pdf: bytes) -> EmbeddedPdfSignature:
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        certificates = [one.signer_cert and len(one.signed_data["certificates"]) for one in found]
    except Exception as error:
        # A parser of a stranger's file: its errors have no ancestor of their own.
        raise Refused("not-a-signed-pdf", "It cannot be read.") from error
    if certificates != [1]:
        raise Refused("not-a-signed-pdf", "An exhibit has one signature with one certificate.")
    only: EmbeddedPdfSignature = found[0]
    return only


def _check_spelling(pdf: bytes, signature: EmbeddedPdfSignature) -> None:
    """The place of the signature is the one part that it does not cover: it must hold nothing else, in one spelling."""
    begin, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    place = pdf[begin:end]
    try:
        filled = bytes.fromhex(place[1:-1].decode("ascii"))
        length = parser.peek(filled)
    except ValueError as error:
        raise Refused("not-a-signed-pdf", "Its signature cannot be read.") from error
    if place != b"<" + filled[:length].hex().upper().encode().ljust(end - begin - 2, b"0") + b">":
        raise Refused("wrong-pdf-signature", "Something else lies in the place of its signature.")
    certificate = signature.signer_cert
    key = _key(certificate)
    try:
        key.verify(certificate["signature_value"].native, certificate["tbs_certificate"].dump())
    except Refused as refused:
        raise Refused("wrong-pdf-signature", "Its certificate is not signed by its own key.") from refused


def _status(signature: EmbeddedPdfSignature, authorities: Sequence[Sequence[x509.Certificate]]) -> PdfSignatureStatus:
    believed = [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for many in authorities for one in many]
    try:
        return validate_pdf_signature(
            signature,
            signer_validation_context=_offline([signature.signer_cert]),
            ts_validation_context=_offline(believed),
            skip_diff=True,
        )
    except Exception as error:
        raise Refused("wrong-pdf-signature", "It cannot be checked.") from error


def _offline(roots: list[asn1.Certificate]) -> ValidationContext:
    return ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")


def _key(certificate: asn1.Certificate) -> PublicKey:
    try:
        return key_in(certificate)
    except ValueError as error:
        raise Refused("wrong-pdf-signature", "Its key is no Ed25519 key.") from error


def _name(certificate: asn1.Certificate) -> str:
    return str(certificate.subject.native.get("common_name", ""))[:200]
