"""What every answer carries, and what an upload may do."""

import asyncio

import pytest
import structlog
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from countermark.node.config.bodies import SLACK, BoundedBodies, Message
from countermark.node.config.uploads import BoundedUpload
from countermark.node.kernel.requests import request_id


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>{request_id()}</p>")


def kept(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "private, max-age=9"})


def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    return HttpResponse(str(file.size))


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


urlpatterns = [path("page/", page), path("form/", form), path("kept/", kept), path("upload/", upload)]

pytestmark = pytest.mark.urls(__name__)


def test_nothing_inline_and_nothing_foreign_runs(client):
    policy = client.get("/page/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert "unsafe" not in policy
    assert "http" not in policy
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["form-action"] == "'self'"


def test_each_answer_carries_the_headers(client):
    headers = client.get("/page/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_page_may_say_that_it_can_be_kept(client):
    assert client.get("/kept/").headers["Cache-Control"] == "private, max-age=9"


def test_each_request_has_an_id_of_its_own_and_one_log_line_without_what_was_typed(client):
    with structlog.testing.capture_logs() as logs:
        answers = [client.get("/page/?q=mira") for _ in range(2)]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert ids[0] != ids[1]
    assert ids[0] in answers[0].content.decode()
    lines = [line for line in logs if line["event"] == "request"]
    assert [(line["route"], line["status"], line["method"]) for line in lines] == [("page/", 200, "GET")] * 2
    assert "mira" not in str(logs)
    assert request_id() == ""


def test_an_id_that_a_caller_sends_is_not_taken_over(client):
    assert client.get("/page/", headers={"X-Request-Id": "req_forged"}).headers["X-Request-Id"] != "req_forged"


def test_a_file_within_the_limit_comes_in(client, tmp_path, settings):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 10_000
    file = tmp_path / "a.csv"
    file.write_bytes(b"x" * 9_000)
    with file.open("rb") as opened:
        assert client.post("/upload/", {"file": opened}).content == b"9000"


def test_an_upload_is_stopped_at_the_limit_over_all_its_files(settings):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 10_000
    handler = BoundedUpload(RequestFactory().post("/"))
    handler.new_file("a", "a.csv", "text/csv", None)
    handler.receive_data_chunk(b"x" * 6_000, 0)
    handler.new_file("b", "b.csv", "text/csv", None)
    with pytest.raises(RequestDataTooBig):
        handler.receive_data_chunk(b"x" * 6_000, 0)


def test_a_form_without_files_is_bounded(client):
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert client.post("/form/", data="a=" + "x" * 200_000, **form).status_code == 200
    assert client.post("/form/", data="a=" + "x" * 300_000, **form).status_code == 400


def test_an_upload_above_the_limit_is_refused_and_not_kept(client, tmp_path, settings):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 10_000
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    file = tmp_path / "a.csv"
    file.write_bytes(b"x" * 200_000)
    with file.open("rb") as opened:
        assert client.post("/upload/", {"file": opened}).status_code == 400
    assert list(tmp_path.iterdir()) == [file]


def ask(pieces: list[bytes], *, declared: int | None = None) -> tuple[list[Message], list[Message]]:
    """What the application behind the bound receives, and what the client is answered."""
    inside: list[Message] = []
    answered: list[Message] = []
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]

    async def application(_scope, receive, _send):
        while not inside or inside[-1]["type"] != "http.disconnect":
            if not waiting:
                return
            inside.append(await receive())

    async def receive():
        return waiting.pop(0)

    async def send(message):
        answered.append(message)

    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    asyncio.run(BoundedBodies(application)({"type": "http", "headers": headers}, receive, send))
    return inside, answered


def test_a_body_that_says_it_is_too_long_is_answered_unread(settings):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 1000
    inside, answered = ask([b"x"], declared=1001 + SLACK)
    assert inside == []
    assert answered[0]["status"] == 413


def test_a_body_that_does_not_say_its_length_is_cut_at_the_limit(settings):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 1000
    inside, _ = ask([b"x" * SLACK, b"x" * 1000, b"x", b"x"])
    assert [message["type"] for message in inside] == ["http.request", "http.request", "http.disconnect"]


def test_a_body_within_the_limit_comes_through(settings):
    settings.COUNTERMARK_MAX_UPLOAD_BYTES = 1000
    inside, answered = ask([b"abc"], declared=3)
    assert (inside[0]["body"], answered) == (b"abc", [])


def test_the_application_starts():
    from countermark.node.config.asgi import application

    assert callable(application)


def test_a_style_is_answered_whole_with_our_headers_and_for_our_pages_only(client):
    answer = client.get("/static/account/js/account.js")
    assert answer.status_code == 200
    assert not answer.streaming
    assert answer.content
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "javascript" in answer.headers["Content-Type"]
    again = client.get("/static/account/js/account.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_no_address_leads_out_of_the_static_files(client):
    assert client.get("/static/../manage.py").status_code == 404
    assert client.get("/static/%2e%2e/%2e%2e/etc/passwd").status_code == 404
