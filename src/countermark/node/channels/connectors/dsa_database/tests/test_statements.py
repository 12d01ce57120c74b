"""Statements reach the database once each, whatever happens on the way."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.law.statement.tests.published_rules import GOOD
from countermark.node.channels import mending, sending
from countermark.node.channels.connector import Limits
from countermark.node.channels.connectors.dsa_database.sending import DsaDatabase
from countermark.node.channels.connectors.dsa_database.tests.conftest import put_statement
from countermark.node.channels.connectors.dsa_database.tests.fake import FakeDatabase
from countermark.node.channels.line import Line, NotReached
from countermark.node.channels.models import Channel, Dispatch, Report
from countermark.node.channels.tests.machines import line_to, on_loopback
from countermark.node.kernel import time as clock
from countermark.node.kernel.append_only import RewriteForbidden
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.factories import make_member
from countermark.node.parties.permissions import Role


def put(channel: Channel, number: int, start: str = "p", **changes: str) -> None:
    for n in range(number):
        put_statement(channel, {**GOOD, "puid": f"{start}{n:04}", **changes})


def turn(channel: Channel, machine: FakeDatabase, line: Line | None = None) -> bool:
    """One turn of a worker, the wait before it being over."""
    Channel.objects.filter(pk=channel.pk).update(next_try=None)
    assert sending.claim_channel("worker") == channel.public_id
    return sending.run_channel(channel.public_id, "worker", line or line_to(machine))


def states(channel: Channel) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in Dispatch.objects.filter(channel=channel).values_list("state", flat=True):
        found[one] = found.get(one, 0) + 1
    return found


def test_at_most_a_hundred_go_in_one_call_and_each_is_there_once(statements, database):
    put(statements, 101)
    assert turn(statements, database)
    assert turn(statements, database)
    assert database.calls == [100, 1]
    assert states(statements) == {"sent": 101}
    row = Dispatch.objects.order_by("pk")[0]
    assert (row.status, row.raw_status, row.their_id) == ("received", "created", "uuid-p0000")
    assert sending.claim_channel("worker") is None


@pytest.mark.enable_socket
def test_they_go_over_a_real_connection_to_this_machine(statements, database, settings):
    put(statements, 2)
    with on_loopback(database) as address:
        settings.COUNTERMARK_DSA_URL = f"{address}/api/v1"
        assert turn(statements, database, Line(loopback=True))
    assert states(statements) == {"sent": 2}
    put(statements, 1, "q")
    settings.COUNTERMARK_DSA_URL = "http://10.0.0.1/api/v1"
    assert not turn(statements, database, Line(loopback=True))
    statements.refresh_from_db()
    assert (statements.problem, states(statements)["waiting"]) == ("not-reached", 1)
    assert "private" in statements.detail


def test_too_many_calls_wait_as_long_as_the_database_asks(statements, database):
    put(statements, 1)
    database.troubles = ["429"]
    before = clock.now()
    assert not turn(statements, database)
    statements.refresh_from_db()
    assert statements.next_try - before >= timedelta(seconds=30)
    assert sending.claim_channel("worker") is None
    assert states(statements) == {"waiting": 1}
    assert turn(statements, database)


def test_a_call_that_was_taken_although_its_answer_was_an_error_is_not_taken_twice(statements, database):
    put(statements, 3)
    database.troubles = ["504-stored"]
    assert not turn(statements, database)
    assert states(statements) == {"unsure": 3}
    put(statements, 2, "q")
    assert turn(statements, database)
    assert turn(statements, database)
    assert states(statements) == {"sent": 5}
    assert len(database.stored) == 5
    assert Dispatch.objects.filter(raw_status="existing").count() == 3


def test_one_wrong_statement_is_mended_and_the_others_go(statements, database, market):
    put(statements, 2)
    put_statement(statements, {**GOOD, "puid": "bad", "decision_facts": "Something the database dislikes [wrong]."})
    assert turn(statements, database)
    assert states(statements) == {"waiting": 2, "failed": 1}
    assert turn(statements, database)
    bad = Dispatch.objects.get(reference="bad")
    assert "decision facts" in bad.detail
    with pytest.raises(Invalid, match="e-mail address"):
        mending.rewrite(market, bad.public_id, {"decision_facts": "Write to mira.vale@bazaar.example."})
    mending.rewrite(
        market, bad.public_id, {"decision_facts": "A bag with the registered mark at a tenth of its price."}
    )
    assert turn(statements, database)
    assert set(database.stored) == {"p0000", "p0001", "bad"}
    with pytest.raises(Conflict):
        mending.again(market, bad.public_id)


def test_a_refusal_that_names_none_is_found_one_by_one(statements, database):
    put(statements, 1)
    put_statement(statements, {**GOOD, "puid": "bad", "decision_facts": "Something the database dislikes [wrong]."})
    database.troubles = ["blind"]
    assert turn(statements, database)
    assert states(statements) == {"sent": 1, "failed": 1}


def test_a_token_that_is_not_accepted_stops_the_channel_and_says_what_mends_it(statements, database, settings):
    put(statements, 1)
    settings.COUNTERMARK_DSA_TOKEN = lambda: "another"
    assert not turn(statements, database)
    statements.refresh_from_db()
    assert (statements.problem, states(statements)) == ("token", {"waiting": 1})
    assert "COUNTERMARK_DSA_TOKEN_FILE" in statements.mend
    settings.COUNTERMARK_DSA_TOKEN = lambda: ""
    assert not turn(statements, database)
    statements.refresh_from_db()
    assert (statements.problem, states(statements)) == ("not-set-up", {"waiting": 1})


def test_a_statement_with_personal_data_is_never_put_on_its_way(statements):
    with pytest.raises(Invalid, match="e-mail address"):
        put(statements, 1, decision_facts="The seller is reached at mira.vale@bazaar.example.")
    assert not Dispatch.objects.exists()


def test_what_was_said_of_a_statement_is_never_rewritten(statements, database):
    put(statements, 1)
    turn(statements, database)
    report = Report.objects.get()
    with pytest.raises(RewriteForbidden):
        report.save()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE channels_report SET raw = 'nothing'")


class Killed(BaseException):
    """The worker's process ends here."""


