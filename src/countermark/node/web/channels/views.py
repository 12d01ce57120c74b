"""All channels at a glance, and one with everything that went through it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from countermark.node.channels import files, selectors
from countermark.node.kernel.errors import NotFound
from countermark.node.notices import lawyer
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member


@require_safe
@with_member
def channels(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every channel and how it stands, and the connectors that another can be opened with."""
    return page(request, member)


@require_safe
@with_member
def channel(request: HttpRequest, member: Member, channel_id: str) -> HttpResponseBase:
    """One channel: what was written down for it, and its messages, newest first."""
    found = next((one for one in selectors.channels(member) if one.id == channel_id), None)
    if found is None:
        raise NotFound("channel", channel_id)
    rows, following = selectors.dispatches(member, channel_id, request.GET.get("after", "")[:100])
    shown = {
        "channel": found,
        "fields": [(one, found.details.get(one.name, "")) for one in found.wants],
        "platforms": lawyer.platforms().items(),
        "rows": rows,
        "next_cursor": following,
        "may_send": member.may(Permission.CHANNELS_SEND),
        "may_manage": member.may(Permission.CHANNELS_MANAGE),
    }
    return render(request, "channels/detail.html", shown)


@require_safe
@with_member
def file(request: HttpRequest, member: Member, channel_id: str, name: str) -> HttpResponseBase:
    """A file that the channel has written, to save and to bring to the partner."""
    headers = {
        "Content-Disposition": f'attachment; filename="{slugify(name.removesuffix(".csv"))}.csv"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(
        files.file_of(member, channel_id, name), content_type="text/csv; charset=utf-8", headers=headers
    )


def page(request: HttpRequest, member: Member, *, opening: str = "", refused: tuple[str, ...] = ()) -> HttpResponseBase:
    """The list; `opening` is the connector whose form comes back with what was `refused`."""
    sent = request.POST
    forms = [
        {
            "connector": one,
            "open": one.id == opening,
            "name": sent.get("name", "") if one.id == opening else "",
            "marketplace": sent.get("marketplace", "") if one.id == opening else "",
            "platform": sent.get("platform", "") if one.id == opening else "",
            "fields": [(f, sent.get(f.name, f.text) if one.id == opening else f.text) for f in one.wants],
        }
        for one in selectors.connectors_for(member)
    ]
    shown = {
        "channels": selectors.channels(member),
        "forms": forms,
        "refused": refused,
        "platforms": lawyer.platforms().items(),
        "may_send": member.may(Permission.CHANNELS_SEND),
        "may_manage": member.may(Permission.CHANNELS_MANAGE),
    }
    return render(request, "channels/list.html", shown, status=422 if refused else 200)
