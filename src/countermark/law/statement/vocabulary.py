"""The values that the Transparency Database takes, from `vocabulary.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from countermark.formats.safe_yaml import read_mapping

SHIPPED = Path(__file__).with_name("vocabulary.yaml")
CATEGORY, KEYWORD = "STATEMENT_CATEGORY_", "KEYWORD_"
OTHER_KEYWORD = "KEYWORD_OTHER"
YES_NO = frozenset({"Yes", "No"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which values each field takes.

    Attributes:
        values: field to its values, for fields with a closed list.
        categories: category to the keywords that belong to it.
        keywords: all keywords.
        countries: of a territorial scope.
        languages: ISO 639-1 in capitals.
        of_field: field to its values, for all fields with a closed list.
        gone: value of an older schema to what is written now; empty = nothing.
    """

    values: dict[str, frozenset[str]]
    categories: dict[str, frozenset[str]]
    keywords: frozenset[str]
    countries: frozenset[str]
    languages: frozenset[str]
    of_field: dict[str, frozenset[str]]
    gone: dict[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that comes with this version."""
    content = read_mapping(SHIPPED.read_bytes(), SHIPPED.name)
    values = {name: frozenset(first + one for one in rest) for name, (first, *rest) in content["values"].items()}
    values |= {"automated_detection": YES_NO, "incompatible_content_illegal": YES_NO}
    categories = {
        CATEGORY + name: frozenset([*(KEYWORD + one for one in words), OTHER_KEYWORD])
        for name, words in content["categories"].items()
    }
    keywords: frozenset[str] = frozenset().union(*categories.values())
    countries, languages = frozenset(content["countries"]), frozenset(content["languages"].split())
    return Vocabulary(
        values=values,
        categories=categories,
        keywords=keywords,
        countries=countries,
        languages=languages,
        of_field={
            **values,
            **dict.fromkeys(("category", "category_addition"), frozenset(categories)),
            "category_specification": keywords,
            "territorial_scope": countries,
            "content_language": languages,
        },
        gone=content["gone"],
    )
