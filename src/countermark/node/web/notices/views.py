"""The queue of notices, their deadlines, and one notice."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.channels import mending
from countermark.node.duties import labels
from countermark.node.notices import attachments, queues, reasons, selectors
from countermark.node.notices.states import STAGE_WORDS, Deed
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission
from countermark.node.proceedings import selectors as proceedings
from countermark.node.web.door import with_member


@require_safe
@with_member
def notices(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Notices by whose move it is, what is due first at the top; or by stage. A marketplace begins with its moves."""
    decides = member.organisation_kind is OrganisationKind.MARKETPLACE
    stage, cursor = request.GET.get("stage", "")[:20], request.GET.get("after", "")[:100]
    whose = request.GET.get("whose", "" if stage or not decides else "mine")[:20]
    if whose in queues.WHOSE_WORDS:
        page = queues.by_move(member, whose, cursor)
    else:
        whose, page = "all", queues.notices(member, stage, cursor)
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "whose": whose,
        "stage": stage,
        "whose_words": [("all", _("All, the newest first")), *queues.WHOSE_WORDS.items()],
        "stages": [("", _("Any")), *((one.value, words) for one, words in STAGE_WORDS.items())],
        "decides": decides,
        "may_file": not decides and member.may(Permission.NOTICES_FILE),
    }
    return render(request, "notices/list.html", context)


@require_safe
@with_member
def deadlines(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What falls due, the earliest first."""
    after = request.GET.get("after", "")[:100]
    page = queues.by_move(member, "due", after)
    held_elsewhere = () if after else proceedings.due(member)
    shown = {"rows": page.rows, "next_cursor": page.next_cursor, "proceedings": held_elsewhere}
    return render(request, "notices/deadlines.html", shown)


@require_safe
@with_member
def notice(request: HttpRequest, member: Member, notice_id: str) -> HttpResponseBase:
    """One notice: what it says, whose move it is and until when, what happened, and what can be done."""
    shown = selectors.notice(member, notice_id)
    context = {
        "notice": shown,
        "restores": any(one.deed == Deed.RESTORE and not one.refusal for one in shown.choices),
        "withdrawals": [one for one in reasons.WITHDRAWALS if one.code != "error"],
        "suits": reasons.SUITS,
        "suit_papers": reasons.SUIT_PAPERS,
        "body_outcomes": reasons.BODY_OUTCOMES,
        "accept": attachments.ACCEPT,
        "heard": mending.HEARD,
        "may_send": member.may(Permission.CHANNELS_SEND),
        "said": labels.of_notice(member, notice_id),
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
