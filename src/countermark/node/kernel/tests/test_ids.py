"""Identifiers: they say their kind, they only grow, and no two processes give the same."""

import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.kernel import ids
from countermark.node.kernel.ids import ID_LENGTH, KINDS, is_id, new_id


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_id_says_its_kind(kind):
    made = new_id(kind)
    assert is_id(kind, made)
    assert len(made) == ID_LENGTH


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="not a kind"):
        new_id("lst")


def test_ids_only_grow_when_the_clock_stands_still_or_goes_back(monkeypatch):
    times = iter([5_000_000_000, 5_000_000_000, 4_000_000_000, 6_000_000_000])
    monkeypatch.setattr(time, "time_ns", lambda: next(times))
    monkeypatch.setattr(ids, "_sequence", ids._Sequence())
    made = [new_id("cap") for _ in range(4)]
    assert made == sorted(set(made))


def test_threads_never_get_the_same_id():
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id("cap") for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_a_forked_child_does_not_go_on_counting_where_its_parent_stands(monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 5_000_000_000)
    new_id("cap")
    reading, writing = os.pipe()
    child = os.fork()  # the child only makes one id and leaves
    if not child:
        os.write(writing, new_id("cap").encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 64).decode() != new_id("cap")


@given(st.text(max_size=40))
def test_no_other_text_passes_for_an_id(text):
    assert not is_id("cap", text)
    assert not is_id("cap", f"cap_{text}") or len(text) == 26
