"""Statements of reasons a second on one core: checked by every published rule and scanned for personal data.

Nine in ten are good; one in ten is wrong in one of the ways of the published rules or holds personal data. One in
twenty has 4,500 characters of facts. The peer is `jsonschema` with the rules that JSON Schema can say (values, lengths,
required fields, hanging fields): it looks for no personal data, compares no dates, drops nothing and gives no mend.
Seconds are seconds of the processor.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from countermark.law.statement.personal_data import find_personal_data
from countermark.law.statement.tests.published_rules import GOOD, REFUSED, TAKEN, changed
from countermark.law.statement.validating import TEXTS, validate
from countermark.law.statement.vocabulary import Vocabulary, vocabulary

SIZES = {"small": 5_000, "full": 50_000}
PEER = 2_000
SEED = 11
REPEATS = 3
SENTENCES = (
    "The offer shows the registered mark on clasp and lining.",
    "The house has never made this model in canvas.",
    "The price of 39.00 EUR is 4 % of the usual 980.00 EUR.",
    "The photographs are those of the official catalogue, mirrored.",
    "The listing 301234567890 was captured on 2026-11-20 at 10:31 UTC.",
    "EUTM 018000001 is in force for classes 18 and 25.",
    "品牌手表的仿制品。",
)
PERSONAL = (
    "The shop answers at j.martin@mail.example.",
    "Call +33 6 12 34 56 78.",
    "Paid to DE89370400440532013000.",
    "The seller, Mr. Jean Dupont, says so.",
)


def run(size: str) -> dict[str, object]:
    chance, number = random.Random(SEED), SIZES[size]
    statements = [statement(chance, place) for place in range(number)]
    refused = sum(not validate(one).can_be_sent for one in statements)
    facts = [one["decision_facts"] for one in statements if isinstance(one.get("decision_facts"), str)]
    ours = _rate(lambda: [validate(one) for one in statements], number)
    scan = _rate(lambda: [find_personal_data(one) for one in facts], len(facts))
    peer = _jsonschema(statements[:PEER])
    agreement = _agreement()
    result: dict[str, object] = {
        "statements": number,
        "refused": refused,
        "checked with scan, a second": round(ours),
        "scans for personal data alone, a second": round(scan),
        "goal, a second": 5_000,
        "jsonschema (fewer rules, no scan), a second": round(peer),
        "ratio to jsonschema": round(ours / peer, 2),
        "cases of the published rules": len(TAKEN) + len(REFUSED),
        "agreement with them": agreement,
    }
    for name, value in result.items():
        print(f"   {name:46} {value:>10}")
    return result


def statement(chance: random.Random, place: int) -> dict[str, Any]:
    one = changed({"puid": f"p{place}", **chance.choice([case for case in TAKEN if "puid" not in case])})
    length = 4_500 if chance.random() < 0.05 else chance.randint(150, 700)
    text = ""
    while len(text) < length:
        text += chance.choice(SENTENCES) + " "
    one["decision_facts"] = text[:4_900]
    if chance.random() < 0.05:
        one["decision_facts"] += chance.choice(PERSONAL)
    elif chance.random() < 0.05:
        one = {**one, **chance.choice(REFUSED)[0]}
    return one


def _agreement() -> float:
    right = sum(validate(changed(one)).can_be_sent for one in TAKEN)
    right += sum(
        {fault.field for fault in validate(changed(one)).faults if fault.blocks} == {field} for one, field in REFUSED
    )
    return right / (len(TAKEN) + len(REFUSED))


def _jsonschema(statements: list[dict[str, Any]]) -> float:
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator(schema(vocabulary()))
    assert checker.is_valid(GOOD)
    return _rate(lambda: [list(checker.iter_errors(one)) for one in statements], len(statements))


def schema(words: Vocabulary) -> dict[str, Any]:
    """What JSON Schema can say of the published rules."""
    fields: dict[str, Any] = {name: {"enum": sorted(values)} for name, values in words.values.items()}
    fields |= {name: {"type": "string", "maxLength": longest} for name, longest in TEXTS.items()}
    fields["puid"] = {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,500}$"}
    fields["category"] = {"enum": sorted(words.categories)}
    lists = {
        "decision_visibility": sorted(words.values["decision_visibility"]),
        "content_type": sorted(words.values["content_type"]),
        "category_addition": sorted(words.categories),
        "category_specification": sorted(words.keywords),
        "territorial_scope": sorted(words.countries),
    }
    fields |= {name: {"type": "array", "items": {"enum": values}} for name, values in lists.items()}
    required = [name for name in GOOD if not name.startswith(("illegal", "decision_visibility"))]
    illegal = {"properties": {"decision_ground": {"const": "DECISION_GROUND_ILLEGAL_CONTENT"}}}
    asked = ["illegal_content_legal_ground", "illegal_content_explanation"]
    measures = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
    return {
        "type": "object",
        "properties": fields,
        "required": required,
        "anyOf": [{"required": [name]} for name in measures],
        "if": illegal,
        "then": {"required": asked},
    }


def _rate(work: Callable[[], object], number: int) -> float:
    """A second, the best of a few runs."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return number / best
