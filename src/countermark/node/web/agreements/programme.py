"""Whose programme the marketplace of an agreement follows: shown on its page, and written down there."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from countermark.node.channels.connector import Wanted
from countermark.node.notices import lawyer, programmes
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.refusals import refusals_told


@dataclass(frozen=True, slots=True)
class ProgrammeShown:
    """What is followed (empty: the law) with its codes as lines, and what could be: id and name."""

    id: str
    name: str
    codes: str
    wanted: Wanted
    platforms: tuple[tuple[str, str], ...]


def shown(member: Member, agreement: str) -> ProgrammeShown | None:
    """As the page of an agreement shows it; None where no marketplace is party. Raises NotFound."""
    found = programmes.in_words(member, agreement)
    if found is None:
        return None
    followed, title = found
    codes = "\n".join(f"{ground} = {code}" for ground, code in followed.codes.items())
    help_text = _(
        "One line for each reason, where the programme has codes of its own: “counterfeit = 9051”. Every notice then "
        "carries its code, also one of many that are filed together."
    )
    wanted = Wanted("codes", _("Reason codes"), help_text, rows=4)
    return ProgrammeShown(followed.platform, title, codes, wanted, tuple(lawyer.platforms().items()))


@require_POST
@with_member
def follow(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """Write down whose programme is followed."""
    with refusals_told(request):
        sent = request.POST
        programmes.follow(member, name, sent.get("platform", "")[:20], sent.get("codes", "")[:3000])
        messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("web:agreement", args=[name]), status=303)
