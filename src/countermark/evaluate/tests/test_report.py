"""Figures worked out by hand; and no figure where nothing was counted."""

import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.evaluate import Report, evaluate, render_text
from countermark.evaluate.reliability import ReliabilityTally
from countermark.evaluate.report import ANY, NONE, UNNAMED, BrandCell
from countermark.formats.truth import Truth
from countermark.model import Finding, InvalidRecord, Kind, Level, from_json, to_json


def finding(
    listing: str, brand: str = "Corvane", risk: float = 0.9, level: Level | None = None, kind: Kind = Kind.OBVIOUS_FAKE
) -> Finding:
    word = level or (Level.HIGH if risk >= 0.8 else Level.MEDIUM if risk >= 0.35 else Level.LOW)
    return Finding(
        id=f"fnd_{listing}{brand}",
        listing_id=listing,
        marketplace="Bazaar",
        external_id=listing,
        seller_id="slr_1",
        brand=brand,
        right_id="",
        kind=kind,
        risk=risk,
        level=word,
        expected_harm=0.0,
        base=0.0,
        reasons=(),
        engine_version="",
        policy_hash="",
        reference_hash="",
        listing_hash="",
    )


def fake(listing: str, brand: str = "Corvane", kind: Kind | None = Kind.OBVIOUS_FAKE) -> Truth:
    return Truth(listing_id=listing, brand=brand, infringing=True, kind=kind)


def honest(listing: str, brand: str = "") -> Truth:
    return Truth(listing_id=listing, brand=brand, infringing=False)


TRUTH = [
    fake("f1"),
    fake("f2", kind=Kind.COPIED_PHOTO),
    fake("f3", "Halcyr"),
    fake("f4", "Halcyr", kind=None),
    honest("h1", "Corvane"),
    honest("h2"),
    honest("h3"),
    honest("h4"),
]
FINDINGS = [
    finding("f1", risk=0.95),
    finding("f2", risk=0.5, kind=Kind.COPIED_PHOTO),
    finding("f3", brand="Corvane", risk=0.85),
    finding("h1", risk=0.85),
    finding("h2", risk=0.1, kind=Kind.GENUINE_RESALE),
    finding("x9", risk=0.99),
]
REPORT = evaluate(FINDINGS, TRUTH)


def test_counts_leave_out_what_the_truth_does_not_know() -> None:
    assert (REPORT.findings, REPORT.unknown, REPORT.repeated) == (5, 1, 0)
    assert (REPORT.listings, REPORT.infringing, REPORT.honest) == (8, 4, 4)


@pytest.mark.parametrize(
    ("place", "level", "precision", "recall", "f1"),
    [
        (0, Level.HIGH, (1, 3), (1, 4), 2 * (1 / 3) * 0.25 / (1 / 3 + 0.25)),
        (1, Level.MEDIUM, (2, 4), (2, 4), 0.5),
        (2, Level.LOW, (2, 5), (2, 4), 2 * 0.4 * 0.5 / 0.9),
    ],
)
def test_each_level_counts_itself_and_the_higher_ones(
    place: int, level: Level, precision: tuple[int, int], recall: tuple[int, int], f1: float
) -> None:
    row = REPORT.thresholds[place]
    assert row.level is level
    assert (row.precision.hits, row.precision.n) == precision
    assert (row.recall.hits, row.recall.n) == recall
    assert row.f1 == pytest.approx(f1, abs=1e-5)


def test_recall_is_told_by_the_true_kind() -> None:
    told = {row.kind: (row.high.hits, row.medium.hits, row.low.hits, row.low.n) for row in REPORT.recall_by_kind}
    assert told == {"obvious_fake": (1, 1, 1, 2), "copied_photo": (0, 1, 1, 1), UNNAMED: (0, 0, 0, 1)}


def test_precision_is_told_by_the_kind_of_the_finding() -> None:
    told = {row.kind: (row.share.hits, row.share.n) for row in REPORT.precision_by_kind}
    assert told == {Kind.OBVIOUS_FAKE: (1, 3), Kind.COPIED_PHOTO: (1, 1), Kind.GENUINE_RESALE: (0, 1)}


