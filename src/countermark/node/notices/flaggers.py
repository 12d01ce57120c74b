"""Trusted flaggers: whose notices are treated first, in which field, since when, by whose award. PR-16.

The status is an authority's to give (Reg. (EU) 2022/2065 art. 22(2)); a marketplace only takes it down. It belongs to
an entity that files under its own agreement, so that its notices are a ledger of their own. A body that an online
platform governs or co-governs is not independent, and is refused: that is what the joint team of this software is.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from countermark.model import RightKind
from countermark.node.audit import services as audit
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.errors import Conflict, Invalid, NotPermitted
from countermark.node.kernel.folding import is_storable
from countermark.node.kernel.time import now
from countermark.node.notices import lawyer, permits
from countermark.node.notices.models import Flagger, FlaggerEnd
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

#: Who can govern an entity, and how that reads.
GOVERNORS = {
    "itself": "itself alone, or its members, none of them an online platform",
    "platform": "an online platform or marketplace, alone or with others",
    "payment": "a payment platform, alone or with others",
    "joint": "the parties of this agreement together (a joint team)",
}
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What is taken down of an award.

    Attributes:
        authority, reference, day: who gave the status, under which number, since when.
        kinds: of rights in which the entity is expert.
        governed_by: a key of `GOVERNORS`.
        is_entity: it is an entity, no single person.
    """

    authority: str
    reference: str
    day: date | None
    kinds: tuple[str, ...]
    governed_by: str
    is_entity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggerShown:
    """A status that is in force."""

    authority: str
    reference: str
    day: date
    kinds: tuple[str, ...]


@transaction.atomic
def take_down(member: Member, agreement_name: str, award: Award) -> None:
    """Take a status down for whoever files under an agreement.

    Raises:
        NotPermitted (NOTICES_SANCTION, marketplace), NotFound, Invalid, Conflict (not independent, there already).
    """
    member.require(Permission.NOTICES_SANCTION)
    if member.organisation_kind is not OrganisationKind.MARKETPLACE:
        raise NotPermitted("Only a marketplace treats the notices of trusted flaggers first.")
    agreement = permits.partner_named(member, agreement_name)
    day = _checked(agreement, award)
    if _row(agreement) is not None:
        raise Conflict("The status stands here already. End it before another is taken down.", code="there-already")
    Flagger(
        agreement=agreement,
        authority=award.authority.strip(),
        reference=award.reference.strip(),
        awarded_on=day,
        kinds=sorted(set(award.kinds)),
        governed_by=award.governed_by,
        by_id=member.user_id,
    ).save()
    _audit(member, agreement, "flagger.taken_down")


@transaction.atomic
def end(member: Member, agreement_name: str, reason: str) -> None:
    """Say that a status is over. Raises NotPermitted (NOTICES_SANCTION), NotFound, Invalid, Conflict."""
    member.require(Permission.NOTICES_SANCTION)
    agreement = permits.partner_named(member, agreement_name)
    row = _row(agreement)
    if row is None:
        raise Conflict("No status is in force.", code="no-flagger")
    if not reason.strip() or len(reason) > _LONGEST or not is_storable(reason):
        raise Invalid.of("reason", "reason-missing", "Say in a few words why it is over.", "Name the decision.")
    FlaggerEnd(flagger=row, reason=reason.strip(), by_id=member.user_id).save()
    _audit(member, agreement, "flagger.ended")


def in_force(member: Member, agreement_name: str) -> FlaggerShown | None:
    """The status of whoever files under an agreement. Raises NotPermitted (NOTICES_VIEW), NotFound."""
    member.require(Permission.NOTICES_VIEW)
    row = _row(permits.partner_named(member, agreement_name))
    if row is None:
        return None
    return FlaggerShown(
        authority=row.authority, reference=row.reference, day=row.awarded_on, kinds=tuple(map(str, row.kinds))
    )


def facts_of(agreement: Agreement, regime_id: str, ground: str) -> frozenset[str]:
    """Facts that are true of a notice from the start: `trusted` in the flagger's field, where the law knows it."""
    row, file = _row(agreement), lawyer.regime(regime_id).file
    if row is None or "trusted" not in file.facts:
        return frozenset()
    field = next((one.kinds for one in file.asked.grounds if one.id == ground), ())
    return frozenset({"trusted"}) if set(row.kinds) & {str(one) for one in field} else frozenset()


def _row(agreement: Agreement) -> Flagger | None:
    rows = Flagger.objects.filter(agreement=agreement, end__isnull=True, awarded_on__lte=now().date())
    found: Flagger | None = rows.order_by("-pk").first()
    return found


def _checked(agreement: Agreement, award: Award) -> date:
    """The day of the award, when everything about it holds."""
    platforms = {OrganisationKind.MARKETPLACE, OrganisationKind.PAYMENT}
    if award.governed_by not in GOVERNORS:
        raise Invalid.of("governed_by", "governors-missing", "Say who governs the entity.", "Choose one of the list.")
    if award.governed_by != "itself" or agreement.partner_kind in platforms:
        raise Conflict(
            "A trusted flagger is independent from any online platform (Reg. (EU) 2022/2065 art. 22(2)(b)). A body "
            "that a platform governs or co-governs, such as a joint team, cannot be one; its members file as they are.",
            code="not-independent",
        )
    if not award.is_entity:
        raise Invalid.of("is_entity", "no-entity", "A trusted flagger is an entity, no single person.", "Confirm it.")
    for field, value in (("authority", award.authority), ("reference", award.reference)):
        if not value.strip() or len(value) > _LONGEST or not is_storable(value):
            raise Invalid.of(field, f"{field}-missing", "This is missing or too long.", "Copy it from the award.")
    if award.day is None or award.day > now().date():
        raise Invalid.of("day", "day-wrong", "The day of the award is missing or in the future.", "Copy it.")
    if not award.kinds or not set(award.kinds) <= {str(one) for one in RightKind}:
        raise Invalid.of("kinds", "kinds-missing", "Say in which rights the entity is expert.", "Choose at least one.")
    return award.day


def _audit(member: Member, agreement: Agreement, action: str) -> None:
    audit.record(actor=member.actor, organisation=member.organisation_id, action=action, target=agreement.name)
