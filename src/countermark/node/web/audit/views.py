"""Who did what, when, to what; newest first."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.audit import selectors
from countermark.node.audit.shown import EventShown
from countermark.node.parties import selectors as parties
from countermark.node.parties.access import Member
from countermark.node.web import lists, narrowing
from countermark.node.web.door import with_member
from countermark.node.web.lists import FilterForm

_NAMES = ("q", "actor", "action", "day")
#: First parts of actions, as a filter offers them.
_THINGS = (
    "account",
    "agreement",
    "brand",
    "decision",
    "entry",
    "feed",
    "import",
    "member",
    "organisation",
    "person",
    "picture",
    "retention",
    "right",
    "scan",
    "seller",
    "token",
)
#: Where the page of a target is.
_PAGES = {"fnd": "web:finding", "lst": "web:listing", "rgt": "web:right", "scn": "web:scan", "imp": "web:import"}


@require_safe
@with_member
def trail(request: HttpRequest, member: Member) -> HttpResponseBase:
    """One page of the trail."""
    given = lists.given(request, _NAMES)
    before = request.GET.get("after", "")[:40]
    since = _day(given.get("day", ""))
    page = selectors.events(
        member,
        actor=given.get("actor", ""),
        action=given.get("action", ""),
        target=given.get("q", ""),
        since=since,
        until=since + timedelta(days=1) if since else None,
        before=before,
    )
    names = parties.actor_names(member)
    shown = {
        "rows": [_row(event, names) for event in page.rows],
        "help_text": _("Rows are never changed or deleted; the database refuses it."),
    }
    filters = _filters(given, names)
    return lists.render_list(
        request, "audit/trail.html", shown, filters=filters, cursor=before, next_cursor=page.next_before
    )


def _row(event: EventShown, names: dict[str, str]) -> dict[str, Any]:
    kind = event.target.partition("_")[0]
    page = _PAGES.get(kind)
    return {
        "event": event,
        "who": names.get(event.actor, event.actor),
        "whom": names.get(event.target, event.target),
        "address": reverse(page, args=[event.target]) if page else "",
        "detail": [(name, value) for name, value in event.detail.items() if value not in {"", None}],
    }


def _filters(given: dict[str, str], names: dict[str, str]) -> FilterForm:
    people = sorted(names.items(), key=lambda pair: pair[1].casefold())
    actors = [*people, ("worker", _("a worker")), ("system", _("the system"))]
    who = narrowing.select("actor", given.get("actor", ""), actors)
    what = narrowing.select("action", given.get("action", ""), [(thing, thing) for thing in _THINGS])
    fields = (
        narrowing.Select("actor", _("Who"), who.value, who.options),
        narrowing.Select("action", _("About"), what.value, what.options),
    )
    return FilterForm(reverse("web:audit"), given, _("Id of the thing"), fields, by_day=True)


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()) if day else None
