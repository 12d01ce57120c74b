"""Whose programme the marketplace of an agreement follows: eBay's, Alibaba's, or none, so that the law applies.

Each side keeps its own record. The brand's says what its notices are filed under; the marketplace's says which of them
it takes. A record reaches what is filed from then on; a notice that is filed keeps what it runs under.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.channels.codes import read_codes
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices import lawyer, permits
from countermark.node.notices.models import Followed
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission

#: Characters of all codes as they are written.
LONGEST_CODES = 2_000


@dataclass(frozen=True, slots=True)
class Programme:
    """Whose programme is followed (empty: none), and its own code of each reason, by ground."""

    platform: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def follow(member: Member, agreement_name: str, platform: str, codes: str = "") -> None:
    """Write down whose programme the marketplace of an agreement follows. The same again changes nothing.

    Args:
        member: AGREEMENTS_MANAGE.
        agreement_name: of one with a marketplace.
        platform: id; empty = none.
        codes: the platform's own code of each reason, in lines such as `counterfeit = 9051`: no notice to it has to
            say its code again.

    Raises:
        NotPermitted, NotFound, Invalid (platform, codes), Conflict: no marketplace is party to it.
    """
    member.require(Permission.AGREEMENTS_MANAGE)
    agreement = permits.partner_named(member, agreement_name)
    if OrganisationKind.MARKETPLACE not in {agreement.partner_kind, member.organisation_kind}:
        raise Conflict("Notices go to marketplaces; none is party to this agreement.", code="no-marketplace")
    if platform and platform not in lawyer.platforms():
        raise Invalid.of("platform", "platform-unknown", "No programme of this platform is known.", "Choose another.")
    wanted = Programme(platform, _read(codes, platform))
    if programmes_of([agreement]).get(agreement.pk, Programme()) == wanted:
        return
    Followed(agreement=agreement, platform=platform, codes=wanted.codes, by_id=member.user_id).save()
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="agreement.programme",
        target=agreement.name,
        detail={"platform": platform},
    )


def _read(written: str, platform: str) -> dict[str, str]:
    if not platform or not written.strip():
        return {}
    mend = "Write lines such as “counterfeit = 9051”."
    if len(written) > LONGEST_CODES:
        raise Invalid.of("codes", "codes-too-long", f"These are more than {LONGEST_CODES:,} characters.", mend)
    try:
        found = read_codes(written)
    except ValueError as error:
        raise Invalid.of("codes", "codes-unreadable", str(error), mend) from error
    grounds = lawyer.grounds_of(platform)
    for unknown in sorted(found.keys() - set(grounds)):
        said = f"“{unknown}” is no reason of this programme."
        raise Invalid.of("codes", "ground-unknown", said, f"Choose of: {', '.join(grounds)}.")
    return found


def in_words(member: Member, agreement_name: str) -> tuple[Programme, str] | None:
    """What is followed, and the name of the platform; None where no marketplace is party. Raises NotFound."""
    agreement = permits.partner_named(member, agreement_name)
    if OrganisationKind.MARKETPLACE not in {agreement.partner_kind, member.organisation_kind}:
        return None
    found = programmes_of([agreement]).get(agreement.pk, Programme())
    return found, lawyer.platforms().get(found.platform, found.platform)


def followed(agreement: Agreement) -> str:
    """The platform whose programme is followed under an agreement; empty = none."""
    return programmes_of([agreement]).get(agreement.pk, Programme()).platform


def programmes_of(agreements: Iterable[Agreement]) -> dict[int, Programme]:
    """What is followed under many, by key, in one question; those that follow none are left out."""
    rows = Followed.objects.filter(agreement__in=[one.pk for one in agreements]).order_by("pk")
    newest = {one.agreement_id: Programme(one.platform, one.codes) for one in rows}
    return {key: one for key, one in newest.items() if one.platform}