def test_reliability_is_worked_out_in_ten_bins() -> None:
    bins = {round(row.low, 1): row for row in REPORT.reliability.bins if row.count}
    assert {low: (row.count, row.stated, row.true) for low, row in bins.items()} == {
        0.1: (1, 0.1, 0.0),
        0.5: (1, 0.5, 1.0),
        0.8: (2, 0.85, 0.0),
        0.9: (1, 0.95, 1.0),
    }
    gaps = 0.1 + 0.5 + 2 * 0.85 + 0.05
    squares = 0.1**2 + 0.5**2 + 2 * 0.85**2 + 0.05**2
    assert REPORT.reliability.calibration_error == pytest.approx(gaps / 5, abs=1e-6)
    assert REPORT.reliability.brier == pytest.approx(squares / 5, abs=1e-6)


@pytest.mark.parametrize(("risk", "place"), [(0.0, 0), (0.099999, 0), (0.1, 1), (0.3, 3), (0.7, 7), (0.9, 9), (1.0, 9)])
def test_a_risk_on_an_edge_belongs_to_the_bin_above_and_one_to_the_last(risk: float, place: int) -> None:
    bins = evaluate([finding("f1", risk=risk)], [fake("f1")]).reliability.bins
    assert [row.count for row in bins] == [int(n == place) for n in range(10)]


def test_confusion_by_house_counts_every_listing() -> None:
    assert {(cell.truth, cell.found): cell.count for cell in REPORT.confusion} == {
        ("Corvane", "Corvane"): 2,
        ("Halcyr", "Corvane"): 1,
        ("Halcyr", NONE): 1,
        (NONE, "Corvane"): 2,
        (NONE, NONE): 2,
    }


def test_honest_sellers_accused_are_counted_at_high_only() -> None:
    assert (REPORT.honest_accused.hits, REPORT.honest_accused.n) == (1, 4)


def test_a_listing_that_infringes_one_house_is_not_honest_towards_another() -> None:
    report = evaluate([finding("f1", "Halcyr")], [fake("f1"), honest("f1", "Halcyr")])
    assert report.honest_accused.n == 0
    assert (report.thresholds[0].precision.hits, report.thresholds[0].recall.hits) == (0, 0)


def test_a_listing_may_infringe_two_houses() -> None:
    report = evaluate([finding("f1")], [fake("f1"), fake("f1", "Halcyr")])
    assert (report.thresholds[0].recall.hits, report.thresholds[0].recall.n) == (1, 2)
    assert {(c.truth, c.found): c.count for c in report.confusion} == {("Corvane", "Corvane"): 1, ("Halcyr", NONE): 1}


def test_a_truth_for_every_house_is_met_by_any() -> None:
    report = evaluate([finding("f1", "Halcyr")], [fake("f1", ""), fake("f2", "")])
    assert (report.thresholds[0].precision.hits, report.thresholds[0].recall.hits) == (1, 1)
    assert {(c.truth, c.found): c.count for c in report.confusion} == {("Halcyr", "Halcyr"): 1, (ANY, NONE): 1}


def test_a_repeated_finding_counts_once() -> None:
    report = evaluate([finding("h1"), finding("h1"), finding("h1", "Halcyr")], [honest("h1")])
    assert (report.findings, report.repeated) == (2, 1)


def test_a_truth_told_twice_alike_counts_once_and_in_two_ways_is_refused() -> None:
    assert evaluate([], [fake("f1"), fake("f1")]).infringing == 1
    with pytest.raises(InvalidRecord, match="f1 is told twice"):
        evaluate([], [fake("f1"), honest("f1", "Corvane")])


@pytest.mark.parametrize("risk", [-0.1, 1.1, math.nan, math.inf])
def test_a_risk_that_is_no_probability_is_refused(risk: float) -> None:
    with pytest.raises(InvalidRecord, match="between 0 and 1"):
        evaluate([finding("f1", risk=risk, level=Level.LOW)], [fake("f1")])


@pytest.mark.parametrize(
    ("findings", "truth"),
    [
        ([], []),
        (FINDINGS, []),
        ([], TRUTH),
        (FINDINGS, [t for t in TRUTH if t.infringing]),
        (FINDINGS, [t for t in TRUTH if not t.infringing]),
    ],
    ids=["nothing", "no truth", "no findings", "all infringe", "all honest"],
)
def test_one_sided_input_gives_a_report_without_invented_figures(findings: list[Finding], truth: list[Truth]) -> None:
    report = evaluate(findings, truth)
    for row in report.thresholds:
        assert (row.precision.value is None) is (row.precision.n == 0)
        assert (row.recall.value is None) is (report.infringing == 0)
    assert (report.reliability.brier is None) is (report.findings == 0)
    assert render_text(report)
    assert from_json(to_json(report), Report) == report


