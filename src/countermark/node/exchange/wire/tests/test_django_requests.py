"""A request of Django is read as its sender signed it: under ASGI, under WSGI, and behind a proxy that ends TLS."""

import asyncio
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote, urlencode

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory
from django.test.client import AsyncRequestFactory
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from countermark.node.exchange.wire.django_requests import caller_of, header_lines, signed_url
from countermark.node.exchange.wire.nonces import NoncesInMemory
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.signed_requests import sign
from countermark.node.exchange.wire.tests.wire_cases import KEY, NOW, PARTY, find_key

BODY = b'{"seq":7}'
TARGETS = [
    "/exchange/v1/feeds",
    "/exchange/v1/feeds/agr-1:maison-aurelle/entries?after=7&word=a+b%26c%3D%C3%A9",
    "/exchange/v1/feeds?after=7&after=8",
    "/exchange/v1/caf%C3%A9",
    "/",
]


def _signed(url: str, body: bytes = BODY) -> dict[str, str]:
    return sign("POST", url, body, KEY, party=PARTY, now=NOW)


def _asgi(target: str, headers: list[tuple[str, str]], *, scheme: str = "https", body: bytes = BODY) -> ASGIRequest:
    """As uvicorn hands it over."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": scheme,
        "path": unquote(path, errors="replace"),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 40000),
    }
    return ASGIRequest(scope, BytesIO(body))


def _wsgi(target: str, headers: dict[str, str], *, secure: bool = True, body: bytes = BODY):
    named = {name: value for name, value in headers.items() if name != "Content-Type"}
    return RequestFactory().generic(
        "POST", target, body, content_type=headers.get("Content-Type", ""), secure=secure, headers=named
    )


def _party(request, body: bytes = BODY) -> str:
    return caller_of(request, signed_url(request), body, find_key, NoncesInMemory(), NOW).party


def _code(request, body: bytes = BODY) -> str:
    with pytest.raises(RequestRefused) as caught:
        caller_of(request, signed_url(request), body, find_key, NoncesInMemory(), NOW)
    return caught.value.code


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_signed_is_found_again_under_asgi_and_wsgi(target):
    headers = {**_signed(f"https://testserver{target}"), "Host": "testserver"}
    assert _party(_asgi(target, list(headers.items()))) == PARTY
    assert _party(_wsgi(target, headers)) == PARTY


@hypothesis_settings(deadline=None)
@given(query=st.dictionaries(st.text(max_size=5), st.text(max_size=10), max_size=3), part=st.text(max_size=10))
def test_any_query_and_any_path_come_through(query, part):
    target = f"/feeds/{quote(part, safe='')}" + (f"?{urlencode(query)}" if query else "")
    headers = {**_signed(f"https://testserver{target}"), "Host": "testserver"}
    assert _party(_asgi(target, list(headers.items()))) == PARTY


def test_the_port_of_the_host_belongs_to_the_url():
    headers = {**_signed("https://testserver:8443/feeds"), "Host": "testserver:8443"}
    assert _party(_asgi("/feeds", list(headers.items()))) == PARTY
    assert _code(_asgi("/feeds", list((headers | {"Host": "testserver"}).items()))) == "bad-signature"


def test_behind_a_proxy_the_scheme_is_what_the_proxy_says(settings):
    headers = {**_signed("https://testserver/feeds"), "Host": "testserver", "X-Forwarded-Proto": "https"}
    assert _code(_asgi("/feeds", list(headers.items()), scheme="http")) == "bad-signature"
    assert _code(_wsgi("/feeds", headers, secure=False)) == "bad-signature"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert _party(_asgi("/feeds", list(headers.items()), scheme="http")) == PARTY
    assert _party(_wsgi("/feeds", headers, secure=False)) == PARTY


def test_a_request_for_another_node_is_not_taken_here():
    headers = {**_signed("https://alto-pay.example/feeds"), "Host": "alto-pay.example"}
    assert _code(_asgi("/feeds", list(headers.items()))) == "wrong-host"
    assert _code(_wsgi("/feeds", headers)) == "wrong-host"


def test_a_header_that_stands_twice_is_seen_under_asgi_even_when_both_are_alike():
    headers = [*_signed("https://testserver/feeds").items(), ("Host", "testserver")]
    for name, value in headers:
        expected = "wrong-host" if name == "Host" else "repeated-header"
        assert _code(_asgi("/feeds", [*headers, (name, value)])) == expected


@pytest.mark.parametrize(
    "name", ["Signature", "Signature-Input", "Content-Digest", "Content-Type", "Countermark-Party"]
)
def test_a_header_that_wsgi_has_joined_is_refused_by_its_value(name):
    headers = {**_signed("https://testserver/feeds"), "Host": "testserver"}
    joined = headers | {name: f"{headers[name]},{headers[name]}"}
    assert _code(_wsgi("/feeds", joined)) in {"malformed", "several-signatures", "bad-signature", "wrong-signer"}


def test_a_name_with_an_underscore_does_not_pass_for_one_with_a_hyphen_under_asgi():
    headers = {**_signed("https://testserver/feeds"), "Host": "testserver"}
    spoofed = [(name.replace("Content-Digest", "Content_Digest"), value) for name, value in headers.items()]
    assert _code(_asgi("/feeds", spoofed)) == "missing-component"


def test_bytes_that_are_no_ascii_are_refused_and_nothing_worse():
    headers = {**_signed("https://testserver/feeds"), "Host": "testserver"}
    for name in ("Signature", "Signature-Input", "Content-Digest", "Countermark-Party"):
        assert _code(_asgi("/feeds", list((headers | {name: "\xff\xfe"}).items())))
    assert _code(_asgi("/feeds\xff", list(headers.items()))) == "bad-signature"
    assert _code(_asgi("/feeds?\xff", list(headers.items()))) == "bad-signature"


def test_a_body_that_was_changed_is_refused():
    headers = {**_signed("https://testserver/feeds"), "Host": "testserver"}
    assert _code(_asgi("/feeds", list(headers.items())), b'{"seq":8}') == "digest-mismatch"


def test_a_request_without_a_body_has_no_content_type_of_its_own_making():
    headers = {**sign("GET", "https://testserver/feeds", b"", KEY, party=PARTY, now=NOW), "Host": "testserver"}
    request = RequestFactory().get("/feeds", secure=True, headers=headers)
    assert _party(request, b"") == PARTY


def test_djangos_own_asynchronous_factory_gives_what_it_was_told():
    request = AsyncRequestFactory().get("/feeds?after=7")
    assert signed_url(request) == "http://testserver/feeds?after=7"
    assert dict(header_lines(request))["host"] == "testserver"


def test_a_request_over_the_node_s_own_asgi_stack_reaches_a_view_whole(settings):
    """Through Django's handler, as uvicorn would call it."""
    from django.core.handlers.asgi import ASGIHandler
    from django.http import HttpResponse
    from django.urls import path

    seen = []

    def view(request):
        seen.append(_party(request, request.body))
        return HttpResponse()

    class Urls:
        urlpatterns = [path("feeds", view)]

    settings.ROOT_URLCONF = Urls
    settings.MIDDLEWARE = []
    headers = {**_signed("https://testserver/feeds?after=7"), "Host": "testserver"}
    scope = _asgi("/feeds?after=7", list(headers.items())).scope
    told: list[Mapping[str, Any]] = []

    async def ask() -> None:
        events = iter([{"type": "http.request", "body": BODY, "more_body": False}])

        async def receive() -> dict[str, object]:
            found = next(events, None)
            if found is None:
                await asyncio.sleep(3600)
            return dict(found or {})

        async def send(event: Mapping[str, Any]) -> None:
            told.append(event)

        await ASGIHandler()(dict(scope), receive, send)

    asyncio.run(ask())
    assert seen == [PARTY]
    assert told[0]["status"] == 200
