"""A report as plain text, for a terminal, a log or a commit message."""

from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from countermark.evaluate.conformal import Bound
from countermark.evaluate.parts import StatedAndTrue
from countermark.evaluate.report import NONE, Report
from countermark.evaluate.share import Share
from countermark.judge.sentences import visible

WIDTH = 100
#: Rows of a table by house; the JSON has them all.
MOST_ROWS = 20
#: Longest name of a house in a table, in characters.
LONGEST_NAME = 40


def render_text(report: Report) -> str:
    """The report as tables of at most 100 columns, without colour and without a final line break."""
    out = StringIO()
    console = Console(file=out, width=WIDTH, color_system=None, highlight=False, emoji=False, markup=False)
    for part in _parts(report):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().split("\n"))


def _parts(report: Report) -> Iterator[Table | str]:
    yield _counts(report)
    yield _levels(report)
    yield f"Honest listings with a finding of high risk: {_share(report.honest_accused)}"
    yield ""
    yield _recall(report)
    yield _precision(report)
    yield _reliability(report)
    yield _figures(report)
    yield ""
    yield _stated("Stated risk by kind of finding", report.stated_by_kind)
    yield _stated("Stated risk by level", report.stated_by_level)
    yield _signals(report)
    if report.bound is not None:
        yield render_bound(report.bound, "honest listings")
    yield from _brands(report)


def _counts(report: Report) -> str:
    left_out = [
        f"{report.unknown:,} more of listings that the truth does not know" if report.unknown else "",
        f"{report.repeated:,} more that repeat a listing and house" if report.repeated else "",
    ]
    said = "".join(f"\nLeft out: {reason}." for reason in left_out if reason)
    return (
        f"{report.findings:,} findings against the truth of {report.listings:,} listings "
        f"(infringements: {report.infringing:,}, honest listings: {report.honest:,}).{said}\n"
    )


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="", box=box.SIMPLE, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    return table


def _levels(report: Report) -> Table:
    table = _table("Findings of this level or higher (95 % interval)", ("level", "precision", "recall", "F1"))
    for row in report.thresholds:
        table.add_row(row.level.value, _share(row.precision), _share(row.recall), _figure(row.f1))
    return table


def _recall(report: Report) -> Table:
    table = _table("Found, by true kind", ("kind", "high", "medium or higher", "low or higher"))
    for row in report.recall_by_kind:
        table.add_row(row.kind, _share(row.high), _share(row.medium), _share(row.low))
    return table


def _precision(report: Report) -> Table:
    table = _table("True, by kind of finding", ("kind", "precision"))
    for row in report.precision_by_kind:
        table.add_row(row.kind.value, _share(row.share))
    return table


def _reliability(report: Report) -> Table:
    table = _table("Reliability of the stated risk", ("stated", "findings", "mean stated", "came true"))
    for row in report.reliability.bins:
        table.add_row(f"{row.low:.1f} to {row.high:.1f}", f"{row.count:,}", _figure(row.stated), _figure(row.true))
    return table


def _figures(report: Report) -> str:
    reliability = report.reliability
    return (
        f"Expected calibration error {_figure(reliability.calibration_error)} "
        f"({_figure(reliability.by_chance)} by chance alone, were every stated risk true), "
        f"Brier score {_figure(reliability.brier)}"
    )


def _stated(title: str, rows: Sequence[StatedAndTrue]) -> Table:
    table = _table(title, ("part", "mean stated", "came true"))
    for row in rows:
        table.add_row(row.part, _figure(row.stated), _share(row.true))
    return table


def _signals(report: Report) -> Table:
    table = _table("What each signal does", ("signal", "true where it counted", "Brier score without it"))
    for row in report.without_signal:
        table.add_row(visible(row.signal), _share(row.true), f"{row.brier_without:+.4f}")
    return table


def render_bound(bound: Bound, of: str = "findings that people call honest,") -> str:
    """A threshold and its promise in three lines; `of` says what the share is of."""
    return (
        f"Automatic acts: only above a risk of {bound.threshold:.6f}; everything else is for people.\n"
        f"Then, with {bound.confidence:.0%} confidence, at most {bound.bound:g} of {of} like these "
        f"{bound.honest:,} are acted on ({bound.above:,} of these are).\n"
        f"On average over such samples a threshold of {bound.marginal:.6f} would do.\n"
    )


def _brands(report: Report) -> Iterator[Table | str]:
    truths, right, missed, wrong = _by_truth(report)
    table = _table("By true house", ("house", "listings and findings", "found as itself", "as another", "as none"))
    for brand in truths[:MOST_ROWS]:
        table.add_row(_name(brand), *(f"{n:,}" for n in _row(brand, right, missed, wrong)))
    yield table
    if len(truths) > MOST_ROWS:
        yield f"… and {len(truths) - MOST_ROWS:,} more houses; the JSON report has them all.\n"
    mistakes = sorted(
        (cell for cell in report.confusion if NONE != cell.found != cell.truth),
        key=lambda c: (-c.count, c.truth, c.found),
    )
    if mistakes:
        table = _table("Most frequent mistakes", ("true house", "found as", "findings"))
        table.columns[1].justify = "left"
        for cell in mistakes[:MOST_ROWS]:
            table.add_row(_name(cell.truth), _name(cell.found), f"{cell.count:,}")
        yield table


def _by_truth(report: Report) -> tuple[list[str], Counter[str], Counter[str], Counter[str]]:
    """Houses by how often they occur (`none` last), and cells found as themselves, as none, and as another house."""
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for cell in report.confusion:
        of = right if cell.found == cell.truth else missed if cell.found == NONE else wrong
        of[cell.truth] += cell.count
    total = right + missed + wrong
    return sorted(total, key=lambda brand: (brand == NONE, -total[brand], brand)), right, missed, wrong


def _row(brand: str, right: Counter[str], missed: Counter[str], wrong: Counter[str]) -> tuple[int, int, int, int]:
    as_none = missed[brand] + (right[brand] if brand == NONE else 0)
    as_itself = 0 if brand == NONE else right[brand]
    return as_itself + wrong[brand] + as_none, as_itself, wrong[brand], as_none


def _name(brand: str) -> Text:
    return Text(visible(brand, LONGEST_NAME))


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _share(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "- (0 of 0)"
    return f"{share.value * 100:.1f} % ({share.hits:,} of {share.n:,}; {share.low * 100:.0f}-{share.high * 100:.0f})"
