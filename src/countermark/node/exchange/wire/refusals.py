"""Why a request is not accepted: one code for each reason, the same on both sides of the wire."""

from http import HTTPStatus
from typing import NamedTuple


class Reason(NamedTuple):
    """One way in which a request fails.

    Attributes:
        status: HTTP status of the answer.
        sentence: what it means, for the person who runs the other node.
    """

    status: HTTPStatus
    sentence: str


#: By code. Published in docs/reference/exchange.md.
REASONS = {
    "unsigned": Reason(HTTPStatus.UNAUTHORIZED, "The request carries no signature."),
    "several-signatures": Reason(HTTPStatus.BAD_REQUEST, "The request carries more than one signature."),
    "malformed": Reason(HTTPStatus.BAD_REQUEST, "A header that the signature needs is not written as it should be."),
    "repeated-header": Reason(
        HTTPStatus.BAD_REQUEST, "A header stands in the request twice: two readers could take two values."
    ),
    "too-large": Reason(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are larger than any honest ones."),
    "missing-component": Reason(
        HTTPStatus.BAD_REQUEST, "The signature leaves out a part of the request that it must cover."
    ),
    "wrong-tag": Reason(HTTPStatus.BAD_REQUEST, "The signature was made for something else than this exchange."),
    "wrong-alg": Reason(HTTPStatus.BAD_REQUEST, "The signature does not name ed25519 as its algorithm."),
    "too-old": Reason(HTTPStatus.UNAUTHORIZED, "The request was signed too long ago, or a clock is wrong."),
    "from-the-future": Reason(
        HTTPStatus.UNAUTHORIZED, "The request was signed at a time that has not come: a clock is wrong."
    ),
    "wrong-host": Reason(HTTPStatus.BAD_REQUEST, "The request names a host that this node is not."),
    "unknown-key": Reason(HTTPStatus.UNAUTHORIZED, "No agreement names the key that signed."),
    "wrong-purpose": Reason(HTTPStatus.FORBIDDEN, "The key is known, but not for signing requests."),
    "wrong-signer": Reason(
        HTTPStatus.FORBIDDEN, "The key is known, but belongs to another party than the one that is said to speak."
    ),
    "key-not-valid": Reason(HTTPStatus.FORBIDDEN, "The key is known, but not valid at this time."),
    "key-revoked": Reason(HTTPStatus.FORBIDDEN, "The key was revoked."),
    "bad-signature": Reason(HTTPStatus.UNAUTHORIZED, "The signature does not fit the request and the key."),
    "digest-mismatch": Reason(HTTPStatus.UNAUTHORIZED, "The body is not the one that was signed."),
    "replayed": Reason(HTTPStatus.UNAUTHORIZED, "The same signed request was here before."),
    "too-many": Reason(
        HTTPStatus.TOO_MANY_REQUESTS, "More requests with one key within ten minutes than this node remembers."
    ),
}


class RequestRefused(Exception):
    """A request that is not accepted.

    Attributes:
        code: a key of `REASONS`.
        detail: what was seen, in words; holds nothing of the body and no signature.
        status: HTTP status of the answer.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        reason = REASONS[code]
        super().__init__(f"{reason.sentence} {detail}".strip())
        self.code = code
        self.detail = detail
        self.status = reason.status
