"""Trouble as a page, as a line, as JSON."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from countermark.node.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, NotPermitted, Problem
from countermark.node.web.problems import views

PROBLEMS: dict[str, Problem] = {
    "404": NotFound("right", "rgt_1"),
    "403": NotPermitted("This needs “rights.edit”.", permission="rights.edit", roles=("analyst", "counsel")),
    "409": Conflict("Ana decided this 20 s ago.", code="finding-decided", pointer="fnd_1"),
    "422": Invalid([FieldProblem("price.low", "a", "It is low.", "Raise it."), FieldProblem("", "b", "Both.", "")]),
    "500": Problem("It broke."),
}


def trouble(request: HttpRequest, kind: str) -> HttpResponse:
    raise PROBLEMS[kind]


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def big(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


urlpatterns = [
    path("trouble/<str:kind>/", trouble),
    path("breaks/", breaks),
    path("denied/", denied),
    path("big/", big),
    path("account/", include("allauth.urls")),
    path("", include("countermark.node.web.urls")),
]
handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def calm(client):
    """A browser that is given the answer to an error instead of the error."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_problem_is_a_page_that_says_what_happened_what_was_kept_and_what_to_do(calm, look, kind):
    answer = calm.get(f"/trouble/{kind}/")
    assert answer.status_code == int(kind)
    text = look(answer.content).css_first("main").text()
    assert str(PROBLEMS[kind].detail).split(".")[0] in text
    assert "What was kept" in text
    assert "What to do" in text
    assert answer.headers["X-Request-Id"] in text


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_part_that_waits_gets_a_line_and_the_page_stays(calm, kind):
    answer = calm.get(f"/trouble/{kind}/", headers={"HX-Request": "true"})
    assert answer.status_code == int(kind)
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert answer.content.decode().lstrip().startswith('<div class="toast"')


def test_a_machine_gets_problem_json(calm):
    answer = calm.get("/trouble/422/", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 422
    assert body["errors"][0] == {"pointer": "/price/low", "code": "a", "detail": "It is low. Raise it."}
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert calm.get("/trouble/409/", headers={"Accept": "application/problem+json"}).json()["code"] == "finding-decided"


@pytest.mark.parametrize(
    ("address", "status"), [("/breaks/", 500), ("/denied/", 403), ("/big/", 413), ("/no/such/", 404)]
)
def test_errors_that_no_room_explained_have_pages_too_and_tell_no_secret(calm, look, address, status):
    answer = calm.get(address)
    assert answer.status_code == status
    assert len(look(answer.content).css("h1")) == 1
    assert b"secret detail" not in answer.content
    assert b"Traceback" not in answer.content


def test_who_may_is_said_by_role(calm, look):
    assert "Analyst, Counsel" in look(calm.get("/trouble/403/").content).css_first("dl").text()


def test_a_page_that_only_answers_to_its_form_says_so(browser, member):
    assert browser(member).get("/scans/start/").status_code == 405
