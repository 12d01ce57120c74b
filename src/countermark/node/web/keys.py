"""The keys: one table from which the pages, the key sheet, the preferences and the reference are made."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from countermark.node.web.words import Word


class Where(StrEnum):
    """Where a key works."""

    REVIEW = "review"
    EVERYWHERE = "everywhere"


class Key(NamedTuple):
    """One shortcut.

    Attributes:
        action: what is pressed: the control on the page that carries `data-action` of this name.
        default: the key, as a browser names it in `KeyboardEvent.key`; two keys in turn are separated by a space.
        meaning: what it does, verb first.
        where: on which pages.
        fixed: it cannot be remapped (digits, arrows, Enter, Escape).
    """

    action: str
    default: str
    meaning: Word
    where: Where
    fixed: bool = False


KEYS: tuple[Key, ...] = (
    Key("infringing", "i", _("Infringing: choose the reason, then Enter"), Where.REVIEW),
    Key("not_infringing", "n", _("Not infringing: choose the reason, then Enter"), Where.REVIEW),
    Key("unsure", "u", _("Unsure: someone else will look"), Where.REVIEW),
    Key("escalate", "e", _("Escalate to counsel"), Where.REVIEW),
    Key("reason", "1–9", _("Pick the reason of that number"), Where.REVIEW, fixed=True),
    Key("confirm", "Enter", _("Confirm the verdict with the chosen reason"), Where.REVIEW, fixed=True),
    Key("skip", "s", _("Skip: put aside for a day, for you only"), Where.REVIEW),
    Key("undo", "z", _("Undo your last decision"), Where.REVIEW),
    Key("next", "j", _("Go to the next item without deciding (also ↓)"), Where.REVIEW),
    Key("previous", "k", _("Go to the item before (also ↑)"), Where.REVIEW),
    Key("flip", "f", _("Flip offered and protected in one frame"), Where.REVIEW),
    Key("outlines", "o", _("Show or hide the outlines of what was recognised"), Where.REVIEW),
    Key("zoom-in", "+", _("Zoom both pictures in"), Where.REVIEW),
    Key("zoom-out", "-", _("Zoom both pictures out"), Where.REVIEW),
    Key("previous-picture", "[", _("Previous picture of the offer"), Where.REVIEW),
    Key("next-picture", "]", _("Next picture of the offer"), Where.REVIEW),
    Key("note", "c", _("Write a note"), Where.REVIEW),
    Key("history", "h", _("Go to earlier decisions"), Where.REVIEW),
    Key("sheet", "?", _("Show the keys"), Where.EVERYWHERE),
    Key("filter", "/", _("Go to the filter or the search"), Where.EVERYWHERE),
    Key("go-review", "g r", _("Go to Review"), Where.EVERYWHERE),
    Key("go-findings", "g f", _("Go to Findings"), Where.EVERYWHERE),
    Key("go-listings", "g l", _("Go to Listings"), Where.EVERYWHERE),
    Key("go-rights", "g p", _("Go to Rights (what is protected)"), Where.EVERYWHERE),
    Key("go-cases", "g c", _("Go to Cases"), Where.EVERYWHERE),
    Key("go-scans", "g s", _("Go to Scans"), Where.EVERYWHERE),
    Key("go-exchange", "g e", _("Go to Exchange"), Where.EVERYWHERE),
    Key("go-agreements", "g a", _("Go to Agreements"), Where.EVERYWHERE),
    Key("close", "Escape", _("Close what is open and go back to where it was opened"), Where.EVERYWHERE, fixed=True),
    Key("send", "Ctrl+Enter", _("Send the form you are writing in (Cmd+Enter on a Mac)"), Where.EVERYWHERE, fixed=True),
)

#: Actions whose key a person may choose.
REMAPPABLE = tuple(key for key in KEYS if not key.fixed)


def printed(key: str) -> str:
    """A key as it stands on a button: `I`, `G R`, `Enter`."""
    return " ".join(part.upper() if len(part) == 1 else {"Escape": "Esc"}.get(part, part) for part in key.split(" "))


def is_key(text: str) -> bool:
    """Whether a text can be a shortcut: one or two single printable characters, none of them a digit."""
    parts = text.split(" ")
    return 1 <= len(parts) <= 2 and all(len(p) == 1 and p.isprintable() and not p.isdigit() for p in parts)


def chosen(remapped: Mapping[str, str]) -> dict[str, str]:
    """Action to key, a person's own choices over the defaults; choices that cannot be keys do not count."""
    return {
        key.action: remapped[key.action] if is_key(remapped.get(key.action, "")) else key.default for key in REMAPPABLE
    }


def collisions(keys: Mapping[str, str]) -> dict[str, str]:
    """Actions that cannot be reached: same key as another one, or a key that begins another's sequence."""
    seen: dict[str, str] = {}
    lost = {}
    for action, key in keys.items():
        for other, other_key in seen.items():
            if key == other_key or key == other_key.split(" ")[0] or key.split(" ")[0] == other_key:
                lost[action] = other
        seen[action] = key
    return lost
