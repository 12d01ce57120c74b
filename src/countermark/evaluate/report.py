"""Compare a stream of findings with the truth of their listings."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from countermark.evaluate.conformal import Bound, bound_of
from countermark.evaluate.parts import Parts, StatedAndTrue, WithoutSignal
from countermark.evaluate.reliability import Reliability, ReliabilityTally
from countermark.evaluate.share import Share
from countermark.evaluate.truths import Infringement, Truths
from countermark.formats.truth import Truth
from countermark.model import Finding, InvalidRecord, Kind, Level

#: Levels from the strictest, with their rank: a finding of high counts at medium and low too.
RANKS = {Level.HIGH: 3, Level.MEDIUM: 2, Level.LOW: 1}
#: In the confusion: no house, because the listing infringes nothing or nothing was found.
NONE = "none"
#: In the confusion: the truth says that the listing infringes, whichever the house.
ANY = "any"
#: In the recall by kind: infringing in a way that nobody named.
UNNAMED = "unnamed"


class AtLevel(msgspec.Struct, frozen=True, kw_only=True):
    """What holds when every finding of this level or a higher one is taken for an allegation.

    Attributes:
        level: the least level that counts.
        precision: of these findings, the share that is true.
        recall: of all infringements, the share that these findings name.
        f1: harmonic mean of both; None when either cannot be said.
    """

    level: Level
    precision: Share
    recall: Share
    f1: float | None


class KindRecall(msgspec.Struct, frozen=True, kw_only=True):
    """Of the infringements of one true kind, the share found at each level or higher."""

    kind: str
    high: Share
    medium: Share
    low: Share


class KindPrecision(msgspec.Struct, frozen=True, kw_only=True):
    """Of the findings of one kind, the share whose listing infringes rights of the house that the finding names."""

    kind: Kind
    share: Share


class BrandCell(msgspec.Struct, frozen=True, kw_only=True):
    """How often a listing of one true house (or `none`) was found for a house (or `none`)."""

    truth: str
    found: str
    count: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How findings compare with the truth.

    A finding is true when the truth says that its listing infringes rights of the house it names.

    Attributes:
        findings: compared findings; `unknown` (their listing is not in the truth) and `repeated` (a finding of the same
            listing and house was already counted) are left out of every figure.
        listings: in the truth; `infringing` pairs of listing and house; `honest` listings that infringe nothing.
        thresholds: at high, medium and low.
        recall_by_kind: by true kind, sorted; only kinds that occur.
        precision_by_kind: by the finding's kind, sorted; only kinds that occur. Grey market and genuine resale allege
            no infringement by themselves: a low share is right for them.
        reliability: stated risk against truth.
        stated_by_kind, stated_by_level: the same within each kind and level of finding that occurs.
        without_signal: what each signal does.
        confusion: by house, sorted; only cells that occur.
        honest_accused: of the honest listings, the share with a finding of level high.
        bound: the threshold for automatic acts, where one was asked for.
    """

    findings: int
    unknown: int
    repeated: int
    listings: int
    infringing: int
    honest: int
    thresholds: tuple[AtLevel, ...]
    recall_by_kind: tuple[KindRecall, ...]
    precision_by_kind: tuple[KindPrecision, ...]
    reliability: Reliability
    stated_by_kind: tuple[StatedAndTrue, ...]
    stated_by_level: tuple[StatedAndTrue, ...]
    without_signal: tuple[WithoutSignal, ...]
    confusion: tuple[BrandCell, ...]
    honest_accused: Share
    bound: Bound | None = None


class _Outcome(NamedTuple):
    kind: Kind
    rank: int
    true: bool


def evaluate(findings: Iterable[Finding], truth: Iterable[Truth], *, bound: float | None = None) -> Report:
    """Measure findings against the truth. Findings stream past; memory grows with the truth only.

    Args:
        findings: as scanned.
        truth: of their listings.
        bound: also compute the threshold above which at most this share of honest listings lies (`conformal.bound_of`).

    Raises:
        InvalidRecord: when the truth contradicts itself, a finding states a risk outside [0, 1], or the honest listings
            are too few for the bound.
    """
    comparison = _Comparison(Truths(truth))
    for finding in findings:
        comparison.add(finding)
    return comparison.report(bound)


