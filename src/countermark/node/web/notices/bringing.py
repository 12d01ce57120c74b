"""A file of notices to be filed: its good rows are kept as drafts that nobody has signed; its page signs and files."""

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.notices import filing, papers
from countermark.node.notices.bulk import filing as bulk
from countermark.node.notices.bulk import reading
from countermark.node.notices.bulk.choosing import Together
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm, choice
from countermark.node.web.notices.many import COUNTRIES


class BringForm(PageForm):
    """A file, and what its rows leave out."""

    file = forms.FileField(
        label=gettext_lazy("File of notices"),
        help_text=gettext_lazy("CSV with a first line that names its columns. “finding” must be there; see below."),
    )
    country = choice(
        gettext_lazy("Country, where a row names none"),
        [("", gettext_lazy("That of the right")), *((one, one) for one in COUNTRIES)],
        required=False,
    )
    explanation = forms.CharField(
        label=gettext_lazy("Words before the reasons of each finding"),
        required=False,
        max_length=papers.LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def bring(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The form; what was read is shown row by row before anybody signs it. The same file again is the same batch."""
    filing.require_filer(member)
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, 422 if request.method == "POST" else 200)
    given = form.cleaned_data
    data = given["file"].read(reading.LARGEST + 1)
    together = Together(country=given["country"], explanation=given["explanation"])
    try:
        found = reading.read_file(data)
        source = bulk.From(name=given["file"].name, numbers=found.numbers, refused=found.refused)
        if not found.rows:
            return _page(request, form, 422, found.refused)
        name = bulk.start(member, reading.key_of(data, together, member.actor), together, found.rows, source)
    except Invalid as problem:
        form.take(problem)
        return _page(request, form, 422)
    return HttpResponseRedirect(reverse("web:notices-batch", args=[name]), status=303)


def _page(
    request: HttpRequest, form: BringForm, status: int, refused: tuple[FieldProblem, ...] = ()
) -> HttpResponseBase:
    shown = {"form": form, "refused": refused, "columns": reading.COLUMNS}
    return render(request, "notices/bring.html", shown, status=status)
