"""What the database takes, but a careful officer would look at again."""

from collections.abc import Iterator, Mapping
from typing import Any

from countermark.law.statement.faults import Fault, fault
from countermark.law.statement.vocabulary import Vocabulary

_ENDS = {
    "end_date_visibility_restriction": "decision_visibility",
    "end_date_monetary_restriction": "decision_monetary",
    "end_date_service_restriction": "decision_provision",
    "end_date_account_restriction": "decision_account",
}


def doubts(kept: Mapping[str, Any], words: Vocabulary) -> Iterator[Fault]:
    """Warnings about a statement in which nothing blocks."""
    named = {kept["category"], *kept.get("category_addition", ())}
    fitting: frozenset[str] = frozenset().union(*(words.categories[one] for one in named))
    for keyword in kept.get("category_specification", ()):
        if keyword not in fitting:
            yield fault("category_specification", "keyword-elsewhere", f"Add the category of {keyword}.", blocks=False)
    for end, measure in _ENDS.items():
        if end in kept and measure not in kept:
            yield fault(end, "end-without-measure", f"Give {measure}, or leave the date out.", blocks=False)
    if kept["content_date"] > kept["application_date"]:
        yield fault("content_date", "content-after-decision", "Check both days.", blocks=False)
    if kept["automated_decision"].endswith("_FULLY") and kept["source_type"] != "SOURCE_VOLUNTARY":
        yield fault("automated_decision", "automation-unlikely", "Say who decided.", blocks=False)
