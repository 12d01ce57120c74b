"""Organisations, accounts, and who belongs where."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from countermark.node.kernel.time import now
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role


class Organisation(models.Model):
    """A party of the joint work: everything on the node belongs to one, and is seen by its members only."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in OrganisationKind])
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds accounts by e-mail, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of an e-mail address."""
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """An account: a person who logs in by e-mail. May belong to no organisation (then sees nothing)."""

    email = models.EmailField(max_length=254, unique=True, db_comment="personal data: what the person logs in with")
    name = models.CharField(max_length=150, blank=True, default="", db_comment="personal data: as colleagues know them")
    language = models.CharField(
        max_length=10, blank=True, default="", db_comment="one of the node's languages; empty = as the browser asks"
    )
    preferences = models.JSONField(default=dict, blank=True, db_comment="how this person likes the pages; flat")
    is_active = models.BooleanField(default=True, db_comment="false: the account is closed")
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_of_an_address")]

    def __str__(self) -> str:
        # Never the address: this text ends up in logs.
        return f"usr_{self.pk}"

    def get_full_name(self) -> str:
        """As colleagues know the person."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ", 1)[0]


class Membership(models.Model):
    """An account acts for an organisation, in one role. One organisation a person: no one decides on both sides."""

    user = models.OneToOneField(User, models.CASCADE, related_name="membership")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    since = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["organisation", "role"], name="members_of_a_role")]

    def __str__(self) -> str:
        return f"usr_{self.user_id} {self.role}"
