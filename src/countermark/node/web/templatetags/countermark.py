"""What every template may ask for: the frame, marks, moments, money, words."""

import re
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from countermark.law.wording import day_in_words, said
from countermark.model import Price, Text
from countermark.node.exchange.shown import Alarm
from countermark.node.kernel.time import now
from countermark.node.web import keys, shapes, words
from countermark.node.web.exchange import sentences
from countermark.node.web.exchange.banner import Banner, banner_of
from countermark.node.web.shell import Shell, shell_of

register = template.Library()

_ADDRESS = re.compile(r"sha256:([0-9a-f]{64})")
#: The shape of a BCP 47 tag; anything else that a listing calls its language is not told to screen readers.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


@register.simple_tag(takes_context=True)
def shell(context: Context) -> Shell:
    """The frame around this page: `{% shell as shell %}`."""
    request = context.get("request")
    return shell_of(request if isinstance(request, HttpRequest) else None)


@register.simple_tag(takes_context=True)
def exchange_banner(context: Context) -> Banner:
    """What does not go as agreed with partners; nothing on the page that is about it, or that tells of trouble."""
    member = shell(context).member
    if member is None or not member.organisation_id or "trouble" in context or context.get("here"):
        return Banner((), 0)
    return banner_of(member)


@register.filter
def happened(alarm: Alarm) -> str:
    """What is wrong with a partner, after its name and a colon."""
    return sentences.happened(alarm)


@register.filter
def to_do(alarm: Alarm) -> words.Word:
    """What a person does about it."""
    return sentences.to_do(alarm)


@register.filter
def reason(code: str) -> str:
    """Why something signed was refused, in words."""
    return sentences.reason(code)


@register.filter
def digits(spoken: str) -> SafeString:
    """A fingerprint as it is read aloud: each group of five on its own, four groups a line."""
    return format_html_join("", '<span class="digits-group">{}</span>', ((group,) for group in spoken.split()))


@register.simple_tag
def mark(family: str, code: object, extra: str = "") -> SafeString:
    """Shape and word: `{% mark "verdict" decision.verdict %}`."""
    return shapes.mark(family, code, extra)


@register.simple_tag
def shape(family: str, code: object) -> SafeString:
    """Shape alone, for places where the word stands beside it already."""
    return shapes.shape(family, code)


@register.filter
def word(code: object, family: str) -> words.Word:
    """The words for a code: `{{ row.kind|word:"kind" }}`."""
    return words.word(family, code)


@register.simple_tag(takes_context=True)
def key(context: Context, action: str) -> SafeString:
    """The key of an action as printed on its button; nothing for one who switched keys off."""
    pressed = shell(context).preferences.keys.get(action, "")
    return format_html("<kbd>{}</kbd>", keys.printed(pressed)) if pressed else SafeString("")


@register.simple_tag(takes_context=True)
def shortcut(context: Context, action: str) -> SafeString:
    """Attributes that tie a control to its action: what the key map presses and what a screen reader says."""
    pressed = shell(context).preferences.keys.get(action, "")
    if not pressed:
        return format_html('data-action="{}"', action)
    return format_html('data-action="{}" aria-keyshortcuts="{}"', action, pressed)


@register.simple_tag
def largest_upload() -> int:
    """How many bytes one form may bring."""
    return int(settings.COUNTERMARK_MAX_UPLOAD_BYTES)


@register.filter
def money(price: Price | None) -> SafeString:
    """A price as the reader's language writes it, amount before the currency's code."""
    if price is None:
        return format_html('<span class="faint">{}</span>', _("no price"))
    return format_html('<span class="nowrap tabular">{}</span>', written_price(price))


def written_price(price: Price) -> str:
    """A price as text: cents only where there are any, digits grouped as the language does."""
    amount = price.amount
    places = 0 if amount == amount.to_integral_value() else max(2, -int(amount.normalize().as_tuple().exponent))
    shown = formats.number_format(amount.quantize(Decimal(1).scaleb(-min(places, 6))), places, force_grouping=True)
    return f"{shown}\u00a0{price.currency}"


