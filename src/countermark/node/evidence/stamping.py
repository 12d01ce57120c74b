"""Ask the timestamp authorities that the node is set to believe."""

from dataclasses import dataclass

import httpx
from django.conf import settings

from countermark.node.kernel.addresses import AddressRefused, Reach
from countermark.node.kernel.answers import AnswerTooLong, read_unpacked
from countermark.node.kernel.deadlines import TooSlow, deadline
from countermark.node.kernel.reaching import open_client
from countermark.proof.refusals import Refused
from countermark.proof.timestamps import (
    ANSWER_TYPE,
    MOST_BYTES,
    REQUEST_TYPE,
    Stamp,
    check_stamp,
    read_authorities,
    request_stamp,
)

#: Seconds that one authority has.
PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Stamped:
    """An answer that holds: where it was asked for, the DER bytes, the PEM by which it is believed, what it says."""

    url: str
    token: bytes
    certificates: bytes
    said: Stamp


@dataclass(frozen=True, slots=True)
class NotStamped:
    """An authority that gave no answer that holds, and why."""

    url: str
    problem: str


def authorities() -> tuple[tuple[str, bytes], ...]:
    """Address and certificates of each authority that is asked."""
    found: tuple[tuple[str, bytes], ...] = settings.TIMESTAMP_AUTHORITIES
    return found


def stamp(data: bytes, url: str, certificates: bytes) -> Stamped | NotStamped:
    """Ask one authority for a timestamp over `data`, and believe it only when it holds."""
    request = request_stamp(data)
    try:
        with deadline(PATIENCE):
            token = _ask(url, request.data)
        return Stamped(
            url, token, certificates, check_stamp(token, data, read_authorities(certificates), request.nonce)
        )
    except (Refused, AddressRefused, AnswerTooLong, TooSlow, httpx.HTTPError, OSError) as error:
        return NotStamped(url, (str(error) or type(error).__name__)[:300])


def ask_authority(url: str, request: bytes) -> bytes:
    """The answer of an authority to a request that others have made and will check.

    Raises:
        Refused: not-a-timestamp, whatever came between.
    """
    try:
        with deadline(PATIENCE):
            return _ask(url, request)
    except (AddressRefused, AnswerTooLong, TooSlow, httpx.HTTPError, OSError) as error:
        raise Refused("not-a-timestamp", (str(error) or type(error).__name__)[:300]) from error


def _ask(url: str, request: bytes) -> bytes:
    reach = Reach(allow_public_http=True, allow_loopback_http=settings.COUNTERMARK_CAPTURE_LOOPBACK)
    headers = {"Content-Type": REQUEST_TYPE}
    with open_client(reach) as client, client.stream("POST", url, content=request, headers=headers) as response:
        if response.status_code != 200:
            raise Refused("not-a-timestamp", f"The authority answered {response.status_code}.")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != ANSWER_TYPE:
            raise Refused("not-a-timestamp", "The authority answered with something else.")
        return read_unpacked(response, MOST_BYTES)
