"""What a signature says of itself (`Signature-Input`, RFC 9421, 4.1), held to our profile before a key is looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import http_sf

from countermark.node.exchange.wire.refusals import RequestRefused

#: Signed along: a signature that was made for another use of the same key does not count here.
TAG = "countermark-exchange/1"
ALGORITHM = "ed25519"
#: Which party speaks; what the key says counts, and this may not contradict it.
PARTY_HEADER = "countermark-party"
REQUIRED = ("@method", "@target-uri", "content-digest")

LONGEST_AGE = timedelta(minutes=5)
MOST_AHEAD = timedelta(seconds=60)

#: Characters of the header, parts of the request that it may name.
LONGEST, MOST_COMPONENTS = 2048, 16
_PARAMETERS = frozenset({"created", "expires", "keyid", "nonce", "alg", "tag"})
_KID = re.compile(r"[A-Za-z0-9_-]{43}")
#: 128 bits or more, in either alphabet of base64.
_NONCE = re.compile(r"[A-Za-z0-9+/_=-]{22,64}")


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """What a signature of our profile says.

    Attributes:
        covered: names of the parts of the request that it covers.
        created: Unix time, seconds; not yet checked.
        expires: Unix time, seconds; None when it does not say.
        kid: id of the key.
        nonce: 22 to 64 characters.
    """

    covered: frozenset[str]
    created: int
    expires: int | None
    kid: str
    nonce: str

    def check_time(self, now: datetime) -> None:
        """Make sure that it was made lately, by two clocks that may differ a little.

        Raises:
            RequestRefused: too-old or from-the-future; the detail names the seconds.
        """
        age = int(now.timestamp()) - self.created
        if age < -MOST_AHEAD.total_seconds():
            raise RequestRefused("from-the-future", f"The clocks differ by {-age} seconds.")
        if age > LONGEST_AGE.total_seconds():
            raise RequestRefused("too-old", f"It was signed {age} seconds ago by the clock of this node.")
        if self.expires is not None and now.timestamp() > self.expires:
            raise RequestRefused("too-old", "It says itself until when it counts.")


def read_signature_input(headers: Mapping[str, str], *, has_body: bool) -> SignatureInput:
    """Read the one signature of a request and hold it to the profile.

    Args:
        headers: values by name in small letters.
        has_body: whether the content type must be covered too.

    Raises:
        RequestRefused: unsigned, several-signatures, malformed, missing-component, wrong-tag or wrong-alg.
    """
    label, components, parameters = _only_input(headers)
    if set(_dictionary(headers, "signature")) != {label}:
        raise RequestRefused("malformed", "Signature and Signature-Input do not name the same signature.")
    if not _is_text(parameters.get("tag"), TAG):
        raise RequestRefused("wrong-tag", f"Expected tag {TAG}.")
    if not _is_text(parameters.get("alg"), ALGORITHM):
        raise RequestRefused("wrong-alg")
    covered = _covered(components)
    _check_covered(covered, headers, has_body=has_body)
    return _input(covered, parameters)


def _is_text(value: object, wanted: str) -> bool:
    # A token of RFC 9651 (no quotes) is another type, and yet equal to text for Python.
    return isinstance(value, str) and value == wanted


def _only_input(headers: Mapping[str, str]) -> tuple[str, object, dict[str, object]]:
    """Label, components and parameters of the only signature."""
    inputs = _dictionary(headers, "signature-input")
    if len(inputs) > 1 or len(_dictionary(headers, "signature")) > 1:
        raise RequestRefused("several-signatures")
    [(label, (components, parameters))] = inputs.items()
    unknown = set(parameters) - _PARAMETERS
    if unknown:
        raise RequestRefused("malformed", f"Signature-Input has a parameter too many: {min(unknown)}.")
    return label, components, parameters


def _dictionary(headers: Mapping[str, str], name: str) -> dict[str, tuple[object, dict[str, object]]]:
    """Members of a dictionary of RFC 9651: value and parameters by label; at least one."""
    written = headers.get(name, "")
    if not written:
        raise RequestRefused("unsigned")
    if len(written) > LONGEST:
        raise RequestRefused("too-large", f"{name} has more than {LONGEST} characters.")
    try:
        parsed = http_sf.parse(written.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_duplicate)
    except ValueError as error:
        raise RequestRefused("malformed", f"{name} is not a dictionary of RFC 9651.") from error
    # Every member is a pair; the parser's type also describes what it accepts for writing.
    return parsed  # type: ignore[return-value]


def _refuse_duplicate(_key: str, _context: str) -> None:
    raise RequestRefused("malformed", "A label or a parameter stands twice.")


def _covered(components: object) -> frozenset[str]:
    if not isinstance(components, list) or len(components) > MOST_COMPONENTS:
        raise RequestRefused("malformed", f"Signature-Input lists at most {MOST_COMPONENTS} parts of the request.")
    names = [name for name, parameters in components if isinstance(name, str) and not parameters]
    # Parameters such as ;key or ;bs would cover less than the whole value, or another spelling of it.
    if len(names) != len(components) or len(set(names)) != len(names):
        raise RequestRefused("malformed", "Each part of the request is named once, as text, without parameters.")
    return frozenset(names)


def _check_covered(covered: frozenset[str], headers: Mapping[str, str], *, has_body: bool) -> None:
    required = [*REQUIRED]
    if has_body:
        required.append("content-type")
    if PARTY_HEADER in headers:
        required.append(PARTY_HEADER)
    for name in required:
        if name not in covered:
            raise RequestRefused("missing-component", f"{name}.")
    for name in covered:
        if not name.startswith("@") and name not in headers:
            raise RequestRefused("missing-component", "The signature covers a header that is not there.")


def _input(covered: frozenset[str], parameters: Mapping[str, object]) -> SignatureInput:
    created, expires = parameters.get("created"), parameters.get("expires")
    kid, nonce = parameters.get("keyid"), parameters.get("nonce")
    # bool is an int in Python, and an own type in RFC 9651.
    if type(created) is not int or not (expires is None or type(expires) is int):
        raise RequestRefused("malformed", "created is a whole number of seconds, and so is expires.")
    if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
        raise RequestRefused("malformed", "nonce is 22 to 64 characters of base64.")
    if not isinstance(kid, str) or not _KID.fullmatch(kid):
        raise RequestRefused("malformed", "keyid is the 43 characters of a key's thumbprint.")
    return SignatureInput(covered, created, expires, kid, nonce)
