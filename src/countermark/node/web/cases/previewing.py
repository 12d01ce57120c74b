"""The step before anything leaves: field by field what the partner will see, and why it does not see the rest."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from countermark.node.cases.previews import ItemPreview
from countermark.node.cases.shown import Party
from countermark.node.web.cases.wording import preview_in_words
from countermark.node.web.words import Word

_NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "step"})


def carried(request: HttpRequest, more: Mapping[str, str]) -> list[tuple[str, str]]:
    """Fields of the form, to be sent again with the confirmation; `more` takes the place of what was sent."""
    there = [
        (name, value)
        for name in request.POST
        if name not in _NOT_CARRIED and name not in more
        for value in request.POST.getlist(name)
    ]
    return [*there, *more.items()]


def preview_page(
    request: HttpRequest,
    partner: Party,
    previews: Sequence[ItemPreview],
    fields: Sequence[tuple[str, str]],
    about: Mapping[str, Word],
) -> HttpResponseBase:
    """The page of the preview; its form sends the same fields to the same address with `step=send`."""
    shown = {
        "partner": partner,
        "items": [preview_in_words(one) for one in previews],
        "denied": next((one.denied for one in previews if one.denied), ""),
        "fields": fields,
        **about,
    }
    return render(request, "cases/preview.html", shown, status=200)