def test_findings_and_truth_may_be_streams() -> None:
    def stream() -> Iterator[Finding]:
        yield from FINDINGS

    assert evaluate(stream(), iter(TRUTH)) == REPORT


brands = st.sampled_from(["Corvane", "Halcyr"])
listings = st.sampled_from([f"l{n}" for n in range(6)])
some_findings = st.lists(st.builds(finding, listings, brands, st.floats(0, 1), kind=st.sampled_from(Kind)), max_size=15)
some_truth = st.lists(
    st.builds(Truth, listing_id=listings, brand=brands, infringing=st.booleans()),
    max_size=8,
    unique_by=lambda t: (t.listing_id, t.brand),
)


@given(some_findings, some_truth)
def test_the_figures_agree_with_one_another(findings: list[Finding], truth: list[Truth]) -> None:
    report = evaluate(findings, truth)
    assert report.findings + report.unknown + report.repeated == len(findings)
    high, medium, low = report.thresholds
    assert high.precision.n <= medium.precision.n <= low.precision.n == report.findings
    assert high.recall.hits <= medium.recall.hits <= low.recall.hits == low.precision.hits
    assert sum(row.share.n for row in report.precision_by_kind) == report.findings
    assert sum(row.low.n for row in report.recall_by_kind) == report.infringing
    assert sum(row.count for row in report.reliability.bins) == report.findings
    assert sum(c.count for c in report.confusion if c.found != NONE) == report.findings
    assert sum(c.count for c in report.confusion if c.found == c.truth != NONE) == low.recall.hits


@given(some_findings, some_truth, st.randoms(use_true_random=False))
def test_the_order_of_distinct_findings_does_not_matter(findings: list[Finding], truth: list[Truth], dice) -> None:
    distinct = list({(f.listing_id, f.brand): f for f in findings}.values())
    shuffled = distinct[:]
    dice.shuffle(shuffled)
    one, other = evaluate(distinct, truth), evaluate(shuffled, truth)
    assert (one.thresholds, one.confusion, one.honest_accused) == (
        other.thresholds,
        other.confusion,
        other.honest_accused,
    )


def test_the_report_reads_as_tables_in_plain_text() -> None:
    text = render_text(REPORT)
    assert "5 findings against the truth of 8 listings (infringements: 4, honest listings: 4)." in text
    assert "Left out: 1 more of listings that the truth does not know." in text
    assert "Honest listings with a finding of high risk: 25.0 % (1 of 4; 5-70)" in text
    assert "\x1b" not in text
    assert max(map(len, text.split("\n"))) <= 100


def test_hostile_names_of_houses_cannot_paint_or_fill_the_terminal() -> None:
    name = "[bold red]\x1b[31m\u202e" + "x" * 5000
    report = evaluate([finding("f1", name)], [fake("f1", "Corvane")])
    text = render_text(report)
    assert "[bold red]\\u001b[31m\\u202e" in text.replace("\n", "")
    assert "\x1b" not in text
    assert len(text) < 5000


def test_a_table_of_many_houses_is_cut_and_says_so() -> None:
    truth = [fake(f"l{n}", f"House {n}") for n in range(300)]
    text = render_text(evaluate([], truth))
    assert "… and 280 more houses; the JSON report has them all." in text


def test_cells_are_sorted_so_that_equal_reports_give_equal_bytes() -> None:
    cells = REPORT.confusion
    assert list(cells) == sorted(cells, key=lambda c: (c.truth, c.found))
    assert isinstance(cells[0], BrandCell)


def test_the_error_by_chance_is_what_true_risks_show_at_this_size():
    """Draw the truth from the stated risks, often: the mean error is the one that is stated."""
    dice, risks, errors = random.Random(3), [0.05 + 0.9 * n / 119 for n in range(120)], []
    for _ in range(400):
        tally = ReliabilityTally()
        for risk in risks:
            tally.add(risk, true=dice.random() < risk)
        result = tally.result()
        errors.append(result.calibration_error or 0.0)
    assert result.by_chance == pytest.approx(sum(errors) / len(errors), rel=0.08)
