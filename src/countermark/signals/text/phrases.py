"""What a lexicon looks for, made ready once: it is the same for every portfolio, and takes longer than a small one."""

import re
from functools import cache

import numpy as np

from countermark.signals.text.denials import Denials
from countermark.signals.text.excuses import excuses_of
from countermark.signals.text.folding import plain
from countermark.signals.text.lexicon import Entry, Lexicon, shipped_lexicon
from countermark.signals.text.together import parts_of
from countermark.signals.text.views import patterns_of

#: Latin phrases are looked for letter by letter from this length on, others from two characters.
APART_LETTERS = 6
#: Phrases of the trade of this length are looked for so in any entry: nobody writes their letters by chance.
LONG_LETTERS = 10
#: Characters at the head of a shape that stand for themselves, once each: plain, or alone in brackets.
LITERAL = re.compile(r"(?:(?:[^][(){}?*+.|\\^$]|\[[^]\\^]\])(?![?*{]))+")


class Phrases:
    """The phrases, parts, shapes and denials of a lexicon. Read only.

    Attributes:
        patterns: what is looked for in a spaced view.
        said, excuses, parts: for each pattern the entries it says, what it excuses, and the parts of entries it is.
        opens: whether it is the first part of some entry.
        speaks, excusing: whether it says something, whether it excuses something.
        may_be_cut: whether it may be the beginning of an article number.
        apart: words and entry of what is looked for with its letters pulled apart, too.
        bare: the letters of each of these.
        shapes: the beginning that every match has, the pattern and its entry.
        denials: what stands round a word that denies it.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        said: dict[str, list[Entry]] = {}
        searched_for = patterns_of(lexicon.every_phrase(), plain())
        for entry in lexicon.entries:
            for searched in dict.fromkeys(searched_for[phrase] for phrase in entry.phrases):
                said.setdefault(searched, []).append(entry)
        excuses = excuses_of(lexicon, searched_for)
        parts = parts_of(lexicon.entries, searched_for)
        self.patterns = list(said | excuses | parts)
        self.said = [said.get(one, []) for one in self.patterns]
        self.excuses = [excuses.get(one, []) for one in self.patterns]
        self.parts = [parts.get(one, []) for one in self.patterns]
        self.opens = np.array([any(part.number == 0 for part in of_one) for of_one in self.parts], dtype=bool)
        self.speaks = np.array([one in said for one in self.patterns], dtype=bool)
        self.excusing = np.array([one in excuses for one in self.patterns], dtype=bool)
        self.may_be_cut = np.array([_may_be_cut(one.strip()) for one in self.patterns], dtype=bool)
        self.apart = [
            (tuple(one.split()), entry)
            for one, entries in said.items()
            for entry in entries
            if _may_be_apart(one, entry)
        ]
        self.bare = ["".join(words) for words, _ in self.apart]
        self.shapes = [
            (_opening(entry.shape), re.compile(entry.shape), entry) for entry in lexicon.entries if entry.shape
        ]
        self.denials = Denials(lexicon, searched_for)


@cache
def shipped_phrases() -> Phrases:
    """Those of the shipped lexicon; made once in a process."""
    return Phrases(shipped_lexicon())


def _opening(shape: str) -> str:
    """The characters that every match begins with: looking for them alone is quicker than for the shape."""
    fixed = LITERAL.match(shape)
    return (
        re.sub(r"\[(.)\]", r"\1", fixed.group())
        if fixed and "|" not in shape
        else shape[0]
        if shape[0].isalnum() or not shape[0].isascii()
        else ""
    )


def _may_be_cut(phrase: str) -> bool:
    return phrase[-1].isascii() and phrase[-1].isalpha() and any(letter.isdigit() for letter in phrase)


def _may_be_apart(searched: str, entry: Entry) -> bool:
    letters = searched.replace(" ", "")
    if entry.sense == "replica" and letters.isascii() and len(letters) >= LONG_LETTERS:
        return True
    return entry.apart and (len(letters) >= APART_LETTERS or not letters.isascii())
