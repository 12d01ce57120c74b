"""Bars a month: how many listings and findings were shared. The same figures stand in the table below."""

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from countermark.node.insight.figures import Counts

#: Months drawn at most, the newest.
MOST_MONTHS = 24
_WIDTH, _HEIGHT, _FOOT = 30, 120, 18


def bars(months: Mapping[str, Counts]) -> SafeString:
    """Two bars a month, listings and findings; empty when there is no month."""
    drawn = list(months.items())[-MOST_MONTHS:]
    if not drawn:
        return SafeString("")
    largest = max(max(one.listings, one.findings) for _month, one in drawn) or 1
    parts = []
    for number, (month, one) in enumerate(drawn):
        left = number * _WIDTH
        for place, (count, tone) in enumerate(((one.listings, "against"), (one.findings, "for"))):
            height = _HEIGHT * count / largest
            parts.append((tone, left + 3 + 12 * place, f"{_HEIGHT - height:.1f}", f"{height:.1f}", month, count))
    rects = format_html_join(
        "",
        '<rect class="bar-{}" x="{}" y="{}" width="11" height="{}"><title>{}: {}</title></rect>',
        parts,
    )
    names = format_html_join(
        "",
        '<text class="plot-label" x="{}" y="{}" text-anchor="middle">{}</text>',
        [(number * _WIDTH + 14, _HEIGHT + _FOOT - 4, month[5:]) for number, (month, _one) in enumerate(drawn)],
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" width="{}">{}{}</svg>',
        _WIDTH * len(drawn),
        _HEIGHT + _FOOT,
        _("Listings and findings shared, month by month; the table has the figures"),
        min(720, 2 * _WIDTH * len(drawn)),
        rects,
        names,
    )
