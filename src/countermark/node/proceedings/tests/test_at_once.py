"""Two tabs, or two clicks, at the very same moment: on both databases one of them writes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from countermark.node.parties.access import Member
from countermark.node.proceedings import happening, opening
from countermark.node.proceedings.factories import make_proceeding
from countermark.node.proceedings.happening import Said
from countermark.node.proceedings.models import Proceeding, Step
from countermark.node.proceedings.opening import Opening

pytestmark = pytest.mark.django_db(transaction=True)


def together(act: Callable[[], object], times: int = 4) -> list[object]:
    """Do it in so many threads, which begin at the same time; what each gave."""
    gate = Barrier(times)

    def one(_number: int) -> object:
        try:
            gate.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_a_form_that_is_sent_by_several_clicks_at_once_opens_one(transactional_db, analyst: Member):
    wanted = Opening(regime="udrp", about="corvane-outlet.example", since=date(2026, 10, 1), place="FR", key="form-1")
    names = together(lambda: opening.open_one(analyst, wanted))
    assert set(names) == {Proceeding.objects.get().public_id}


def test_a_step_that_is_sent_by_several_clicks_at_once_is_written_once(transactional_db, analyst: Member):
    name = make_proceeding(analyst, "udrp", date(2026, 10, 1))
    said = Said(event="file", day=date(2026, 10, 1), facts={"complaint": "D1"}, seen=0)
    together(lambda: happening.happened(analyst, name, said))
    together(lambda: happening.take_back(analyst, name, "it was another domain", 1))
    assert list(Step.objects.order_by("number").values_list("number", "undoes")) == [(1, None), (2, 1)]
