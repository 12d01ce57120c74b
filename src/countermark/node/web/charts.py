"""Drawings made by the server, so that page, print and mail show the same: signed bars and the waterfall of reasons."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from countermark.node.web.words import Word

#: Weights (natural log-odds) from which a reason is called so; the words stand in for bars on narrow pages.
_STRENGTHS = (
    (3.0, pgettext_lazy("strength of a reason", "very strong")),
    (1.5, pgettext_lazy("strength of a reason", "strong")),
    (0.6, pgettext_lazy("strength of a reason", "some weight")),
    (0.0, pgettext_lazy("strength of a reason", "little weight")),
)
#: Probabilities marked on the axis of a waterfall.
_TICKS = (0.01, 0.1, 0.5, 0.9, 0.99)


class Step(NamedTuple):
    """One bar of a waterfall.

    Attributes:
        label: what it is, short.
        start, end: log-odds before and after.
        tone: `for`, `against` or `total`.
    """

    label: str
    start: float
    end: float
    tone: str


def strength(weight: float) -> Word:
    """A weight in words."""
    return next((words for least, words in _STRENGTHS if abs(weight) >= least), gettext_lazy("little weight"))


def signed_bar(weight: float, largest: float) -> SafeString:
    """A bar from the middle: to the end for infringement, to the start against it; `largest` fills one half."""
    length = max(1.5, 98 * min(1.0, abs(weight) / largest) if largest > 0 else 0.0)
    start = 100.0 if weight >= 0 else 100.0 - length
    return format_html(
        '<svg class="bar" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<path class="bar-track" d="M0 5h200"/>'
        '<rect class="bar-{}" x="{}" y="1" width="{}" height="8"/><path class="bar-axis" d="M100 0v10"/></svg>',
        "for" if weight >= 0 else "against",
        f"{start:.1f}",
        f"{length:.1f}",
    )


_LABELS, _PLOT, _ROW, _TOP = 220, 500, 28, 24


def waterfall(steps: Sequence[Step], summary: str) -> SafeString:
    """How a probability came about, from the base rate on, one bar a reason; the axis is in log-odds, named in percent.

    `summary` is what a screen reader hears; the same figures stand in the table beside the drawing.
    """
    ends = [value for step in steps for value in (step.start, step.end)] + [-1.0, 1.0]
    low, high = min(ends) - 0.4, max(ends) + 0.4
    height = _TOP + _ROW * len(steps) + 8

    def x(value: float) -> float:
        return _LABELS + _PLOT * (value - low) / (high - low)

    ticks = [(math.log(p / (1 - p)), p) for p in _TICKS]
    drawn_ticks = format_html_join(
        "",
        '<path class="plot-tick" d="M{0} {1}V{2}"/>'
        '<text class="plot-label" x="{0}" y="14" text-anchor="middle">{3}</text>',
        [(f"{x(at):.1f}", _TOP - 4, height - 8, f"{p * 100:.0f} %") for at, p in ticks if low <= at <= high],
    )
    bars = format_html_join("", "{}", [(_bar_row(number, step, x),) for number, step in enumerate(steps)])
    return format_html(
        '<svg class="waterfall" viewBox="0 0 {} {}" role="img" aria-label="{}"><desc>{}</desc>{}{}</svg>',
        _LABELS + _PLOT + 8,
        height,
        _("How the risk came about"),
        summary,
        drawn_ticks,
        bars,
    )


def _bar_row(number: int, step: Step, x: Callable[[float], float]) -> SafeString:
    top = _TOP + number * _ROW
    left, right = sorted((x(step.start), x(step.end)))
    return format_html(
        '<text class="plot-name" x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="bar-{}" x="{}" y="{}" width="{}" height="16"/>'
        '<path class="plot-join" d="M{} {}v12"/>',
        _LABELS - 12,
        top + 15,
        step.label[:34],
        step.tone,
        f"{left:.1f}",
        top + 2,
        f"{max(right - left, 2):.1f}",
        f"{x(step.end):.1f}",
        top + 18,
    )
