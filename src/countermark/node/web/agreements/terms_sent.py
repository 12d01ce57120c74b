"""Terms as a form sent them, as plain values. Names of fields are the paths by which `read_terms` tells problems."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from countermark.node.exchange.rules.actions import Action
from countermark.node.exchange.rules.fields import CLASSES, FIELDS
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.territories import EEA, EU

#: Purposes, and legal bases of one, that a form holds (`rules.term_parts`).
MOST_PURPOSES, MOST_BASES = 20, 12
_BETWEEN = re.compile(r"[\s,;]+")
_GROUPS = {"EU": EU, "EEA": EEA}

Plain = dict[str, Any]


def sent_terms(form: QueryDict, sides: Sequence[str]) -> Plain:
    """What was typed, unchecked: `read_terms` says what is wrong with it.

    Args:
        form: as sent.
        sides: kinds of the two organisations, in the order of the agreement; a form does not change them.
    """
    places, purposes = _purposes(form)
    return {
        "v": 1,
        "sides": list(sides),
        "purposes": purposes,
        "items": _items(form, places),
        "territories": territories_in(form.get("territories", "")),
        "retention": {
            str(one): number(form.get(f"retention.{one}", "")) for one in CLASSES if form.get(f"retention.{one}")
        },
        "grants": _grants(form, sides),
        "times": {
            name: number(form.get(f"times.{name}", ""))
            for name in ("receipt_hours", "answer_hours", "checkpoint_minutes")
        },
        "ending": {
            "notice_days": number(form.get("ending.notice_days", "")),
            "deletes": form.getlist("ending.deletes"),
            "delete_days": number(form.get("ending.delete_days", "")),
            "after": form.getlist("ending.after"),
        },
        "onward": {
            "kinds": form.getlist("onward.kinds"),
            "to": form.getlist("onward.to"),
            "up_to": form.get("onward.up_to", "PUBLIC"),
        },
    }


def in_order_of(before: Any, sent: Any) -> Any:
    """Sent values with lists of words in the order that they had before: a form knows no order of its ticks.

    Without it every saving would make another document, to be read and signed anew.
    """
    if isinstance(before, dict) and isinstance(sent, dict):
        return {name: in_order_of(before.get(name), value) for name, value in sent.items()}
    if isinstance(before, list | tuple) and isinstance(sent, list) and all(isinstance(one, str) for one in sent):
        return [*(one for one in before if one in sent), *(one for one in sent if one not in before)]
    return sent


def number(text: str) -> int | str:
    """A whole number, or the text as it was typed, which is then told to be none."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else digits


def territories_in(text: str) -> list[str]:
    """Country codes in a text, each once, in order; EU and EEA stand for their members."""
    found: dict[str, None] = {}
    for code in _BETWEEN.split(text.strip().upper()):
        found |= dict.fromkeys(sorted(_GROUPS[code]) if code in _GROUPS else [code] if code else [])
    return list(found)[:250]


def _purposes(form: QueryDict) -> tuple[dict[str, str], list[Plain]]:
    """Purposes that were not emptied; and for each place in the form the id that now stands there."""
    places, found = {}, []
    for place in range(MOST_PURPOSES + 1):
        path = f"purposes[{place}]"
        name, words = form.get(f"{path}.id", "").strip(), _line(form.get(f"{path}.words", ""))
        if name or words:
            places[str(place)] = name
            up_to = form.get(f"{path}.up_to", "PUBLIC")
            found.append({"id": name, "words": words, "bases": _bases(form, path), "up_to": up_to})
    return places, found


def _bases(form: QueryDict, path: str) -> list[Plain]:
    found = []
    for place in range(MOST_BASES + 2):
        here = f"{path}.bases[{place}]"
        said = {name: _line(form.get(f"{here}.{name}", "")) for name in ("law", "article", "words")}
        if any(said.values()):
            found.append({"side": form.get(f"{here}.side", ""), **said})
    return found


def _items(form: QueryDict, places: dict[str, str]) -> Plain:
    return {
        str(kind): {
            "purposes": [places[one] for one in form.getlist(f"items.{kind}.purposes") if one in places],
            "shared_by": form.getlist(f"items.{kind}.shared_by"),
            "fields": {
                name: form[f"items.{kind}.fields.{name}"]
                for name in FIELDS[kind]
                if form.get(f"items.{kind}.fields.{name}")
            },
        }
        for kind in ItemKind
        if form.get(f"items.{kind}") == "on"
    }


def _grants(form: QueryDict, sides: Sequence[str]) -> Plain:
    granted: Plain = {}
    for action in Action:
        roles = {side: form.getlist(f"grants.{action}.{side}") for side in sides}
        given = {side: names for side, names in roles.items() if names}
        if given:
            granted[str(action)] = given
    return granted


def _line(text: str) -> str:
    """One line: people break lines where a browser wraps them."""
    return " ".join(text.split())
