"""Learn a policy from decisions: older ones train, newer ones choose and calibrate, the newest only measure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from countermark.evaluate.learning import boosting
from countermark.evaluate.learning.decisions import Decided, last_of_each
from countermark.evaluate.learning.leash import held, lowered
from countermark.evaluate.learning.lines import (
    Additive,
    Floats,
    fit_lines,
    log_loss,
    probability,
    scaled,
    start_of,
)
from countermark.evaluate.reliability import ReliabilityTally
from countermark.judge import Policy
from countermark.judge.learned import Learned, Measured
from countermark.judge.policy_writing import with_learned
from countermark.model import InvalidRecord

Method: TypeAlias = Literal["auto", "lines", "boosted"]

#: Shares of the decisions, oldest first: train and calibrate; the rest tests.
TRAIN, CALIBRATE = 0.6, 0.2
#: Of the training decisions, the newest share chooses between candidates.
CHOOSE = 0.25
#: Strengths of the pull to the starting policy that are tried.
PULLS = (0.1, 0.3, 1.0, 3.0, 10.0)
#: Fewest decisions, and fewest of either answer among those that train.
FEWEST, FEWEST_OF_EACH = 150, 15
#: How strongly the calibration is held to change nothing.
CALM = 1.0


@dataclass(frozen=True)
class Lesson:
    """What was learned: the policy, and how each candidate did on the decisions that chose."""

    policy: Policy
    candidates: dict[str, float]

    @property
    def learned(self) -> Learned:
        """Counts, time range and figures, as the policy carries them."""
        assert self.policy.learned is not None
        return self.policy.learned


@dataclass(frozen=True)
class _Tether:
    times: float
    high: float


@dataclass(frozen=True)
class _Table:
    names: tuple[str, ...]
    values: Floats
    truth: Floats

    def rows(self, first: int, last: int) -> "_Table":
        return replace(self, values=self.values[first:last], truth=self.truth[first:last])


def learn(
    decisions: Iterable[Decided],
    start: Policy,
    *,
    method: Method = "auto",
    base_rate: float | None = None,
    leash: float | None = None,
) -> Lesson:
    """Learn curves from decisions.

    Args:
        decisions: in any order; of several about one finding the last counts.
        start: the policy to begin with: its signals, sides, limits, kinds and harm are kept, and signals about which
            no decision speaks keep their weight.
        method: `lines` (our own), `boosted` (the extra `learn`), or what does better on decisions kept for choosing.
        base_rate: the share of infringing ones among findings to come, in (0, 1), where it differs from the decisions'
            share; moves the base only. Source: C. Elkan, The foundations of cost-sensitive learning, IJCAI 2001.
        leash: how many times its starting weight a weight may reach, at least 1; see `leash.py`. Our own lines only,
            and the calibration then moves the base alone, never so far (nor does `base_rate`) that it lifts a clue
            beside the plain mark to high. None: free.

    Raises:
        InvalidRecord: when there are too few decisions, saying how many are missing, or one names an unknown signal.
        ImportError: for `boosted` without the extra.
    """
    rows = last_of_each(decisions)
    table = _tabled(rows, start)
    train, calibrate = round(len(rows) * TRAIN), round(len(rows) * (TRAIN + CALIBRATE))
    older = table.rows(0, train)
    _refuse_too_few(len(rows), older)
    origin = start_of(start.base_rate, start.weights)
    tether = _tether(leash, start, method)
    losses = _compare(older, origin, "lines" if tether else method, tether)
    best = min(losses, key=lambda name: (losses[name], name))
    model = _calibrated(_fit(best, older, origin, tether), table.rows(train, calibrate), shift_only=tether is not None)
    if base_rate is not None:
        model = scaled(model, 1.0, _moved(base_rate, table.truth))
    if tether is not None:
        model = lowered(model, origin, tether.high)
    learned = Learned(
        method=best,
        decisions=len(rows),
        infringing=int(table.truth.sum()),
        first=rows[0].decided_at.astimezone(UTC).isoformat(),
        last=rows[-1].decided_at.astimezone(UTC).isoformat(),
        trained_on=train,
        calibrated_on=calibrate - train,
        started_from=start.digest,
        base_rate=base_rate,
        before=_measure(origin, table.rows(calibrate, len(rows))),
        after=_measure(model, table.rows(calibrate, len(rows))),
    )
    return Lesson(with_learned(start, model.base, model.curves, learned), losses)


def _tabled(rows: Sequence[Decided], start: Policy) -> _Table:
    names = tuple(sorted(start.weights))
    column = {name: place for place, name in enumerate(names)}
    values = np.zeros((len(rows), len(names)))
    for line, row in enumerate(rows):
        for name, value in row.signals.items():
            if name not in column:
                raise InvalidRecord("decisions", f"{name[:60]!r} has no weight in the policy.", "Add it there first.")
            values[line, column[name]] = value
    return _Table(names, values, np.array([float(row.infringing) for row in rows]))


def _refuse_too_few(count: int, older: _Table) -> None:
    guilty = int(older.truth.sum())
    fewest = min(guilty, len(older.truth) - guilty)
    if count < FEWEST:
        raise InvalidRecord(
            "decisions", f"there are {count}; {FEWEST} are needed.", f"Decide {FEWEST - count} more findings."
        )
    if fewest < FEWEST_OF_EACH:
        answer = "infringing" if guilty == fewest else "honest"
        raise InvalidRecord(
            "decisions",
            f"of the {len(older.truth)} that train, {fewest} say {answer}; {FEWEST_OF_EACH} are needed.",
            f"Decide more findings: {FEWEST_OF_EACH - fewest} more {answer} ones are missing.",
        )


def _tether(leash: float | None, start: Policy, method: Method) -> _Tether | None:
    if leash is None:
        return None
    if not 1 <= leash < math.inf or method == "boosted":
        raise InvalidRecord(
            "leash",
            "it is below 1, no number, or the method is boosted.",
            "Write for example 2.5, with --method lines.",
        )
    return _Tether(leash, start.levels.high)


def _compare(older: _Table, origin: Additive, method: Method, tether: _Tether | None) -> dict[str, float]:
    cut = round(len(older.truth) * (1 - CHOOSE))
    fit_on, choose_on = older.rows(0, cut), older.rows(cut, len(older.truth))
    names = [f"lines {pull:g}" for pull in PULLS] if method != "boosted" else []
    if method == "boosted" or (method == "auto" and boosting.is_installed()):
        names.append("boosted")
    return {
        name: round(
            log_loss(_fit(name, fit_on, origin, tether).log_odds(older.names, choose_on.values), choose_on.truth), 6
        )
        for name in names
    }


def _fit(name: str, table: _Table, origin: Additive, tether: _Tether | None) -> Additive:
    if name == "boosted":
        return boosting.fit_boosted(table.names, table.values, table.truth, origin)
    fit = partial(fit_lines, table.names, table.values, table.truth, origin, float(name.removeprefix("lines ")))
    return held(fit, origin, tether.times, tether.high) if tether else fit()


def _calibrated(model: Additive, newer: _Table, *, shift_only: bool = False) -> Additive:
    """Scale and shift of the log-odds, held gently to 1 and 0: the sum stays a sum.

    Source: J. Platt, Probabilistic outputs for support vector machines, 1999; Newton's method on the two numbers.
    """
    log_odds = model.log_odds(newer.names, newer.values)
    rows = np.column_stack([log_odds, np.ones(len(log_odds))])
    held = np.array([1.0, 0.0])
    found = held.copy()
    calm = np.array([1e9 if shift_only else 10 * CALM, CALM])
    for _ in range(50):
        risk = probability(rows @ found)
        slope = rows.T @ (risk - newer.truth) + calm * (found - held)
        bend = (rows * (risk * (1 - risk))[:, None]).T @ rows + np.diag(calm)
        step = np.clip(np.linalg.solve(bend, slope), -1, 1)
        found -= step
        found[0] = min(max(found[0], 0.2), 3.0)
        if np.abs(step).max() < 1e-9:
            break
    return scaled(model, float(found[0]), float(found[1]))


def _moved(base_rate: float, truth: Floats) -> float:
    if not 0 < base_rate < 1:
        raise InvalidRecord("base rate", f"{base_rate} is not between 0 and 1.", "Write for example 0.2.")
    share = (float(truth.sum()) + 0.5) / (len(truth) + 1)
    return float(np.log(base_rate / (1 - base_rate)) - np.log(share / (1 - share)))


def _measure(model: Additive, newest: _Table) -> Measured:
    log_odds = model.log_odds(newest.names, newest.values)
    tally = ReliabilityTally()
    for risk, true in zip(probability(log_odds).tolist(), newest.truth.tolist(), strict=True):
        tally.add(risk, true=bool(true))
    result = tally.result()
    return Measured(
        decisions=len(newest.truth),
        infringing=int(newest.truth.sum()),
        log_loss=round(log_loss(log_odds, newest.truth), 6),
        brier=result.brier or 0.0,
        calibration_error=result.calibration_error or 0.0,
    )
