"""Read parties, as one of their members sees them."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef

from countermark.node.kernel.errors import NotFound
from countermark.node.parties.access import Member, actor_of, as_member, member_of
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.models import Membership, Organisation, User
from countermark.node.parties.permissions import GRANTED, Permission, Role
from countermark.node.parties.shown import MemberShown, OrganisationShown, Preferences

__all__ = [
    "actor_names",
    "has_organisation",
    "member_of",
    "members",
    "operator",
    "organisation",
    "others_may",
    "preferences",
]


def has_organisation() -> bool:
    """Whether the node has been set up."""
    return Organisation.objects.exists()


def organisation(member: Member) -> OrganisationShown:
    """The organisation the member acts for."""
    row = Organisation.objects.get(pk=member.organisation_id)
    return OrganisationShown(name=row.name, kind=OrganisationKind(row.kind))


def members(member: Member) -> tuple[MemberShown, ...]:
    """Everyone in the member's organisation, by name. Raises NotPermitted (MEMBERS_VIEW)."""
    member.require(Permission.MEMBERS_VIEW)
    second = Authenticator.objects.filter(user_id=OuterRef("user_id")).exclude(type="recovery_codes")
    rows = (
        Membership.objects.filter(organisation_id=member.organisation_id)
        .select_related("user")
        .annotate(second_factor=Exists(second))
        .order_by("user__name", "user_id")
    )
    return tuple(
        MemberShown(
            user_id=row.user_id,
            actor=actor_of(row.user_id),
            name=row.user.name,
            email=row.user.email,
            role=Role(row.role),
            active=row.user.is_active,
            second_factor=row.second_factor,
            since=row.since,
            last_login=row.user.last_login,
        )
        for row in rows
    )


def actor_names(member: Member) -> dict[str, str]:
    """Names behind the actors of the member's organisation, as the audit trail writes them (`usr_…`)."""
    rows = Membership.objects.filter(organisation_id=member.organisation_id).select_related("user")
    return {actor_of(row.user_id): row.user.name or row.user.email for row in rows}


def others_may(member: Member, permission: Permission) -> bool:
    """Whether somebody else of the member's organisation, whose account is open, has a permission."""
    roles = [role for role, granted in GRANTED.items() if permission in granted]
    rows = Membership.objects.filter(organisation_id=member.organisation_id, role__in=roles, user__is_active=True)
    return rows.exclude(user_id=member.user_id).exists()


def preferences(user: AbstractBaseUser) -> Preferences:
    """How a person likes the pages; also for one who belongs to no organisation."""
    row = User.objects.filter(pk=user.pk).first()
    return Preferences(language=row.language, values=dict(row.preferences)) if row else Preferences()


def operator(email: str = "") -> Member:
    """For the command line: the member of an e-mail address; empty = the first administrator.

    Raises NotFound. Whoever can run the command holds the database anyway; the name is for the trail.
    """
    rows = Membership.objects.select_related("user", "organisation").filter(user__is_active=True)
    rows = rows.filter(user__email__iexact=email) if email else rows.filter(role=Role.ADMINISTRATOR)
    row = rows.order_by("pk").first()
    if row is None:
        raise NotFound("member with that address" if email else "administrator: run `countermark node init` first")
    return as_member(row)
