"""Sign a PDF once, as a whole, and have the signature stamped by a timestamp authority (PAdES B-T; B-B without one)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from asn1crypto import algos, tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.attributes import TSTProvider, UnsignedAttributeProviderSpec
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from countermark.proof.keys import Signer
from countermark.proof.pades.certificates import SignerNames, self_signed
from countermark.proof.refusals import Refused

FIELD = "Seal"
#: Bytes kept free for signature, certificate and timestamp; an authority's chain may be long.
_RESERVED = 48 * 1024
#: Hash of what is stamped; the signature itself hashes with SHA-512, as RFC 8419 asks of Ed25519.
_STAMPED_WITH = "sha256"

#: Sends a request (DER) to an authority and gives its answer (DER); raises OSError.
Ask = Callable[[bytes], bytes]


def sign_pdf(pdf: bytes, signer: Signer, names: SignerNames, ask: Ask | None = None) -> bytes:
    """Sign a PDF that has no signature yet.

    Args:
        pdf: as it was made.
        signer: of a key for evidence.
        names: for the certificate.
        ask: of a timestamp authority; None signs without.

    Raises:
        Refused: not-a-timestamp, and whatever `ask` raises.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha512",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=names.organisation,
    )
    hand = signers.PdfSigner(about, _Hand(signer, names, ask))
    try:
        signed: BytesIO = hand.sign_pdf(writer, bytes_reserved=_RESERVED)
    except (TimestampRequestError, ValueError) as error:
        raise Refused("not-a-timestamp", "The authority gave none for the signature of the PDF.") from error
    return signed.getvalue()


class _Hand(signers.Signer):
    """Our signer as pyHanko knows signers."""

    def __init__(self, signer: Signer, names: SignerNames, ask: Ask | None) -> None:
        certificate = self_signed(signer, names)
        super().__init__(
            signing_cert=certificate,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "ed25519"}),
        )
        self.unsigned_attr_prov_spec = _Stamps(ask)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002
        """The signature, or as many zeros."""
        return bytes(64) if dry_run else self._signer.sign(data)


class _Stamps(UnsignedAttributeProviderSpec):
    """What stands beside the signature: a timestamp over it, when there is somebody to ask."""

    def __init__(self, ask: Ask | None) -> None:
        self._ask = ask

    def unsigned_attr_providers(self, signature: bytes, signed_attrs: Any, digest_algorithm: str) -> list[TSTProvider]:
        """One provider, or none."""
        return [TSTProvider(_STAMPED_WITH, signature, _Authority(self._ask))] if self._ask else []


class _Authority(TimeStamper):
    """Asks by our own guarded way out; pyHanko opens no connection."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to one request."""
        return tsp.TimeStampResp.load(self._ask(req.dump()), strict=True)
