"""When a decision falls, what rested on it is taken back at everyone who was told. Run by a worker."""

from collections.abc import Callable
from functools import partial

import structlog

from countermark.node.cases import sharing
from countermark.node.cases.models import SharedItem
from countermark.node.cases.states import AttachedKind, TakenBack
from countermark.node.duties import labels, lists
from countermark.node.duties.labels import Label
from countermark.node.duties.models import ListEntry
from countermark.node.kernel.errors import Problem
from countermark.node.notices.models import Notice
from countermark.node.notices.states import Deed, Stage

log = structlog.get_logger(__name__)

_MOST = 500


def correct_all() -> int:
    """Take back entries and shared findings whose source no longer stands; says how many. Safe to run twice."""
    return _lists() + _findings()


def _lists() -> int:
    rows = ListEntry.objects.filter(ours=True, state=ListEntry.State.STANDING).order_by("pk")
    known = {
        (one.organisation_id, one.public_id): one
        for one in Notice.objects.filter(public_id__in=rows.values("source"))
        .defer("matter", "paper")
        .prefetch_related("court_findings")
    }
    done = 0
    for row in rows.only("pk", "organisation_id", "source")[:_MOST]:
        notice = known.get((row.organisation_id, row.source))
        if notice is None or labels.of(notice, notice.court_findings.all()) is Label.CLEARED:
            done += _tried("list", partial(lists.say_back, row.pk, TakenBack.WRONG, "worker"))
    return done


def _findings() -> int:
    """Findings that we shared and whose notice was reversed, withdrawn as an error, or denied by a court."""
    shared = SharedItem.objects.filter(ours=True, kind=AttachedKind.FINDING, withdrawn_at=None)
    fallen = (
        Notice.objects.filter(finding__in=shared.values("ref"))
        .exclude(stage__in=[Stage.QUEUED, Stage.HELD, Stage.UNDONE])
        .defer("matter", "paper")
        .prefetch_related("court_findings", "happenings")
    )
    done = 0
    for notice in fallen[:_MOST]:
        if not _is_wrong(notice):
            continue
        own = shared.filter(organisation_id=notice.organisation_id, ref=notice.finding)
        for key in own.values_list("pk", flat=True):
            done += _tried("finding", partial(sharing.take_back_by_node, key, TakenBack.WRONG))
    return done


def _is_wrong(notice: Notice) -> bool:
    """A refusal for form alone does not make a finding wrong."""
    if labels.of(notice, notice.court_findings.all()) is not Label.CLEARED:
        return False
    if notice.court_findings.all() or notice.stage == Stage.RESTORED:
        return True
    return notice.stage == Stage.WITHDRAWN and any(
        one.deed == Deed.WITHDRAW and one.reason == "error" for one in notice.happenings.all()
    )


def _tried(what: str, act: Callable[[], bool]) -> int:
    try:
        return int(act())
    except Problem as problem:
        log.warning("correction.waits", what=what, code=problem.code)
        return 0
