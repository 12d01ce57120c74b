"""Marks as shapes: a verdict is told by its shape and its word, the colour only helps."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from countermark.node.web.words import word

_BOX = '<svg viewBox="0 0 14 14" aria-hidden="true" focusable="false">{}</svg>'

_DIAMOND = '<path fill="currentColor" d="M7 .4 13.6 7 7 13.6.4 7z"/>'
_CIRCLE = '<circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" stroke-width="2"/>'
_HALF = f'{_CIRCLE}<path fill="currentColor" d="M7 1.4a5.6 5.6 0 0 0 0 11.2z"/>'
_TRIANGLE = '<path fill="currentColor" d="M7 .8 13.8 13H.2z"/>'
_SQUARE = '<path fill="currentColor" d="M1 1h12v12H1z"/>'
_DISC = '<circle cx="7" cy="7" r="6.2" fill="currentColor"/>'
_DOT = (
    '<circle cx="7" cy="7" r="5.4" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.6 1.64"/>'
)
_BACK = '<path fill="none" stroke="currentColor" stroke-width="2" d="M5 1 2 4l3 3M2 4h6.5a3.5 3.5 0 0 1 0 7.5H4"/>'
_CHECK = '<path fill="none" stroke="currentColor" stroke-width="2.2" d="m1.5 7.5 3.6 3.7L12.5 3"/>'
_CROSS = '<path fill="none" stroke="currentColor" stroke-width="2.2" d="m2 2 10 10M12 2 2 12"/>'
_EQUAL = '<path fill="none" stroke="currentColor" stroke-width="2" d="M1.5 4.8h11M1.5 9.2h11"/>'
_UNEQUAL = f'{_EQUAL}<path fill="none" stroke="currentColor" stroke-width="2" d="m10.5.8-7 12.4"/>'
_QUESTION = (
    '<path fill="none" stroke="currentColor" stroke-width="1.8" d="M4 4.4a3 3 0 1 1 4.4 2.7C7.5 7.6 7 8 7 9.2"/>'
    '<circle cx="7" cy="12" r="1.2" fill="currentColor"/>'
)
_PLUS = '<path fill="none" stroke="currentColor" stroke-width="2.4" d="M7 1.5v11M1.5 7h11"/>'
_MINUS = '<path fill="none" stroke="currentColor" stroke-width="2.4" d="M1.5 7h11"/>'
_CLOCK = (
    '<circle cx="7" cy="7" r="5.8" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path fill="none" stroke="currentColor" stroke-width="1.6" d="M7 3.4V7l2.4 1.6"/>'
)
_ARROW = '<path fill="none" stroke="currentColor" stroke-width="2" d="M1 7h11M8 3l4 4-4 4"/>'


def _bars(filled: int) -> str:
    heights = (4, 8, 12)
    return "".join(
        f'<rect x="{1 + 4.5 * i:g}" y="{13 - h}" width="3" height="{h}" stroke="currentColor" stroke-width="1" '
        f'fill="{"currentColor" if i < filled else "none"}"/>'
        for i, h in enumerate(heights)
    )


#: Family and code to the inside of a drawing of 14 by 14.
SHAPES: dict[tuple[str, str], str] = {
    ("verdict", "infringing"): _DIAMOND,
    ("verdict", "not_infringing"): _CIRCLE,
    ("verdict", "unsure"): _HALF,
    ("verdict", "escalate"): _TRIANGLE,
    ("verdict", "withdrawn"): _BACK,
    ("finding_state", "open"): _DOT,
    ("finding_state", "second_look"): _HALF,
    ("finding_state", "escalated"): _TRIANGLE,
    ("finding_state", "decided"): _CHECK,
    ("finding_state", "superseded"): _ARROW,
    ("finding_state", "lapsed"): _MINUS,
    ("work_state", "queued"): _DOT,
    ("work_state", "preparing"): _CLOCK,
    ("work_state", "running"): _CLOCK,
    ("work_state", "done"): _CHECK,
    ("work_state", "failed"): _TRIANGLE,
    ("work_state", "cancelled"): _CROSS,
    ("comparison", "same"): _EQUAL,
    ("comparison", "differs"): _UNEQUAL,
    ("comparison", "unknown"): _QUESTION,
    ("direction", "for"): _PLUS,
    ("direction", "against"): _MINUS,
    ("party", "rights_holder"): _DIAMOND,
    ("party", "marketplace"): _SQUARE,
    ("party", "payment"): _DISC,
    ("right_status", "in_force"): _CHECK,
    ("right_status", "pending"): _CLOCK,
    ("right_status", "lapsed"): _MINUS,
    ("right_status", "withdrawn"): _CROSS,
    ("right_status", "unknown"): _QUESTION,
    ("agreement_state", "draft"): _DOT,
    ("agreement_state", "offered"): _ARROW,
    ("agreement_state", "received"): _BACK,
    ("agreement_state", "agreed"): _CHECK,
    ("agreement_state", "suspended"): _HALF,
    ("agreement_state", "ended"): _MINUS,
    ("agreement_state", "declined"): _CROSS,
    ("feed_state", "open"): _CHECK,
    ("feed_state", "frozen"): _TRIANGLE,
    ("feed_state", "ended"): _MINUS,
    ("key_state", "used"): _CHECK,
    ("key_state", "ends_soon"): _CLOCK,
    ("key_state", "older"): _CIRCLE,
    ("key_state", "not_yet"): _DOT,
    ("key_state", "ended"): _TRIANGLE,
    ("key_state", "revoked"): _CROSS,
    ("case_state", "open"): _DOT,
    ("case_state", "closed"): _CHECK,
    ("level", "high"): _bars(3),
    ("level", "medium"): _bars(2),
    ("level", "low"): _bars(1),
}
#: Families whose shape another family draws.
_DRAWN_AS = {"judged": "verdict"}


def shape(family: str, code: object) -> SafeString:
    """The drawing of a code, without words; nothing when there is none."""
    inside = SHAPES.get((_DRAWN_AS.get(family, family), str(code)), "")
    return mark_safe(_BOX.format(inside)) if inside else SafeString("")  # noqa: S308 - only the constants above


def mark(family: str, code: object, extra: str = "") -> SafeString:
    """Shape and word of a code, coloured by its tone."""
    text = str(code)
    prefix = "level-" if family == "level" else "tone-"
    return format_html(
        '<span class="mark {}{} {}">{}<span class="mark-word">{}</span></span>',
        prefix,
        text,
        extra,
        shape(family, text),
        word(family, text),
    )
