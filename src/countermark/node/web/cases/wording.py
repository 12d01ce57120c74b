"""Words of cases that pages put together: people, lines of the history, whose move it is."""

from typing import Any

from django.utils.translation import gettext as _

from countermark.node.cases.previews import ItemPreview
from countermark.node.cases.shown import HistoryLine, Who
from countermark.node.web.choices import translated
from countermark.node.web.words import word


def who_in_words(who: Who) -> str:
    """`Ana Duval (Maison Aurelle)`, `Bazaar: Officer`, `Bazaar`."""
    side = who.party.name if who.party else ""
    if who.role:
        return _("%(side)s: %(role)s") % {"side": side, "role": word("role", who.role)}
    if who.is_pseudonym:
        return _("%(side)s: member %(token)s") % {"side": side, "token": who.name}
    return f"{who.name} ({side})" if who.name else _("%(side)s, anyone") % {"side": side}


def line_in_words(line: HistoryLine) -> dict[str, Any]:
    """One line of the history, as its template draws it."""
    author = line.author
    return {
        "line": line,
        "did": word("case_entry", line.type),
        "who": author.name or (word("role", author.role) if author.role else ""),
        "assigned": who_in_words(line.assigned_to) if line.assigned_to else "",
        "mentions": [who_in_words(one) for one in line.mentions],
        "late": (line.recorded_at - line.happened_at).total_seconds() >= 60,
        "outcome": word("outcome", line.outcome) if line.outcome else "",
    }


def preview_in_words(preview: ItemPreview) -> dict[str, Any]:
    """One entry of a preview: fields seen, fields hidden with the rule that hides them."""
    return {
        "preview": preview,
        "title": word("case_entry", preview.type),
        "seen": [{"words": translated(field.words), "field": field} for field in preview.seen],
        "hidden": [{"words": translated(field.words), "field": field} for field in preview.hidden],
    }