@register.filter
def when(moment: datetime | date | None) -> SafeString:
    """A moment as “3 days ago”, with the full date and zone on hover; a day without a time stays a day."""
    if moment is None:
        return format_html('<span class="faint">{}</span>', _("never"))
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _short_day(moment))
    full = full_moment(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, ago(moment))


@register.filter
def moment(value: datetime | None) -> SafeString:
    """A moment in full: date, time and zone of the reader."""
    if value is None:
        return format_html('<span class="faint">{}</span>', _("never"))
    return format_html('<time class="tabular" datetime="{}">{}</time>', value.isoformat(), full_moment(value))


@register.filter
def day(value: datetime | None) -> SafeString:
    """The day of a moment in the reader's zone; the time on hover."""
    if value is None:
        return SafeString("")
    shown = _short_day(timezone.localtime(value))
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full_moment(value), shown)


@register.filter
def short_day(value: date | None) -> str:
    """A day as plain text, for a sentence or a cell; of a moment, the day in the reader's zone."""
    if value is None:
        return ""
    return _short_day(timezone.localtime(value) if isinstance(value, datetime) else value)


@register.filter
def clock(value: datetime | None) -> SafeString:
    """The time of day of the reader, for things that end within the hour."""
    if value is None:
        return SafeString("")
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), f"{local:%H:%M}")


def full_moment(value: datetime) -> str:
    """Date, time and zone: `24 Nov 2026, 14:32 CET`."""
    local = timezone.localtime(value)
    return f"{_short_day(local)}, {local:%H:%M} {local.tzname()}"


def ago(value: datetime) -> str:
    """How long ago, in one unit; the date when it is more than a month."""
    seconds = int((now() - value).total_seconds())
    if seconds < 0:
        return full_moment(value)
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return ngettext("%(n)d min ago", "%(n)d min ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)d h ago", "%(n)d h ago", seconds // 3600) % {"n": seconds // 3600}
    if seconds < 31 * 86400:
        return ngettext("%(n)d day ago", "%(n)d days ago", seconds // 86400) % {"n": seconds // 86400}
    return _short_day(timezone.localtime(value))


def _short_day(value: date) -> str:
    """`24 Nov 2026`, in the order and with the words of the reader's language."""
    return formats.date_format(value, pgettext("date, short", "j M Y"))


@register.filter
def in_words(value: date | datetime) -> str:
    """A day in full, as plain text for a sentence: `24 November 2026`; of a moment, the day in the reader's zone."""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return day_in_words(local, get_language() or "en")


@register.filter
def said_in_law(sentence: str) -> str:
    """A sentence of the law in the reader's language, where somebody has translated it."""
    return said(sentence, get_language() or "en")


@register.filter
def translated(words: str) -> str:
    """English words of a lower room in the reader's language; the catalogs hold them too."""
    return _(words) if words else words


@register.filter
def text(value: Text | None) -> SafeString:
    """Foreign text: escaped, kept apart from the direction of what surrounds it, its language told to readers."""
    if value is None or not value.value:
        return SafeString("")
    return foreign(value.value, value.language)


@register.filter
def foreign(value: str | None, language: str | None = None) -> SafeString:
    """Text that others wrote, in whatever direction and language."""
    if not value:
        return SafeString("")
    if language and _LANGUAGE_TAG.fullmatch(language):
        return format_html('<bdi lang="{}">{}</bdi>', language, value)
    return format_html("<bdi>{}</bdi>", value)


@register.filter
def sentence(value: str) -> SafeString:
    """A sentence of the engine: content addresses in it are cut to what a person can compare, the whole on hover."""
    parts, at = [], 0
    for found in _ADDRESS.finditer(value):
        parts.append((value[at : found.start()],))
        short = format_html('<span class="code" title="{}">{}…</span>', found[0], found[1][:8])
        parts.append((short,))
        at = found.end()
    parts.append((value[at:],))
    return foreign(format_html_join("", "{}", parts))


@register.filter
def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{formats.number_format(round(share * 100))}\u00a0%"


@register.filter
def risk(probability: float) -> str:
    """A risk in whole percent; never 0 or 100, because neither is known."""
    if probability < 0.005:
        return _("less than 1\u00a0%")
    return _("more than 99\u00a0%") if probability >= 0.995 else percent(min(0.99, max(0.01, probability)))
