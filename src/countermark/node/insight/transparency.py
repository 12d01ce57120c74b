"""The counters of a transparency report (Reg. (EU) 2022/2065 arts 15 and 24), each beside the point that asks for it.

The form of Implementing Regulation (EU) 2024/2835 is filled from these rows; what this node does not record is said so
and left empty, never zero.
"""

from typing import Any

import msgspec

from countermark.node.insight.figures import Spread
from countermark.node.insight.notice_figures import NoticeFigures


class Indicator(msgspec.Struct, frozen=True):
    """One row of a report: the point of the law, what is counted, the value as text, its unit; empty = not recorded."""

    point: str
    what: str
    value: str
    unit: str = "number"


def indicators(found: NoticeFigures) -> tuple[Indicator, ...]:
    """Every row, in the order of the law."""
    decisions = found.decisions
    rows = [
        Indicator("15(1)(b)", "notices received under art. 16", str(found.notices)),
        *(Indicator("15(1)(b)", f"of them, alleged: {ground}", str(n)) for ground, n in found.by_ground.items()),
        Indicator("15(1)(b)", "notices by trusted flaggers", ""),
        Indicator("15(1)(b)", "actions on the ground of law", str(_down(decisions) - found.by_terms)),
        Indicator("15(1)(b)", "actions on the ground of terms and conditions", str(found.by_terms)),
        Indicator("15(1)(b)", "notices decided by automated means alone", str(found.automated)),
        _median("15(1)(b)", "median time to act on a notice", found.to_decision),
        Indicator("15(1)(c)", "own-initiative removals", str(found.proactive.count)),
        Indicator("15(1)(d)", "complaints received", str(found.complaints)),
        Indicator("15(1)(d)", "decisions upheld on complaint", str(found.complaint_outcomes.get("keep", 0))),
        Indicator("15(1)(d)", "decisions reversed on complaint", str(found.complaint_outcomes.get("restore", 0))),
        _median("15(1)(d)", "median time to decide a complaint", found.to_complaint_decision),
        Indicator("15(1)(e)", "share of removals reversed", found.reversal.percent, "percent"),
        Indicator("24(1)(a)", "disputes before out-of-court bodies", str(found.disputes.get("body", 0))),
        Indicator("24(1)(a)", "their outcomes, median time and share implemented", ""),
        *(
            Indicator("24(1)(b)", f"suspensions for {cause}", "")
            for cause in ("illegal content", "unfounded notices", "unfounded complaints")
        ),
    ]
    return tuple(rows)


def report(found: NoticeFigures, organisation: str) -> dict[str, Any]:
    """The report as a mapping for JSON."""
    return {
        "format": "countermark-transparency/1",
        "organisation": organisation,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "digest": found.digest,
        "indicators": [msgspec.to_builtins(one) for one in indicators(found)],
        "figures": msgspec.to_builtins(found),
    }


def _down(decisions: dict[str, int]) -> int:
    return decisions.get("remove", 0) + decisions.get("partly", 0)


def _median(point: str, what: str, spread: Spread) -> Indicator:
    return Indicator(point, what, str(spread.median) if spread.count else "", "seconds")
