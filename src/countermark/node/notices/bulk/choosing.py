"""What a person chooses for many notices: once for all of them, and for single rows."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from countermark.node.findings.shown import FindingDetail
from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.kernel.folding import as_one_line, is_as_shown, is_storable
from countermark.node.kernel.ids import is_id
from countermark.node.notices import drafting, papers
from countermark.node.notices.drafting import Choice

#: Rows of one batch; characters of a name, of a field.
MOST_ROWS, LONGEST_SIGNER, LONGEST_FIELD, MOST_FIELDS = 10_000, 200, 2_000, 20


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row; empty = what fits best, as in `drafting.Choice`.

    Attributes:
        finding: `fnd_…`.
        agreement: its name, or the id of a channel (`chn_…`) to a marketplace without a node.
        right, country, regime, ground: ids.
        explanation: what infringes and why; empty = the words for all, and the reasons of the finding.
    """

    finding: str
    agreement: str = ""
    right: str = ""
    country: str = ""
    regime: str = ""
    ground: str = ""
    explanation: str = ""


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every row.

    Attributes:
        country: for rows that name none.
        explanation: words that stand before the reasons of each finding.
        fields: further fields that the laws ask for, by id.
        signer: who signs the declarations.
        declared: versions of the declarations that were shown and signed; laws may ask other words under one id.
    """

    country: str = ""
    explanation: str = ""
    fields: dict[str, str] = {}
    signer: str = ""
    declared: tuple[str, ...] = ()


def choice_of(together: Together, row: Row, detail: FindingDetail) -> Choice:
    """One row as the choice for one notice."""
    words: str | None = row.explanation.strip() or None
    if words is None and together.explanation.strip():
        words = f"{together.explanation.strip()}\n{drafting.explained(detail)}"
    by_channel = is_id("chn", row.agreement)
    return Choice(
        agreement="" if by_channel else row.agreement,
        channel=row.agreement if by_channel else "",
        right=row.right,
        country=row.country or together.country,
        regime=row.regime,
        ground=row.ground,
        explanation=words,
        fields=dict(together.fields),
        signer=together.signer,
        words_signed=frozenset(together.declared),
    )


def only_wanted(made: drafting.Prepared) -> drafting.Prepared:
    """Without fields that were typed for notices under other laws: nobody gets data that its law does not ask for."""
    wanted = {one.id for one in made.fields}
    fields = {name: value for name, value in made.paper.fields.items() if name in wanted}
    return replace(made, paper=msgspec.structs.replace(made.paper, fields=fields))


def check(together: Together, rows: Sequence[Row]) -> None:
    """Refuse what cannot be kept at all; what stands against a single notice is for its pre-flight.

    Raises:
        Invalid: no rows, too many, a text that is too long or cannot be stored; names the row.
    """
    problems = [*_together(together), *_count(rows)]
    for number, row in enumerate(rows[:MOST_ROWS], 1):
        problems += row_problems(number, row)
        if len(problems) > 50:
            break
    if problems:
        raise Invalid(problems)


def _together(together: Together) -> list[FieldProblem]:
    texts = (together.country, together.signer, together.explanation, *together.fields.values())
    if not is_storable(*texts, *together.fields, *together.declared):
        return [FieldProblem("signer", "not-text", "A text holds a character that cannot be stored.", "Type it again.")]
    if len(together.signer) > LONGEST_SIGNER or len(together.explanation) > papers.LONGEST_EXPLANATION:
        return [FieldProblem("explanation", "too-long", "The name or the words for all are too long.", "Shorten them.")]
    if (
        len(together.fields) > MOST_FIELDS
        or len(together.declared) > MOST_FIELDS
        or any(len(one) > LONGEST_FIELD for one in together.fields.values())
    ):
        return [FieldProblem("fields", "too-long", "A field for all is too long.", "Shorten it.")]
    return []


def _count(rows: Sequence[Row]) -> list[FieldProblem]:
    if not rows:
        return [FieldProblem("rows", "no-rows", "No finding is chosen.", "Choose at least one.")]
    if len(rows) > MOST_ROWS:
        mend = f"File at most {MOST_ROWS:,} at once."
        return [FieldProblem("rows", "too-many-rows", f"There are {len(rows):,} rows.", mend)]
    return []


def row_problems(number: int, row: Row) -> list[FieldProblem]:
    """Why a row cannot be kept at all; empty when it can."""
    short = (row.finding, row.agreement, row.right, row.country, row.regime, row.ground)
    if not is_storable(*short, row.explanation):
        message = f"Row {number} holds a character that cannot be stored."
        return [FieldProblem(f"row {number}", "not-text", message, "Type it again.")]
    if not is_as_shown(row.explanation) or None in map(as_one_line, short):
        # Nobody reads a file letter by letter before signing it.
        message = f"Row {number} holds a character that is not shown, or that turns the direction of reading."
        return [FieldProblem(f"row {number}", "not-shown", message, "Type it again.")]
    if any(len(one) > 40 for one in short) or len(row.explanation) > papers.LONGEST_EXPLANATION:
        return [FieldProblem(f"row {number}", "too-long", f"A text of row {number} is too long.", "Shorten it.")]
    return []
