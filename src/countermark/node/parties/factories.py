"""Parties for tests."""

from itertools import count

from countermark.node.parties.access import Member, as_member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.models import Membership, Organisation, User
from countermark.node.parties.permissions import Role

PASSWORD = "silk-and-saddle-leather"  # noqa: S105 - of accounts that exist for one test
_numbers = count(1)


def make_organisation(name: str = "", kind: str = "rights_holder") -> Organisation:
    """An organisation; without a name, a new one each time."""
    return Organisation.objects.create(name=name or f"House {next(_numbers)}", kind=OrganisationKind(kind))


def make_user(email: str = "", name: str = "", password: str = "") -> User:
    """An account of no organisation."""
    number = next(_numbers)
    user = User(email=email or f"person{number}@aurelle.example", name=name or f"Person {number}")
    user.set_password(password or None)
    user.save()
    return user


def make_member(
    role: Role = Role.ANALYST, organisation: Organisation | None = None, *, email: str = "", password: str = ""
) -> Member:
    """A member in a role; without an organisation, of a new one."""
    row = Membership.objects.create(
        user=make_user(email, password=password), organisation=organisation or make_organisation(), role=role
    )
    return as_member(row)
