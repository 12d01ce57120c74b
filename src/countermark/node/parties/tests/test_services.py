"""Letting people in, changing what they may do, letting them go."""

import pytest
from allauth.account.models import EmailAddress

from countermark.node.audit.models import Event
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.parties import selectors, services
from countermark.node.parties.factories import PASSWORD
from countermark.node.parties.models import Membership, User
from countermark.node.parties.permissions import Role
from countermark.node.parties.shown import Preferences

pytestmark = pytest.mark.django_db


def found(**more):
    given = {"name": "Maison Aurelle", "kind": "rights_holder", "admin_email": "odile@aurelle.example"}
    return services.found_organisation(**(given | {"password": PASSWORD} | more))


def actions() -> list[str]:
    return list(Event.objects.order_by("id").values_list("action", flat=True))


def test_a_node_is_set_up_with_its_first_administrator():
    assert not selectors.has_organisation()
    member = found(admin_name="Odile Marchetti")
    assert (member.role, member.name) == (Role.ADMINISTRATOR, "Odile Marchetti")
    assert User.objects.get().check_password(PASSWORD)
    assert EmailAddress.objects.get().verified
    assert selectors.operator() == selectors.operator("ODILE@aurelle.example") == member
    assert actions() == ["organisation.founded", "member.added"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "bank"}, "kind"),
        ({"admin_email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "123456789012345"}, "password"),
        ({"admin_name": "x" * 151}, "name"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_nothing_is_written(more, field):
    with pytest.raises(Invalid) as refused:
        found(**more)
    assert field in {problem.field for problem in refused.value.problems}
    assert not User.objects.exists()
    assert not selectors.has_organisation()


def test_a_person_is_let_in(administrator):
    member = services.add_member(administrator, email=" Ana@Aurelle.example ", role="analyst", name="Ana Duval")
    assert (member.email, member.role, member.organisation_id) == (
        "ana@aurelle.example",
        Role.ANALYST,
        administrator.organisation_id,
    )
    assert not User.objects.get(pk=member.user_id).has_usable_password()
    event = Event.objects.get(action="member.added")
    assert (event.actor, event.target, event.detail) == (administrator.actor, member.actor, {"role": "analyst"})


def test_no_name_or_address_reaches_the_trail(administrator):
    services.add_member(administrator, email="ana@aurelle.example", role="analyst", name="Ana Duval")
    trail = str(list(Event.objects.values())).lower()
    assert "member.added" in trail
    assert "duval" not in trail
    assert "aurelle" not in trail


@pytest.mark.parametrize("address", ["ana@aurelle.example", "ANA@aurelle.EXAMPLE"])
def test_an_address_has_one_account_whatever_its_capitals(administrator, address):
    services.add_member(administrator, email="ana@aurelle.example", role="analyst")
    with pytest.raises(Conflict):
        services.add_member(administrator, email=address, role="reader")


def test_only_an_administrator_lets_people_in_changes_and_removes(counsel, analyst):
    for act in (
        lambda: services.add_member(counsel, email="x@y.example", role="reader"),
        lambda: services.change_role(counsel, analyst.user_id, "reader"),
        lambda: services.remove_member(counsel, analyst.user_id),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert actions() == []


def test_a_role_is_changed_and_said(administrator, analyst):
    services.change_role(administrator, analyst.user_id, "counsel")
    assert Membership.objects.get(user_id=analyst.user_id).role == Role.COUNSEL
    assert Event.objects.get().detail == {"from": "analyst", "to": "counsel"}
    services.change_role(administrator, analyst.user_id, "counsel")
    assert Event.objects.count() == 1


def test_an_unknown_role_is_refused(administrator, analyst):
    with pytest.raises(Invalid):
        services.change_role(administrator, analyst.user_id, "owner")


def test_the_last_administrator_stays(administrator, counsel):
    with pytest.raises(Conflict):
        services.change_role(administrator, administrator.user_id, "reader")
    with pytest.raises(Conflict):
        services.remove_member(administrator, administrator.user_id)
    services.change_role(administrator, counsel.user_id, "administrator")
    services.remove_member(administrator, administrator.user_id)
    assert selectors.operator().user_id == counsel.user_id


def test_one_who_is_removed_is_out_at_once(administrator, analyst, client):
    user = User.objects.get(pk=analyst.user_id)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    services.remove_member(administrator, analyst.user_id)
    user.refresh_from_db()
    assert not user.is_active
    assert client.get("/account/password/change/").status_code == 302
    assert Event.objects.get(action="member.removed").detail == {"role": "analyst"}


def test_a_member_of_another_organisation_cannot_be_touched(stranger, analyst):
    with pytest.raises(NotFound):
        services.change_role(stranger, analyst.user_id, "reader")
    with pytest.raises(NotFound):
        services.remove_member(stranger, analyst.user_id)
    assert analyst.user_id not in {m.user_id for m in selectors.members(stranger)}
    assert analyst.actor not in selectors.actor_names(stranger)


def test_members_are_listed_for_colleagues(administrator, analyst):
    shown = {m.user_id: m for m in selectors.members(analyst)}
    assert set(shown) == {administrator.user_id, analyst.user_id}
    assert shown[analyst.user_id].role is Role.ANALYST
    assert not shown[analyst.user_id].second_factor
    assert selectors.actor_names(analyst)[analyst.actor] == analyst.name
    assert selectors.organisation(analyst).name == "Maison Aurelle"


def test_preferences_are_kept_and_merged(analyst):
    services.save_preferences(analyst, language="fr", values={"density": "compact"})
    saved = services.save_preferences(analyst, values={"key.undo": "u"})
    assert saved == Preferences(language="fr", values={"density": "compact", "key.undo": "u"})
    assert selectors.preferences(User.objects.get(pk=analyst.user_id)) == saved
    assert services.save_preferences(analyst, language="").language == ""


@pytest.mark.parametrize(
    "more",
    [
        {"language": "tlh"},
        {"values": {"k" * 61: 1}},
        {"values": {"k": "v" * 5000}},
        {"values": {f"k{n}": n for n in range(101)}},
    ],
)
def test_preferences_have_bounds(analyst, more):
    with pytest.raises(Invalid):
        services.save_preferences(analyst, **more)


def test_the_command_line_is_told_when_there_is_nobody():
    with pytest.raises(NotFound):
        selectors.operator()
