"""Open a proceeding: under which law, about what, counted by whose days; it pins the version of that law."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from countermark.law.calendars import calendar_of
from countermark.law.matter import Matter, open_matter
from countermark.law.regime import Regime
from countermark.law.territories import MEMBER_STATES
from countermark.model import InvalidRecord
from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Invalid
from countermark.node.kernel.folding import as_one_line, is_storable
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.lawbook import keeping
from countermark.node.notices import lawyer
from countermark.node.parties.access import Member
from countermark.node.proceedings import regimes
from countermark.node.proceedings.models import Proceeding
from countermark.node.rights import selectors as rights

LONGEST_ABOUT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a person says when it opens a proceeding.

    Attributes:
        regime: id.
        about: the goods, the domain or the recordal, in words that name no person.
        since: first day on which something can have happened in it.
        right: `rgt_…` that it rests on; may be empty.
        place: whose working days count (ISO 3166), where the law leaves it to the case.
        zone: IANA zone, where the law leaves it to the case; empty = UTC.
        facts: facts of `regimes.facts_at_opening` that are true.
        key: of the form, at most 64 characters; one key opens one proceeding, however often it is sent.
    """

    regime: str
    about: str
    since: date | None
    right: str = ""
    place: str = ""
    zone: str = ""
    facts: frozenset[str] = frozenset()
    key: str = ""


@transaction.atomic
def open_one(member: Member, wanted: Opening) -> str:
    """Open a proceeding; gives its id (`pcd_…`). The same form once more gives that of the first.

    Raises:
        NotPermitted (NOTICES_FILE, or NOTICES_DECIDE in a marketplace), NotFound (the law, the right), Invalid.
    """
    member.require(regimes.writing(member))
    before = _opened_before(member, wanted.key)
    if before:
        return before
    regime = regimes.regime_of(member, wanted.regime)
    about = _about(wanted.about)
    _check_right(member, regime, wanted.right)
    matter = _matter(regime, wanted)
    keeping.keep(regime)
    row, is_new = Proceeding.objects.get_or_create(
        organisation_id=member.organisation_id,
        by_id=member.user_id,
        key=wanted.key[:64] or new_id("pcd"),
        defaults={
            "public_id": new_id("pcd"),
            "regime": regime.id,
            "about": about,
            "right": wanted.right,
            "matter": lawyer.write(matter),
            "law_state": matter.state,
        },
    )
    if not is_new:
        return row.public_id
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="proceeding.opened",
        target=row.public_id,
        detail={"regime": regime.id},
    )
    return row.public_id


def _opened_before(member: Member, key: str) -> str:
    if not key:
        return ""
    rows = Proceeding.objects.filter(organisation_id=member.organisation_id, by_id=member.user_id, key=key[:64])
    return rows.values_list("public_id", flat=True).first() or ""


def _about(words: str) -> str:
    said = as_one_line(words)
    if not said or len(said) > LONGEST_ABOUT or not is_storable(said):
        message = "What it is about is missing, too long, or holds characters that are not shown."
        raise Invalid.of("about", "about-length", message, f"Write at most {LONGEST_ABOUT} characters on one line.")
    regimes.refuse_personal(said, "about")
    return said


def _check_right(member: Member, regime: Regime, right_id: str) -> None:
    if not right_id:
        return
    row = rights.right(member, right_id).row
    if row.kind not in regime.file.applies.kinds:
        kinds = ", ".join(regime.file.applies.kinds)
        message = f"{regime.file.title} does not protect a {row.kind}."
        raise Invalid.of("right", "right-kind", message, f"Choose a right of another kind: {kinds}.")
    if row.withdrawn:
        raise Invalid.of("right", "right-withdrawn", "Nothing relies on this right any more.", "Choose another one.")


def _matter(regime: Regime, wanted: Opening) -> Matter:
    zone = regimes.zone_of(regime, wanted.zone)
    allowed = frozenset(regimes.facts_at_opening(regime))
    try:
        return open_matter(
            regime,
            _since(wanted.since, zone),
            place=_place(regime, wanted.place),
            zone=zone,
            facts=wanted.facts & allowed,
        )
    except InvalidRecord as refused:
        raise Invalid.of("since", "regime-not-now", refused.message, refused.mend) from refused


def _since(day: date | None, zone: str) -> datetime:
    if day is None:
        raise Invalid.of("since", "day-missing", "The first day is missing.", "Write it as 2026-11-28.")
    found = datetime.combine(day, time(), ZoneInfo(zone))
    if found > now():
        raise Invalid.of("since", "day-to-come", "This day has not come yet.", "Write today or a day before.")
    return found


def _place(regime: Regime, wanted: str) -> str:
    if regime.file.place:
        return regime.file.place
    country = wanted.strip().upper() if wanted.isascii() else ""
    if "EU" in regime.file.applies.countries and country not in MEMBER_STATES:
        mend = "Write the code of the Member State, such as FR."
        raise Invalid.of("place", "place-not-in-union", "It is no Member State of the Union.", mend)
    if not _has_calendar(country):
        message, mend = "No calendar of working days is known for it.", "Write the code of a country, such as FR."
        raise Invalid.of("place", "place-unknown", message, mend)
    return country


def _has_calendar(country: str) -> bool:
    try:
        calendar_of(country)
    except InvalidRecord:
        return False
    return bool(country)
