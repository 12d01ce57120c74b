"""An explanation as plain text for a terminal or a letter: sentences first, then signed bars, then raw values."""

import textwrap
from collections.abc import Iterator
from enum import StrEnum

from countermark.judge.wording import Language, wording
from countermark.judge.words import Explanation, ReasonLine, Sentence
from countermark.model import Direction, Level

WIDTH = 100
#: Characters of a bar for one unit of log-odds, and at most.
BAR_UNIT, BAR_LONGEST = 3, 20

_COLOURS = {Level.HIGH: "1;31", Level.MEDIUM: "1;33", Level.LOW: "1;36"}
_FOR, _AGAINST = "31", "32"


class Depth(StrEnum):
    """How far an explanation goes; each holds the one before."""

    SENTENCE = "sentence"
    BARS = "bars"
    VALUES = "values"


def render_text(explanation: Explanation, *, colour: bool = False, depth: Depth = Depth.VALUES) -> str:
    """The whole explanation as text, at most 100 columns of Latin letters wide, without a final line break.

    Args:
        explanation: what to write.
        colour: add ANSI colours; words and signs say the same without them.
        depth: sentences only, with signed bars and what would change the word, or with raw values too.
    """
    parts = [_summary(explanation, colour=colour)]
    if depth is not Depth.SENTENCE:
        parts.append(_bars(explanation, colour=colour))
        if explanation.changes:
            parts.append(_changes(explanation))
    if depth is Depth.VALUES:
        parts += [_raw_values(explanation), _versions(explanation)]
        if explanation.policy_origin:
            parts.append(iter([_wrapped(explanation.policy_origin, language=explanation.language)]))
    return "\n\n".join("\n".join(part) for part in parts)


def _summary(explanation: Explanation, *, colour: bool) -> Iterator[str]:
    words, language = wording(explanation.language), explanation.language
    yield _painted(_wrapped(explanation.headline, language=language), _COLOURS[explanation.level], colour=colour)
    phrase = words.judge.listing_on if explanation.marketplace else words.judge.listing_alone
    listing = words.say(phrase, listing=explanation.external_id, marketplace=explanation.marketplace)
    yield f"{listing} · {explanation.finding_id}"
    yield ""
    for sentence in explanation.summary:
        yield _wrapped(_with_proof(sentence), "  + ", language=language)
    yield _wrapped(_with_proof(explanation.strongest_against), "  - ", language=language)
    if explanation.can_be_wrong:
        yield ""
        yield _wrapped(explanation.can_be_wrong, language=language)
    yield _wrapped(explanation.caution, language=language)


def _with_proof(sentence: Sentence) -> str:
    return f"{sentence.text} [{sentence.reason}]" if sentence.reason else sentence.text


def _bars(explanation: Explanation, *, colour: bool) -> Iterator[str]:
    words = wording(explanation.language)
    base = words.figure(f"{explanation.base:>+7.2f}")
    yield words.judge.bars
    yield f"      {words.judge.before:<30}        {base}  {words.percent(explanation.base_risk):>14}"
    for line in explanation.reasons:
        yield _bar(line, explanation.language, colour=colour)


def _bar(line: ReasonLine, language: Language, *, colour: bool) -> str:
    sign = "+" if line.direction is Direction.FOR else "-"
    length = min(BAR_LONGEST, max(1, round(abs(line.weight) * BAR_UNIT)))
    bar = _painted(sign * length, _FOR if sign == "+" else _AGAINST, colour=colour)
    words = wording(language)
    figures = words.figure(f"{line.value:>6.2f} {line.weight:>+7.2f}")
    return f"{f'[{line.number}]':>5} {line.signal:<30} {figures}  {words.percent(line.risk_after):>14}  {bar}"


def _changes(explanation: Explanation) -> Iterator[str]:
    yield wording(explanation.language).judge.changes
    for change in explanation.changes:
        yield _wrapped(change, "  ", language=explanation.language)


def _raw_values(explanation: Explanation) -> Iterator[str]:
    language = explanation.language
    yield wording(language).judge.values
    for line in explanation.reasons:
        yield _wrapped(line.sentence, f"{f'[{line.number}]':>5} ", "      ", language=language)
        yield _wrapped(line.wrong_when, "      ", language=language)
        if details := _details(line, language):
            yield _wrapped(details, "      ", language=language)


def _details(line: ReasonLine, language: Language) -> str:
    words = wording(language).judge
    named = (
        (words.right, line.right_id),
        (words.reference, line.reference),
        (words.listing_image, line.listing_image),
        (words.where, ", ".join(f"{span.field} {span.start}-{span.end}" for span in line.spans)),
    )
    pairs = [*(pair for pair in named if pair[1]), *line.facts.items()]
    return " · ".join(f"{name}{words.colon}{value}" for name, value in pairs)


def _versions(explanation: Explanation) -> Iterator[str]:
    versions, words = explanation.versions, wording(explanation.language)
    yield words.say(words.judge.computed, engine=versions.engine, schema=str(versions.schema))
    yield f"  {words.judge.policy:<10} {versions.policy}"
    yield f"  {words.judge.references:<10} {versions.reference}"
    yield f"  {words.judge.listing:<10} {versions.listing}"


def _wrapped(text: str, first: str = "", following: str | None = None, *, language: Language) -> str:
    following = " " * len(first) if following is None else following
    # A Chinese character is two columns wide.
    width = WIDTH // 2 if language is Language.ZH else WIDTH
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=following, break_on_hyphens=False)


def _painted(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
