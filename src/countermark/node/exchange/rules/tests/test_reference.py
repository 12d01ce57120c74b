"""The reference page of the rules is written from the code: `python -m` this module writes it anew."""

import re
from pathlib import Path

import pytest

from countermark.node.exchange.rules.actions import (
    DEEDS,
    NEEDED_AFTER_END,
    NEEDED_ON_BOTH_SIDES,
    NODE,
    POSSIBLE_AFTER_END,
    Action,
    AgreementState,
    Whose,
)
from countermark.node.exchange.rules.fields import CLASSES, FIELDS, NEVER
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.naming import spelled
from countermark.node.exchange.rules.reasons import DENIALS
from countermark.node.exchange.rules.term_parts import Terms
from countermark.node.exchange.rules.terms import standard_terms
from countermark.node.exchange.rules.values import HOLDS
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role

PAGE = Path(__file__).parents[6] / "docs" / "reference" / "exchange-rules.md"
HOLDER, MARKET, PAYMENT = OrganisationKind
PAIRS = ((HOLDER, MARKET), (HOLDER, PAYMENT), (MARKET, PAYMENT))

WHOSE = {Whose.OWN: "own", Whose.OTHERS: "the partner's", Whose.ANY: "any"}

#: What stands above it in the page is written by hand.
MARK = "<!-- From here on the page is written from the code. -->"


def page() -> str:
    """The page: its words as they are, its tables from the code."""
    words = PAGE.read_text().partition(MARK)[0]
    return "\n".join([words + MARK + "\n", _fields(), _never(), _actions(), _reasons(), _shapes(), _defaults()])


def _table(title: str, head: str, rows: list[str], words: str = "") -> str:
    columns = head.count("|") - 1
    return "\n".join([f"## {title}\n", *([f"{words}\n"] if words else []), head, "|" + "---|" * columns, *rows, ""])


def _fields() -> str:
    words = (
        "A field that is not in these tables has no name here and no way out. A field that terms do not name is never "
        "sent.\n“Beside” marks what people write freely: nobody can promise that it names no one, so it can be erased."
    )
    parts = [f"## Fields and the least class of each\n\n{words}\n"]
    for kind in ItemKind:
        rows = [
            f"| `{name}` | {field.least}{', beside' if field.erasable else ''} | {field.shape} | {field.words} |"
            for name, field in FIELDS[kind].items()
        ]
        parts += [f"### {kind}\n", "| Field | Least class | Holds | Is |", "|---|---|---|---|", *rows, ""]
    return "\n".join(parts)


def _never() -> str:
    rows = [f"| `{name}` | {why} |" for name, why in NEVER.items()]
    return _table("What never leaves", "| Name | Why |", rows, "Asking for one of these names says why.")


def _actions() -> str:
    rows = []
    for action, deed in DEEDS.items():
        states = ", ".join(state for state in AgreementState if state in deed.states)
        kinds = "all" if deed.kinds == frozenset(ItemKind) else ", ".join(k for k in ItemKind if k in deed.kinds)
        whose = WHOSE[deed.whose] if deed.kinds else ""
        roles = ", ".join(role for role in (*Role, NODE) if role in deed.roles)
        rows.append(f"| `{action}` | {deed.words} | {deed.reach} | {states} | {kinds} | {whose} | {roles} |")
    words = (
        f"Terms can grant an action to fewer roles, never to more. `{NODE}` is the node acting by itself. Both sides "
        f"must have {_codes(NEEDED_ON_BOTH_SIDES)}.\nAfter the end, terms can leave {_codes(POSSIBLE_AFTER_END)};\n"
        f"they must leave {_codes(NEEDED_AFTER_END)}."
    )
    head = "| Action | One may | Reach | States | Kinds | Whose | Roles at most |"
    return _table("Actions", head, rows, words)


def _codes(actions: frozenset[Action]) -> str:
    return ", ".join(f"`{action}`" for action in Action if action in actions)


def _reasons() -> str:
    rows = [f"| `{code}` | {sentence} |" for code, sentence in DENIALS.items()]
    words = "The first that applies is told. Words in braces are filled in."
    return _table("Why something is denied", "| Code | Sentence |", rows, words)


def _shapes() -> str:
    rows = [f"| {shape} | {words} |" for shape, words in HOLDS.items()]
    words = "There is no shape for an object: nothing unnamed travels inside a field."
    return _table("Values", "| Shape | Holds |", rows, words)


def _defaults() -> str:
    words = "What `standard_terms` proposes for each pair. Sides sign them as they are, or change them first."
    parts = [f"## Drafts\n\n{words}\n"]
    for pair in PAIRS:
        parts += [f"### {' and '.join(spelled(side) for side in pair)}\n", *_draft(standard_terms(*pair)), ""]
    return "\n".join(parts).rstrip() + "\n"


def _draft(terms: Terms) -> list[str]:
    rows = ["| Kind | From | For | Fields |", "|---|---|---|---|"]
    for kind, item in terms.items.items():
        left = [f"`{name}`" for name in FIELDS[kind] if name not in item.fields]
        fields = f"all but {', '.join(left)}" if left else "all, each under its least class"
        sides = ", ".join(spelled(side) for side in item.shared_by)
        rows.append(f"| {kind} | {sides} | {', '.join(item.purposes)} | {fields} |")
    kept = ", ".join(f"{days} for {one}" for one in CLASSES if (days := terms.retention.get(one)))
    times, ending = terms.times, terms.ending
    fast = f"Receipts within {times.receipt_hours} hours, answers within {times.answer_hours}, a checkpoint every"
    deleted = f"{' and '.join(ending.deletes)} data deleted within {ending.delete_days} days after the end."
    return [
        *rows,
        "",
        f"Countries: {' '.join(terms.territories)}. Days kept: {kept}.",
        f"{fast} {times.checkpoint_minutes} minutes.",
        f"Notice of {ending.notice_days} days; {deleted} Nothing is passed on.",
    ]


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text() == page(), "run: python -m countermark.node.exchange.rules.tests.test_reference"


@pytest.mark.parametrize("code", DENIALS)
def test_each_reason_has_a_row(code):
    assert re.search(rf"^\| `{code}` \| .+ \|$", PAGE.read_text(), re.MULTILINE)


@pytest.mark.parametrize("action", Action)
def test_each_action_has_a_row(action):
    assert re.search(rf"^\| `{action}` \| .+ \|$", PAGE.read_text(), re.MULTILINE)


if __name__ == "__main__":
    PAGE.write_text(page())
