"""What everybody may read, without an account: notices with their results, and how partners work together."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from countermark.node.duties import publishing
from countermark.node.duties.publishing import PublicationShown

#: On one page, and in one answer of the feed.
SIZE = 50


@require_safe
def published(request: HttpRequest) -> HttpResponseBase:
    """Notices, statements and results, newest first."""
    rows = publishing.for_the_public("notice", SIZE + 1, request.GET.get("before", ""))
    shown = {"rows": rows[:SIZE], "before": rows[SIZE - 1].id if len(rows) > SIZE else ""}
    return render(request, "duties/published.html", shown)


@require_safe
def arrangements(request: HttpRequest) -> HttpResponseBase:
    """The essence of each joint arrangement, and whom to ask."""
    return render(request, "duties/arrangements.html", {"rows": publishing.for_the_public("essence", SIZE)})


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The same as JSON: items newest first; `next` is the value of `before` for the page after."""
    rows = publishing.for_the_public("notice", SIZE + 1, request.GET.get("before", ""))
    following = rows[SIZE - 1].id if len(rows) > SIZE else None
    return JsonResponse(
        {"format": "countermark-published/1", "items": [_item(one) for one in rows[:SIZE]], "next": following},
        json_dumps_params={"ensure_ascii": False},
    )


def _item(one: PublicationShown) -> dict[str, str | None]:
    return {
        "id": one.id,
        "organisation": one.organisation,
        "title": one.title,
        "text": one.text,
        "published_at": one.published_at.isoformat() if one.published_at else None,
    }
