"""Goods a house never produced, recognised by words that stand together in one title.

A word of a rule may give alternatives: `neon|fluo|荧光` stands for whichever of them is found, in any language. So one
rule covers a colour, a material or a size (`45 cm|45cm`) as shops of several countries write it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from countermark.model import NeverMade, Span, Text
from countermark.model.text import fold_plain, haystack, is_unspaced, needle, whole_numbers

#: A character with the accents written after it: what a reader sees as one.
_SEEN_AS_ONE = re.compile("(?s).[\u0300-\u036f\u3099\u309a]*")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with what would otherwise be worked out for every title."""

    words: tuple[str, ...]
    needles: tuple[tuple[str, ...], ...]
    explanation: str

    def found_in(self, hay: str) -> tuple[str, ...]:
        """One needle a word, the first alternative that is there; empty when any word is missing."""
        found = []
        for alternatives in self.needles:
            one = next((each for each in alternatives if each in hay), None)
            if one is None:
                return ()
            found.append(one)
        return tuple(found)


def made_ready(rules: Iterable[NeverMade]) -> tuple[Rule, ...]:
    """Rules ready for use, the most demanding first; one whose words cannot all be looked for is left out."""
    ready = []
    for rule in rules:
        needles = tuple(tuple(filter(None, map(needle, word.split("|")))) for word in rule.words)
        # Looking only for the words that are left would widen the rule, and with it the accusation.
        if needles and all(needles):
            ready.append(Rule(rule.words, needles, rule.explanation))
    return tuple(sorted(ready, key=lambda r: (-len(r.needles), r.words, r.explanation)))


def rule_that_holds(rules: tuple[Rule, ...], title: str) -> Rule | None:
    """The most demanding rule all of whose words are in the title."""
    if not rules:
        return None
    hay = haystack(title)
    return next((rule for rule in rules if rule.found_in(hay)), None)


def spans_of(rule: Rule, title: Text) -> tuple[Span, ...]:
    """Where the words of a rule that holds stand in the original title, in reading order, each at its first place."""
    folded, origin = _folded_with_origin(title.value)
    spans = set()
    for wanted in rule.found_in(haystack(title.value)):
        place = folded.find(wanted)
        if place < 0:
            continue
        inner = wanted.strip()
        start = place + wanted.index(inner)
        spans.add((origin[start][0], origin[start + len(inner) - 1][1]))
    return tuple(Span("title", start, end) for start, end in sorted(spans))


def _folded_with_origin(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text with an edge at both ends, and for each of its characters the original stretch behind it."""
    letters, origin = [" "], [(0, 0)]
    for seen in _SEEN_AS_ONE.finditer(whole_numbers(text)):
        folded = fold_plain(seen.group()) or ("" if _vanishes(seen.group()) else " ")
        if folded == " " and letters[-1] == " ":
            continue
        for letter in folded:
            if " " not in (letter, letters[-1]) and is_unspaced(letter) is not is_unspaced(letters[-1]):
                letters.append(" ")
                origin.append((seen.start(), seen.start()))
            letters.append(letter)
            origin.append(seen.span())
    letters.append(" ")
    origin.append((len(text), len(text)))
    return "".join(letters), origin


def _vanishes(character: str) -> bool:
    return fold_plain(f"a{character}a") == "aa"
