"""Fixtures of the pages: browsers that are logged in, and a look at what a page holds."""

import time
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from countermark.node.findings import services as findings
from countermark.node.listings import services as listings
from countermark.node.parties.access import Member

Browser = Callable[..., Client]
#: Where allauth keeps when and how a session was proven, and for whom.
_RECORDS, _WHOSE = "account_authentication_methods", "account_authentication_methods_user"


@pytest.fixture
def browser(db) -> Browser:
    """A browser of a member, logged in now, or some minutes ago."""

    def logged_in(member: Member, minutes_ago: float = 0) -> Client:
        client = Client()
        client.force_login(
            get_user_model().objects.get(pk=member.user_id), "allauth.account.auth_backends.AuthenticationBackend"
        )
        session = client.session
        session[_RECORDS] = [{"method": "password", "at": time.time() - 60 * minutes_ago}]
        session[_WHOSE] = str(member.user_id)
        session.save()
        return client

    return logged_in


@pytest.fixture
def look() -> Callable[[bytes], LexborHTMLParser]:
    """The page as a tree."""
    return LexborHTMLParser


@pytest.fixture
def work() -> Callable[[], None]:
    """Do what waits, as a worker would."""

    def until_idle() -> None:
        while (waiting := listings.claim_import("worker of a test")) is not None:
            listings.run_import(waiting, "worker of a test")
        while (part := findings.claim_part("worker of a test")) is not None:
            findings.run_part(part, "worker of a test")

    return until_idle
