"""What a seller is told, written once in every language and kept: the statement of reasons, and the answer to it.

A page shows what was stored, never a text made again: catalogues change, what somebody was told does not.
"""

import hashlib
from collections.abc import Callable

import rfc8785
from django.utils.translation import gettext as _
from django.utils.translation import override

from countermark.law.wording import day_in_words
from countermark.node.kernel.time import now
from countermark.node.listings.models import Listing
from countermark.node.notices.languages import LANGUAGES, language_of
from countermark.node.notices.models import Notice, Telling
from countermark.node.notices.reasons import words_of
from countermark.node.notices.states import Deed, Told

_OUTCOMES: dict[Deed, Callable[[], str]] = {
    Deed.KEEP: lambda: _("The offer stays down."),
    Deed.RESTORE: lambda: _("The offer is back."),
    Deed.LATE: lambda: _("The offer is back."),
    Deed.REMOVE: lambda: _("The offer was removed."),
    Deed.PARTLY: lambda: _("A part of the offer was removed."),
}
#: Headings and texts, in order.
Sections = list[list[str]]


def tell(notice: Notice, what: Told, sections_in: Callable[[str], Sections]) -> Telling:
    """Write it in every language.

    Args:
        notice: that it is about.
        what: the kind of message.
        sections_in: makes the sections in a language; that language is the active one while it does.
    """
    texts: dict[str, Sections] = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = sections_in(language)
    digest = hashlib.sha256(rfc8785.dumps(texts)).hexdigest()
    row = Telling(notice=notice, what=what, language=_language(notice), texts=texts, sha256=digest, at=now())
    row.save()
    return row


def tell_answer(notice: Notice, deed: Deed, reason: str, *, by_another: bool) -> Telling:
    """Tell the seller what was decided on its answer, why, by whom and what it can do now.

    Args:
        notice: that was answered.
        deed: KEEP, or RESTORE in time or late; REMOVE where the offer was up until then.
        reason: a code of `reasons`.
        by_another: another person decided than the first time.
    """

    def sections_in(language: str) -> Sections:
        done = _OUTCOMES[deed]()
        day = day_in_words(now().date(), language)
        who = _("A person decided, not a program.")
        if by_another:
            who += _(" It is another person than the one who decided first.")
        found = [
            [_("What was decided on your answer"), done + " " + _("Decided on %(day)s.") % {"day": day}],
            [_("Why"), _("%(words)s.") % {"words": _(words_of(reason))}],
            [_("Who decided"), who],
        ]
        if deed in {Deed.KEEP, Deed.REMOVE, Deed.PARTLY}:
            found.append([_("What you can do now"), _("Whom else you can ask stands below, with addresses.")])
        return found

    return tell(notice, Told.ANSWER, sections_in)


def sections_of(row: Telling | None, language: str) -> tuple[tuple[str, str], ...]:
    """What was told, in a language; in English where it was told before that language was there."""
    texts = row.texts if row is not None else {}
    return tuple((one[0], one[1]) for one in texts.get(language) or texts.get("en") or ())


def _language(notice: Notice) -> str:
    """What the seller reads, as far as anything says so: the language in which it wrote the offer."""
    if not notice.listing:
        return ""
    rows = Listing.objects.filter(organisation_id=notice.organisation_id, core_id=notice.listing)
    return language_of(rows.order_by("-pk").values_list("title_language", flat=True).first())
