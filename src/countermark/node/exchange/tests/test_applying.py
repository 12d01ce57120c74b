"""Entries are applied once, in the order of their subject; one that cannot be applied holds up only what follows it."""

import pytest
from django.db import IntegrityError, transaction

from countermark.node.exchange import applying, receipting
from countermark.node.exchange.applying import Arrived, CannotApply
from countermark.node.exchange.models import Inbound, Standing
from countermark.node.kernel.errors import NotFound
from countermark.proof.refusals import Refused


class Notebook:
    """Applies comments: writes down what it was given; refuses the subjects it is told to."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.refuse: set[str] = set()

    def comment(self, arrived: Arrived) -> None:
        if arrived.entry.subject in self.refuse:
            raise CannotApply("case-missing", "There is no such case here.")
        self.seen.append((arrived.entry.subject, str(arrived.data.get("text"))))

    def work(self) -> None:
        while (key := applying.claim_inbound("worker")) is not None:
            applying.apply_one(key, "worker", {"comment": self.comment})


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def test_each_entry_is_applied_once_in_order(team, notebook):
    for number in range(6):
        team.brand.say(subject=f"cas_{number % 2}", data={"text": str(number)})
    team.pull(team.market)
    notebook.work()
    notebook.work()
    assert notebook.seen == [(f"cas_{number % 2}", str(number)) for number in range(6)]


def test_what_cannot_be_applied_holds_up_only_its_own_subject_and_is_tried_again(team, notebook):
    for number in range(4):
        team.brand.say(subject=f"cas_{number % 2}", data={"text": str(number)})
    team.pull(team.market)
    notebook.refuse = {"cas_0"}
    notebook.work()
    assert [text for _, text in notebook.seen] == ["1", "3"]
    failed = Inbound.objects.get(organisation_id=team.market.organisation_id, state="failed")
    assert (failed.code, failed.reason) == ("case-missing", "There is no such case here.")
    notebook.refuse = set()
    applying.retry(team.market.analyst, failed.entry.entry_id)
    notebook.work()
    assert [text for _, text in notebook.seen] == ["1", "3", "0", "2"]


def test_an_effect_and_its_mark_are_one(team):
    team.brand.say()
    team.pull(team.market)

    def breaks(_arrived: Arrived) -> None:
        Standing.objects.filter(agreement=team.market.agreement).update(problem="half done")
        raise IntegrityError("the database went away")

    while (key := applying.claim_inbound("worker")) is not None:
        try:
            with transaction.atomic():
                applying.apply_one(key, "worker", {"comment": breaks})
        except IntegrityError:
            break
    assert Standing.objects.get(agreement=team.market.agreement).problem == ""
    assert Inbound.objects.filter(entry__type="comment", state="running").count() == 1


def test_a_type_from_a_newer_version_waits_and_is_applied_after_renewal(team, notebook):
    team.brand.say(kind="hologram.sent")
    team.pull(team.market)
    notebook.work()
    assert Inbound.objects.get(entry__type="hologram.sent").code == "unknown-type"
    handlers = {"hologram.sent": notebook.comment}
    assert applying.retry_unknown(handlers) == 1
    key = applying.claim_inbound("worker")
    assert key is not None
    assert applying.apply_one(key, "worker", handlers) == "done"


def test_only_a_failed_entry_of_ones_own_is_tried_again(team):
    row = team.brand.say()
    team.pull(team.market)
    with pytest.raises(NotFound):
        applying.retry(team.market.analyst, row.entry_id)
    with pytest.raises(NotFound):
        applying.retry(team.brand.analyst, row.entry_id)


def test_a_receipt_covers_everything_before_it_and_is_noted_by_the_one_who_spoke(team, notebook):
    team.brand.say()
    team.pull(team.market)
    assert receipting.give_receipt(team.market.agreement) is not None
    assert receipting.give_receipt(team.market.agreement) is None
    team.pull(team.brand)
    notebook.work()
    assert Standing.objects.get(agreement=team.brand.agreement).receipt_in_seq == 2
    assert Standing.objects.get(agreement=team.market.agreement).receipt_out_seq == 2


def test_two_nodes_fall_silent_when_nothing_is_said(team, notebook):
    team.brand.say()
    for _ in range(4):
        team.pull(team.market)
        receipting.give_receipt(team.market.agreement)
        team.pull(team.brand)
        receipting.give_receipt(team.brand.agreement)
        notebook.work()
    said = team.brand.feed.seq, team.market.feed.seq
    team.pull(team.market)
    assert receipting.give_receipt(team.market.agreement) is None
    assert (team.brand.feed.seq, team.market.feed.seq) == said


def test_a_receipt_for_something_else_is_refused(team):
    team.brand.say()
    with pytest.raises(Refused, match="root"):
        receipting.take_receipt(team.brand.agreement, team.brand.feed.name, 2, b"\x00" * 32)
    with pytest.raises(Refused, match="place 9"):
        receipting.take_receipt(team.brand.agreement, team.brand.feed.name, 9, b"\x00" * 32)
    with pytest.raises(Refused, match="place 1"):
        receipting.take_receipt(team.brand.agreement, team.market.feed.name, 1, b"\x00" * 32)