def line_that_dies(machine: FakeDatabase, how: str) -> Line:
    """A line that is cut, or whose process is killed, before or after the database has heard."""
    whole = line_to(machine)

    class Dying(Line):
        def ask(self, method: str, url: str, **more: object):
            if how == "killed before":
                raise Killed
            if how == "cut before":
                raise NotReached("Cut.", nothing_sent=True)
            answer = whole.ask(method, url, **more)  # type: ignore[arg-type]
            if how == "killed after":
                raise Killed
            if how == "cut after":
                raise NotReached("Cut.", nothing_sent=False)
            return answer

    return Dying()


RUNS = count()
TROUBLES = st.sampled_from(
    ["", "", "429", "500", "504-stored", "blind", "killed before", "killed after", "cut before", "cut after"]
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(st.integers(1, 4), TROUBLES), min_size=1, max_size=4))
def test_killed_anywhere_and_however_often_each_statement_is_there_once(statements, monkeypatch, parts):
    run, machine = next(RUNS), FakeDatabase(largest=3)
    monkeypatch.setattr(DsaDatabase, "limits", Limits(in_a_call=3))
    for place, (number, trouble) in enumerate(parts):
        put(statements, number, f"r{run}-{place}-")
        machine.troubles = [trouble] if trouble in {"429", "500", "504-stored", "blind"} else []
        try:
            turn(statements, machine, line_that_dies(machine, trouble))
        except Killed:
            Channel.objects.update(state="queued", claimed_by="")
    machine.troubles, whole = [], sum(number for number, _ in parts)
    for _ in range(2 * whole + 2):
        Channel.objects.update(next_try=None)
        if sending.claim_channel("worker") is None:
            break
        sending.run_channel(statements.public_id, "worker", line_to(machine))
    assert set(states(statements)) == {"sent"}
    # Its dictionary would hide a statement that is there twice; the fake refuses that as the database does.
    assert len(machine.stored) == whole


def test_only_who_may_send_mends_and_nobody_of_another_house(statements, market):
    put(statements, 1)
    row = Dispatch.objects.get()
    with pytest.raises(Exception, match=r"channels\.send"):
        mending.give_up(make_member(Role.READER), row.public_id)
    with pytest.raises(Exception, match="no message"):
        mending.give_up(make_member(Role.ADMINISTRATOR), row.public_id)
    mending.give_up(market, row.public_id)
    assert states(statements) == {"dropped": 1}
