"""The same on PostgreSQL: each node has a database of its own, made and dropped here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.exchange.nodes import pair_of_nodes, wait_until
from tests.exchange.sizes import POSTGRESQL

pytestmark = [
    pytest.mark.exchange,
    pytest.mark.skipif(not POSTGRESQL, reason="COUNTERMARK_EXCHANGE_POSTGRESQL names no server"),
]


@contextmanager
def database(name: str) -> Iterator[dict[str, str]]:
    """A new database, gone afterwards; what a node's environment needs for it."""
    called = f"countermark_exchange_{name}_{os.getpid()}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {called}")
        try:
            yield {"DATABASE_URL": urlsplit(POSTGRESQL)._replace(path=f"/{called}").geturl()}
        finally:
            server.execute(f"DROP DATABASE {called} WITH (FORCE)")


def test_killed_nodes_on_postgresql_lose_nothing_and_do_nothing_twice(tmp_path: Path):
    with (
        database("brand") as brand,
        database("market") as market,
        pair_of_nodes(tmp_path, brand=brand, market=market) as pair,
    ):
        pair.agree()
        for writer in ("one", "other"):
            pair.brand.tell("say", writer, name=pair.agreement, count=30, key=writer)
        for node, point in (
            (pair.market, "exchange.receiving.receive@before"),
            (pair.brand, "exchange.receiving.receive@after"),
            (pair.market, "exchange.applying_many._apply_all@before"),
            (pair.market, "exchange.applying_many._apply_all@after"),
            (pair.brand, "exchange.logs.grow_log@before"),
        ):
            node.kill("exchange")
            node.exchange(kill=point)
            pair.say(2)
            wait_until(lambda node=node: not node.running("exchange"), f"it dies at {point}")
            node.exchange()
        for writer in ("one", "other"):
            assert len(pair.brand.hear("say", writer)) == 30
        pair.nothing_lost_nothing_twice()
