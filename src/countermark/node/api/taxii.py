"""TAXII 2.1, read-only: discovery, one API root, one collection for each agreement, objects, manifest, versions."""

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime

from countermark.node.api.tools import TAXII, BadQuestion, with_token
from countermark.node.exchange.facades import reading as shelves
from countermark.node.exchange.facades import tokens
from countermark.node.exchange.facades.reading import MOST_OBJECTS, USUAL_OBJECTS, Asked, Book, Page
from countermark.node.exchange.facades.stix import MEDIA_TYPE, stix_time
from countermark.node.exchange.facades.tokens import Reading
from countermark.node.kernel.errors import NotFound

API_ROOT = "/taxii2/root/"
#: Values of one filter, at most.
_MOST_VALUES = 100


@with_token(TAXII, check_accept=True)
def discovery(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Where the API root is (4.1)."""
    root = request.build_absolute_uri(API_ROOT)
    return _json({"title": f"Countermark of {reading.member.organisation_name}", "default": root, "api_roots": [root]})


@with_token(TAXII, check_accept=True)
def api_root(_request: HttpRequest, reading: Reading) -> HttpResponse:
    """What the API root offers (4.2)."""
    return _json(
        {
            "title": f"What {reading.member.organisation_name} and its partners said to one another",
            "description": "Read-only. The signed feeds of the node count; these objects repeat them.",
            "versions": [TAXII],
            "max_content_length": 1,
        }
    )


@with_token(TAXII, check_accept=True)
def status(_request: HttpRequest, _reading: Reading, status_id: str) -> HttpResponse:
    """Nothing is ever written here, so there is no status of it (4.3)."""
    raise NotFound("status", status_id)


@with_token(TAXII, check_accept=True)
def collections(_request: HttpRequest, reading: Reading) -> HttpResponse:
    """One collection for each agreement (5.1)."""
    found = [_described(book) for book in shelves.books(reading)]
    return _json({"collections": found} if found else {})


@with_token(TAXII, check_accept=True)
def collection(_request: HttpRequest, reading: Reading, collection_id: str) -> HttpResponse:
    """One of them (5.2)."""
    return _json(_described(shelves.book(reading, collection_id)))


@with_token(TAXII, check_accept=True)
def objects(request: HttpRequest, reading: Reading, collection_id: str) -> HttpResponse:
    """A page of objects (5.4)."""
    book = shelves.book(reading, collection_id)
    return _objects(reading, book, book.page(_asked(request)))


@with_token(TAXII, check_accept=True)
def one_object(request: HttpRequest, reading: Reading, collection_id: str, object_id: str) -> HttpResponse:
    """One object, in the versions that are asked for (5.6)."""
    book = shelves.book(reading, collection_id)
    _check_there(book, object_id)
    return _objects(reading, book, book.page(_asked(request, object_id)))


@with_token(TAXII, check_accept=True)
def manifest(request: HttpRequest, reading: Reading, collection_id: str) -> HttpResponse:
    """What is there, without the objects (5.3)."""
    book = shelves.book(reading, collection_id)
    page = book.page(_asked(request))
    listed = [
        {
            "id": row.stix_id,
            "date_added": _moment(row.added_at),
            "version": stix_time(row.version),
            "media_type": MEDIA_TYPE,
        }
        for row in page.rows
    ]
    tokens.note_read(reading.token, book.shelf, "taxii", 0)
    return _dated(_json(_enveloped(page, "objects", listed)), page)


@with_token(TAXII, check_accept=True)
def versions(request: HttpRequest, reading: Reading, collection_id: str, object_id: str) -> HttpResponse:
    """Versions of one object (5.8)."""
    book = shelves.book(reading, collection_id)
    _check_there(book, object_id)
    page = book.page(_asked(request, object_id, versions=("all",)))
    tokens.note_read(reading.token, book.shelf, "taxii", 0)
    return _dated(_json(_enveloped(page, "versions", [stix_time(row.version) for row in page.rows])), page)


def _objects(reading: Reading, book: Book, page: Page) -> HttpResponse:
    made = book.objects(page)
    tokens.note_read(reading.token, book.shelf, "taxii", len(made))
    return _dated(_json(_enveloped(page, "objects", made)), page)


def _described(book: Book) -> dict[str, Any]:
    return {
        "id": str(book.shelf.public_id),
        "title": book.title,
        "can_read": True,
        "can_write": False,
        "media_types": [MEDIA_TYPE],
    }


def _check_there(book: Book, object_id: str) -> None:
    if not book.page(Asked(limit=1, ids=(object_id[:100],), versions=("all",))).rows:
        raise NotFound("object", object_id)


def _enveloped(page: Page, name: str, content: list[Any]) -> dict[str, Any]:
    """An envelope has `next` exactly when it has more; an empty one has nothing at all (3.7)."""
    made: dict[str, Any] = {name: content} if content else {}
    return {"more": True, "next": str(page.last), **made} if page.more else made


def _dated(answer: HttpResponse, page: Page) -> HttpResponse:
    if page.rows:
        answer.headers["X-TAXII-Date-Added-First"] = _moment(page.rows[0].added_at)
        answer.headers["X-TAXII-Date-Added-Last"] = _moment(page.rows[-1].added_at)
    return answer


def _asked(request: HttpRequest, object_id: str = "", versions: tuple[str, ...] = ()) -> Asked:
    given = request.GET
    specs = _several(given.get("match[spec_version]", ""))
    ids = (object_id,) if object_id else _several(given.get("match[id]", ""))
    # All objects are of STIX 2.1: whoever wants only others gets none, by an id that no object has.
    return Asked(
        limit=_limit(given.get("limit")),
        after=_next(given.get("next")),
        added_after=_added_after(given.get("added_after")),
        ids=ids if not specs or "2.1" in specs else ("none--2.0",),
        types=_several(given.get("match[type]", "")),
        versions=versions or tuple(_version(one) for one in _several(given.get("match[version]", ""))),
    )


def _several(text: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in text.split(",") if one.strip())
    if len(found) > _MOST_VALUES or any("\0" in one or len(one) > 120 for one in found):
        raise BadQuestion(f"A filter has at most {_MOST_VALUES} values of at most 120 characters.")
    return found


def _limit(text: str | None) -> int:
    if text is None:
        return USUAL_OBJECTS
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0):
        raise BadQuestion("limit is a whole number from 1 on.")
    return min(int(text), MOST_OBJECTS)


def _next(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 18):
        raise BadQuestion("next is what the page before gave.")
    return int(text)


def _added_after(text: str | None) -> datetime | None:
    if text is None:
        return None
    return _read_moment(text, "added_after")


def _version(text: str) -> str | datetime:
    return text if text in {"last", "first", "all"} else _read_moment(text, "match[version]")


def _read_moment(text: str, name: str) -> datetime:
    # A plus that nobody escaped arrives as a space; TAXII allows only Z anyway.
    try:
        found = parse_datetime(text) if text.endswith("Z") and "T" in text and len(text) <= 30 else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadQuestion(f"{name} holds times such as 2026-03-01T09:30:00.000Z.")
    return found


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _json(said: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type=TAXII)
