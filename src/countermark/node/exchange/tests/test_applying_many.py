"""Many entries are applied in one transaction, and still each once, in order, and undone alone when it must be."""

import pytest
from django.db import IntegrityError, connection

from countermark.node.exchange import applying, applying_many
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.applying_many import apply_some
from countermark.node.exchange.models import Inbound, Standing


class Notebook:
    """Applies comments: writes down what it was given; refuses or breaks where it is told to."""

    def __init__(self, team) -> None:
        self.team = team
        self.seen: list[str] = []
        self.refuse: set[str] = set()
        self.breaks: set[str] = set()

    def comment(self, arrived: Arrived) -> None:
        text = str(arrived.data["text"])
        Standing.objects.filter(agreement=self.team.market.agreement).update(problem=text)
        if text in self.refuse:
            raise CannotApply("case-missing", "There is no such case here.")
        if text in self.breaks:
            raise IntegrityError("the database went away")
        self.seen.append(text)

    def work(self, **more: float) -> int:
        return apply_some("worker", {"case.commented": self.comment, "counter_notice.sent": self.comment}, **more)


@pytest.fixture
def notebook(team) -> Notebook:
    """After what an agreement says of itself was applied: six comments on two subjects wait."""
    for side in (team.market, team.brand):
        team.pull(side)
    while apply_some("worker", {}):
        pass
    for number in range(6):
        team.brand.say("case.commented", subject=f"cas_{number % 2}", data={"text": str(number)})
    team.pull(team.market)
    return Notebook(team)


def states() -> list[str]:
    return list(Inbound.objects.filter(entry__type="case.commented").order_by("id").values_list("state", flat=True))


def test_all_that_waits_is_applied_in_order_at_once(notebook):
    assert notebook.work() == 6
    assert notebook.work() == 0
    assert notebook.seen == list("012345")
    assert set(states()) == {"done"}


def test_the_work_for_one_more_entry_is_a_few_statements_and_no_commit(notebook, django_assert_max_num_queries):
    # Claiming 5, the feed 1, marking 3; for each entry a savepoint, its effect (2) and the savepoint's end.
    with django_assert_max_num_queries(9 + 2 + 6 * 4):
        assert notebook.work() == 6


def test_one_that_cannot_be_applied_is_undone_alone_and_holds_up_its_subject(notebook):
    notebook.refuse = {"2"}
    while notebook.work():
        pass
    assert notebook.seen == ["0", "1", "3", "5"]
    assert states() == ["done", "done", "failed", "done", "queued", "done"]
    # What the refused one had written is gone: the last that was applied stands.
    assert Standing.objects.get(agreement=notebook.team.market.agreement).problem == "5"
    failed = Inbound.objects.get(state="failed")
    assert (failed.code, failed.reason, failed.attempts) == ("case-missing", "There is no such case here.", 1)
    notebook.refuse = set()
    applying.retry(notebook.team.market.analyst, failed.entry.entry_id)
    while notebook.work():
        pass
    assert notebook.seen == ["0", "1", "3", "5", "2", "4"]


def test_after_a_fault_all_is_undone_and_each_is_tried_alone_so_that_one_takes_no_other_with_it(notebook):
    notebook.breaks = {"4"}
    with pytest.raises(IntegrityError):
        notebook.work()
    assert set(states()) == {"running"}
    assert Standing.objects.get(agreement=notebook.team.market.agreement).problem == ""
    notebook.seen.clear()
    faults = 0
    for _ in range(40):
        applying.release_claims("worker")
        try:
            if not notebook.work():
                break
        except IntegrityError:
            faults += 1
    assert notebook.seen == ["0", "1", "2", "3", "5"]
    assert states() == ["done", "done", "done", "done", "failed", "done"]
    assert faults == 4


def test_what_takes_too_long_is_left_for_the_next_time(notebook):
    assert notebook.work(longest=-1.0) == 1
    assert notebook.seen == ["0"]
    assert states() == ["done"] + ["queued"] * 5
    assert set(Inbound.objects.filter(state="queued").values_list("attempts", flat=True)) == {0}


def test_what_another_worker_has_in_hand_holds_up_its_subject_only(notebook):
    first = Inbound.objects.filter(state="queued").order_by("id").values_list("pk", flat=True)[0]
    Inbound.objects.filter(pk=first).update(state="running", claimed_by="another", claimed_until="2099-01-01T00:00:00Z")
    while notebook.work():
        pass
    assert notebook.seen == ["1", "3", "5"]


def test_after_an_entry_that_may_lock_a_feed_the_transaction_ends(notebook):
    notebook.team.brand.say("counter_notice.sent", subject="cas_9", data={"text": "6"})
    notebook.team.brand.say("case.commented", subject="cas_1", data={"text": "7"})
    notebook.team.pull(notebook.team.market)
    assert [notebook.work(), notebook.work(), notebook.work()] == [7, 1, 0]
    assert notebook.seen == list("01234567")


def test_a_lost_claim_undoes_everything(notebook, monkeypatch):
    def steals(arrived: Arrived) -> None:
        notebook.comment(arrived)
        Inbound.objects.filter(entry__entry_id=arrived.entry_id).update(claimed_by="another")

    with pytest.raises(applying_many.LostClaim):
        apply_some("worker", {"case.commented": steals})
    assert Standing.objects.get(agreement=notebook.team.market.agreement).problem == ""
    assert not connection.needs_rollback
