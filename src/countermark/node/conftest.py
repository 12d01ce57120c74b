"""Fixtures of the node: an organisation with a person in each role, another one beside it, a store, a clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from countermark.node.kernel import time as kernel_time
from countermark.node.parties.access import Member
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.permissions import Role


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings) -> Path:
    """An empty store for each test."""
    settings.COUNTERMARK_STORE = tmp_path / "store"
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits of one test must not stop the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_language_stays() -> Iterator[None]:
    """The language and the zone that a page was asked for in are not those of the next test."""
    yield
    translation.deactivate()
    timezone.deactivate()


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **units: float) -> None:
        self.moment += timedelta(**units)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The node's clock, stopped at 2026-03-02 09:00 UTC."""
    stopped = Clock()
    kernel_time.set_clock(stopped)
    yield stopped
    kernel_time.set_clock(None)


@pytest.fixture
def organisation(db):
    """Maison Aurelle, as a row."""
    return make_organisation("Maison Aurelle")


@pytest.fixture
def analyst(organisation) -> Member:
    return make_member(Role.ANALYST, organisation)


@pytest.fixture
def member(analyst: Member) -> Member:
    """Anyone who does the daily work."""
    return analyst


@pytest.fixture
def counsel(organisation) -> Member:
    return make_member(Role.COUNSEL, organisation)


@pytest.fixture
def officer(organisation) -> Member:
    return make_member(Role.OFFICER, organisation)


@pytest.fixture
def administrator(organisation) -> Member:
    return make_member(Role.ADMINISTRATOR, organisation)


@pytest.fixture
def reader(organisation) -> Member:
    return make_member(Role.READER, organisation)


@pytest.fixture
def stranger(db) -> Member:
    """An administrator of another organisation on the same node: must see nothing of ours."""
    return make_member(Role.ADMINISTRATOR, make_organisation("Marché Lointain", "marketplace"))
