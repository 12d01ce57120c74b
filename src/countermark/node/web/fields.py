"""Forms: what every form of the pages shares, and rows of a list typed into one form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from countermark.node.kernel.errors import Invalid
from countermark.node.web.words import Word

#: Empty rows offered after those that are there; saving brings more.
BLANK_ROWS = 2


class PageForm(forms.Form):
    """A form whose last word the services have: their problems come back to the fields they are about."""

    use_required_attribute = True

    def take(self, problem: Invalid, names: Mapping[str, str] | None = None) -> None:
        """Put the problems of a service beside the fields; `names` maps names of the service to names of the form."""
        for one in problem.problems:
            field = (names or {}).get(one.field, one.field).split(".")[0]
            self.add_error(field if field in self.fields else None, one.sentence())


def choice(
    label: Word,
    options: Iterable[tuple[str, Word]],
    *,
    required: bool = True,
    help_text: Word = "",
) -> forms.ChoiceField:
    """A field with fixed choices."""
    return forms.ChoiceField(label=label, choices=list(options), required=required, help_text=help_text)


def line(
    label: Word,
    *,
    required: bool = False,
    help_text: Word = "",
    longest: int = 300,
    **attributes: str,
) -> forms.CharField:
    """A field of one line."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=longest,
        widget=forms.TextInput(attrs=attributes),
    )


def rows_of(sent: QueryDict, prefix: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows typed under one prefix (`alias.value` and `alias.language`, repeated), empty rows left out."""
    sent_columns = [sent.getlist(f"{prefix}.{column}") for column in columns]
    rows = [
        {column: value.strip() for column, value in zip(columns, values, strict=True)}
        for values in zip(*sent_columns, strict=False)
    ]
    return [row for row in rows if any(row.values())]


def shown_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows to draw: those that are there, then empty ones."""
    there = [{column: str(row.get(column) or "") for column in columns} for row in rows]
    return [*there, *(dict.fromkeys(columns, "") for _ in range(BLANK_ROWS))]
