"""Papers for a court: made once, downloaded byte for byte, and the approval under which they may go abroad."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.evidence.crossing import record_approval
from countermark.node.evidence.exhibits.making import make_exhibit, open_exhibit
from countermark.node.evidence.exhibits.packs import make_pack
from countermark.node.exchange.hands import evidence_hand
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.evidences.courts import approval
from countermark.node.web.evidences.views import download


@require_POST
@with_member
def exhibit(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """Make the exhibit in a language; one that was made before is the same for ever."""
    make_exhibit(member, evidence_id, request.POST.get("language", ""), lambda: evidence_hand(member))
    messages.success(request, _("The exhibit is made. It lies below, and in every bag from now on."))
    return _back(evidence_id)


@require_POST
@with_member
def pack(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """Make the paper that a court in China, the United States or the European Union asks for."""
    make_pack(member, evidence_id, request.POST.get("pack", ""), request.POST.get("language", ""))
    messages.success(request, _("The paper is made. It is a draft: fill in what is blank."))
    return _back(evidence_id)


@require_safe
@with_member
def paper(request: HttpRequest, member: Member, evidence_id: str, name: str) -> HttpResponseBase:
    """A paper byte for byte as it was made, as a download."""
    return download(open_exhibit(member, evidence_id, name))


@require_POST
@with_member
def approve(request: HttpRequest, member: Member, evidence_id: str) -> HttpResponseBase:
    """Write down that an authority approved that it goes abroad."""
    record_approval(member, evidence_id, approval(request))
    messages.success(request, _("The approval is recorded."))
    return _back(evidence_id)


def _back(evidence_id: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("web:evidence", args=[evidence_id]), status=303)
