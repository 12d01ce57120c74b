"""Let people in, change what they may do, and let them go. Every write leaves an audit row in the same transaction."""

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from countermark.node.kernel.folding import is_storable
from countermark.node.parties.access import Member, actor_of, as_member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.models import Membership, Organisation, User
from countermark.node.parties.permissions import Permission, Role
from countermark.node.parties.shown import Preferences

MOST_PREFERENCES = 100
LONGEST_PREFERENCE = 2000


@transaction.atomic
def found_organisation(*, name: str, kind: str, admin_email: str, password: str, admin_name: str = "") -> Member:
    """Set a node up: the organisation and its first administrator. Raises Invalid, Conflict (the name is taken)."""
    problems = _organisation_problems(name, kind) + _person_problems(
        admin_email, admin_name, Role.ADMINISTRATOR, password
    )
    if problems:
        raise Invalid(problems)
    if Organisation.objects.filter(name=name.strip()).exists():
        raise Conflict(f"There is an organisation called {name.strip()} already.", pointer="name")
    organisation = Organisation.objects.create(name=name.strip(), kind=OrganisationKind(kind))
    audit.record(
        actor="system", organisation=organisation.pk, action="organisation.founded", detail={"kind": organisation.kind}
    )
    return _let_in("system", organisation.pk, admin_email, admin_name, Role.ADMINISTRATOR, password)


@transaction.atomic
def add_member(member: Member, *, email: str, role: str, name: str = "", password: str = "") -> Member:
    """Let a person in. With an empty password the person chooses one through “forgotten password”.

    Raises NotPermitted (MEMBERS_MANAGE), Invalid, Conflict (the address has an account).
    """
    member.require(Permission.MEMBERS_MANAGE)
    problems = _person_problems(email, name, role, password)
    if problems:
        raise Invalid(problems)
    return _let_in(member.actor, member.organisation_id, email, name, Role(role), password)


@transaction.atomic
def change_role(member: Member, user_id: int, role: str) -> None:
    """Give a colleague another role. Raises NotPermitted, NotFound, Invalid, Conflict (the last administrator)."""
    member.require(Permission.MEMBERS_MANAGE)
    if role not in set(Role):
        raise Invalid([_unknown_role(role)])
    row = _colleague(member, user_id)
    if row.role == role:
        return
    if role != Role.ADMINISTRATOR:
        _keep_one_administrator(row)
    before, row.role = row.role, Role(role)
    row.save(update_fields=["role"])
    _record(member, "member.role_changed", user_id, {"from": before, "to": role})


@transaction.atomic
def remove_member(member: Member, user_id: int) -> None:
    """End a membership at once: the account is closed and every session of it ends. What the person did stays.

    Raises NotPermitted, NotFound, Conflict (the last administrator).
    """
    member.require(Permission.MEMBERS_MANAGE)
    row = _colleague(member, user_id)
    _keep_one_administrator(row)
    role = row.role
    row.delete()
    User.objects.filter(pk=user_id).update(is_active=False)
    for session in UserSession.objects.filter(user_id=user_id):
        session.end()
    _record(member, "member.removed", user_id, {"role": role})


@transaction.atomic
def save_preferences(
    member: Member, *, language: str | None = None, values: Mapping[str, str | int | bool] | None = None
) -> Preferences:
    """Keep how the member likes the pages; keys that are not given stay. Raises Invalid."""
    row = User.objects.select_for_update().get(pk=member.user_id)
    merged = {**row.preferences, **(values or {})}
    problems = _preference_problems(language, merged)
    if problems:
        raise Invalid(problems)
    row.language = row.language if language is None else language
    row.preferences = merged
    row.save(update_fields=["language", "preferences"])
    changed = sorted([*(values or {}), *(["language"] if language is not None else [])])
    _record(member, "member.preferences_saved", member.user_id, {"changed": ", ".join(changed)})
    return Preferences(language=row.language, values=merged)


