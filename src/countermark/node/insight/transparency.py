"""The counters of a transparency report (Reg. (EU) 2022/2065 arts 15 and 24), each beside the point that asks for it.

What this node does not record is said so and left empty, never zero. The tables follow the points of the law; beside
them lie sheets of the form of Implementing Regulation (EU) 2024/2835 (`official_form`). Only notices under the
regulation count: whoever calls gives the figures of these alone.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from countermark.law.periods import months_later
from countermark.node.insight import notice_log, official_form
from countermark.node.insight.figures import Spread
from countermark.node.insight.notice_figures import NoticeFigures


class Indicator(msgspec.Struct, frozen=True):
    """One row of a report: the point of the law, what is counted, the value as text, its unit; empty = not recorded."""

    point: str
    what: str
    value: str
    unit: str = "number"


#: First day whose data the form is for; months after the period within which a report is published. Weakly sourced.
FORM_FROM, PUBLISHED_WITHIN = date(2025, 7, 1), 2
#: File of the archive to the points that stand in it.
_TABLES = {
    "2_notices.csv": "15(1)(b)",
    "3_own_initiative.csv": "15(1)(c)",
    "4_complaints.csv": "15(1)(d)",
    "5_automated_means.csv": "15(1)(e)",
    "6_out_of_court.csv": "24(1)(a)",
    "7_suspensions.csv": "24(1)(b)",
}
#: Outcome before a body to its words.
_BODIES = (
    ("upheld", "decisions upheld"),
    ("partly_reversed", "decisions partly reversed"),
    ("reversed", "decisions reversed"),
    ("ended", "ended without a decision"),
)
_COLUMNS = ("period_first", "period_last", "organisation", "point", "indicator", "value", "unit")
#: So that the same figures give the same file.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def indicators(found: NoticeFigures, suspended: Mapping[str, int] | None = None) -> tuple[Indicator, ...]:
    """Every row, in the order of the law; `suspended`: suspensions by cause, None where none are recorded."""
    decisions = found.decisions
    rows = [
        Indicator("15(1)(b)", "notices received under art. 16", str(found.notices)),
        *(Indicator("15(1)(b)", f"of them, alleged: {ground}", str(n)) for ground, n in found.by_ground.items()),
        Indicator("15(1)(b)", "notices by trusted flaggers", str(found.by_flaggers)),
        Indicator("15(1)(b)", "actions on the ground of law", str(_down(decisions) - found.by_terms)),
        Indicator("15(1)(b)", "actions on the ground of terms and conditions", str(found.by_terms)),
        Indicator("15(1)(b)", "notices decided by automated means alone", str(found.automated)),
        _median("15(1)(b)", "median time to act on a notice", found.to_decision),
        Indicator("15(1)(c)", "own-initiative removals", str(found.proactive.count)),
        Indicator("15(1)(d)", "complaints received", str(found.complaints)),
        Indicator("15(1)(d)", "decisions upheld on complaint", str(found.complaint_outcomes.get("keep", 0))),
        Indicator("15(1)(d)", "decisions reversed on complaint", str(found.complaint_outcomes.get("restore", 0))),
        _median("15(1)(d)", "median time to decide a complaint", found.to_complaint_decision),
        Indicator("15(1)(d)", "complaints of those who filed, about a refusal", str(found.contests)),
        Indicator("15(1)(d)", "refusals upheld on complaint", str(found.contest_outcomes.get("keep", 0))),
        Indicator("15(1)(d)", "refusals reversed on complaint", str(found.contest_outcomes.get("restore", 0))),
        _median("15(1)(d)", "median time to decide such a complaint", found.to_contest_decision),
        Indicator("15(1)(e)", "share of removals reversed", found.reversal.percent, "percent"),
        Indicator("24(1)(a)", "disputes before out-of-court bodies", str(found.disputes.get("body", 0))),
        *(Indicator("24(1)(a)", f"of them, {what}", str(found.body_outcomes.get(one, 0))) for one, what in _BODIES),
        _median("24(1)(a)", "median time of their decisions", found.to_body_decision),
        Indicator("24(1)(a)", "share of reversing decisions implemented", found.carried_out.percent, "percent"),
        *(
            Indicator("24(1)(b)", f"suspensions for {cause}", str(suspended[cause]) if suspended is not None else "")
            for cause in ("illegal content", "unfounded notices", "unfounded complaints")
        ),
    ]
    return tuple(rows)


def tables(found: NoticeFigures, organisation: str, suspended: Mapping[str, int] | None = None) -> bytes:
    """The report as a ZIP of CSV tables, one for each point of the law, and sheets of the form in the folder `form`.

    An empty value means: not recorded here.
    """
    rows = indicators(found, suspended)
    files = {"1_about.csv": _about(found, organisation)}
    for name, point in _TABLES.items():
        head = (found.first.isoformat(), found.last.isoformat(), organisation)
        files[name] = [_COLUMNS, *((*head, *msgspec.structs.astuple(one)) for one in rows if one.point == point)]
    sheets = official_form.sheets(found, organisation, dict(suspended) if suspended is not None else None)
    files |= {f"form/{name}": lines for name, lines in sheets.items()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, lines in files.items():
            info = zipfile.ZipInfo(name, _NO_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, "".join(notice_log.row(line) for line in lines).encode())
    return written.getvalue()


def _about(found: NoticeFigures, organisation: str) -> list[tuple[str, ...]]:
    published, _ = months_later(found.last, PUBLISHED_WITHIN)
    early = found.first < FORM_FROM
    form = f"for data from {FORM_FROM.isoformat()}" + ("; this period begins before it" if early else "")
    return [
        ("what", "value", "source"),
        ("organisation", organisation, ""),
        ("period_first", found.first.isoformat(), ""),
        ("period_last", found.last.isoformat(), ""),
        ("published_by", published.isoformat(), "Implementing Regulation (EU) 2024/2835 [q]"),
        ("form", form, "Implementing Regulation (EU) 2024/2835 [q]"),
        ("digest", found.digest, "SHA-256 of all figures"),
    ]


def report(
    found: NoticeFigures, organisation: str, suspended: Mapping[str, int] | None, everything: NoticeFigures
) -> dict[str, Any]:
    """The report as a mapping for JSON; `everything`: figures of all laws together, with their digest."""
    return {
        "format": "countermark-transparency/1",
        "organisation": organisation,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "digest": everything.digest,
        "indicators": [msgspec.to_builtins(one) for one in indicators(found, suspended)],
        "figures": msgspec.to_builtins(everything),
    }


def _down(decisions: dict[str, int]) -> int:
    return decisions.get("remove", 0) + decisions.get("partly", 0)


def _median(point: str, what: str, spread: Spread) -> Indicator:
    return Indicator(point, what, str(spread.median) if spread.count else "", "seconds")
