"""Filters of findings in the address of a page: read from it, shown as fields and chips, written back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermark.model import Kind, Level
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.states import FindingState
from countermark.node.web.words import Word, word

E = TypeVar("E", bound=StrEnum)

#: Longest value read from an address; longer ones are no filter of ours.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    label: Word


@dataclass(frozen=True, slots=True)
class Select:
    """One field with its choices and the present one."""

    name: str
    label: Word
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force; following it takes the filter away."""

    label: Word
    address: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of one page.

    Attributes:
        filters: what selectors understand.
        given: the same as it stands in the address, only what is understood.
    """

    filters: FindingFilters
    given: dict[str, str]

    def address(self, page: str, **change: str) -> str:
        """The address of a page under these filters, some of them changed; an empty value takes one away."""
        wanted = {name: value for name, value in (self.given | change).items() if value}
        return f"{page}?{urlencode(wanted)}" if wanted else page

    def chips(self, page: str) -> tuple[Chip, ...]:
        """The filters in force, those aside that choose the queue."""
        return tuple(
            Chip(_chip_label(name, value), self.address(page, **{name: ""}))
            for name, value in self.given.items()
            if name != "queue"
        )


_QUEUES = frozenset({FindingState.OPEN, FindingState.SECOND_LOOK, FindingState.ESCALATED})
_LABELS: Mapping[str, Word] = {
    "brand": gettext_lazy("House"),
    "marketplace": gettext_lazy("Marketplace"),
    "level": gettext_lazy("Risk"),
    "kind": gettext_lazy("Kind"),
    "state": gettext_lazy("State"),
    "seller": gettext_lazy("Seller"),
    "scan": gettext_lazy("Scan"),
    "q": gettext_lazy("Words"),
}
_WORDS = {"level": "level", "kind": "kind", "state": "finding_state"}


def read(given: Mapping[str, str]) -> Narrowing:
    """Filters from the parameters of an address; what is not understood is left out, never an error."""
    raw = {name: value for name in (*_LABELS, "queue") if (value := given.get(name, "").strip()[:LONGEST])}
    level, kind = _one_of(Level, raw.get("level")), _one_of(Kind, raw.get("kind"))
    state, queue = _one_of(FindingState, raw.get("state")), _one_of(FindingState, raw.get("queue"))
    chosen = queue if queue in _QUEUES else state
    understood = {"level": level, "kind": kind, "state": state, "queue": queue if queue in _QUEUES else None}
    return Narrowing(
        filters=FindingFilters(
            states=frozenset({chosen}) if chosen else frozenset(),
            brand=raw.get("brand", ""),
            marketplace=raw.get("marketplace", ""),
            level=level,
            kind=kind,
            seller=raw.get("seller", ""),
            scan=raw.get("scan", ""),
            words=raw.get("q", ""),
        ),
        given={name: value for name, value in raw.items() if understood.get(name, True)},
    )


def select(name: str, value: str, options: Iterable[tuple[str, Word]], everything: str = "") -> Select:
    """A field whose first choice is everything."""
    first = Option("", everything or _("all"))
    return Select(name, _LABELS.get(name, name), value, (first, *(Option(v, label) for v, label in options)))


def selects(narrowing: Narrowing, brands: Iterable[str], marketplaces: Iterable[str]) -> tuple[Select, ...]:
    """The fields that every list of findings has."""
    given = narrowing.given
    return (
        select("brand", given.get("brand", ""), [(b, b) for b in brands]),
        select("marketplace", given.get("marketplace", ""), [(m, m) for m in marketplaces]),
        select("level", given.get("level", ""), [(v.value, word("level", v)) for v in Level]),
        select("kind", given.get("kind", ""), [(v.value, word("kind", v)) for v in Kind]),
    )


def _chip_label(name: str, value: str) -> str:
    shown = word(_WORDS[name], value) if name in _WORDS else value
    return f"{_LABELS[name]}: {shown}"


def _one_of(kind: type[E], value: str | None) -> E | None:
    try:
        return kind(value) if value else None
    except ValueError:
        return None
