"""Whether what stands round a replica word denies it, or says it of somebody else's goods."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from countermark.signals.text.codes import codes_of
from countermark.signals.text.folding import plain
from countermark.signals.text.lexicon import Lexicon
from countermark.signals.text.views import spaced

#: How far before and after a word its denial is looked for, in characters; a sentence's end ends the look.
REACH = 72
SENTENCE_END = re.compile(r"[.;!?|。；！？\n]")
#: A pause in a sentence: what stands beyond it is another thing.
PAUSE = re.compile("[,，、(（:：–—]| - ")
#: Any offer at some price: `a bag at 40 pounds is …`.
AT_A_PRICE = (
    r"(?:any|an?|une?|toute?) (?:[a-z]+ ){1,2}"
    r"(?:at|for|below|under|a|pour|sous) \d+ (?:(?:euros?|eur|pounds?|gbp|dollars?|usd|quid) )?"
)
#: Others' offers with pictures of ours are others' offers.
PICTURES = "(?:photos?|pictures?|pics|images?) "
#: What stands between `are` and the word: `is surely a`.
AT_MOST_TWO = r"(?:[a-z]+ ){0,2}$"


class Denials:
    """Reads the words round a replica word; all of it folded as the text is, so that no accent stands in the way."""

    def __init__(self, lexicon: Lexicon, searched_for: Mapping[str, str]) -> None:
        negation = lexicon.negation
        phrases = (phrase for entry in lexicon.entries if entry.sense == "replica" for phrase in entry.phrases)
        replica = {word for phrase in phrases if (word := searched_for[phrase].strip()).isalpha() and word.isascii()}
        between, words = _any_of({*negation.fillers, *replica}), _any_of(negation.words)
        others, are, ours = _any_of(negation.others), _any_of(negation.are), _any_of(negation.ours)
        self._latin = re.compile(rf" (?:{words}) (?:(?:{between}) ){{0,8}}$")
        self._latin_after = re.compile(rf"^ (?:(?:{between}) ){{0,4}}(?:{_any_of(negation.after_words)}) ")
        self._before, self._after = re.compile(negation.before), re.compile(negation.after)
        promises, cases = _any_of(negation.promises), _any_of(negation.cases)
        self._about_others = re.compile(
            rf" (?:{promises}) |"
            rf" (?:{cases}) (?:[a-z0-9]+ ){{0,8}}?(?:{are}) {AT_MOST_TWO}|"
            rf" (?:{others}) (?:(?!(?:{ours}) (?!{PICTURES}))[a-z0-9]+ ){{0,6}}?(?:{are}) {AT_MOST_TWO}|"
            rf" {AT_A_PRICE}(?:{are}) {AT_MOST_TWO}"
        )
        self._part = re.compile(
            rf" (?:{_any_of(negation.parts)}) (?:[a-z]+ ){{0,8}}$|(?:{_any_of(negation.parts)})[^ -~]{{0,6}}$"
        )
        self._of_part = re.compile(rf"^ (?:[a-z]+ )?(?:{_any_of(negation.parts)}) |^的?(?:{_any_of(negation.parts)})")
        self._others_zh = re.compile(negation.others_zh)

    def deny(self, said: "Said", after: str) -> bool:
        """Whether the sentence before a replica word, or the text right after it, denies it or warns of it."""
        follows = SENTENCE_END.split(after[:REACH])[0].strip()
        return bool(
            self._latin.search(said.folded)
            or self._before.search(said.text.strip())
            or self._after.search(follows)
            or (follows and self._latin_after.search(_folded(follows)))
        )

    def is_about_others(self, said: "Said") -> bool:
        """Whether the sentence before it speaks of the goods of others, or of a case that may come true."""
        return bool(self._about_others.search(said.folded) or self._others_zh.search(said.text.strip()))

    def is_about_a_part(self, said: "Said", after: str) -> bool:
        """Whether the last thing named before it, or the next after it, is a part of the goods, no comma between."""
        before, follows = PAUSE.split(said.text)[-1], PAUSE.split(SENTENCE_END.split(after[:REACH])[0])[0]
        return bool(self._part.search(_folded(before)) or self._of_part.search(_folded(follows)))


class Said:
    """What stands in the sentence of a word before it, folded once for all that is asked of it."""

    def __init__(self, before: str) -> None:
        self.text = SENTENCE_END.split(before[-REACH:])[-1]

    @cached_property
    def folded(self) -> str:
        """As it stands in a spaced view."""
        return _folded(self.text)


def _any_of(phrases: Iterable[str]) -> str:
    """A choice between phrases as they stand in a spaced view; nothing matches where there are none."""
    folded = filter(None, plain()("\n".join(phrases)).split("\n"))
    return "|".join(map(re.escape, sorted(set(folded), reverse=True))) or "(?!)"


def _folded(text: str) -> str:
    return spaced(codes_of(f" {text} "), plain()).text
