"""The trail: written with its request, read by those who may, in pages that never skip."""

from datetime import timedelta

import pytest

from countermark.node.audit import services
from countermark.node.audit.models import Event
from countermark.node.audit.selectors import events
from countermark.node.kernel.errors import NotPermitted
from countermark.node.kernel.requests import under_request

pytestmark = pytest.mark.django_db


def note(member, action="right.edited", target="rgt_1", actor="", **detail):
    return services.record(
        actor=actor or member.actor, organisation=member.organisation_id, action=action, target=target, detail=detail
    )


def test_an_event_says_who_what_when_and_in_which_request(counsel, clock):
    with under_request("req_1"):
        identifier = note(counsel, fields="title")
    (event,) = events(counsel).rows
    assert (event.id, event.at, event.actor) == (identifier, clock(), counsel.actor)
    assert (event.action, event.target, event.request_id) == ("right.edited", "rgt_1", "req_1")
    assert event.detail == {"fields": "title"}


@pytest.mark.parametrize("action", ["", "edited", "Right.edited", "right.", "right edited", "right.edited'; --"])
def test_an_action_must_be_dotted_lower_case(counsel, action):
    with pytest.raises(ValueError, match="not an action"):
        note(counsel, action=action)


def test_a_long_fact_is_cut_and_too_many_are_refused(counsel):
    note(counsel, note="x" * 9000)
    assert len(str(events(counsel).rows[0].detail["note"])) == services.LONGEST_FACT
    with pytest.raises(ValueError, match="too many"):
        note(counsel, **{f"f{n}": n for n in range(services.MOST_FACTS + 1)})


def test_pages_go_on_where_the_last_one_ended_while_others_write(counsel):
    made = [note(counsel, target=f"rgt_{n}") for n in range(7)]
    first = events(counsel, size=3)
    note(counsel, target="rgt_new")
    second = events(counsel, size=3, before=first.next_before or "")
    third = events(counsel, size=3, before=second.next_before or "")
    shown = [row.id for page in (first, second, third) for row in page.rows]
    assert shown == made[::-1]
    assert third.next_before is None


def test_filters_narrow_the_trail(counsel, administrator, clock):
    note(counsel, action="right.edited")
    clock.forward(hours=1)
    note(administrator, action="right.withdrawn", target="rgt_2")
    note(administrator, action="rights_of.others", target="rgt_2")
    assert [e.actor for e in events(counsel, actor=counsel.actor).rows] == [counsel.actor]
    assert [e.target for e in events(counsel, action="right").rows] == ["rgt_2", "rgt_1"]
    assert [e.action for e in events(counsel, action="right.edited").rows] == ["right.edited"]
    assert len(events(counsel, target="rgt_2").rows) == 2
    assert len(events(counsel, since=clock()).rows) == 2
    assert len(events(counsel, until=clock() - timedelta(minutes=1)).rows) == 1


def test_another_organisations_trail_is_not_shown(counsel, stranger):
    note(counsel)
    assert not events(stranger).rows


def test_one_who_may_not_read_the_trail_is_refused(analyst):
    with pytest.raises(NotPermitted):
        events(analyst)


def test_a_page_has_bounds(counsel):
    note(counsel)
    assert len(events(counsel, size=-5).rows) == 1
    assert len(events(counsel, size=10**9).rows) == 1


def test_an_event_is_lost_with_the_write_it_speaks_of(counsel):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        note(counsel)
        raise RuntimeError
    assert not Event.objects.exists()


def test_a_text_that_no_database_takes_breaks_neither_writing_nor_reading(counsel):
    note(counsel, fact="a\0b")
    assert events(counsel).rows[0].detail == {"fact": "ab"}
    for page in (events(counsel, actor="\0"), events(counsel, target="\0"), events(counsel, before="\0")):
        assert page.rows == ()
    assert events(counsel, action="a\0b").rows == ()
