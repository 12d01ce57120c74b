"""An explanation as plain text for a terminal or a letter: sentences first, then signed bars, then raw values."""

import textwrap
from collections.abc import Iterator

from countermark.judge.words import Explanation, ReasonLine, Sentence, percent
from countermark.model import Direction, Level

WIDTH = 100
#: Characters of a bar for one unit of log-odds, and at most.
BAR_UNIT, BAR_LONGEST = 3, 20

_COLOURS = {Level.HIGH: "1;31", Level.MEDIUM: "1;33", Level.LOW: "1;36"}
_FOR, _AGAINST = "31", "32"


def render_text(explanation: Explanation, *, colour: bool = False) -> str:
    """The whole explanation as text, at most 100 columns of Latin letters wide, without a final line break.

    Args:
        explanation: what to write.
        colour: add ANSI colours; words and signs say the same without them.
    """
    parts = (
        _summary(explanation, colour=colour),
        _bars(explanation, colour=colour),
        _raw_values(explanation),
        _versions(explanation),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _summary(explanation: Explanation, *, colour: bool) -> Iterator[str]:
    yield _painted(_wrapped(explanation.headline), _COLOURS[explanation.level], colour=colour)
    place = (
        f"{explanation.external_id} on {explanation.marketplace}"
        if explanation.marketplace
        else explanation.external_id
    )
    yield f"Listing {place} · {explanation.finding_id}"
    yield ""
    for sentence in explanation.summary:
        yield _wrapped(_with_proof(sentence), "  + ")
    yield _wrapped(_with_proof(explanation.strongest_against), "  - ")
    if explanation.can_be_wrong:
        yield ""
        yield _wrapped(explanation.can_be_wrong)
    yield _wrapped(explanation.caution)


def _with_proof(sentence: Sentence) -> str:
    return f"{sentence.text} [{sentence.reason}]" if sentence.reason else sentence.text


def _bars(explanation: Explanation, *, colour: bool) -> Iterator[str]:
    yield "Reasons, by weight (log-odds), and the risk after each:"
    yield f"      {'before any reason':<30}        {explanation.base:>+7.2f}  {percent(explanation.base_risk):>14}"
    for line in explanation.reasons:
        yield _bar(line, colour=colour)


def _bar(line: ReasonLine, *, colour: bool) -> str:
    sign = "+" if line.direction is Direction.FOR else "-"
    length = min(BAR_LONGEST, max(1, round(abs(line.weight) * BAR_UNIT)))
    bar = _painted(sign * length, _FOR if sign == "+" else _AGAINST, colour=colour)
    figures = f"{line.value:>6.2f} {line.weight:>+7.2f}  {percent(line.risk_after):>14}"
    return f"{f'[{line.number}]':>5} {line.signal:<30} {figures}  {bar}"


def _raw_values(explanation: Explanation) -> Iterator[str]:
    yield "What each reason rests on:"
    for line in explanation.reasons:
        yield _wrapped(line.sentence, f"{f'[{line.number}]':>5} ", "      ")
        yield _wrapped(line.wrong_when, "      ")
        if details := _details(line):
            yield _wrapped(details, "      ")


def _details(line: ReasonLine) -> str:
    named = (
        ("right", line.right_id),
        ("official picture", line.reference),
        ("listing picture", line.listing_image),
        ("where", ", ".join(f"{span.field} {span.start}-{span.end}" for span in line.spans)),
    )
    pairs = [*(pair for pair in named if pair[1]), *line.facts.items()]
    return " · ".join(f"{name}: {value}" for name, value in pairs)


def _versions(explanation: Explanation) -> Iterator[str]:
    versions = explanation.versions
    yield f"Computed by engine {versions.engine} (finding schema {versions.schema}) from (SHA-256):"
    yield f"  policy     {versions.policy}"
    yield f"  references {versions.reference}"
    yield f"  listing    {versions.listing}"


def _wrapped(text: str, first: str = "", following: str | None = None) -> str:
    following = " " * len(first) if following is None else following
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=following, break_on_hyphens=False)


def _painted(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
