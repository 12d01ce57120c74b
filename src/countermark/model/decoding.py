"""JSON and plain values into records, as `msgspec` does it, safe from several threads.

`msgspec` (0.22 and before) puts what it knows of a record where other threads find it, and fills it only then. Two
threads that meet a record for the first time at the same moment end the process: one of them reads a null pointer, and
nothing is logged. Here each type is made ready by one thread, before any reads with it.
"""

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar, overload

import msgspec

T = TypeVar("T")
_decoders: dict[Any, "msgspec.json.Decoder[Any]"] = {}
_converted: set[Any] = set()
_one_at_a_time = RLock()


@overload
def decode(data: bytes | str, kind: type[T]) -> T: ...
@overload
def decode(data: bytes | str, kind: Any) -> Any: ...
def decode(data: bytes | str, kind: Any) -> Any:
    """Read JSON as a type: `msgspec.json.decode(data, type=kind)`.

    Raises:
        msgspec.DecodeError: it is not JSON; `msgspec.ValidationError`, one of them: or not of this type.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        with _one_at_a_time:
            decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return decoder.decode(data)


@overload
def convert(
    value: object, kind: type[T], *, strict: bool = True, dec_hook: Callable[[type, Any], Any] | None = None
) -> T: ...
@overload
def convert(
    value: object, kind: Any, *, strict: bool = True, dec_hook: Callable[[type, Any], Any] | None = None
) -> Any: ...
def convert(
    value: object, kind: Any, *, strict: bool = True, dec_hook: Callable[[type, Any], Any] | None = None
) -> Any:
    """Plain values (mappings, lists, text, numbers) as a type: `msgspec.convert`.

    Raises:
        msgspec.ValidationError: they are not of this type.
    """
    if kind not in _converted:
        with _one_at_a_time:
            # Unlike JSON, MessagePack takes keys of any type, as plain values have them.
            msgspec.msgpack.Decoder(kind)
            _converted.add(kind)
    return msgspec.convert(value, kind, strict=strict, dec_hook=dec_hook)
