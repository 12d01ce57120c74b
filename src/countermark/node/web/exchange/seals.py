"""Seals that partners told: what was sealed when, so that a bag shown later can be held against it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from countermark.node.cases.seals import seals_heard
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member


@require_safe
@with_member
def heard(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Every seal that a partner told, newest first."""
    return render(request, "exchange/seals.html", {"seals": seals_heard(member)})
