"""A MISP feed and CSV tables for each agreement: files by their names, made when they are asked for."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from countermark.node.api.tools import PROBLEM, with_token
from countermark.node.exchange.facades import misp, tokens
from countermark.node.exchange.facades import reading as shelves
from countermark.node.exchange.facades.tokens import Reading
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.kernel.errors import NotFound

_TABLES: dict[str, ItemKind | None] = {"entries": None, "listings": ItemKind.LISTING, "findings": ItemKind.FINDING}
#: Lines sent at once.
_LINES = 200


@with_token(PROBLEM)
def manifest(_request: HttpRequest, reading: Reading, collection_id: str) -> HttpResponse:
    """`manifest.json`: every event with its head."""
    book = shelves.book(reading, collection_id)
    heads = book.heads()
    tokens.note_read(reading.token, book.shelf, "misp", 0)
    return _json(misp.manifest(heads))


@with_token(PROBLEM)
def event(_request: HttpRequest, reading: Reading, collection_id: str, event_id: UUID) -> HttpResponse:
    """`<uuid>.json`: one event."""
    book = shelves.book(reading, collection_id)
    head, versions = book.event(event_id)
    tokens.note_read(reading.token, book.shelf, "misp", len(versions))
    return _json(misp.event(head, versions))


@with_token(PROBLEM)
def hashes(_request: HttpRequest, reading: Reading, collection_id: str) -> StreamingHttpResponse:
    """`hashes.csv`: for correlation without fetching the events."""
    book = shelves.book(reading, collection_id)
    tokens.note_read(reading.token, book.shelf, "misp", 0)
    return StreamingHttpResponse(_in_pieces(book.hashes()), content_type="text/csv; charset=utf-8")


@with_token(PROBLEM)
def table(_request: HttpRequest, reading: Reading, collection_id: str, name: str) -> StreamingHttpResponse:
    """`entries.csv`, `listings.csv`, `findings.csv`."""
    if name not in _TABLES:
        raise NotFound("table", name)
    book = shelves.book(reading, collection_id)
    tokens.note_read(reading.token, book.shelf, "csv", 0)
    answer = StreamingHttpResponse(_in_pieces(book.table(_TABLES[name])), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{book.agreement.name}-{name}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _in_pieces(lines: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    for line in lines:
        kept.append(line)
        if len(kept) >= _LINES:
            yield "".join(kept)
            kept.clear()
    yield "".join(kept)


def _json(said: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json")
