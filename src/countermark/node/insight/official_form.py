"""Sheets of the form of Implementing Regulation (EU) 2024/2835, with the figures that this node has for them.

The annex was not read: headings, words and order are those on which the reports of three marketplaces for the first
half of 2026, published on the form, agree (tag q); medians are hours there. Of a sheet only the rows that can hold a
figure of this node are written: what it does not record is left empty, never zero, and the line TOTAL, which counts
other matters than these rights too, is left to whoever knows them all.
"""

from collections.abc import Iterator
from datetime import date

from countermark.model import RightKind
from countermark.node.insight.figures import Spread
from countermark.node.insight.notice_figures import NoticeFigures
from countermark.node.notices import lawyer

_HOSTS = "Only for providers of hosting services, including online platforms"
_PLATFORMS = "Only for providers of online platforms"
_CATEGORY = "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS"
_KEYWORDS = {
    RightKind.COPYRIGHT: "KEYWORD_COPYRIGHT_INFRINGEMENT",
    RightKind.DESIGN: "KEYWORD_DESIGN_INFRINGEMENT",
    RightKind.PATENT: "KEYWORD_PATENT_INFRINGEMENT",
    RightKind.TRADEMARK: "KEYWORD_TRADEMARK_INFRINGEMENT",
}
_OTHER = "KEYWORD_OTHER"
_HEAD = ("Applicability", "Service", "Reporting period")
_CATEGORIES = ("Category of illegal content", 'Description of the sub-category "Other"')
_COUNTED = (
    "Number of notices received ",
    "Number of notices received from Trusted flaggers",
    "Number of specific items of information included in the total number of notices",
    (
        "Number of specific items of information included in the total number of notices by Trusted Flaggers "
        "(Trusted Flagger notices)"
    ),
    "Median time to take action",
    "Median time to take action (Trusted Flagger notices)",
    "Number of actions taken on the basis of the law",
    "Number of actions taken on the basis of the law (Trusted Flagger notices)",
    "Number of actions taken on the basis of the terms and conditions of the service",
    "Number of actions taken on the basis of the terms and conditions of the service (Trusted Flagger notices)",
)
_NOTICES = (*_HEAD, *_CATEGORIES, *_COUNTED, *(f"Contextual information on {one}" for one in _COUNTED))
_INDICATORS = (*_HEAD, "Section", "Indicator", "Scope", "Value", "Contextual Information")
_COMPLAINTS = "Internal complaints mechanism"
_ALL_COMPLAINTS = "Number of complaints submitted to the internal-complaints mechanism"
_OF_REMOVALS = "Complaint regarding a decision to remove or disable access to or restrict visibility of information"
_OF_REFUSALS = "Complaint regarding a decision not to take action on a notice submitted in accordance with Article 16"
_NEWLY = "Number of restrictions newly imposed as a result of an internal complaint"
_BODIES = "Number of disputes submitted to out-of-court dispute settlement bodies"
_SUSPENDED = {
    "illegal content": "Number of suspensions enacted for the provision of manifestly illegal content ",
    "unfounded notices": "Number of suspensions enacted for the provision of manifestly unfounded notices",
    "unfounded complaints": "Number of suspensions enacted for the provision of manifestly unfounded complaints",
}
_MEANS = "Use of automated means for content moderation"

Row = tuple[str, ...]


def sheets(found: NoticeFigures, service: str, suspended: dict[str, int] | None) -> dict[str, list[Row]]:
    """Name of each sheet's file to its rows, heading first.

    Args:
        found: figures of the notices under the regulation, and of no other law.
        service: name of the platform.
        suspended: suspensions by cause; None where none are recorded.
    """
    head = (service, f"{found.first.isoformat()}/{found.last.isoformat()}")
    return {
        "1_report_identification.csv": list(_identification(service, found.first, found.last)),
        "4_notices.csv": [_NOTICES, *(_filled((_HOSTS, *head, *one), _NOTICES) for one in _of_notices(found))],
        "7_appeals_and_recidivism.csv": [
            _INDICATORS,
            *((applies, *head, *one, "") for applies, one in _appeals(found, suspended)),
        ],
        "8_automated_means.csv": [_INDICATORS, *((_HOSTS, *head, *one, "") for one in _means(found))],
    }


