"""The waterfall of one finding, and the table that says the same."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from countermark.node.findings.explaining import Explanation
from countermark.node.web import charts
from countermark.node.web.charts import Step


@dataclass(frozen=True, slots=True)
class StepLine:
    """One row of the table: what, its weight, the risk after it."""

    number: int
    label: str
    weight: float | None
    strength: str
    risk_after: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Drawing and table."""

    drawing: SafeString
    lines: tuple[StepLine, ...]
    first: float
    last: float


def steps_of(explained: Explanation) -> Waterfall:
    """From the base rate to the risk, one step a reason, strongest first."""
    base = _("Base rate")
    steps, at = [Step(base, explained.base, explained.base, "total")], explained.base
    lines = [StepLine(0, base, None, "", explained.base_risk)]
    for reason in explained.reasons:
        steps.append(Step(f"{reason.number} {reason.signal}", at, at + reason.weight, str(reason.direction)))
        at += reason.weight
        strength = str(charts.strength(reason.weight))
        lines.append(StepLine(reason.number, reason.signal, reason.weight, strength, reason.risk_after))
    steps.append(Step(_("Risk"), at, at, "total"))
    return Waterfall(charts.waterfall(steps, explained.headline), tuple(lines), explained.base_risk, explained.risk)
