"""What node and signer say to one another: a length of four bytes, then one strict JSON object.

Requests: `{"v":1,"do":"public","purpose":P}` and `{"v":1,"do":"sign","purpose":P,"kid":K,"message":base64url}`.
Answers: `{"v":1,"keys":[…]}` (newest first), `{"v":1,"signature":base64url}`, or
`{"v":1,"refused":{"code":…,"detail":…}}`.
"""

from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec

from countermark.node.exchange.keeping import problems
from countermark.node.exchange.keeping.forms import MOST_MESSAGE
from countermark.node.exchange.keeping.problems import KeyProblem
from countermark.proof import OperationalKey, Purpose, Refused
from countermark.proof.ijson import read_object
from countermark.proof.shapes import as_record

LENGTH_BYTES = 4
#: A message in base64url, and what stands around it.
MOST_FRAME = MOST_MESSAGE * 4 // 3 + 1024

_Record = TypeVar("_Record")


class Public(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Asks for the keys that may sign for a purpose now."""

    v: Literal[1] = 1
    do: Literal["public"] = "public"
    purpose: Purpose


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Asks for a signature by one key, over a message in base64url."""

    v: Literal[1] = 1
    do: Literal["sign"] = "sign"
    purpose: Purpose
    kid: str
    message: str


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys that may sign now, the newest first."""

    keys: tuple[OperationalKey, ...]
    v: Literal[1] = 1


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signature: 64 bytes in base64url."""

    signature: str
    v: Literal[1] = 1


class No(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why not: code of a `KeyProblem`, or `bad-request`, and a sentence for a person."""

    code: str
    detail: str


class NotDone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer without what was asked for."""

    refused: No
    v: Literal[1] = 1


Request = Public | Sign
Answer = Keys | Signed | NotDone
_REQUESTS: Mapping[object, type[Request]] = {"public": Public, "sign": Sign}
_PROBLEMS = {
    kind.code: kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, KeyProblem)
}


def to_frame(said: Request | Answer) -> bytes:
    """Length (big-endian) and JSON."""
    body = msgspec.json.encode(said)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """Bytes that follow the first four.

    Raises:
        Refused: too-large; not-json when nothing follows.
    """
    length = int.from_bytes(head, "big")
    if length > MOST_FRAME:
        raise Refused("too-large", f"A frame has at most {MOST_FRAME} bytes.")
    if length == 0:
        raise Refused("not-json", "An empty frame.")
    return length


def read_request(body: bytes) -> Request:
    """What a client asks.

    Raises:
        Refused: not-json.
    """
    said = read_object(body)
    kind = _REQUESTS.get(said.get("do") if isinstance(said.get("do"), str) else None)
    if kind is None:
        raise Refused("not-json", "`do` is public or sign.")
    return as_record(said, kind, "not-json")


def read_answer(body: bytes, expected: type[_Record]) -> _Record:
    """What the signer answers.

    Raises:
        KeyProblem: the one that the signer met.
        Refused: not-json.
    """
    said = read_object(body)
    if "refused" in said:
        no = as_record(said, NotDone, "not-json").refused
        raise _PROBLEMS.get(no.code, KeyProblem)(no.detail)
    return as_record(said, expected, "not-json")
