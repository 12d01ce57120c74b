"""What a person does in a case, as forms, and each form as an act."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermark.node.cases.acts import (
    LONGEST_COMMENT,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    OpenCase,
)
from countermark.node.cases.shown import AgreementShown, Who
from countermark.node.cases.states import Outcome
from countermark.node.web.cases.wording import who_in_words
from countermark.node.web.fields import PageForm, choice, line
from countermark.node.web.words import OUTCOME, TAKEN_BACK

_CODES = re.compile(r"[\s,;]+")
_ITEM = re.compile(r"(lst|fnd)_[0-9a-z]{26}", re.IGNORECASE)


def _words(label: object, longest: int, *, required: bool = True, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        required=required,
        max_length=longest,
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class AgreementForm(PageForm):
    """A form that says under which agreement and what for."""

    agreement = choice(gettext_lazy("With"), [])
    purpose = choice(gettext_lazy("What for"), [])
    listing = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    finding = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def __init__(self, *args: object, agreements: tuple[AgreementShown, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        partners = [(one.name, f"{one.partner.name} · {one.name}") for one in agreements]
        purposes = {purpose: words for one in agreements for purpose, words in one.purposes}
        self.fields["agreement"].choices = partners  # type: ignore[attr-defined]
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (purpose, f"{purpose}: {words}"[:160]) for purpose, words in purposes.items()
        ]


class OpenForm(AgreementForm):
    """A new case."""

    title = line(gettext_lazy("Title"), required=True, longest=LONGEST_TITLE)
    summary = _words(gettext_lazy("What it is about"), LONGEST_SUMMARY, required=False)
    territories = line(
        gettext_lazy("Countries concerned"),
        longest=1000,
        help_text=gettext_lazy("Two-letter codes, separated with spaces. Empty: all that the agreement covers."),
    )
    case_id = forms.CharField(widget=forms.HiddenInput, max_length=30)

    def clean_territories(self) -> tuple[str, ...]:
        """Codes in capitals; the agreement says which of them it covers."""
        return tuple(code.upper()[:2] for code in _CODES.split(self.cleaned_data["territories"]) if code)

    def act(self) -> OpenCase:
        """What it says."""
        return OpenCase(title=self.cleaned_data["title"], summary=self.cleaned_data["summary"])


class PeopleForm(PageForm):
    """A form in which people of both sides can be chosen."""

    def __init__(self, *args: object, people: tuple[Who, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.people = [(one.address, who_in_words(one)) for one in people]


class CommentForm(PeopleForm):
    """A comment."""

    text = _words(gettext_lazy("Comment"), LONGEST_COMMENT)
    mentions = forms.MultipleChoiceField(
        label=gettext_lazy("Ask to look"), required=False, widget=forms.CheckboxSelectMultiple
    )
    comment_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def __init__(self, *args: object, people: tuple[Who, ...], **kwargs: object) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["mentions"].choices = self.people  # type: ignore[attr-defined]


class AssignForm(PeopleForm):
    """Who has it in hand."""

    to = choice(gettext_lazy("In the hands of"), [])

    def __init__(self, *args: object, people: tuple[Who, ...], **kwargs: object) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["to"].choices = self.people  # type: ignore[attr-defined]


class DueForm(PageForm):
    """By which day."""

    on = forms.DateField(
        label=gettext_lazy("Due on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class AttachForm(PageForm):
    """A listing or finding, by its id or its address."""

    ref = line(
        gettext_lazy("Listing or finding"),
        required=True,
        longest=400,
        help_text=gettext_lazy("Its id (lst_… or fnd_…), or the address of its page."),
    )

    def clean_ref(self) -> str:
        """The id in what was typed."""
        found = _ITEM.search(self.cleaned_data["ref"])
        if found is None:
            raise forms.ValidationError(_("There is no id of a listing or finding in it. Copy it from its page."))
        return found[0][:4].lower() + found[0][4:].upper()


class FileForm(PageForm):
    """A file; once it was chosen, `staged` says which one."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("PDF, PNG, JPEG, CSV or TXT, at most 4 MiB."),
    )
    description = line(gettext_lazy("What it shows"), longest=500)
    shows_persons = forms.BooleanField(label=gettext_lazy("Persons can be recognised in it"), required=False)
    staged = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def clean(self) -> dict[str, object]:
        """One of the two is there."""
        said = super().clean() or {}
        if not said.get("file") and not said.get("staged") and "file" not in self.errors:
            self.add_error("file", _("No file was chosen. Choose one."))
        return said


class CloseForm(PageForm):
    """How it ended."""

    outcome = choice(gettext_lazy("How it ended"), [(one.value, OUTCOME[one.value]) for one in Outcome])


class DetachForm(PageForm):
    """What is taken out."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=8)
    ref = forms.CharField(widget=forms.HiddenInput, max_length=30)


class CorrectForm(PageForm):
    """Other words for a comment, or for title and summary."""

    text = _words(gettext_lazy("In the right words"), LONGEST_COMMENT)
    summary = _words(gettext_lazy("What it is about"), LONGEST_SUMMARY, required=False)


class GiveForm(AgreementForm):
    """To whom and what for something is shared."""


class WithdrawForm(PageForm):
    """Why something is taken back."""

    why = choice(gettext_lazy("Why"), list(TAKEN_BACK.items()))
