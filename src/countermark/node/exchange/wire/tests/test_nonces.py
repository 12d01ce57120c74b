"""A nonce is new once, for each key, by whichever thread asks first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from countermark.node.exchange.wire.nonces import MemoryFull, NoncesInMemory
from countermark.node.exchange.wire.tests.wire_cases import NOW

UNTIL = NOW + timedelta(minutes=10)


def test_a_nonce_is_new_once_for_each_key():
    memory = NoncesInMemory()
    assert memory.remember("one", "n", now=NOW, until=UNTIL)
    assert not memory.remember("one", "n", now=NOW, until=UNTIL)
    assert memory.remember("other", "n", now=NOW, until=UNTIL)


def test_it_may_be_forgotten_when_its_time_has_ended():
    memory = NoncesInMemory(most_per_key=1)
    memory.remember("one", "n", now=NOW, until=UNTIL)
    with pytest.raises(MemoryFull):
        memory.remember("one", "m", now=UNTIL - timedelta(seconds=1), until=UNTIL)
    assert memory.remember("one", "m", now=UNTIL, until=UNTIL + timedelta(minutes=10))


def test_one_key_does_not_use_up_the_room_of_another():
    memory = NoncesInMemory(most_per_key=1)
    memory.remember("one", "n", now=NOW, until=UNTIL)
    assert memory.remember("other", "n", now=NOW, until=UNTIL)


def test_of_many_threads_one_is_first():
    memory = NoncesInMemory()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: memory.remember("one", "n", now=NOW, until=UNTIL), range(64)))
    assert answers.count(True) == 1
