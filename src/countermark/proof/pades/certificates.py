"""A certificate for a key that has none: signed by the key itself, believed because an agreement names the key."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, keys, x509

from countermark.proof.keys import PublicKey, Signer

_SERIAL_BYTES = 16
_LONGEST_NAME = 64  # RFC 5280, ub-common-name


@dataclass(frozen=True, slots=True)
class SignerNames:
    """Who signs: the organisation, and from when to when its key is good."""

    organisation: str
    valid_from: datetime
    valid_until: datetime


def self_signed(signer: Signer, names: SignerNames) -> x509.Certificate:
    """An X.509 certificate that a key issues to itself; the same key and names always give the same bytes.

    Args:
        signer: of a key for evidence.
        names: what it says.
    """
    mechanism = algos.SignedDigestAlgorithm({"algorithm": "ed25519"})
    name = x509.Name.build({"common_name": names.organisation[:_LONGEST_NAME]})
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": int.from_bytes(hashlib.sha256(signer.public.raw).digest()[:_SERIAL_BYTES], "big") | 1,
            "signature": mechanism,
            "issuer": name,
            "validity": {"not_before": _time(names.valid_from), "not_after": _time(names.valid_until)},
            "subject": name,
            "subject_public_key_info": _key_info(signer.public),
            "extensions": [
                {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": False}},
                {"extn_id": "key_usage", "critical": True, "extn_value": {"digital_signature", "non_repudiation"}},
                {
                    "extn_id": "key_identifier",
                    "critical": False,
                    "extn_value": hashlib.sha256(signer.public.raw).digest()[:20],
                },
            ],
        }
    )
    whole = {
        "tbs_certificate": body,
        "signature_algorithm": mechanism,
        "signature_value": signer.sign(body.dump()),
    }
    return x509.Certificate(whole)


def key_in(certificate: x509.Certificate) -> PublicKey:
    """The Ed25519 key that a certificate is for.

    Raises:
        Refused: weak-key.
        ValueError: it is for a key of another kind.
    """
    if certificate.public_key.algorithm != "ed25519":
        raise ValueError("not an Ed25519 key")
    return PublicKey(bytes(certificate.public_key["public_key"]))


def _key_info(public: PublicKey) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo({"algorithm": {"algorithm": "ed25519"}, "public_key": public.raw})


def _time(moment: datetime) -> x509.Time:
    kind = "utc_time" if moment.year < 2050 else "general_time"
    return x509.Time({kind: moment.replace(microsecond=0)})
