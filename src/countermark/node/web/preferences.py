"""How a person likes the pages: language, time zone, density, keys. Kept with the account, applied on every request."""

import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from countermark.node.web import keys


class KeyMode(StrEnum):
    """When single keys act."""

    ON = "on"
    FOCUS = "focus"  # only while something inside the evidence has focus
    OFF = "off"


class Density(StrEnum):
    """Height of rows and controls."""

    ROOMY = "roomy"
    COMPACT = "compact"


E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class PagePreferences:
    """What the pages need to know about the person who looks.

    Attributes:
        language: one of the node's languages; empty = as the browser asks.
        zone: IANA name of the time zone that times are shown in.
        density: height of rows.
        key_mode: when single keys act.
        key_hints: whether keys are printed on the buttons.
        keys: action to key, defaults filled in.
    """

    language: str = ""
    zone: str = "UTC"
    density: Density = Density.ROOMY
    key_mode: KeyMode = KeyMode.ON
    key_hints: bool = True
    keys: dict[str, str] = field(default_factory=lambda: keys.chosen({}))


@cache
def zones() -> tuple[str, ...]:
    """Every time zone a person may choose."""
    return (*sorted(z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith("Etc/")), "UTC")


def read(language: str, values: Mapping[str, object]) -> PagePreferences:
    """Preferences from what is kept with the account; anything that is no longer a choice falls back to the default."""
    own_keys = {name.removeprefix("key."): str(value) for name, value in values.items() if name.startswith("key.")}
    zone = str(values.get("zone", "UTC"))
    return PagePreferences(
        language=language if language in dict(settings.LANGUAGES) else "",
        zone=zone if zone in zones() else "UTC",
        density=_one_of(Density, values.get("density"), Density.ROOMY),
        key_mode=_one_of(KeyMode, values.get("key_mode"), KeyMode.ON),
        key_hints=values.get("key_hints", True) is not False,
        keys=keys.chosen(own_keys),
    )


def of(request: HttpRequest) -> PagePreferences:
    """Preferences of the person who asks; the defaults for one who is not logged in."""
    known = getattr(request, "page_preferences", None)
    if isinstance(known, PagePreferences):
        return known
    user = request.user if hasattr(request, "user") else None
    if user is None or not user.is_authenticated:
        return PagePreferences()
    found = read(getattr(user, "language", ""), getattr(user, "preferences", {}))
    request.page_preferences = found  # type: ignore[attr-defined]
    return found


def _one_of(kind: type[E], value: object, default: E) -> E:
    try:
        return kind(str(value))
    except ValueError:
        return default


class PreferencesMiddleware:
    """Speak the person's language and show the person's time, on every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate both for this request."""
        preferences = of(request)
        if preferences.language:
            translation.activate(preferences.language)
            request.LANGUAGE_CODE = preferences.language
        with timezone.override(preferences.zone):
            return self._get_response(request)
