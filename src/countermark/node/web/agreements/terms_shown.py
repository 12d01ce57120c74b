"""Terms as a form shows them: every part with its choices, what is chosen, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from countermark.node.exchange.rules.actions import (
    DEEDS,
    NEEDED_AFTER_END,
    NODE,
    POSSIBLE_AFTER_END,
    Action,
    Reach,
)
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, rank
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.naming import spelled
from countermark.node.exchange.rules.territories import EU
from countermark.node.kernel.errors import FieldProblem
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role
from countermark.node.web.agreements.terms_sent import MOST_PURPOSES
from countermark.node.web.choices import translated
from countermark.node.web.words import word

Shown = dict[str, Any]


class TermsShown:
    """A form of terms.

    Args:
        plain: terms as plain values, however wrong.
        sides: kinds of the two organisations.
        problems: what `read_terms` said.
    """

    def __init__(self, plain: Mapping[str, Any], sides: Sequence[str], problems: Sequence[FieldProblem] = ()) -> None:
        self._plain, self._sides = plain, [OrganisationKind(side) for side in sides]
        self._problems: dict[str, str] = {}
        for problem in problems:
            self._problems.setdefault(problem.field, problem.sentence())
        self._told = [(problem.field, problem.sentence()) for problem in problems]

    def context(self) -> Shown:
        """All parts, for the template."""
        purposes = self.purposes()
        return {
            "purposes": purposes,
            "items": [self._item(kind, purposes) for kind in ItemKind],
            **{f"{part}_problem": self._problems.get(part, "") for part in ("purposes", "items", "grants")},
            "territories": self._territories(),
            "territories_problem": self._first("territories"),
            "retention": [self._retention(one) for one in CLASSES],
            "retention_problem": self._problems.get("retention", ""),
            "grants": self._grants(),
            "times": self._times(),
            "ending": self._ending(),
            "onward": self._onward(),
            "sides": [self._side(side) for side in self._sides],
            "summary": [{"field": self._place(field), "words": words} for field, words in self._told],
        }

    # --- Purposes ---

    def purposes(self) -> list[Shown]:
        """Those that are there, and an empty one."""
        there = [one for one in _list(self._plain.get("purposes")) if isinstance(one, dict)][:MOST_PURPOSES]
        rows = [*there, {}] if len(there) < MOST_PURPOSES else there
        return [self._purpose(place, one, new=place == len(there)) for place, one in enumerate(rows)]

    def _purpose(self, place: int, one: Mapping[str, Any], *, new: bool) -> Shown:
        path = f"purposes[{place}]"
        bases = [basis for basis in _list(one.get("bases")) if isinstance(basis, dict)]
        blank = [{"side": side} for side in self._sides] if new else [{}]
        return {
            "place": place,
            "path": path,
            "new": new,
            "id": self._text(f"{path}.id", one.get("id")),
            "words": self._text(f"{path}.words", one.get("words")),
            "up_to": self._classes(f"{path}.up_to", one.get("up_to", "PUBLIC")),
            "bases": [self._basis(f"{path}.bases[{at}]", basis) for at, basis in enumerate([*bases, *blank])],
            "problem": self._problems.get(path, "") or self._problems.get(f"{path}.bases", ""),
        }

    def _basis(self, path: str, basis: Mapping[str, Any]) -> Shown:
        return {
            "path": path,
            "side": {
                "name": f"{path}.side",
                "problem": self._problems.get(f"{path}.side", ""),
                "options": [(side.value, word("party", side), side.value == basis.get("side")) for side in self._sides],
            },
            **{name: self._text(f"{path}.{name}", basis.get(name)) for name in ("law", "article", "words")},
        }

    # --- Items ---

    def _item(self, kind: ItemKind, purposes: list[Shown]) -> Shown:
        said = _dict(_dict(self._plain.get("items")).get(kind.value))
        fields = _dict(said.get("fields"))
        path = f"items.{kind}"
        names = set(map(str, _list(said.get("purposes"))))
        return {
            "path": path,
            "label": translated(spelled(kind).capitalize()),
            "on": bool(said),
            "sent": sum(1 for name in FIELDS[kind] if name in fields),
            "of": len(FIELDS[kind]),
            "purposes": [
                (one["place"], one["id"]["value"] or _("the new purpose"), one["id"]["value"] in names)
                for one in purposes
            ],
            "shared_by": [
                (side.value, word("party", side), side.value in _list(said.get("shared_by"))) for side in self._sides
            ],
            "fields": [self._field(kind, name, fields.get(name)) for name in FIELDS[kind]],
            "problem": self._first(path, deep=False),
            "troubled": any(field.startswith(path) for field in self._problems),
        }

    def _field(self, kind: ItemKind, name: str, chosen: object) -> Shown:
        known, path = FIELDS[kind][name], f"items.{kind}.fields.{name}"
        return {
            "name": path,
            "code": name,
            "words": translated(known.words),
            "erasable": known.beside,
            "problem": self._problems.get(path, ""),
            "options": [
                (one.value, word("data_class", one), one.value == chosen)
                for one in CLASSES
                if rank(one) >= rank(known.least) or one.value == chosen
            ],
            "sent": chosen is not None,
        }

    # --- Numbers ---

    def _territories(self) -> str:
        codes = [str(one) for one in _list(self._plain.get("territories"))]
        if set(codes) >= EU:
            codes = ["EU", *(code for code in codes if code not in EU)]
        return " ".join(codes)

    def _retention(self, one: Any) -> Shown:
        said = _dict(self._plain.get("retention")).get(one.value)
        return self._text(f"retention.{one}", said) | {"label": word("data_class", one)}

    def _times(self) -> list[Shown]:
        said = _dict(self._plain.get("times"))
        labels = {
            "receipt_hours": _("Hours until a receipt"),
            "answer_hours": _("Hours until a notice is answered"),
            "checkpoint_minutes": _("Minutes between two checkpoints, at most"),
        }
        return [self._text(f"times.{name}", said.get(name)) | {"label": label} for name, label in labels.items()]

    def _ending(self) -> Shown:
        said = _dict(self._plain.get("ending"))
        after, deletes = _list(said.get("after")), _list(said.get("deletes"))
        return {
            "notice_days": self._text("ending.notice_days", said.get("notice_days")),
            "delete_days": self._text("ending.delete_days", said.get("delete_days")),
            "deletes": [(one.value, word("data_class", one), one.value in deletes) for one in CLASSES],
            "deletes_problem": self._first("ending.deletes"),
            "after": [
                (one.value, translated(DEEDS[one].words), one.value in after, one in NEEDED_AFTER_END)
                for one in Action
                if one in POSSIBLE_AFTER_END
            ],
            "after_problem": self._first("ending.after"),
        }

    def _onward(self) -> Shown:
        said = _dict(self._plain.get("onward"))
        kinds, to = _list(said.get("kinds")), _list(said.get("to"))
        return {
            "kinds": [(one.value, translated(spelled(one).capitalize()), one.value in kinds) for one in ItemKind],
            "to": [(one.value, word("party", one), one.value in to) for one in OrganisationKind],
            "up_to": self._classes("onward.up_to", said.get("up_to", "PUBLIC")),
            "problem": self._first("onward"),
        }

    # --- Grants ---

    def _grants(self) -> list[Shown]:
        """Acts grouped by where they show."""
        titles = {
            Reach.OUTWARD: _("What shows at the partner"),
            Reach.INWARD: _("What stays in the house"),
            Reach.AGREEMENT: _("The agreement itself"),
        }
        return [
            {"title": title, "acts": [self._grant(one) for one in Action if DEEDS[one].reach is reach]}
            for reach, title in titles.items()
        ]

    def _grant(self, action: Action) -> Shown:
        said = _dict(_dict(self._plain.get("grants")).get(action.value))
        roles = [*(role.value for role in Role), NODE]
        return {
            "path": f"grants.{action}",
            "words": translated(DEEDS[action].words),
            "problem": self._first(f"grants.{action}"),
            "sides": [self._granted(action, side, _list(said.get(side.value)), roles) for side in self._sides],
        }

    def _granted(self, action: Action, side: OrganisationKind, chosen: list[Any], roles: list[str]) -> Shown:
        possible = [(role, _role(role), role in chosen) for role in roles if role in DEEDS[action].roles]
        return {
            "name": f"grants.{action}.{side}",
            "side": word("party", side),
            "roles": possible,
            "chosen": ", ".join(str(name) for _role_code, name, is_chosen in possible if is_chosen),
        }

    # --- Parts ---

    def _text(self, name: str, value: object) -> Shown:
        shown = "" if value is None or isinstance(value, dict | list) else str(value)
        return {"name": name, "value": shown, "problem": self._problems.get(name, "")}

    def _classes(self, name: str, chosen: object) -> Shown:
        options = [(one.value, word("data_class", one), one.value == chosen) for one in CLASSES]
        return {"name": name, "options": options, "problem": self._problems.get(name, "")}

    def _side(self, side: OrganisationKind) -> Shown:
        return {"value": side.value, "label": word("party", side)}

    def _first(self, path: str, *, deep: bool = True) -> str:
        """The first problem at a path or, where nobody else tells it, below."""
        if path in self._problems:
            return self._problems[path]
        below = [
            sentence
            for field, sentence in self._problems.items()
            if field.startswith((f"{path}.", f"{path}[")) and (deep or ".fields." not in field)
        ]
        return below[0] if below else ""

    def _place(self, field: str) -> str:
        """The part of the page on which a problem is told."""
        parts = field.split(".")
        return ".".join(parts[:2]) if parts[0] in ("items", "grants") else parts[0].partition("[")[0] or "terms"


def _role(role: str) -> object:
    return _("the node itself") if role == NODE else word("role", role)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