def _identification(service: str, first: date, last: date) -> Iterator[Row]:
    yield ("Applicability", "Service", "Indicator", "Value")
    for what, value in (
        ("Name of the service provider", ""),
        ("Date of the publication of the report", ""),
        ("Date of the publication of the latest previous report", ""),
        ("Starting date of reporting period", first.isoformat()),
        ("Ending date of reporting period", last.isoformat()),
    ):
        yield ("All", service, what, value)


def _of_notices(found: NoticeFigures) -> Iterator[Row]:
    """The category, then each of its keywords; a notice here is about one offer."""
    down = found.removed.count
    received, flagged = str(found.notices), str(found.by_flaggers)
    law, terms = str(down - found.by_terms), str(found.by_terms)
    yield (_CATEGORY, "", received, flagged, received, flagged, _hours(found.to_decision), "", law, "", terms)
    kinds = {one.id: one.kinds for one in lawyer.regime("eu-dsa").file.asked.grounds}
    counted = dict.fromkeys((*_KEYWORDS.values(), _OTHER), 0)
    for ground, number in found.by_ground.items():
        kind = kinds.get(ground, ())
        counted[_KEYWORDS[kind[0]] if len(kind) == 1 else _OTHER] += number
    for keyword, number in counted.items():
        yield (keyword, "", str(number), "", str(number))


def _appeals(found: NoticeFigures, suspended: dict[str, int] | None) -> Iterator[tuple[str, Row]]:
    """Complaints are those of sellers about a removal, and those of who filed about a refusal."""
    removals = _outcomes(found.complaints, found.complaint_outcomes, found.to_complaint_decision)
    refusals = _outcomes(found.contests, found.contest_outcomes, found.to_contest_decision)
    kept, back = (
        found.complaint_outcomes.get(one, 0) + found.contest_outcomes.get(one, 0) for one in ("keep", "restore")
    )
    # A median of both together cannot be told from two medians.
    both = "" if found.contests and found.complaints else removals[4][1] or refusals[4][1]
    scopes = [one for one, _ in removals]
    together = (str(found.complaints + found.contests), str(kept), "", str(back), both)
    for scope, value in (*zip(scopes, together, strict=True), ("Decision omitted", "")):
        applies = "All" if scope == "Total number" else _PLATFORMS
        yield applies, (_COMPLAINTS, _ALL_COMPLAINTS, scope, value)
    restored = str(found.contest_outcomes.get("restore", 0))
    yield _PLATFORMS, (_COMPLAINTS, _NEWLY, "Total number", restored)
    for what, rows in ((_OF_REMOVALS, removals), (_OF_REFUSALS, refusals)):
        for scope, value in rows:
            yield _PLATFORMS, (_COMPLAINTS, what, scope, value)
    bodies = "Out-of-court dispute settlement bodies"
    yield _PLATFORMS, (bodies, _BODIES, "Total number", str(found.disputes.get("body", 0)))
    for cause, words in _SUSPENDED.items():
        value = str(suspended[cause]) if suspended is not None else ""
        yield _PLATFORMS, ("Suspensions imposed on repeated offenders", words, "Total number", value)


def _outcomes(number: int, outcomes: dict[str, int], took: Spread) -> tuple[tuple[str, str], ...]:
    return (
        ("Total number", str(number)),
        ("Decisions upheld", str(outcomes.get("keep", 0))),
        ("Decisions partially reversed", ""),
        ("Decisions reversed", str(outcomes.get("restore", 0))),
        ("Median time", _hours(took)),
    )


def _means(found: NoticeFigures) -> Iterator[Row]:
    alone = found.automated
    yield (_MEANS, "Number of notices solely processed by automated means ", "NAM Total", str(alone))
    yield (_MEANS, "Number of notices not processed by automated means", "NAM Total", str(found.removed.out_of - alone))


def _filled(cells: Row, heading: Row) -> Row:
    return (*cells, *("" for _ in range(len(heading) - len(cells))))


def _hours(spread: Spread) -> str:
    """The median with one decimal; empty where nothing was decided."""
    return f"{spread.median / 3600:.1f}" if spread.count else ""
