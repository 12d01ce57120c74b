"""A finding in words that a lawyer can quote: alleged, never asserted, with what speaks against it."""

from collections.abc import Sequence
from itertools import accumulate, islice

import msgspec

from countermark.judge.counterfactuals import Counterfactual, counterfactuals
from countermark.judge.policy import Policy
from countermark.judge.sentences import sentence_for, visible
from countermark.judge.weighing import risk_of
from countermark.judge.wording import Language, Wording, wording
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
_ENGLISH = wording()
NOTHING_AGAINST, CAUTION = _ENGLISH.judge.nothing_against, _ENGLISH.judge.caution
#: How each kind is named; the lawful ones stand in a sentence of their own.
KIND_WORDS = _ENGLISH.kinds
percent = _ENGLISH.percent


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
    """Why a finding was made and what speaks against it, in one language.

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
        language: of the words.
        changes: the single changes that would change the word, as sentences; only where the policy is at hand.
        policy_known: the policy was at hand, so no `changes` means that no single change would do.
        policy_origin: whence the numbers of the policy come, in a sentence; empty where it is not at hand.
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
    language: Language = Language.EN
    changes: tuple[str, ...] = ()
    policy_known: bool = False
    policy_origin: str = ""


def explain(finding: Finding, language: Language = Language.EN, policy: Policy | None = None) -> Explanation:
    """Put a finding into words. Needs nothing but the finding, so that one of years ago can be explained today.

    Args:
        finding: as judged.
        language: of the words. English sentences are those recorded; others are filled from the recorded facts.
        policy: the one it was judged by, to say which single change would change the word; without, nothing is said.

    Raises:
        InvalidRecord: when the policy is another one.
    """
    words = wording(language)
    lines = _lines(finding, words)
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
        headline=_headline(finding, words),
        summary=tuple(Sentence(line.sentence, line.number) for line in speak_for[:SUMMARY_SENTENCES]),
        strongest_against=_against(speak_against, words),
        can_be_wrong=speak_for[0].wrong_when if speak_for else "",
        caution=words.judge.caution,
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
        language=language,
        changes=tuple(_change(c, words) for c in counterfactuals(finding, policy)) if policy else (),
        policy_known=policy is not None,
        policy_origin=_origin(policy, words) if policy else "",
    )


def _origin(policy: Policy, words: Wording) -> str:
    learned = policy.learned
    if learned is None:
        return words.judge.set_by_hand
    return words.say(
        words.judge.learned_from,
        decisions=str(learned.decisions),
        first=visible(learned.first[:10]),
        last=visible(learned.last[:10]),
        tested=str(learned.after.decisions),
        error=words.figure(f"{learned.after.calibration_error:.3f}"),
    )


def _headline(finding: Finding, words: Wording) -> str:
    judge = words.judge
    if finding.kind in LAWFUL_BY_DEFAULT:
        said = judge.lawful
    else:
        # A low risk is worth a look, not an allegation.
        said = judge.possible if finding.level is Level.LOW else judge.alleged
    return words.say(
        judge.headline,
        level=words.levels[finding.level],
        percent=words.percent(finding.risk),
        brand=visible(finding.brand) or judge.unknown,
        said=words.say(said, kind=words.kinds[finding.kind]),
    )


def _change(change: Counterfactual, words: Wording) -> str:
    return words.say(
        words.judge.without if change.change == "without" else words.judge.with_,
        name=words.name(change.signal),
        level=words.levels[change.level] if change.level else words.judge.unreported,
        percent=words.percent(change.risk),
    )


def _against(lines: Sequence[ReasonLine], words: Wording) -> Sentence:
    return Sentence(lines[0].sentence, lines[0].number) if lines else Sentence(words.judge.nothing_against, 0)


def _lines(finding: Finding, words: Wording) -> list[ReasonLine]:
    ordered = sorted(finding.reasons, key=lambda r: -abs(r.weight))
    steps = islice(accumulate((reason.weight for reason in ordered), initial=finding.base), 1, None)
    return [
        _line(number, reason, risk_of(log_odds), _spoken(reason, finding.brand, words))
        for number, (reason, log_odds) in enumerate(zip(ordered, steps, strict=True), start=1)
    ]


def _spoken(reason: Reason, brand: str, words: Wording) -> tuple[str, str]:
    # What the record itself says may hold anything. Our own templates are safe, and keep their no-break spaces.
    recorded = msgspec.structs.replace(
        reason,
        sentence=visible(reason.sentence, LONGEST_SENTENCE),
        wrong_when=visible(reason.wrong_when, LONGEST_SENTENCE),
    )
    return words.sentence(recorded, brand), words.wrong_when(recorded)


def _line(number: int, reason: Reason, risk_after: float, spoken: tuple[str, str]) -> ReasonLine:
    return ReasonLine(
        number=number,
        direction=reason.direction,
        signal=visible(reason.signal),
        version=reason.version,
        value=reason.value,
        weight=reason.weight,
        risk_after=risk_after,
        sentence=spoken[0],
        wrong_when=spoken[1],
        right_id=visible(reason.right_id),
        reference=visible(reason.reference),
        listing_image=visible(reason.listing_image),
        spans=reason.spans,
        facts={visible(name): visible(fact) for name, fact in sorted(reason.facts.items())},
    )