def _let_in(actor: str, organisation: int, email: str, name: str, role: Role, password: str) -> Member:
    address = email.strip().lower()
    if User.objects.filter(email__iexact=address).exists():
        raise Conflict("That address has an account already.", pointer="email")
    user = User(email=address, name=name.strip())
    user.set_password(password or None)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Conflict("That address has an account already.", pointer="email") from error
    # Verified: the administrator vouches for it. allauth refuses a second factor to unverified addresses.
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    row = Membership.objects.create(user=user, organisation_id=organisation, role=role)
    audit.record(
        actor=actor,
        organisation=organisation,
        action="member.added",
        target=actor_of(user.pk),
        detail={"role": role.value},
    )
    return as_member(Membership.objects.select_related("user", "organisation").get(pk=row.pk))


def _colleague(member: Member, user_id: int) -> Membership:
    rows = Membership.objects.select_for_update().filter(organisation_id=member.organisation_id, user_id=user_id)
    row = rows.first()
    if row is None:
        raise NotFound("member", actor_of(user_id))
    return row


def _keep_one_administrator(row: Membership) -> None:
    if row.role != Role.ADMINISTRATOR:
        return
    # Lock them all: two administrators who remove each other at the same moment must not both succeed.
    administrators = Membership.objects.select_for_update().filter(
        organisation_id=row.organisation_id, role=Role.ADMINISTRATOR, user__is_active=True
    )
    if len(list(administrators)) <= 1:
        raise Conflict(
            "This is the last administrator; someone must be able to let people in. Make another one first.",
            code="last-administrator",
        )


def _record(member: Member, action: str, user_id: int, detail: dict[str, str | int | float | bool | None]) -> None:
    audit.record(
        actor=member.actor,
        organisation=member.organisation_id,
        action=action,
        target=actor_of(user_id),
        detail=detail,
    )


def _organisation_problems(name: str, kind: str) -> list[FieldProblem]:
    problems = []
    if not 1 <= len(name.strip()) <= 200 or not is_storable(name):
        problems.append(
            FieldProblem("name", "name-length", "The name is empty or too long.", "Use 1 to 200 characters.")
        )
    if kind not in set(OrganisationKind):
        known = ", ".join(OrganisationKind)
        problems.append(FieldProblem("kind", "kind-unknown", "That kind is not known.", f"Choose one of: {known}."))
    return problems


def _person_problems(email: str, name: str, role: str, password: str) -> list[FieldProblem]:
    problems = []
    try:
        validate_email(email.strip())
    except ValidationError:
        problems.append(
            FieldProblem("email", "email-wrong", "That is no e-mail address.", "Write it like ana@house.example.")
        )
    if len(name) > 150 or not is_storable(name):
        problems.append(FieldProblem("name", "name-wrong", "The name is too long or broken.", "Use 150 characters."))
    if role not in set(Role):
        problems.append(_unknown_role(role))
    if password:
        problems += _password_problems(email, name, password)
    return problems


def _password_problems(email: str, name: str, password: str) -> list[FieldProblem]:
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        return [FieldProblem("password", "password-weak", sentence) for sentence in error.messages]
    return []


def _unknown_role(_role: str) -> FieldProblem:
    return FieldProblem("role", "role-unknown", "That role is not known.", f"Choose one of: {', '.join(Role)}.")


def _preference_problems(language: str | None, values: Mapping[str, str | int | bool]) -> list[FieldProblem]:
    problems = []
    codes = [code for code, _ in settings.LANGUAGES]
    if language and language not in codes:
        problems.append(
            FieldProblem(
                "language", "language-unknown", "The node does not speak that.", f"Choose: {', '.join(codes)}."
            )
        )
    bad = any(len(k) > 60 or len(str(v)) > LONGEST_PREFERENCE or not is_storable(k, str(v)) for k, v in values.items())
    if len(values) > MOST_PREFERENCES or bad:
        problems.append(FieldProblem("values", "preferences-large", "That is more than the node keeps for one person."))
    return problems
