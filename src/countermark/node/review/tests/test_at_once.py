"""Several people at once, each on a connection of their own."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from countermark.node.findings.factories import make_finding
from countermark.node.findings.models import Finding
from countermark.node.kernel.errors import Conflict
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role
from countermark.node.review import services
from countermark.node.review.models import Decision, Lease
from countermark.node.review.verdicts import Verdict

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6


def all_at_once(acts: list[Callable[[], object]]) -> list[Any]:
    """Start every act at the same moment; gives what each returned or raised."""
    barrier, results = threading.Barrier(len(acts)), [object()] * len(acts)

    def run(place: int) -> None:
        try:
            barrier.wait(30)
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_people_who_come_at_once_each_get_an_item_of_their_own(organisation):
    people = [make_member(Role.ANALYST, organisation) for _ in range(PEOPLE)]
    rows = [make_finding(people[0], expected_harm=float(n)) for n in range(PEOPLE)]
    items = all_at_once([partial(services.open_next, one) for one in people])
    assert {item.finding.row.core_id for item in items} == {row.core_id for row in rows}
    assert all(item.lease.mine for item in items)
    assert Lease.objects.count() == PEOPLE


def test_of_people_who_want_one_item_at_once_one_gets_it(organisation):
    people = [make_member(Role.ANALYST, organisation) for _ in range(PEOPLE)]
    core_id = make_finding(people[0]).core_id
    items = all_at_once([partial(services.open_item, one, core_id) for one in people])
    assert [item.lease.mine for item in items].count(True) == 1
    assert len({item.lease.holder for item in items}) == 1


def test_a_form_sent_many_times_at_once_decides_once(member):
    make_finding(member)
    item = services.open_next(member)
    assert item
    core_id, token = item.finding.row.core_id, item.lease.token

    def decide():
        return services.decide(
            member, core_id, verdict=Verdict.INFRINGING, reason="counterfeit", lease_token=token, seconds=1
        )

    results = all_at_once([decide] * PEOPLE)
    assert sum(isinstance(result, Conflict) for result in results) == PEOPLE - 1
    assert Decision.objects.count() == 1


def test_an_undo_sent_many_times_at_once_undoes_once(member):
    make_finding(member)
    item = services.open_next(member)
    assert item
    decision = services.decide(
        member, item.finding.row.core_id, verdict=Verdict.INFRINGING, reason="counterfeit", lease_token=item.lease.token
    )
    results = all_at_once([lambda: services.undo(member, decision.id)] * PEOPLE)
    assert sum(isinstance(result, Conflict) for result in results) == PEOPLE - 1
    assert Decision.objects.filter(verdict=Verdict.WITHDRAWN).count() == 1
    assert Finding.objects.get().state == "open"
