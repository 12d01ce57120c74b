"""A finding in words that a lawyer can quote: alleged, never asserted, with what speaks against it."""

from collections.abc import Sequence
from itertools import accumulate, islice

import msgspec

from countermark.judge.sentences import NOT_KNOWN, sentence_for, visible
from countermark.judge.weighing import risk_of
from countermark.model import Direction, Finding, Kind, Level, Reason, Span
from countermark.model.finding import LAWFUL_BY_DEFAULT

__all__ = [
    "Explanation",
    "ReasonLine",
    "Sentence",
    "Versions",
    "explain",
    "percent",
    "sentence_for",
]

#: Sentences in the summary.
SUMMARY_SENTENCES = 3
#: Longest sentence shown, in characters. A finding read from a file may hold anything.
LONGEST_SENTENCE = 1200
NOTHING_AGAINST = "Nothing speaks against it in what was measured."
CAUTION = (
    "This was computed from the listing as it was captured and is at most an allegation. It decides nothing: "
    "people decide, and in the end a court."
)

#: How each kind is named; the lawful ones below stand in a sentence of their own.
KIND_WORDS = {
    Kind.OBVIOUS_FAKE: "obvious fake",
    Kind.UNAUTHORISED_USE: "unauthorised use of a mark",
    Kind.MASKED_MARK: "use of a masked mark",
    Kind.CONFUSING_LOOKALIKE: "use of a confusingly similar mark",
    Kind.COPIED_PHOTO: "copy of an official photo",
    Kind.GREY_MARKET: "grey-market offer of genuine goods",
    Kind.GENUINE_RESALE: "resale of genuine goods",
}
LEVEL_WORDS = {Level.HIGH: "High", Level.MEDIUM: "Medium", Level.LOW: "Low"}


class Sentence(msgspec.Struct, frozen=True):
    """A sentence and its proof.

    Attributes:
        text: the sentence.
        reason: number of the reason line it rests on, from 1; 0 when it rests on none.
    """

    text: str
    reason: int


class ReasonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One reason at all three depths: sentence, signed bar, raw values.

    Attributes:
        number: from 1, largest absolute weight first.
        direction, signal, version, value, weight: as in `Reason`.
        risk_after: the risk once this reason and all before it counted, in [0, 1]: the steps of the waterfall.
        sentence, wrong_when: in words.
        right_id, reference, listing_image, spans: what it rests on.
        facts: raw values, made visible.
    """

    number: int
    direction: Direction
    signal: str
    version: int
    value: float
    weight: float
    risk_after: float
    sentence: str
    wrong_when: str
    right_id: str
    reference: str
    listing_image: str
    spans: tuple[Span, ...]
    facts: dict[str, str]


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """What to recompute the finding from; hashes are SHA-256 in hex."""

    engine: str
    policy: str
    reference: str
    listing: str
    schema: int


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a finding was made and what speaks against it, in English.

    Attributes:
        finding_id, listing_id, marketplace, external_id, brand, right_id: what it is about.
        kind, level, risk: as in the finding.
        headline: the risk as word and percent, and what is alleged.
        summary: at most three sentences, the strongest reasons for.
        strongest_against: the strongest reason against, or that there is none.
        can_be_wrong: how the strongest reason for can be wrong.
        caution: what a finding is and is not.
        base: log-odds before any reason, and `base_risk`, the same as a probability.
        log_odds: base and all weights together.
        reasons: every reason, largest absolute weight first.
        versions: what to recompute it from.
    """

    finding_id: str
    listing_id: str
    marketplace: str
    external_id: str
    brand: str
    right_id: str
    kind: Kind
    level: Level
    risk: float
    headline: str
    summary: tuple[Sentence, ...]
    strongest_against: Sentence
    can_be_wrong: str
    caution: str
    base: float
    base_risk: float
    log_odds: float
    reasons: tuple[ReasonLine, ...]
    versions: Versions


def explain(finding: Finding) -> Explanation:
    """Put a finding into words. Needs nothing but the finding, so that one of years ago can be explained today."""
    lines = _lines(finding.base, finding.reasons)
    speak_for = [line for line in lines if line.direction is Direction.FOR]
    speak_against = [line for line in lines if line.direction is Direction.AGAINST]
    return Explanation(
        finding_id=visible(finding.id),
        listing_id=visible(finding.listing_id),
        marketplace=visible(finding.marketplace),
        external_id=visible(finding.external_id),
        brand=visible(finding.brand),
        right_id=visible(finding.right_id),
        kind=finding.kind,
        level=finding.level,
        risk=finding.risk,
        headline=_headline(finding),
        summary=tuple(Sentence(line.sentence, line.number) for line in speak_for[:SUMMARY_SENTENCES]),
        strongest_against=_against(speak_against),
        can_be_wrong=speak_for[0].wrong_when if speak_for else "",
        caution=CAUTION,
        base=finding.base,
        base_risk=risk_of(finding.base),
        log_odds=round(sum((line.weight for line in lines), finding.base), 6),
        reasons=tuple(lines),
        versions=Versions(
            engine=visible(finding.engine_version),
            policy=visible(finding.policy_hash),
            reference=visible(finding.reference_hash),
            listing=visible(finding.listing_hash),
            schema=finding.schema_version,
        ),
    )


def percent(risk: float) -> str:
    """A risk in whole percent; never 0 or 100, because neither is known."""
    if risk < 0.005:
        return "less than 1 %"
    if risk >= 0.995:
        return "more than 99 %"
    return f"{risk * 100:.0f} %"


def _headline(finding: Finding) -> str:
    brand = visible(finding.brand) or NOT_KNOWN
    kind = KIND_WORDS[finding.kind]
    if finding.kind in LAWFUL_BY_DEFAULT:
        said = f"it may be {kind}, which alleges no infringement by itself"
    else:
        # A low risk is worth a look, not an allegation.
        said = f"{'possible' if finding.level is Level.LOW else 'alleged'} {kind}"
    return (
        f"{LEVEL_WORDS[finding.level]} risk ({percent(finding.risk)}) that this listing infringes rights of {brand}: "
        f"{said}."
    )


def _against(lines: Sequence[ReasonLine]) -> Sentence:
    return Sentence(lines[0].sentence, lines[0].number) if lines else Sentence(NOTHING_AGAINST, 0)


def _lines(base: float, reasons: Sequence[Reason]) -> list[ReasonLine]:
    ordered = sorted(reasons, key=lambda r: -abs(r.weight))
    steps = islice(accumulate((reason.weight for reason in ordered), initial=base), 1, None)
    return [
        _line(number, reason, risk_of(log_odds))
        for number, (reason, log_odds) in enumerate(zip(ordered, steps, strict=True), start=1)
    ]


def _line(number: int, reason: Reason, risk_after: float) -> ReasonLine:
    return ReasonLine(
        number=number,
        direction=reason.direction,
        signal=visible(reason.signal),
        version=reason.version,
        value=reason.value,
        weight=reason.weight,
        risk_after=risk_after,
        sentence=visible(reason.sentence, LONGEST_SENTENCE),
        wrong_when=visible(reason.wrong_when, LONGEST_SENTENCE),
        right_id=visible(reason.right_id),
        reference=visible(reason.reference),
        listing_image=visible(reason.listing_image),
        spans=reason.spans,
        facts={visible(name): visible(fact) for name, fact in sorted(reason.facts.items())},
    )
