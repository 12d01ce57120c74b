"""The exchange as a service: one thing that fails keeps no other from being done, and nobody is asked without end."""

import threading
import time
from typing import cast

import pytest

from countermark.node.exchange import logs, retention, rotating, talking
from countermark.node.exchange.keeping.problems import NoKey
from countermark.node.exchange.receiving import Received
from countermark.node.exchange.wire.client import PartnerClient
from countermark.node.jobs import exchanging
from countermark.node.jobs.exchanging import Exchange


class Line:
    """Stands for a line to a partner."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@pytest.mark.django_db
def test_a_node_without_keys_still_deletes_what_is_due(monkeypatch):
    stop, done = threading.Event(), []

    def no_key():
        raise NoKey("There is none.")

    def delete():
        done.append("deleted")
        stop.set()

    monkeypatch.setattr(rotating, "announce_all_key_changes", no_key)
    monkeypatch.setattr(logs, "publish_all_checkpoints", no_key)
    monkeypatch.setattr(retention, "delete_all_due", delete)
    Exchange(stop, {})._keep()
    assert done == ["deleted"]


@pytest.mark.parametrize(
    ("answer", "most"),
    [(Received(0, 0, 5), 2), (Received(0, 500, 5), 2), (Received(1, 0, 5), 1000)],
)
def test_a_partner_that_answers_at_once_with_nothing_new_is_not_asked_without_end(monkeypatch, answer, most):
    stop, asked = threading.Event(), []

    def fetch(*_):
        asked.append(time.monotonic())
        if len(asked) == 1000 or asked[-1] - asked[0] > 0.5:
            stop.set()
        return answer

    monkeypatch.setattr(exchanging, "_LOOK", 0.3)
    monkeypatch.setattr(talking, "fetch", fetch)
    monkeypatch.setattr(talking, "due", lambda _: True)
    monkeypatch.setattr(talking, "partners_to_talk_to", lambda: [7])
    Exchange(stop, {}, open_line=lambda _: cast("PartnerClient", Line()))._fetch_for(7)
    assert len(asked) <= most + 1
    assert len(asked) > most / 2
