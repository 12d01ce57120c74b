"""The fields of each act: what is asked, how long it may be, and what is said when it is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from countermark.node.evidence.purchases.acts import Act
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.kernel.folding import as_one_line, is_as_shown, is_storable
from countermark.node.kernel.time import now

#: How far a person's clock may be ahead of the node's.
_AHEAD = timedelta(minutes=5)
#: Twelve digits or more, whatever people and web pages put between them.
_ACCOUNT_NUMBER = re.compile(r"(?:\d[\s.\-/_\u200c\u200d]{0,3}){11,}\d")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field.

    Attributes:
        name: as stored.
        kind: `moment` (ISO 8601 with offset), `line`, `text`, `list` (a line each), `amount`, `currency`, or `choice`.
        needed: whether it must be filled in.
        choices: codes of a `choice`.
        reference: holds a reference, never an account itself: long numbers are refused.
    """

    name: str
    kind: str = "line"
    needed: bool = True
    choices: tuple[str, ...] = ()
    reference: bool = False


_AT = Asked("at", "moment")
_NOTE = Asked("note", "text", needed=False)
_WITNESS = Asked("witness", needed=False)
_INTACT = Asked("intact", "choice", choices=("yes", "no", "not-sealed"))

#: What is asked for each act, in the order of a form.
FIELDS: Mapping[Act, tuple[Asked, ...]] = {
    Act.ORDER: (
        _AT,
        Asked("buyer"),
        Asked("buyer_class", "choice", choices=("employee", "agency", "lawyer", "notary", "private")),
        Asked("account", reference=True),
        Asked("order_number"),
        Asked("price", "amount"),
        Asked("currency", "currency"),
        Asked("payment_class", "choice", choices=("card", "transfer", "wallet", "cash", "other")),
        Asked("payment_reference", needed=False, reference=True),
        _NOTE,
    ),
    Act.RECEIVE: (
        _AT,
        Asked("by"),
        Asked("carrier"),
        Asked("tracking", needed=False),
        Asked("place"),
        _WITNESS,
        Asked("parcel", "text", needed=False),
    ),
    Act.OPEN: (
        _AT,
        Asked("by"),
        _WITNESS,
        Asked("notary", needed=False),
        Asked("place"),
        Asked("found", "text"),
    ),
    Act.SEAL: (_AT, Asked("by"), _WITNESS, Asked("seals", "list"), Asked("place", needed=False)),
    Act.STORE: (_AT, Asked("place"), _INTACT, _NOTE),
    Act.HAND_OVER: (_AT, Asked("to"), Asked("purpose"), Asked("place", needed=False), _INTACT, _NOTE),
    Act.EXAMINE: (
        _AT,
        Asked("expert"),
        Asked("competence", "text"),
        _INTACT,
        Asked("conclusion", "choice", choices=("genuine", "counterfeit", "undetermined")),
        Asked("features", "list"),
        _NOTE,
    ),
    Act.CLOSE: (_AT, Asked("why", "choice", choices=("finished", "never-came", "returned", "mistake")), _NOTE),
    Act.ADD: (_AT, Asked("note", "text")),
}
LONGEST = {"line": 200, "text": 4000, "list": 2000, "amount": 20, "currency": 3, "choice": 20, "moment": 40}
MOST_OF_A_LIST = 40
_ONE_OF_TWO = "Correct one of the two times."


def checked(act: Act, given: Mapping[str, str], earlier: str = "", later: str = "") -> dict[str, str]:
    """The words of an act, in one spelling.

    Args:
        act: what was done; its `FIELDS` are read, anything else is left out.
        given: what a person wrote, by field.
        earlier, later: `at` of the acts between which this one lies, empty where there is none.

    Raises:
        Invalid: every field that is missing or cannot be, with its mend.
    """
    problems: list[FieldProblem] = []
    words: dict[str, str] = {}
    for asked in FIELDS[act]:
        try:
            value = _read(asked, given.get(asked.name, "").strip())
        except Invalid as problem:
            problems.extend(problem.problems)
            continue
        if value:
            words[asked.name] = value
    if not problems and words["at"] < earlier:
        problems.append(FieldProblem("at", "too-early", "It is earlier than what came before it.", _ONE_OF_TWO))
    if not problems and later and words["at"] > later:
        problems.append(FieldProblem("at", "too-late", "It is later than what came after it.", _ONE_OF_TWO))
    if problems:
        raise Invalid(problems)
    return words


def names_account(text: str) -> bool:
    """Whether a text holds what looks like the number of an account or a card."""
    return _ACCOUNT_NUMBER.search(text) is not None


def _read(asked: Asked, text: str) -> str:
    if not text:
        if asked.needed:
            raise Invalid.of(asked.name, "missing", "It is missing.", "Fill it in.")
        return ""
    if len(text) > LONGEST[asked.kind] or not is_storable(text):
        raise Invalid.of(
            asked.name, "too-long", f"It has at most {LONGEST[asked.kind]} plain characters.", "Make it shorter."
        )
    if asked.reference and names_account(text):
        raise Invalid.of(
            asked.name,
            "account-number",
            "It looks like the number of an account or a card.",
            "Write a reference to where it is kept, such as “buyer 3” or the last four digits.",
        )
    return _READERS[asked.kind](asked, text)


def _moment(asked: Asked, text: str) -> str:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = datetime.min  # noqa: DTZ901 - refused below
    if read.tzinfo is None or read.year < 2000:
        raise Invalid.of(asked.name, "not-a-time", "It is not a day and time.", "Write it as 2026-03-02 14:30.")
    if read > now() + _AHEAD:
        raise Invalid.of(asked.name, "in-the-future", "It lies in the future.", "Record it when it has happened.")
    return read.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(asked: Asked, text: str) -> str:
    line = as_one_line(text)
    if line is None:
        raise Invalid.of(asked.name, "not-one-line", "It holds a character that is not shown.", "Type it on one line.")
    return line


def _text(asked: Asked, text: str) -> str:
    if not is_as_shown(text):
        raise Invalid.of(asked.name, "not-shown", "It holds a character that is not shown.", "Type it again.")
    return "\n".join(line.rstrip() for line in text.splitlines())


def _list(asked: Asked, text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_OF_A_LIST or len(set(lines)) < len(lines):
        raise Invalid.of(
            asked.name, "not-a-list", f"It has more than {MOST_OF_A_LIST} lines, or one of them twice.", "Shorten it."
        )
    return "\n".join(_line(asked, line) for line in lines)


def _amount(asked: Asked, text: str) -> str:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value < 10**12 or value != round(value, 4):
        raise Invalid.of(asked.name, "not-an-amount", "It is not an amount of money.", "Write it as 129.90.")
    return f"{value:f}"


def _currency(asked: Asked, text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise Invalid.of(asked.name, "not-a-currency", "It is not the code of a currency.", "Write EUR, CNY or USD.")
    return text.upper()


def _choice(asked: Asked, text: str) -> str:
    if text not in asked.choices:
        raise Invalid.of(asked.name, "unknown-choice", "It is none of the choices.", "Choose one of the list.")
    return text


_READERS = {
    "moment": _moment,
    "line": _line,
    "text": _text,
    "list": _list,
    "amount": _amount,
    "currency": _currency,
    "choice": _choice,
}
