"""All rights under filters; one right with its reference pictures."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from countermark.model import ImageRole, RightKind, RightStatus
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights import selectors
from countermark.node.rights.selectors import RightFilters
from countermark.node.rights.shown import RightRow, RightShown
from countermark.node.web import choices, lists, narrowing
from countermark.node.web.door import is_fragment_wanted, with_member
from countermark.node.web.evidence import picture_address
from countermark.node.web.lists import FilterForm
from countermark.node.web.rights import looking_back
from countermark.node.web.words import word

_NAMES = ("q", "brand", "kind", "status", "territory", "withdrawn", "pictures")
_WITHDRAWN = {"": False, "only": True, "both": None}


@require_safe
@with_member
def rights(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The list, newest first."""
    given = lists.given(request, _NAMES)
    cursor = request.GET.get("after", "")[:30]
    page = selectors.rights(member, _wanted(given), cursor)
    shown = {
        "rows": [row_of(row) for row in page.rows],
        "may_edit": member.may(Permission.RIGHTS_EDIT),
        "help_text": _("What is protected. A scan compares every listing with all rights that can be relied on."),
    }
    filters = _filters(member, given)
    return lists.render_list(
        request, "rights/list.html", shown, filters=filters, cursor=cursor, next_cursor=page.next_cursor
    )


@require_safe
@with_member
def right(request: HttpRequest, member: Member, right_id: str) -> HttpResponseBase:
    """One right; while a look-back is under way, its part of the page asks for itself."""
    found = selectors.right(member, right_id)
    if is_fragment_wanted(request) and request.GET.get("part") == "look-back":
        return looking_back.part(request, member, found)
    return render(request, "rights/detail.html", detail_of(member, found))


def detail_of(member: Member, found: RightShown) -> dict[str, Any]:
    """What the page of a right is given."""
    return {
        "right": found,
        "expired": selectors.expired(found.row, timezone.localdate()),
        "references": [
            {
                "reference": reference,
                "thumb": picture_address(reference.capture_id, "thumb"),
                "full": picture_address(reference.capture_id, "full"),
            }
            for reference in found.references
        ],
        "may_edit": member.may(Permission.RIGHTS_EDIT),
        "back": looking_back.shown_of(member, found),
        "roles": [(role.value, word("image_role", role)) for role in (ImageRole.OFFICIAL, ImageRole.LOGO)],
    }


def row_of(row: RightRow) -> dict[str, Any]:
    """One line of the list."""
    return {
        "right": row,
        "address": reverse("web:right", args=[row.id]),
        "thumb": picture_address(row.capture_id, "thumb"),
        "status": "withdrawn" if row.withdrawn else row.status,
        "expired": not row.withdrawn and selectors.expired(row, timezone.localdate()),
    }


def _wanted(given: dict[str, str]) -> RightFilters:
    return RightFilters(
        words=given.get("q", ""),
        brand=given.get("brand", ""),
        kind=RightKind(given["kind"]) if given.get("kind") in set(RightKind) else None,
        status=RightStatus(given["status"]) if given.get("status") in set(RightStatus) else None,
        territory=given.get("territory", ""),
        withdrawn=_WITHDRAWN.get(given.get("withdrawn", ""), False),
        without_pictures=given.get("pictures") == "without",
    )


def _filters(member: Member, given: dict[str, str]) -> FilterForm:
    def field(name: str, label: str, options: list[tuple[str, Any]], everything: str = "") -> narrowing.Select:
        made = narrowing.select(name, given.get(name, ""), options, everything)
        return narrowing.Select(name, label, made.value, made.options)

    fields = (
        field("brand", _("House"), [(b, b) for b in choices.brands(member)]),
        field("kind", _("Kind"), [(k.value, word("right_kind", k)) for k in RightKind]),
        field("status", _("Status"), [(s.value, word("right_status", s)) for s in RightStatus]),
        field("territory", _("Territory"), [(t, t) for t in selectors.territories(member)]),
        field("pictures", _("Pictures"), [("without", _("without pictures"))]),
        field(
            "withdrawn",
            pgettext("right", "Withdrawn"),
            [("both", _("shown too")), ("only", _("only these"))],
            _("left out"),
        ),
    )
    return FilterForm(reverse("web:rights"), given, _("Title, mark, alias or number"), fields)
