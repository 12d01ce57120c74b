"""Parties as screens are given them."""

from dataclasses import dataclass, field
from datetime import datetime

from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShown:
    """One member of the organisation, as colleagues see each other.

    Attributes:
        user_id: row number of the account.
        actor: how the audit trail names the person.
        role: what they may do follows from it.
        active: false when the account is closed.
        second_factor: whether log-in asks for more than the password.
        last_login: None when the person never logged in.
    """

    user_id: int
    actor: str
    name: str
    email: str
    role: Role
    active: bool
    second_factor: bool
    since: datetime
    last_login: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationShown:
    """The organisation a member acts for."""

    name: str
    kind: OrganisationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person likes the pages.

    Attributes:
        language: one of the node's languages; empty = as the browser asks.
        values: flat; keys and values are the pages' business, bounded in number and length.
    """

    language: str = ""
    values: dict[str, str | int | bool] = field(default_factory=dict)
