"""Terms of an agreement: read from what was signed or typed, written for signing, drafted."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import msgspec

from countermark.model.decoding import convert, decode
from countermark.node.exchange.rules.drafts import standard_terms
from countermark.node.exchange.rules.shape_reading import mistakes
from countermark.node.exchange.rules.term_checks import contradictions
from countermark.node.exchange.rules.term_parts import Ending, ItemTerms, LegalBasis, Onward, Purpose, Terms, Times
from countermark.node.kernel.errors import Invalid

__all__ = [
    "Ending",
    "ItemTerms",
    "LegalBasis",
    "Onward",
    "Purpose",
    "Terms",
    "Times",
    "read_terms",
    "standard_terms",
    "write_terms",
]

#: Problems told at once; whoever has more mends these first.
MOST_PROBLEMS = 50


def read_terms(said: Mapping[str, Any]) -> Terms:
    """Read terms from plain values: texts, whole numbers, lists and objects.

    Args:
        said: `Agreement.terms`, or what a form gathered.

    Raises:
        Invalid: every problem found (at most 50), each naming the field (`items.listing.fields.title`) and the mend:
            unknown or missing fields, fractions, values out of bounds, and terms that contradict themselves.
    """
    plain = dict(said)
    problems = list(islice(mistakes(plain, Terms), MOST_PROBLEMS))
    if problems:
        raise Invalid(problems)
    try:
        terms = convert(plain, Terms)
    except msgspec.ValidationError as error:
        raise Invalid.of("", "shape", "These are no terms.", "Start from the standard terms.") from error
    found = contradictions(terms)
    if found:
        raise Invalid(found[:MOST_PROBLEMS])
    return terms


def write_terms(terms: Terms) -> dict[str, Any]:
    """Terms as plain values, ready for `Agreement.terms`; `read_terms` gives the same terms back."""
    return decode(msgspec.json.encode(terms), dict[str, Any])
