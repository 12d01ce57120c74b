"""Evidence that leaves for a court or an authority: where to, and what Chinese law asks before it goes abroad.

Data stored in China, or personal data of persons there, are not given to a foreign court or authority without approval
(Personal Information Protection Law, Art. 41; Data Security Law, Art. 36). How many persons' data have gone abroad in a
year decides what else is needed (Provisions on Promoting and Regulating Cross-Border Data Flows, 22 March 2024).
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum

from countermark.node.audit import services as audit
from countermark.node.evidence import custody
from countermark.node.evidence.models import Evidence, ExportApproval, ExportRecord
from countermark.node.evidence.viewing import sealed_row
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid
from countermark.node.kernel.time import now
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission

CHINA = "CN"
#: Persons in a year from 1 January: below the first free, below the second standard contract or certification.
FREE, ASSESSED, SENSITIVE_ASSESSED = 100_000, 1_000_000, 10_000
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a bag goes.

    Attributes:
        country: of the court or authority, ISO 3166-1 alpha-2.
        recipient: its name.
        seller_in_china: the shop that the page shows says to be there.
        persons, sensitive: persons in China whose data it holds, and those whose sensitive data it holds.
    """

    country: str
    recipient: str
    seller_in_china: bool = False
    persons: int = 0
    sensitive: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What an authority approved: for where and whom, who and under which number, from when until when."""

    country: str
    recipient: str
    authority: str
    reference: str
    approved_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class YearCount:
    """What went abroad from China in a year, and what that asks for: free, contract, assessment."""

    year: int
    exports: int
    persons: int
    sensitive: int
    asks: str


def record_approval(member: Member, evidence_id: str, given: Approval) -> None:
    """Write down that an authority approved an export; custody names it.

    Raises NotPermitted (EVIDENCE_EXPORT), NotFound, Conflict, Invalid (what is missing, field by field).
    """
    member.require(Permission.EVIDENCE_EXPORT)
    row = sealed_row(member, evidence_id)
    _check(given)
    with transaction.atomic():
        ExportApproval(
            evidence=row,
            country=given.country,
            recipient=given.recipient.strip(),
            authority=given.authority.strip(),
            reference=given.reference.strip(),
            approved_on=given.approved_on,
            valid_until=given.valid_until,
            recorded_by=member.actor,
        ).save()
        detail = {"country": given.country, "reference": given.reference.strip()}
        custody.add(row, member.actor, "approved", detail)
        audit.record(
            actor=member.actor,
            organisation=row.organisation_id,
            action="evidence.export_approved",
            target=row.public_id,
            detail=dict(detail),
        )


def is_gated(row: Evidence, to: Destination) -> bool:
    """Whether data in China, or of persons there, would go abroad."""
    host = urlsplit(row.url).hostname or ""
    there = settings.COUNTERMARK_STORED_IN == CHINA or host.endswith((".cn", ".xn--fiqs8s", ".中国"))
    return to.country != CHINA and (there or to.seller_in_china or to.persons > 0 or to.sensitive > 0)


def check_gate(row: Evidence, to: Destination | None) -> ExportApproval | None:
    """The approval under which a bag may go, None where none is needed; `to` is None where nobody says where it goes.

    Raises:
        Invalid: the destination is not said well. Conflict: an approval is needed, and none is recorded.
    """
    if to is None:
        _check_stays(row)
        return None
    if not _is_country(to.country) or len(to.recipient) > _LONGEST or min(to.persons, to.sensitive) < 0:
        raise Invalid.of(
            "country", "no-destination", "It is not said where the bag goes.", "Write the country as two letters."
        )
    if to.sensitive > to.persons:
        raise Invalid.of("sensitive", "more-than-all", "More persons than there are.", "Count them among the persons.")
    if not is_gated(row, to):
        return None
    today = now().date()
    rows = row.approvals.filter(country=to.country, recipient=to.recipient.strip(), approved_on__lte=today)
    found: ExportApproval | None = rows.filter(Q(valid_until=None) | Q(valid_until__gte=today)).order_by("-id").first()
    if found is None:
        raise Conflict(
            "It holds data in China or of persons there, and goes to a court or an authority abroad. Record the "
            "approval of the competent authority for this country and this recipient first.",
            code="needs-approval",
        )
    return found


def _check_stays(row: Evidence) -> None:
    """Make sure that a bag of which nobody says where it goes is not made for abroad.

    Raises:
        Conflict: it holds data in China and a paper for a court in the United States or the European Union.
    """
    papers = row.exhibits.filter(kind__in=("us", "eu"))
    if papers.exists() and is_gated(row, Destination(country="", recipient="")):
        raise Conflict(
            "It holds data in China and a paper for a court abroad: say where it goes.", code="needs-approval"
        )


def record_export(member: Member, row: Evidence, to: Destination, approval: ExportApproval | None) -> None:
    """Write down that a bag went; in the transaction of the export."""
    ExportRecord(
        organisation_id=row.organisation_id,
        evidence=row,
        country=to.country,
        recipient=to.recipient.strip(),
        gated=is_gated(row, to),
        persons=to.persons,
        sensitive=to.sensitive,
        approval=approval,
        exported_by=member.actor,
    ).save()


def count_year(member: Member, year: int) -> YearCount:
    """What the member's organisation took out of China in a year; each export counts. Raises NotPermitted."""
    member.require(Permission.EVIDENCE_EXPORT)
    rows = ExportRecord.objects.filter(organisation_id=member.organisation_id, gated=True, exported_at__year=year)
    sums = rows.aggregate(persons=Sum("persons"), sensitive=Sum("sensitive"))
    persons, sensitive = sums["persons"] or 0, sums["sensitive"] or 0
    asks = "free"
    if persons >= ASSESSED or sensitive >= SENSITIVE_ASSESSED:
        asks = "assessment"
    elif persons >= FREE or sensitive > 0:
        asks = "contract"
    return YearCount(year, rows.count(), persons, sensitive, asks)


def _check(given: Approval) -> None:
    problems = [
        FieldProblem(name, "missing", "It is missing or too long.", f"Write at most {most} characters.")
        for name, most in (("recipient", _LONGEST), ("authority", _LONGEST), ("reference", 100))
        if not 0 < len(getattr(given, name).strip()) <= most or not getattr(given, name).isprintable()
    ]
    if not _is_country(given.country):
        problems.append(FieldProblem("country", "no-country", "It is no country.", "Write two letters, such as FR."))
    if given.approved_on > now().date() or (given.valid_until and given.valid_until < given.approved_on):
        problems.append(
            FieldProblem("approved_on", "wrong-day", "These days cannot be.", "Write the day of the approval.")
        )
    if problems:
        raise Invalid(problems)


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()
