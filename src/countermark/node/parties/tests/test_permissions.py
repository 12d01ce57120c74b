"""The table of permissions, in code and in the docs."""

import re
from pathlib import Path

import pytest

from countermark.node.parties.permissions import GRANTED, Permission, Role, may, roles_with

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "permissions.md"


def headings() -> set[str]:
    return {line.strip("# `") for line in PAGE.read_text().splitlines() if line.startswith("###")}


@pytest.mark.parametrize("name", [*(r.value for r in Role), *(p.value for p in Permission)])
def test_each_role_and_permission_has_a_heading_in_the_docs(name):
    assert name in headings()


def test_the_table_in_the_docs_is_the_table_in_the_code():
    rows = re.findall(r"^\| `([a-z_.]+)` \|(.*)\|$", PAGE.read_text(), re.MULTILINE)
    written = {name: [cell.strip() == "yes" for cell in cells.split("|")] for name, cells in rows}
    assert written == {p.value: [may(role, p) for role in Role] for p in Permission}


def test_an_administrator_may_everything_and_a_reader_writes_nothing():
    assert GRANTED[Role.ADMINISTRATOR] == frozenset(Permission)
    assert not any(p.value.rpartition(".")[2] != "view" for p in GRANTED[Role.READER])
    assert not may(Role.READER, Permission.PERSONAL_DATA_VIEW)


def test_only_counsel_and_administrators_decide_what_was_escalated():
    assert set(roles_with(Permission.REVIEW_DECIDE_ESCALATED)) == {Role.COUNSEL, Role.ADMINISTRATOR}


def test_only_administrators_manage_members():
    assert roles_with(Permission.MEMBERS_MANAGE) == (Role.ADMINISTRATOR,)


def test_one_who_decides_may_see_what_the_decision_is_about():
    for role in roles_with(Permission.REVIEW_DECIDE):
        assert {Permission.REVIEW_VIEW, Permission.FINDINGS_VIEW, Permission.LISTINGS_VIEW} <= GRANTED[role]
