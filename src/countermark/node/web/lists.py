"""Lists: their filters as a form, their pages as links, and addresses that say only what was chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from countermark.node.web.door import is_fragment_wanted
from countermark.node.web.narrowing import LONGEST, Select
from countermark.node.web.words import Word


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The filters of one list.

    Attributes:
        page: the list's address.
        given: what was chosen, only what is understood.
        search_label: what the search field finds.
        selects: fields with fixed choices.
        by_day: whether a day can be chosen.
    """

    page: str
    given: Mapping[str, str]
    search_label: Word
    selects: tuple[Select, ...]
    by_day: bool = False

    @property
    def day(self) -> str:
        """The day that was chosen, ISO 8601."""
        return self.given.get("day", "")

    @property
    def words(self) -> str:
        """What was searched for."""
        return self.given.get("q", "")

    @property
    def any(self) -> bool:
        """Whether anything was chosen."""
        return any(self.given.values())

    def address(self, **change: str) -> str:
        """The list under these filters, some of them changed."""
        wanted = {name: value for name, value in {**self.given, **change}.items() if value}
        return f"{self.page}?{urlencode(wanted)}" if wanted else self.page


def given(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """Parameters of the address by name, trimmed and bounded."""
    return {name: value for name in names if (value := request.GET.get(name, "").strip()[:LONGEST])}


def render_list(
    request: HttpRequest,
    template: str,
    shown: dict[str, Any],
    *,
    filters: FilterForm,
    cursor: str,
    next_cursor: str | None,
) -> HttpResponse:
    """A page of a list. A part that asks gets an address without the fields that were left empty."""
    context = shown | {
        "filters": filters,
        "first_address": filters.address() if cursor else "",
        "next_address": filters.address(after=next_cursor) if next_cursor else "",
    }
    response = render(request, template, context)
    if is_fragment_wanted(request):
        response.headers["HX-Push-Url"] = filters.address(after=cursor)
    return response
