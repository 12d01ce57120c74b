"""Who asks: the member, whom every selector and service of higher rooms takes first."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from countermark.node.kernel.errors import NotPermitted
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.models import Membership
from countermark.node.parties.permissions import Permission, Role, may, roles_with


@dataclass(frozen=True, slots=True)
class Member:
    """A person acting for one organisation.

    Attributes:
        user_id: row number of the account.
        organisation_id: row number of the organisation; every query filters by it.
        organisation_name: as its members know it.
        role: what the person may do follows from it.
        name: as colleagues know the person; personal data.
        email: what the person logs in with; personal data.
        organisation_kind: which of the three parties the organisation is.
    """

    user_id: int
    organisation_id: int
    organisation_name: str
    role: Role
    name: str
    email: str
    organisation_kind: OrganisationKind = OrganisationKind.RIGHTS_HOLDER

    @property
    def actor(self) -> str:
        """How the audit trail names this person: `usr_…`, no personal data."""
        return actor_of(self.user_id)

    def may(self, permission: str) -> bool:
        """Whether the member has a permission."""
        return may(self.role, Permission(permission))

    def require(self, permission: str) -> None:
        """Raise NotPermitted, which says what is missing and who can grant it, when the member lacks a permission."""
        wanted = Permission(permission)
        if may(self.role, wanted):
            return
        roles = roles_with(wanted)
        raise NotPermitted(
            f"This needs the permission “{wanted}”, which the role {self.role} does not have. "
            f"It belongs to: {', '.join(roles)}. An administrator of {self.organisation_name} can change your role.",
            permission=wanted,
            roles=roles,
            grantors=(Role.ADMINISTRATOR,),
        )


def actor_of(user_id: int) -> str:
    """How the audit trail names an account."""
    return f"usr_{user_id}"


def member_of(user: AbstractBaseUser | AnonymousUser) -> Member:
    """The member that a logged-in account is.

    Asked on every request, so that a role that was taken away is gone at the next one. Raises NotPermitted when the
    account belongs to no organisation, or is closed.
    """
    if not user.is_authenticated or not user.is_active or user.pk is None:
        raise NotPermitted("Log in first.", permission="log-in")
    membership = Membership.objects.select_related("organisation", "user").filter(user_id=user.pk).first()
    if membership is None:
        raise NotPermitted(
            "This account belongs to no organisation. An administrator can add it.",
            permission="membership",
            grantors=(Role.ADMINISTRATOR,),
        )
    return as_member(membership)


def as_member(membership: Membership) -> Member:
    """A membership row (with `user` and `organisation` loaded) as the record that is passed around."""
    return Member(
        user_id=membership.user_id,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name,
        role=Role(membership.role),
        name=membership.user.name or membership.user.email,
        email=membership.user.email,
        organisation_kind=OrganisationKind(membership.organisation.kind),
    )