class _Comparison:
    def __init__(self, truths: Truths) -> None:
        self._truths = truths
        self._unknown = self._repeated = 0
        self._outcomes: Counter[_Outcome] = Counter()
        self._confusion: Counter[tuple[str, str]] = Counter()
        self._reliability = ReliabilityTally()
        self._parts = Parts()
        self._honest_risk: dict[str, float] = {}
        self._seen: dict[str, set[str]] = {}
        self._accused: set[str] = set()

    def add(self, finding: Finding) -> None:
        if not 0 <= finding.risk <= 1:
            raise InvalidRecord("risk", f"{finding.id} states {finding.risk}.", "A risk lies between 0 and 1.")
        infringements = self._truths.of_listing(finding.listing_id)
        if infringements is None:
            self._unknown += 1
            return
        brands = self._seen.setdefault(finding.listing_id, set())
        if finding.brand in brands:
            self._repeated += 1
            return
        brands.add(finding.brand)
        self._count(finding, infringements)

    def _count(self, finding: Finding, infringements: tuple[Infringement, ...]) -> None:
        rank = RANKS[finding.level]
        named = next((i for i in infringements if i.brand in ("", finding.brand)), None)
        if named is not None:
            named.found = max(named.found, rank)
        if not infringements and finding.level is Level.HIGH:
            self._accused.add(finding.listing_id)
        if not infringements:
            self._honest_risk[finding.listing_id] = max(finding.risk, self._honest_risk.get(finding.listing_id, 0.0))
        self._confusion[_true_brand(finding, infringements, named), finding.brand] += 1
        self._outcomes[_Outcome(finding.kind, rank, named is not None)] += 1
        self._reliability.add(finding.risk, true=named is not None)
        self._parts.add(finding, true=named is not None)

    def report(self, bound: float | None) -> Report:
        found = Counter((i.kind, i.found) for i in self._truths.infringements())
        honest = self._truths.honest()
        return Report(
            findings=sum(self._outcomes.values()),
            unknown=self._unknown,
            repeated=self._repeated,
            listings=len(self._truths),
            infringing=sum(found.values()),
            honest=honest,
            thresholds=tuple(self._at(level, found) for level in RANKS),
            recall_by_kind=_recall_by_kind(found),
            precision_by_kind=self._precision_by_kind(),
            reliability=self._reliability.result(),
            stated_by_kind=self._parts.by_kind(),
            stated_by_level=self._parts.by_level(),
            without_signal=self._parts.by_signal(),
            confusion=self._cells(honest),
            honest_accused=Share.of(len(self._accused), honest),
            bound=None if bound is None else self._bound(bound, honest),
        )

    def _bound(self, bound: float, honest: int) -> Bound:
        silent = [0.0] * (honest - len(self._honest_risk))
        return bound_of([*silent, *self._honest_risk.values()], bound)

    def _at(self, level: Level, found: Counter[tuple[Kind | None, int]]) -> AtLevel:
        rank = RANKS[level]
        counted = {outcome: n for outcome, n in self._outcomes.items() if outcome.rank >= rank}
        precision = Share.of(sum(n for outcome, n in counted.items() if outcome.true), sum(counted.values()))
        recall = _found_at(found, rank)
        return AtLevel(level=level, precision=precision, recall=recall, f1=_f1(precision, recall))

    def _precision_by_kind(self) -> tuple[KindPrecision, ...]:
        totals: Counter[Kind] = Counter()
        hits: Counter[Kind] = Counter()
        for outcome, n in self._outcomes.items():
            totals[outcome.kind] += n
            hits[outcome.kind] += n * outcome.true
        return tuple(KindPrecision(kind=kind, share=Share.of(hits[kind], totals[kind])) for kind in sorted(totals))

    def _cells(self, honest: int) -> tuple[BrandCell, ...]:
        cells = Counter(self._confusion)
        for infringement in self._truths.infringements():
            if not infringement.found and not infringement.mistaken:
                cells[infringement.brand or ANY, NONE] += 1
        silent = honest - sum(not self._truths.of_listing(listing_id) for listing_id in self._seen)
        if silent:
            cells[NONE, NONE] += silent
        return tuple(BrandCell(truth=t, found=f, count=n) for (t, f), n in sorted(cells.items()))


def _true_brand(finding: Finding, infringements: tuple[Infringement, ...], named: Infringement | None) -> str:
    if named is not None:
        return finding.brand
    if not infringements:
        return NONE
    # Of several houses that a wrong finding could have meant, one is charged, so that the cells add up.
    infringements[0].mistaken = True
    return infringements[0].brand


def _found_at(found: Counter[tuple[Kind | None, int]], rank: int) -> Share:
    return Share.of(sum(n for (_, best), n in found.items() if best >= rank), sum(found.values()))


def _recall_by_kind(found: Counter[tuple[Kind | None, int]]) -> tuple[KindRecall, ...]:
    by_kind: dict[str, Counter[tuple[Kind | None, int]]] = {}
    for (kind, best), n in found.items():
        by_kind.setdefault(kind or UNNAMED, Counter())[kind, best] += n
    return tuple(
        KindRecall(
            kind=kind,
            high=_found_at(counts, RANKS[Level.HIGH]),
            medium=_found_at(counts, RANKS[Level.MEDIUM]),
            low=_found_at(counts, RANKS[Level.LOW]),
        )
        for kind, counts in sorted(by_kind.items())
    )


def _f1(precision: Share, recall: Share) -> float | None:
    if precision.value is None or recall.value is None:
        return None
    total = precision.value + recall.value
    return round(2 * precision.value * recall.value / total, 6) if total else 0.0
