"""Problems: one sentence that page, API and command share."""

from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, NotPermitted, Problem


def test_each_kind_has_its_own_status_and_code():
    kinds = (NotFound, NotPermitted, Conflict, Invalid)
    assert len({kind.status for kind in kinds} | {Problem.status}) == 5
    assert len({kind.code for kind in kinds}) == 4


def test_one_field_problem_gives_its_code_and_field():
    problem = Invalid.of("price", "price-negative", "The price is negative.", "Write what the buyer pays.")
    assert (problem.code, problem.pointer) == ("price-negative", "price")
    assert str(problem) == "The price is negative. Write what the buyer pays."


def test_several_field_problems_are_all_named():
    problem = Invalid([FieldProblem("a", "x", "A is wrong."), FieldProblem("b", "y", "B is wrong.", "Mend it.")])
    assert problem.code == "invalid"
    assert problem.pointer == ""
    assert problem.detail == "A is wrong. B is wrong. Mend it."


def test_not_found_does_not_repeat_what_could_harm_a_page_or_a_log():
    assert "<" not in NotFound("listing", "lst_1\n<script>" * 9).detail
    assert NotFound("listing", "lst_1").detail == "There is no listing lst_1 here."


def test_not_permitted_says_who_can_grant_it():
    problem = NotPermitted("No.", permission="rights.edit", roles=["counsel"], grantors=["administrator"])
    assert (problem.permission, problem.roles, problem.grantors) == ("rights.edit", ("counsel",), ("administrator",))
