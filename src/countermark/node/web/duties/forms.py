"""Forms of duties."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy

from countermark.node.duties import holding, persons
from countermark.node.kernel.errors import Invalid
from countermark.node.web.fields import PageForm, choice, line


class HoldForm(PageForm):
    """A hold to be placed."""

    target = line(
        gettext_lazy("What"),
        required=True,
        longest=80,
        help_text=gettext_lazy("Id of a piece of evidence (evd_…), of a finding (fnd_…), or of an entry."),
    )
    reason = choice(
        gettext_lazy("Reason"), [(code.value, gettext_lazy(words)) for code, words in holding.REASONS.items()]
    )
    case = line(gettext_lazy("Case"), required=True, longest=200, help_text=gettext_lazy("Docket; names no person."))
    review_on = line(gettext_lazy("Look again on"), required=True, longest=10, type="date")


class RequestForm(PageForm):
    """A request as it came."""

    kind = choice(gettext_lazy("What is asked"), [(code, gettext_lazy(words)) for code, words in persons.KINDS.items()])
    name = line(gettext_lazy("Who asks"), required=True, longest=200)
    contact = line(gettext_lazy("Where the answer goes"), required=True, longest=254)
    about = line(
        gettext_lazy("About"),
        longest=80,
        help_text=gettext_lazy("Id of a notice, finding, listing or shop, if the person names one."),
    )
    words = forms.CharField(
        label=gettext_lazy("Its words"), max_length=persons.LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
    received_on = line(gettext_lazy("Came on"), required=True, longest=10, type="date")
    place = line(
        gettext_lazy("Whose holidays count"), longest=6, help_text=gettext_lazy("Country of this organisation: FR, DE.")
    )


def day_of(text: str) -> date:
    """A day of a form. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid.of("received_on", "no-day", "This is no day.", "Write it like 2026-03-01.") from error
