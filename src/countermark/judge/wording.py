"""The judge's words in each language, from reviewed templates in `translations/`."""

from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from countermark.formats.safe_yaml import read_mapping
from countermark.judge.sentences import template_of
from countermark.model import InvalidRecord, Kind, Level, Reason
from countermark.model.decoding import convert

_FOLDER = Path(__file__).with_name("translations")
#: Facts that the engine words itself, one of a known list or several joined by a comma. All others come from a listing
#: or a house and are never translated.
WORDED = frozenset({"field", "what", "tricks", "variant", "how", "meaning", "explanation", "condition", "rarity"})


class Language(StrEnum):
    """Languages that explanations are written in."""

    EN = "en"
    FR = "fr"
    ZH = "zh"


class Phrases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The judge's own words; each is a template whose places the English one names."""

    headline: str
    lawful: str
    possible: str
    alleged: str
    nothing_against: str
    caution: str
    unknown: str
    untranslated: str
    percent: str
    less: str
    more: str
    decimal: str
    without: str
    with_: str = msgspec.field(name="with")
    unreported: str
    listing_on: str
    listing_alone: str
    bars: str
    before: str
    changes: str
    values: str
    right: str
    reference: str
    listing_image: str
    where: str
    colon: str
    computed: str
    set_by_hand: str
    learned_from: str
    policy: str
    references: str
    listing: str


class Spoken(msgspec.Struct, frozen=True):
    """What a signal says: `sentence` with the places of its spec, and how it can be wrong."""

    sentence: str
    wrong_when: str


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is said in one language.

    Attributes:
        judge: the judge's own words.
        levels, kinds: their names.
        names: how each signal is called in passing.
        signals: sentences; in English none, because they stand in the finding.
        facts: facts worded by the engine.
    """

    judge: Phrases
    levels: dict[Level, str]
    kinds: dict[Kind, str]
    names: dict[str, str]
    signals: dict[str, Spoken] = {}
    facts: dict[str, str] = {}

    def say(self, template: str, **places: str) -> str:
        """Fill one of the judge's own templates with words that are already safe to show."""
        return template.format(**places)

    def percent(self, risk: float) -> str:
        """A risk in whole percent; never 0 or 100, because neither is known."""
        if risk < 0.005:
            return self.say(self.judge.less, percent=self.say(self.judge.percent, number="1"))
        if risk >= 0.995:
            return self.say(self.judge.more, percent=self.say(self.judge.percent, number="99"))
        return self.say(self.judge.percent, number=f"{risk * 100:.0f}")

    def figure(self, number: str) -> str:
        """A number with the language's decimal sign."""
        return number.replace(".", self.judge.decimal)

    def sentence(self, reason: Reason, brand: str) -> str:
        """The reason's sentence; the English one, marked as such, where no translation is known."""
        spoken = self.signals.get(reason.signal)
        # A record of an older version of the signal may lack what the template asks for; its own sentence is whole.
        if spoken is None or template_of(spoken.sentence).places - reason.facts.keys() - {"brand"}:
            return self.say(self.judge.untranslated, sentence=reason.sentence)
        facts = {name: self._fact(name, fact) for name, fact in reason.facts.items()}
        return template_of(spoken.sentence).fill(facts, brand, self.judge.unknown)

    def wrong_when(self, reason: Reason) -> str:
        """How the reason can be wrong, as `sentence`."""
        spoken = self.signals.get(reason.signal)
        return spoken.wrong_when if spoken else self.say(self.judge.untranslated, sentence=reason.wrong_when)

    def name(self, signal: str) -> str:
        """How a signal is called in passing; its code where nobody has named it yet."""
        return self.names.get(signal, signal)

    def _fact(self, name: str, fact: str) -> str:
        if name not in WORDED:
            return fact
        if fact in self.facts:
            return self.facts[fact]
        parts = fact.split(", ")
        return ", ".join(self.facts[part] for part in parts) if all(part in self.facts for part in parts) else fact


@cache
def wording(language: Language = Language.EN) -> Wording:
    """The words of a language.

    Raises:
        InvalidRecord: when its file lacks a word or has one too many.
    """
    name = f"{language}.yaml"
    raw = read_mapping((_FOLDER / name).read_bytes(), name)
    try:
        return convert(raw, Wording)
    except msgspec.ValidationError as error:
        raise InvalidRecord(name, f"{str(error).rstrip('.')}.", "Compare it with en.yaml.") from error
