"""Deadlines in one's own calendar: the page that makes and revokes the link, and what the link gives."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermark.node.notices import calendar_feed, calendar_links
from countermark.node.parties.access import Member
from countermark.node.proceedings.calendar import events
from countermark.node.web.door import with_member


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def link(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Whether one has a link; a POST makes a new one, shown in this answer and nowhere else."""
    address = ""
    if request.method == "POST":
        token = calendar_links.make(member)
        address = request.build_absolute_uri(reverse("web:calendar", args=[token]))
    response = render(request, "notices/calendar.html", {"link": calendar_links.link_of(member), "address": address})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@with_member
def revoke(_request: HttpRequest, member: Member) -> HttpResponseBase:
    """Close the link at once."""
    calendar_links.revoke(member)
    return HttpResponseRedirect(reverse("web:notice-calendar"), status=303)


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The deadlines behind a link; the address is the key, so no cache and no other site may learn it."""
    member = calendar_links.follow(token)
    more = events(member, lambda name: request.build_absolute_uri(reverse("web:proceeding", args=[name])))
    made = calendar_feed.calendar_for(
        member, lambda name: request.build_absolute_uri(reverse("web:notice", args=[name])), more
    )
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
