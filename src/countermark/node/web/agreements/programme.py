"""Whose programme the marketplace of an agreement follows: shown on its page, and written down there."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.notices import lawyer, programmes
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@dataclass(frozen=True, slots=True)
class ProgrammeShown:
    """What is followed (empty: the law), and what could be: id and name."""

    id: str
    name: str
    platforms: tuple[tuple[str, str], ...]


def shown(member: Member, agreement: str) -> ProgrammeShown | None:
    """As the page of an agreement shows it; None where no marketplace is party. Raises NotFound."""
    found = programmes.in_words(member, agreement)
    return ProgrammeShown(*found, tuple(lawyer.platforms().items())) if found is not None else None


@require_POST
@with_member
def follow(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """Write down whose programme is followed."""
    with refusals_told(request):
        programmes.follow(member, name, request.POST.get("platform", "")[:20])
        messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("web:agreement", args=[name]), status=303)
