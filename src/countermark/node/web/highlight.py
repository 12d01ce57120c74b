"""Mark in the original text the stretches that reasons rest on, each with the number of its reason."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from countermark.model import Span, Text
from countermark.node.web.templatetags.countermark import foreign


def highlighted(text: Text, field: str, marks: Iterable[tuple[int, Span]]) -> SafeString:
    """The text, escaped, with its marked stretches; `marks` are (number of the reason, span).

    Where stretches overlap the earlier one wins; spans outside the text (a listing captured again since) are left out.
    """
    wanted = sorted((s.start, s.end, number) for number, s in marks if s.field == field)
    parts: list[tuple[str | SafeString]] = []
    at = 0
    for start, end, number in wanted:
        if not at <= start < end <= len(text.value):
            continue
        parts.append((text.value[at:start],))
        parts.append((format_html("<mark>{}<sup>{}</sup></mark>", text.value[start:end], number),))
        at = end
    parts.append((text.value[at:],))
    return foreign(format_html_join("", "{}", parts), text.language)
