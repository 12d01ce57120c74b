"""What allauth asks us: nobody signs up alone, and every log-in, failed or not, leaves a row in the trail."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from countermark.node.audit import services as audit
from countermark.node.parties.access import actor_of
from countermark.node.parties.models import Membership, User

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our answers to allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator lets people in."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Log in, and say so."""
        super().login(request, user)
        _note(user, "account.logged_in")

    def logout(self, request: HttpRequest) -> None:
        """Log out, and say so."""
        if isinstance(request.user, User):
            _note(request.user, "account.logged_out")
        super().logout(request)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Change the password, and say so."""
        super().set_password(user, password)
        _note(user, "account.password_changed")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say so; the address that was tried is not kept, only the account when there is one."""
        super().authentication_failed(request, **credentials)
        user = User.objects.filter(email__iexact=str(credentials.get("email") or "")).first()
        log.warning("account.log_in_failed", known=user is not None)
        if user is not None:
            _note(user, "account.log_in_failed", actor="anonymous")


def _note(user: AbstractBaseUser, action: str, actor: str = "") -> None:
    who = actor_of(user.pk)
    organisation = Membership.objects.filter(user_id=user.pk).values_list("organisation_id", flat=True).first()
    audit.record(actor=actor or who, organisation=organisation or 0, action=action, target=who)
