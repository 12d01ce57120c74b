"""The queue of notices, their deadlines, and one notice."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.channels import mending
from countermark.node.notices import reasons, selectors
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member


@require_safe
@with_member
def notices(request: HttpRequest, member: Member) -> HttpResponseBase:
    """All notices or those of one stage, newest first; a marketplace begins with what waits for its decision."""
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE
    stage = request.GET.get("stage", "to_decide" if decides else "")[:20]
    page = selectors.notices(member, stage, request.GET.get("after", "")[:100])
    stages = [("all", _("All")), *((one.value, words) for one, words in selectors.STAGE_WORDS.items())]
    if decides:
        stages.insert(0, ("to_decide", _("To decide")))
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "stage": stage or "all",
        "stages": stages,
        "decides": decides,
        "may_file": not decides and member.may(Permission.NOTICES_FILE),
    }
    return render(request, "notices/list.html", context)


@require_safe
@with_member
def deadlines(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What falls due, the earliest first."""
    return render(request, "notices/deadlines.html", {"rows": selectors.deadlines(member)})


@require_safe
@with_member
def notice(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """One notice: what it says, whose move it is and until when, what happened, and what can be done."""
    context = {
        "notice": selectors.notice(member, notice_id),
        "withdrawals": reasons.WITHDRAWALS,
        "heard": mending.HEARD,
        "may_send": member.may(Permission.CHANNELS_SEND),
    }
    return render(request, "notices/detail.html", context)


@require_safe
@with_member
def paper(request: HttpRequest, member: Member, notice_id: str, sha256: str) -> HttpResponseBase:
    """A seller's paper, to save; never shown inside the page, whatever it claims to be."""
    found = selectors.paper(member, notice_id, sha256)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.sha256[:16]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(found.data), content_type=found.media_type, headers=headers)
