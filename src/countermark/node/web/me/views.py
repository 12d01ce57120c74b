"""How a person likes the pages."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.parties import services
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.review import selectors as review
from countermark.node.web import keys, preferences
from countermark.node.web.door import with_member
from countermark.node.web.preferences import Density, KeyMode, PagePreferences


@require_safe
@with_member
def me(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The form, and what one did today."""
    return _page(request, member, preferences.of(request))


@require_POST
@with_member
def save(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Keep the choices; two actions on one key are refused, both named."""
    sent = request.POST
    language = sent.get("language", "")
    values: dict[str, str | int | bool] = {
        "zone": sent.get("zone", "UTC"),
        "density": sent.get("density", ""),
        "key_mode": sent.get("key_mode", ""),
        "key_hints": sent.get("key_hints") == "on",
    }
    wanted = {key.action: sent.get(f"key.{key.action}", key.default).strip().lower() for key in keys.REMAPPABLE}
    values |= {f"key.{action}": key for action, key in wanted.items()}
    problems = _problems(wanted, str(values["zone"]))
    if not problems:
        try:
            services.save_preferences(member, language=language, values=values)
        except Invalid as problem:
            problems = {one.field: one.sentence() for one in problem.problems}
    if problems:
        typed = preferences.read(language, values)
        return _page(request, member, typed, typed_keys=wanted, problems=problems, status=422)
    with override(language):
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("web:me"), status=303)


@require_POST
@with_member
def reset_keys(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every key as it is out of the box."""
    services.save_preferences(member, values={f"key.{key.action}": key.default for key in keys.REMAPPABLE})
    messages.success(request, _("All keys are as they were."))
    return HttpResponseRedirect(f"{reverse('web:me')}#keys", status=303)


def _problems(wanted: dict[str, str], zone: str) -> dict[str, str]:
    problems = {
        f"key.{action}": FieldProblem(
            "", "key-wrong", _("That is no key."), _("Type one letter or sign, or two with a space between them.")
        ).sentence()
        for action, key in wanted.items()
        if not keys.is_key(key)
    }
    meanings = {key.action: str(key.meaning) for key in keys.KEYS}
    for action, other in keys.collisions(wanted).items():
        problems.setdefault(f"key.{action}", _("The same key as “%(other)s”.") % {"other": meanings[other]})
    if zone not in preferences.zones():
        problems["zone"] = _("That is no time zone. Choose one from the list, like Europe/Paris.")
    return problems


def _page(
    request: HttpRequest,
    member: Member,
    chosen: PagePreferences,
    *,
    typed_keys: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown_keys = typed_keys or chosen.keys
    shown: dict[str, Any] = {
        "chosen": chosen,
        "languages": settings.LANGUAGES,
        "zones": preferences.zones(),
        "densities": [
            (Density.ROOMY, _("Roomy: rows of 44 pixels")),
            (Density.COMPACT, _("Compact: rows of 32 pixels")),
        ],
        "key_modes": [
            (KeyMode.ON, _("On")),
            (KeyMode.FOCUS, _("Only while something inside the evidence has focus")),
            (KeyMode.OFF, _("Off")),
        ],
        "keys": [
            {
                "action": key.action,
                "meaning": key.meaning,
                "value": shown_keys.get(key.action, key.default),
                "default": key.default,
                "problem": (problems or {}).get(f"key.{key.action}", ""),
            }
            for key in keys.REMAPPABLE
        ],
        "problems": problems or {},
        "day": review.my_day(member) if member.may(Permission.REVIEW_DECIDE) else None,
        "zone_problem": (problems or {}).get("zone", ""),
    }
    return render(request, "me/page.html", shown, status=status)
