"""What the frame around every page shows: who is here, for whom, and where one can go."""

import json
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from countermark.node.kernel.errors import NotPermitted
from countermark.node.parties.access import Member, member_of
from countermark.node.parties.permissions import Permission
from countermark.node.web import preferences
from countermark.node.web.preferences import PagePreferences
from countermark.node.web.words import Word


@dataclass(frozen=True, slots=True)
class Room:
    """One place in the head."""

    name: str
    label: Word
    url_name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything the frame needs.

    Attributes:
        member: None for one who is not logged in, or belongs to no organisation.
        rooms: places in the head, those the member may enter.
        back_rooms: places in the menu of the person: audit trail, members.
        preferences: how the person likes the pages.
        keys_json: key to action, for the browser.
    """

    member: Member | None
    rooms: tuple[Room, ...]
    back_rooms: tuple[Room, ...]
    preferences: PagePreferences
    keys_json: str

    @property
    def party_kind(self) -> str:
        """Which of the three parties the member's organisation is; decides the shape of its badge."""
        return self.member.organisation_kind.value if self.member else ""

    @property
    def initials(self) -> str:
        """Of the person's name, at most two."""
        words = self.member.name.split() if self.member else []
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


_ROOMS = (
    ("review", _("Review"), "web:review", Permission.REVIEW_VIEW),
    ("findings", _("Findings"), "web:findings", Permission.FINDINGS_VIEW),
    ("listings", _("Listings"), "web:listings", Permission.LISTINGS_VIEW),
    ("rights", _("Rights"), "web:rights", Permission.RIGHTS_VIEW),
    ("cases", _("Cases"), "web:cases", Permission.CASES_VIEW),
    ("scans", _("Scans"), "web:scans", Permission.SCANS_VIEW),
    ("notices", _("Notices"), "web:notices", Permission.NOTICES_VIEW),
    ("exchange", _("Exchange"), "web:exchange", Permission.EXCHANGE_VIEW),
)
_BACK_ROOMS = (
    ("agreements", _("Agreements"), "web:agreements", Permission.EXCHANGE_VIEW),
    ("channels", _("Channels"), "web:channels", Permission.CHANNELS_VIEW),
    ("proceedings", _("Proceedings"), "web:proceedings", Permission.NOTICES_VIEW),
    ("conduct", _("Conduct"), "web:conduct", Permission.NOTICES_VIEW),
    ("duties", _("Duties"), "web:duties", Permission.NOTICES_VIEW),
    ("law", _("Law"), "web:lawbook", Permission.NOTICES_VIEW),
    ("insight", _("Figures"), "web:insight", Permission.EXCHANGE_VIEW),
    ("purchases", _("Test purchases"), "web:purchases", Permission.EVIDENCE_PURCHASE),
    ("tokens", _("Tokens"), "web:tokens", Permission.TOKENS_MANAGE),
    ("audit", _("Audit trail"), "web:audit", Permission.AUDIT_VIEW),
    ("members", _("Members"), "web:members", Permission.MEMBERS_VIEW),
)


def shell_of(request: HttpRequest | None) -> Shell:
    """The frame for one request; works for error pages too, where nobody has asked who it is."""
    if request is None:
        return Shell(None, (), (), PagePreferences(), "{}")
    known = getattr(request, "shell", None)
    if isinstance(known, Shell):
        return known
    member = _member(request)
    chosen = preferences.of(request)
    here = request.path.strip("/").split("/")[0]
    made = Shell(
        member=member,
        rooms=_open_to(member, _ROOMS, here),
        back_rooms=_open_to(member, _BACK_ROOMS, here),
        preferences=chosen,
        keys_json=json.dumps({key: action for action, key in chosen.keys.items()}, ensure_ascii=False),
    )
    request.shell = made  # type: ignore[attr-defined]
    return made


def _member(request: HttpRequest) -> Member | None:
    known = getattr(request, "member", None)
    if isinstance(known, Member):
        return known
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    try:
        return member_of(user)
    except NotPermitted:
        return None


def _open_to(
    member: Member | None, rooms: tuple[tuple[str, Word, str, Permission], ...], here: str
) -> tuple[Room, ...]:
    if member is None:
        return ()
    return tuple(
        Room(name, label, url_name, current=name == here)
        for name, label, url_name, permission in rooms
        if member.may(permission)
    )
