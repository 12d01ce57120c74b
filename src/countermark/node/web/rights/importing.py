"""Bring rights in from a file: YAML or JSON as the command reads it, or trademark records in ST.96 or ST.66 XML."""

import re
import tempfile
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from countermark.formats import UnreadableSource, read_portfolio
from countermark.model import RowProblem
from countermark.node.kernel.errors import Invalid
from countermark.node.listings import selectors as listings
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights import services
from countermark.node.rights.shown import ImportedRights
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm

#: Largest file that a page reads while one waits; larger ones are for `countermark node rights`.
LARGEST = 20 * 1024 * 1024
_SUFFIX = re.compile(r"\.(?:ya?ml|json|xml)$")


class RecordsForm(PageForm):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File of rights"),
        help_text=gettext_lazy("YAML or JSON, or trademark records in WIPO ST.96 or ST.66 XML. At most 20 MB."),
    )

    def clean_file(self) -> object:
        """Refuse what is too large, or of no known ending."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 20 MB. Split it, or bring it in with the command “countermark node rights”.")
            )
        if not _SUFFIX.search(file.name.lower()):
            raise forms.ValidationError(_("The name must end in .yaml, .yml, .json or .xml."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def start(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The form; then what it changed, and what could not be read."""
    member.require(Permission.RIGHTS_EDIT)
    if request.method != "POST":
        return _page(request, RecordsForm())
    form = RecordsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    with tempfile.TemporaryDirectory(prefix="countermark-") as folder:
        suffix = _SUFFIX.search(form.cleaned_data["file"].name.lower())
        path = Path(folder) / f"records{suffix[0] if suffix else ''}"
        with path.open("wb") as out:
            out.writelines(form.cleaned_data["file"].chunks())
        return _read(request, member, form, path)


def _read(request: HttpRequest, member: Member, form: RecordsForm, path: Path) -> HttpResponse:
    try:
        reading = read_portfolio(path)
        done = services.import_portfolio(member, reading)
    except UnreadableSource as error:
        form.add_error("file", str(error))
        return _page(request, form, status=422)
    except Invalid as problem:
        form.take(problem)
        return _page(request, form, status=422)
    changed = bool(done.added or done.changed)
    may_scan = changed and member.may(Permission.SCANS_RUN) and listings.any_listing(member)
    return _page(request, RecordsForm(), done=done, problems=reading.problems, may_scan=may_scan)


def _page(
    request: HttpRequest,
    form: RecordsForm,
    *,
    status: int = 200,
    done: ImportedRights | None = None,
    problems: tuple[RowProblem, ...] = (),
    may_scan: bool = False,
) -> HttpResponse:
    shown = {"form": form, "done": done, "row_problems": problems[:200], "problems_total": len(problems)}
    shown["may_scan"] = may_scan
    return render(request, "rights/import.html", shown, status=status)
