"""Who asks: members, strangers, closed accounts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from countermark.node.kernel.errors import NotPermitted
from countermark.node.parties.access import member_of
from countermark.node.parties.factories import make_user
from countermark.node.parties.models import Membership, User
from countermark.node.parties.permissions import Permission, Role

pytestmark = pytest.mark.django_db


def user_of(member) -> User:
    return User.objects.get(pk=member.user_id)


def test_an_account_gives_its_member(analyst):
    found = member_of(user_of(analyst))
    assert found == analyst
    assert (found.role, found.organisation_name) == (Role.ANALYST, "Maison Aurelle")


@pytest.mark.parametrize("user", [AnonymousUser(), User()])
def test_nobody_is_no_member(user):
    with pytest.raises(NotPermitted):
        member_of(user)


def test_an_account_of_no_organisation_is_told_who_can_help():
    with pytest.raises(NotPermitted) as refused:
        member_of(make_user())
    assert refused.value.grantors == ("administrator",)


def test_a_closed_account_is_no_member_any_more(analyst):
    user = user_of(analyst)
    user.is_active = False
    with pytest.raises(NotPermitted):
        member_of(user)


def test_a_role_that_was_taken_away_is_gone_at_the_next_question(counsel):
    Membership.objects.filter(user_id=counsel.user_id).update(role=Role.READER)
    assert not member_of(user_of(counsel)).may(Permission.RIGHTS_EDIT)


def test_a_refusal_names_the_permission_and_who_has_it(reader):
    with pytest.raises(NotPermitted) as refused:
        reader.require(Permission.RIGHTS_EDIT)
    problem = refused.value
    assert problem.permission == "rights.edit"
    assert problem.roles == ("analyst", "counsel", "administrator")
    assert "Maison Aurelle" in problem.detail
    assert reader.email not in problem.detail


def test_a_misspelled_permission_never_opens_anything(administrator):
    with pytest.raises(ValueError, match="rihgts"):
        administrator.require("rihgts.edit")


def test_the_trail_names_a_member_without_personal_data(analyst):
    assert analyst.actor == f"usr_{analyst.user_id}"
    assert str(user_of(analyst)) == analyst.actor
