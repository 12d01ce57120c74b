"""Whose programme the marketplace of an agreement follows: eBay's, Alibaba's, or none, so that the law applies.

Each side keeps its own record. The brand's says what its notices are filed under; the marketplace's says which of them
it takes. A record reaches what is filed from then on; a notice that is filed keeps what it runs under.
"""

from collections.abc import Iterable

from django.db import transaction

from countermark.node.audit import services as audit
from countermark.node.exchange.models import Agreement
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.notices import lawyer, permits
from countermark.node.notices.models import Followed
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Permission


@transaction.atomic
def follow(member: Member, agreement_name: str, platform: str) -> None:
    """Write down whose programme the marketplace of an agreement follows; empty = none. The same again changes nothing.

    Raises:
        NotPermitted (AGREEMENTS_MANAGE), NotFound, Invalid (platform), Conflict: no marketplace is party to it.
    """
    member.require(Permission.AGREEMENTS_MANAGE)
    agreement = permits.partner_named(member, agreement_name)
    if OrganisationKind.MARKETPLACE not in {agreement.partner_kind, member.organisation_kind}:
        raise Conflict("Notices go to marketplaces; none is party to this agreement.", code="no-marketplace")
    if platform and platform not in lawyer.platforms():
        raise Invalid.of("platform", "platform-unknown", "No programme of this platform is known.", "Choose another.")
    if followed(agreement) == platform:
        return
    Followed(agreement=agreement, platform=platform, by_id=member.user_id).save()
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action="agreement.programme",
        target=agreement.name,
        detail={"platform": platform},
    )


def in_words(member: Member, agreement_name: str) -> tuple[str, str] | None:
    """Id and name of the platform that is followed, both empty = none; None where no marketplace is party. NotFound."""
    agreement = permits.partner_named(member, agreement_name)
    if OrganisationKind.MARKETPLACE not in {agreement.partner_kind, member.organisation_kind}:
        return None
    platform = followed(agreement)
    return platform, lawyer.platforms().get(platform, platform)


def followed(agreement: Agreement) -> str:
    """The platform whose programme is followed under an agreement; empty = none."""
    return followed_of([agreement]).get(agreement.pk, "")


def followed_of(agreements: Iterable[Agreement]) -> dict[int, str]:
    """The same of many, by key, in one question; those that follow none are left out."""
    rows = Followed.objects.filter(agreement__in=[one.pk for one in agreements]).order_by("pk")
    newest = dict(rows.values_list("agreement_id", "platform"))
    return {key: platform for key, platform in newest.items() if platform}
