"""Plain values into the parts of terms, with every mistake told at once and named by its full path."""

import typing
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from countermark.model.decoding import convert
from countermark.node.exchange.rules.reasons import shown
from countermark.node.kernel.errors import FieldProblem

#: Entries of a list or an object that are looked at; a longer one is refused as a whole.
MOST_ENTRIES = 250


def mistakes(value: object, kind: Any, path: str = "") -> Iterator[FieldProblem]:
    """Every place at which a value does not have the shape of a type; none when `msgspec.convert` will take it.

    Args:
        value: plain: texts, numbers, lists, objects with texts as keys.
        kind: a msgspec Struct, or a type of which its fields are made.
        path: of the value, such as `items.listing`.
    """
    bare, meta = _bare(kind)
    origin, arguments = typing.get_origin(bare), typing.get_args(bare)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield from _struct(value, bare, path)
    elif origin is dict:
        yield from _mapping(value, arguments, meta, path)
    elif origin is tuple:
        yield from _list(value, arguments, meta, path)
    else:
        yield from _single(value, kind, bare, meta, path)


def _bare(kind: Any) -> tuple[Any, msgspec.Meta]:
    if typing.get_origin(kind) is Annotated:
        bare, meta = typing.get_args(kind)
        return bare, meta
    return kind, msgspec.Meta()


def _struct(value: object, kind: type[msgspec.Struct], path: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield _problem(path, "shape", "This is not an object.", "Give names and values.")
        return
    hints = typing.get_type_hints(kind, include_extras=True)
    for name in list(value)[:MOST_ENTRIES]:
        if name not in hints:
            yield _problem(_under(path, name), "unknown", "There is no such part.", f"Known are: {', '.join(hints)}.")
    for field in msgspec.structs.fields(kind):
        if field.name in value:
            yield from mistakes(value[field.name], hints[field.name], _under(path, field.name))
        elif field.required:
            yield _problem(_under(path, field.name), "missing", "This is missing.", "Add it.")


def _mapping(value: object, arguments: tuple[Any, ...], meta: msgspec.Meta, path: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield _problem(path, "shape", "This is not an object.", "Give names and values.")
        return
    if (problem := _length(len(value), meta, path)) is not None:
        yield problem
        return
    for name, inside in value.items():
        where = _under(path, name)
        wrong = list(mistakes(name, arguments[0], where))
        yield from wrong or mistakes(inside, arguments[1], where)


def _list(value: object, arguments: tuple[Any, ...], meta: msgspec.Meta, path: str) -> Iterator[FieldProblem]:
    if not isinstance(value, list | tuple):
        yield _problem(path, "shape", "This is not a list.", "Give a list, also of one.")
        return
    if arguments[-1] is not Ellipsis and len(value) != len(arguments):
        yield _problem(path, "length", f"There are {len(value)} here.", f"Give exactly {len(arguments)}.")
        return
    if (problem := _length(len(value), meta, path)) is not None:
        yield problem
        return
    for at, one in enumerate(value):
        yield from mistakes(one, arguments[0], f"{path}[{at}]")


def _length(found: int, meta: msgspec.Meta, path: str) -> FieldProblem | None:
    least, most = meta.min_length or 0, min(meta.max_length or MOST_ENTRIES, MOST_ENTRIES)
    if least <= found <= most:
        return None
    return _problem(path, "length", f"There are {found} here.", f"Give {least} to {most}.")


def _single(value: object, kind: Any, bare: Any, meta: msgspec.Meta, path: str) -> Iterator[FieldProblem]:
    try:
        convert(value, kind)
    except msgspec.ValidationError:
        yield _problem(path, "shape", "This value does not fit here.", _mend(bare, meta))


def _mend(bare: Any, meta: msgspec.Meta) -> str:
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return f"One of: {', '.join(bare)}."
    if typing.get_origin(bare) is typing.Literal:
        return f"Write {', '.join(map(str, typing.get_args(bare)))}."
    if bare is int:
        return f"A whole number from {meta.ge} to {meta.le}."
    if meta.pattern:
        return "Small letters, digits and hyphens, a letter first, at most 40."
    return f"A text of {meta.min_length or 0} to {meta.max_length or 'any number of'} characters."


def _under(path: str, name: object) -> str:
    return f"{path}.{shown(str(name))}".lstrip(".")


def _problem(path: str, code: str, message: str, mend: str) -> FieldProblem:
    return FieldProblem(path, code, message, mend)
