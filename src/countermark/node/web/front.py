"""The front door, the key sheet, and the page of words and marks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.node.parties.access import Member
from countermark.node.web import keys, words
from countermark.node.web.door import is_fragment_wanted, with_member
from countermark.node.web.keys import Where
from countermark.node.web.preferences import of as preferences_of
from countermark.node.web.shell import shell_of

#: Marks explained on the page of words: family, codes in the order of the trade.
_MARKS = (
    ("verdict", ("infringing", "not_infringing", "unsure", "escalate")),
    ("level", ("high", "medium", "low")),
    ("finding_state", ("open", "second_look", "escalated", "decided", "lapsed", "superseded")),
    ("party", ("rights_holder", "marketplace", "payment")),
)


@require_safe
@with_member
def door(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Lead to the first room the member may enter."""
    rooms = shell_of(request).rooms
    return HttpResponseRedirect(reverse(rooms[0].url_name if rooms else "web:me"))


@require_safe
@with_member
def key_sheet(request: HttpRequest, member: Member) -> HttpResponse:
    """Every key with its meaning; inside a dialog, or as a page of its own."""
    chosen = preferences_of(request)
    groups = [
        {
            "title": title,
            "keys": [
                {"printed": keys.printed(chosen.keys.get(key.action, key.default)), "meaning": key.meaning}
                for key in keys.KEYS
                if key.where is where
            ],
        }
        for where, title in ((Where.REVIEW, _("In review")), (Where.EVERYWHERE, _("Everywhere")))
    ]
    template = "keys/_sheet.html" if is_fragment_wanted(request) else "keys/page.html"
    return render(request, template, {"groups": groups, "mode": chosen.key_mode})


@require_safe
@with_member
def words_and_marks(request: HttpRequest, member: Member) -> HttpResponse:
    """What each word and mark on the pages means."""
    marks = [[{"family": family, "code": code} for code in codes] for family, codes in _MARKS]
    return render(request, "help/page.html", {"marks": marks, "kinds": list(words.KIND)})
