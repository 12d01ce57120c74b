"""What `countermark node doctor` says of a node: each thing that can be wrong, with what mends it."""

import ctypes
from datetime import timedelta

import pytest

from countermark.node.exchange import reaching
from countermark.node.exchange.factories import make_team
from countermark.node.exchange.models import Standing
from countermark.node.exchange.signing import set_keys
from countermark.node.exchange.wire.client import Reply
from countermark.node.jobs import health
from countermark.node.jobs.health import BAD, GOOD, UNSURE
from countermark.node.kernel.time import now


@pytest.fixture
def team(db):
    yield make_team()
    set_keys(None)


class Line:
    """A line to a partner whose clock is off by some seconds."""

    def __init__(self, off: int) -> None:
        self.off = off

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def get(self, _path, _query=None):
        return Reply(200, "application/json", b"{}", now() + timedelta(seconds=self.off))


def named(name: str):
    return next(one for one in health.examine() if one.name == name)


@pytest.mark.parametrize(
    ("state", "found", "words"),
    [(0, GOOD, "A time server keeps it."), (5, UNSURE, "No time server keeps it."), (-1, UNSURE, "Look yourself.")],
)
def test_the_clock_is_asked_of_the_kernel(db, monkeypatch, state, found, words):
    class Library:
        def adjtimex(self, _buffer):
            return state

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Library())
    check = named("clock")
    assert check.state == found
    assert words in check.sentence


def test_the_kernel_of_this_machine_answers(db):
    assert named("clock").state in {GOOD, UNSURE}


@pytest.mark.parametrize(
    ("off", "well", "words"), [(3, True, "its clock agrees"), (90, False, "90 seconds ahead"), (-90, False, "behind")]
)
def test_a_partners_clock_is_compared_with_ours(team, monkeypatch, off, well, words):
    monkeypatch.setattr(reaching, "fetch_card", lambda organisation, _node: team.market.card)
    monkeypatch.setattr(reaching, "line_to", lambda _row: Line(off))
    found = next(one for one in reaching.reach_partners() if one.who == "Bazaar")
    assert found.well is well
    assert words in found.sentence


def test_an_exchange_that_does_not_run_is_named_with_its_command(team, clock):
    Standing.objects.update(asked_at=now())
    assert named("exchange").state == GOOD
    clock.forward(minutes=16)
    check = named("exchange")
    assert check.state == UNSURE
    assert "countermark node exchange" in check.sentence


def test_a_node_without_organisation_says_what_to_run(db):
    check = named("organisation")
    assert check.state == BAD
    assert "countermark node init" in check.sentence


def test_a_full_disk_is_told_before_it_is_full(db, monkeypatch):
    monkeypatch.setattr(health, "_LEAST_SPACE", 2**62)
    assert named("space").state == UNSURE
