"""One feed, newest first; one entry with everything that was signed; a part of a feed as a file."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.exchange import selectors
from countermark.node.exchange.entries_shown import EntryFilters, EntryShown
from countermark.node.exchange.extracting import MOST_ENTRIES
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web import lists, narrowing
from countermark.node.web.door import with_member
from countermark.node.web.exchange.views import download
from countermark.node.web.lists import FilterForm
from countermark.node.web.proving import with_proven_member

#: Lines of an entry's data shown; the rest is in the raw text.
MOST_LINES = 60


@require_safe
@with_member
def feed(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """The list, under filters by type and subject."""
    return _page(request, member, name)


@require_POST
@with_proven_member
def export(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """Entries of a range as a file for “countermark verify”."""
    first, last = (_place(request.POST.get(which, "")) for which in ("first", "last"))
    beside = request.POST.get("beside") == "on"
    try:
        made = selectors.extract_of(member, name, first, last, with_beside=beside)
    except Invalid as problem:
        return _page(request, member, name, problem=problem)
    return download(made, f"{name.replace(':', '-')}-{first}-{last}")


@require_safe
@with_member
def entry(request: HttpRequest, member: Member, name: str, seq: int) -> HttpResponseBase:
    """One entry: in words, and raw."""
    found = selectors.entry(member, name, seq)
    shown = {
        "entry": found,
        "lines": _lines(found.entry.data or {}),
        "raw": _pretty(found.payload),
        "beside_lines": _beside_lines(found),
        "previous": seq - 1 if seq > 1 else None,
        "following": seq + 1 if seq < found.feed.seq else None,
        "may_export": member.may(Permission.EXCHANGE_SHARE),
        "may_see_personal": member.may(Permission.PERSONAL_DATA_VIEW),
    }
    return render(request, "exchange/entry.html", shown)


def _page(request: HttpRequest, member: Member, name: str, problem: Invalid | None = None) -> HttpResponse:
    given = lists.given(request, ("q", "type"))
    cursor = request.GET.get("after", "")[:20]
    found = selectors.feed(member, name)
    page = selectors.entries(member, name, EntryFilters(type=given.get("type", ""), subject=given.get("q", "")), cursor)
    rows = page.rows
    types = narrowing.select("type", given.get("type", ""), [(one, one) for one in selectors.feed_types(member, name)])
    filters = FilterForm(
        reverse("web:feed", args=[name]),
        given,
        _("Subject, whole"),
        (narrowing.Select("type", _("Type"), types.value, types.options),),
    )
    sent = request.POST if problem else {}
    shown: dict[str, Any] = {
        "feed": found,
        "rows": rows,
        "problem": problem,
        "first": sent.get("first") or (rows[-1].seq if rows else 1),
        "last": sent.get("last") or (rows[0].seq if rows else 1),
        "most": MOST_ENTRIES,
        "may_export": member.may(Permission.EXCHANGE_SHARE) and found.seq > 0,
        "may_see_personal": member.may(Permission.PERSONAL_DATA_VIEW),
        "help_text": _("A feed has no gap and is never rewritten: each entry names the one before it."),
    }
    response = lists.render_list(
        request, "exchange/feed.html", shown, filters=filters, cursor=cursor, next_cursor=page.next_cursor
    )
    response.status_code = 422 if problem else 200
    return response


def _place(text: str) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def _lines(data: Any, path: str = "") -> list[tuple[str, str]]:
    """Data as names and values, nested names joined by dots; bounded."""
    lines: list[tuple[str, str]] = []
    _flatten(data, path, lines)
    return lines


def _flatten(data: Any, path: str, lines: list[tuple[str, str]]) -> None:
    pairs = enumerate(data, 1) if isinstance(data, list) else data.items() if isinstance(data, dict) else ()
    for name, value in pairs:
        if len(lines) >= MOST_LINES:
            return
        here = f"{path}.{name}" if path else str(name)
        if isinstance(value, dict | list) and value:
            _flatten(value, here, lines)
        else:
            lines.append((here, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))


def _pretty(payload: str) -> str:
    return json.dumps(json.loads(payload), indent=2, ensure_ascii=False)


def _beside_lines(found: EntryShown) -> list[tuple[str, str]]:
    if found.beside is None or found.beside.media_type != "application/json" or not found.beside.text:
        return []
    try:
        return _lines(json.loads(found.beside.text))
    except (ValueError, RecursionError):
        return []
