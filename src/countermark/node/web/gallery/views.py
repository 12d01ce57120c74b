"""The gallery. Shows nothing but invented contents; where it is not wanted it does not exist."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from countermark.node.findings.states import FindingState
from countermark.node.kernel.errors import NotPermitted
from countermark.node.review.shown import ReviewItem
from countermark.node.web import narrowing
from countermark.node.web.evidence import EvidenceView, PictureView
from countermark.node.web.gallery import samples
from countermark.node.web.problems.answers import trouble
from countermark.node.web.regions import outlines
from countermark.node.web.review import context
from countermark.node.web.review.context import Attempt, Said

Shown = dict[str, Any]
Story = Callable[[], Shown]

#: Width and height of the drawings in `static/web/img/gallery`.
SAMPLE_PIXELS = (800, 800)


def _pictured(shown: Shown) -> Shown:
    """Put drawings where the samples have no captures."""
    drawn: EvidenceView = shown["evidence"]
    offered = tuple(_picture("offered", number, 3) for number in (1, 2, 3))
    pictured = replace(
        drawn,
        offered=replace(drawn.offered, pictures=offered),
        protected=replace(drawn.protected, pictures=(_picture("protected", 1, 1),)),
    )
    return shown | {"evidence": pictured}


def _picture(side: str, number: int, count: int) -> PictureView:
    address = static(f"web/img/gallery/{side}.svg")
    what = f"{side.capitalize()}, picture {number} of {count}"
    if number > 1:
        return PictureView(address, address, what, f"{number}/{count}", ())
    seen = outlines([(4, "0.18,0.3 0.82,0.27 0.86,0.9 0.15,0.92")], *SAMPLE_PIXELS)
    return PictureView(address, address, what, f"{number}/{count}", (4,), seen, *SAMPLE_PIXELS)


def _rail() -> Shown:
    none = narrowing.read({})
    return {"rows": [context.rail_row(samples.row(n), none, ()) for n in range(6)], "next": "#"}


def _review(item: ReviewItem, **more: Any) -> Shown:
    none = narrowing.read({})
    shown = _pictured(context.of_item(none, item, more.pop("attempt", None)))
    queues = [
        {"state": FindingState.OPEN, "length": "1,000+", "current": True, "address": "#"},
        {"state": FindingState.SECOND_LOOK, "length": "4", "current": False, "address": "#"},
    ]
    return shown | {"item": item, "rail": _rail(), "queues": queues, "filters": {"chips": (), "selects": ()}} | more


def _no_pictures() -> Shown:
    item = samples.item()
    bare = replace(item, finding=replace(item.finding, offered=(), protected=()))
    none = narrowing.read({})
    return _review(item) | {"evidence": context.of_item(none, bare)["evidence"]}


#: Name to template and what it is given.
STORIES: dict[str, tuple[str, Story]] = {
    "parts": ("gallery/parts.html", lambda: {"rows": [samples.row(n) for n in range(6)]}),
    "review": ("review/page.html", lambda: _review(samples.item())),
    "review-picker": (
        "review/page.html",
        lambda: _review(samples.item(), attempt=Attempt("infringing", "", "Compare the clasp.")),
    ),
    "review-second-look": ("review/page.html", lambda: _review(samples.item(FindingState.SECOND_LOOK))),
    "review-held": (
        "review/page.html",
        lambda: _review(samples.item(may_decide=False, why_not="Being reviewed by Claire Benoit until 14:32 UTC.")),
    ),
    "review-lost": (
        "review/page.html",
        lambda: _review(
            samples.item(),
            kept=Said("Conflict", detail="Claire decided this 20 s ago: Infringing.", note="Compare the clasp."),
        ),
    ),
    "review-no-pictures": ("review/page.html", _no_pictures),
    "trouble-403": (
        "problems/page.html",
        lambda: {
            "trouble": trouble(
                403, NotPermitted("This needs the permission “rights.edit”.", roles=("analyst", "counsel"))
            ),
            "reference": "req_" + "0" * 26,
        },
    ),
    "trouble-500": ("problems/page.html", lambda: {"trouble": trouble(500), "reference": "req_" + "0" * 26}),
}


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All stories."""
    _only_where_wanted(request)
    return render(request, "gallery/page.html", {"stories": list(STORIES)})


@require_safe
def story(request: HttpRequest, name: str) -> HttpResponse:
    """One story, on a page as it would stand in."""
    _only_where_wanted(request)
    if name not in STORIES:
        raise Http404
    template, shown = STORIES[name]
    return render(request, template, shown())


def _only_where_wanted(request: HttpRequest) -> None:
    if not (settings.DEBUG or getattr(settings, "COUNTERMARK_GALLERY", False)):
        raise Http404
    request.member = samples.ANA  # type: ignore[attr-defined]
