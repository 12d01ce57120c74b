"""A waiting time that is over passes the move on: the row says so, so that a queue stays one question."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from countermark.law.deadlines import day_in
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer
from countermark.node.notices.models import Notice
from countermark.node.notices.moves import HOLDER, SELLER, next_move
from countermark.node.notices.states import Stage


def turn_all_due(most: int = 500) -> int:
    """For a worker: pass the move on in notices whose waiting time is over; says in how many.

    Nothing happens in law by that: the marketplace still has to act, and its queue shows it.
    """
    # A day earlier where a zone is ahead of ours; each row is then looked at in its own zone.
    waits = Q(stage=Stage.COUNTERED, due_who=HOLDER) | Q(stage=Stage.AT_SELLER, due_who=SELLER)
    over = Notice.objects.filter(waits, due__lte=now().date() + timedelta(days=1))
    return sum(_turn(key) for key in over.order_by("due").values_list("pk", flat=True)[:most])


@transaction.atomic
def _turn(key: int) -> bool:
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=key)
    matter = lawyer.read(notice.matter)
    move = next_move(Stage(notice.stage), matter, day_in(now(), matter.zone))
    if move.who == notice.due_who:
        return False
    notice.due, notice.due_who = move.by, move.who
    notice.save(update_fields=["due", "due_who"])
    return True
