"""A right as a form, and the form as facts."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from countermark.model import RightKind, RightStatus
from countermark.node.rights.facts import RightFacts
from countermark.node.rights.shown import AliasShown, RightShown
from countermark.node.web.fields import PageForm, choice, line, rows_of, shown_rows
from countermark.node.web.words import RIGHT_KIND, RIGHT_STATUS

ALIAS_COLUMNS = ("value", "language")
_CODES = re.compile(r"[\s,;]+")


class RightForm(PageForm):
    """Every field of a right but its aliases, which are rows, and its pictures, which have a page."""

    brand = line(
        gettext_lazy("House"),
        required=True,
        longest=200,
        list="houses",
        help_text=gettext_lazy("The brand it protects."),
    )
    kind = choice(gettext_lazy("Kind"), [(k.value, RIGHT_KIND[k]) for k in RightKind])
    title = line(
        gettext_lazy("Title"),
        required=True,
        help_text=gettext_lazy("How people call it, for example: Corvane, word mark."),
    )
    mark = line(
        gettext_lazy("Mark"),
        longest=500,
        help_text=gettext_lazy("The words of the mark. Empty for a figurative mark, a design or a photograph."),
    )
    mark_language = line(
        gettext_lazy("Language of the mark"), longest=35, help_text=gettext_lazy("Like fr or zh-Hans.")
    )
    generic = forms.BooleanField(
        label=gettext_lazy("An everyday word, or very short"),
        required=False,
        help_text=gettext_lazy("Then the mark never fires alone; something else must speak for it too."),
    )
    territories = line(
        gettext_lazy("Territories"),
        longest=2000,
        help_text=gettext_lazy("Two-letter codes: EU, US, CN. Separate with spaces."),
    )
    classes = line(
        gettext_lazy("Nice classes"), longest=400, help_text=gettext_lazy("Numbers 1 to 45, separated with spaces.")
    )
    status = choice(
        gettext_lazy("Status"),
        [(s.value, RIGHT_STATUS[s]) for s in RightStatus],
        help_text=gettext_lazy("A lapsed right is not compared with listings."),
    )
    office = line(gettext_lazy("Register"), longest=2, help_text=gettext_lazy("Office code: EM, US, CN, WO."))
    number = line(
        pgettext_lazy("in a register", "Number"),
        longest=100,
        help_text=gettext_lazy("Of the registration, or of the application."),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    valid_to = forms.DateField(
        label=gettext_lazy("In force until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def clean_territories(self) -> tuple[str, ...]:
        """Codes in capitals."""
        return tuple(code.upper() for code in _CODES.split(self.cleaned_data["territories"]) if code)

    def clean_classes(self) -> tuple[int, ...]:
        """Whole numbers; the service says which of them are Nice classes."""
        parts = [part for part in _CODES.split(self.cleaned_data["classes"]) if part]
        if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
            raise forms.ValidationError(_("A class is not a number. Write numbers 1 to 45, separated with spaces."))
        return tuple(int(part) for part in parts)

    def facts(self, aliases: tuple[AliasShown, ...], source: str) -> RightFacts:
        """What the form says, for the service."""
        said = dict(self.cleaned_data)
        said["mark_language"] = said["mark_language"] or None
        said["office"] = said["office"].upper()
        return RightFacts(**said, aliases=aliases, source=source)


def aliases_of(sent: QueryDict) -> tuple[AliasShown, ...]:
    """The rows of aliases that were typed."""
    return tuple(AliasShown(row["value"], row["language"] or None) for row in rows_of(sent, "alias", ALIAS_COLUMNS))


def alias_rows(aliases: tuple[AliasShown, ...]) -> list[dict[str, str]]:
    """Aliases as rows to draw, with empty ones to type in."""
    return shown_rows(({"value": a.value, "language": a.language} for a in aliases), ALIAS_COLUMNS)


def initial_of(right: RightShown) -> dict[str, Any]:
    """A right as the first contents of its form."""
    row = right.row
    return {
        "brand": row.brand,
        "kind": row.kind.value,
        "title": row.title,
        "mark": row.mark,
        "mark_language": row.mark_language or "",
        "generic": right.generic,
        "territories": " ".join(row.territories),
        "classes": " ".join(map(str, right.classes)),
        "status": row.status.value,
        "office": row.office,
        "number": row.number,
        "valid_from": right.valid_from,
        "valid_to": row.valid_to,
    }
