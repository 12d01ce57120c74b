"""Move a notice to the version of its law that is in force: what differs, what stays, and who says why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices import migrating
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member
from countermark.node.web.fields import PageForm, line


class MoveForm(PageForm):
    """Why the law of a notice changes."""

    reason = line(
        gettext_lazy("Reason"),
        required=True,
        longest=migrating.LONGEST_REASON,
        help_text=gettext_lazy("Name law and article; it stays in the log of the notice."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def law(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """What moving would change; the move itself."""
    if request.method != "POST":
        return _page(request, member, notice_id, MoveForm())
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, member, notice_id, form, 422)
    try:
        migrating.move(member, notice_id, request.POST.get("version", "")[:64], form.cleaned_data["reason"])
    except Invalid as problem:
        form.take(problem)
        return _page(request, member, notice_id, form, 422)
    except Conflict as problem:
        form.add_error(None, problem.detail)
        return _page(request, member, notice_id, form, 409)
    messages.success(request, _("Moved. What ran before keeps its dates."))
    return HttpResponseRedirect(reverse("web:notice", args=[notice_id]), status=303)


def _page(request: HttpRequest, member: Member, notice_id: str, form: MoveForm, status: int = 200) -> HttpResponse:
    shown = {
        "move": migrating.preview(member, notice_id),
        "form": form,
        "may_move": member.may(Permission.LAWBOOK_SIGN),
    }
    return render(request, "notices/law.html", shown, status=status)
