"""A request of Maison Aurelle to Bazaar, and a way to change it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from countermark.node.exchange.wire.nonces import NoncesInMemory
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.signed_requests import Caller, check, sign
from countermark.proof.keys import PrivateKey, PublicKey
from countermark.proof.refusals import Refused

KEY, OTHER_KEY = PrivateKey.generate(), PrivateKey.generate()
PARTY = "maison-aurelle"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "https://bazaar.example/exchange/1/feeds/agr-1:maison-aurelle/receipts?after=7"


def find_key(kid: str) -> tuple[PublicKey, str]:
    """The key of Maison Aurelle, and no other."""
    if kid != KEY.public.kid:
        raise Refused("unknown-key")
    return KEY.public, PARTY


@dataclass(frozen=True)
class Request:
    """What arrives; headers as pairs, so that one can stand twice."""

    method: str = "POST"
    url: str = URL
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b'{"seq":7}'

    def with_header(self, name: str, value: str) -> "Request":
        return replace(self.without(name), headers=(*self.without(name).headers, (name, value)))

    def without(self, name: str) -> "Request":
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def header(self, name: str) -> str:
        return dict(self.headers)[name]


def signed(method: str = "POST", url: str = URL, body: bytes = b'{"seq":7}', *, now: datetime = NOW) -> Request:
    """As our own client sends it."""
    headers = sign(method, url, body, KEY, party=PARTY, now=now)
    return Request(method, url, (("Host", "bazaar.example"), *headers.items()), body)


@dataclass
class Receiver:
    """The other node."""

    nonces: NoncesInMemory = field(default_factory=NoncesInMemory)

    def take(self, request: Request, *, now: datetime = NOW) -> Caller:
        return check(request.method, request.url, request.headers, request.body, find_key, self.nonces, now)

    def refusal(self, request: Request, *, now: datetime = NOW) -> RequestRefused:
        try:
            self.take(request, now=now)
        except RequestRefused as refused:
            return refused
        raise AssertionError("It was accepted.")

    def code(self, request: Request, *, now: datetime = NOW) -> str:
        return self.refusal(request, now=now).code


def by_hand(components: Iterable[str], parameters: str, *, base: Iterable[str], label: str = "cm") -> dict[str, str]:
    """Signature headers written without the library: a signature base of given lines (RFC 9421, 2.5)."""
    from countermark.proof.encoding import to_base64

    listed = f"({' '.join(components)}){parameters}"
    text = "\n".join([*base, f'"@signature-params": {listed}'])
    return {"Signature-Input": f"{label}={listed}", "Signature": f"{label}=:{to_base64(KEY.sign(text.encode()))}:"}
