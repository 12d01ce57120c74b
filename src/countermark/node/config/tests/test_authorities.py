"""Certificates of partners' own authorities, as the environment names them."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.authorities import authorities
from countermark.node.kernel.tests.test_reaching import certified

__all__ = ["certified"]
NAME = "COUNTERMARK_PARTNER_AUTHORITIES"


@pytest.fixture
def file(certified, tmp_path: Path) -> Path:
    """The certificate of bazaar.example."""
    found = tmp_path / "bazaar-ca.pem"
    found.write_text(certified[2])
    return found


def test_each_partners_node_has_a_file_of_its_own(file, monkeypatch):
    monkeypatch.setenv(NAME, f" node.bazaar.example={file} , ")
    assert authorities(NAME) == {"node.bazaar.example": file}


@pytest.mark.parametrize("written", ["{file}", "={file}", "a=", "a={file},a={file}", "a=/nowhere.pem", "a={empty}"])
def test_a_setting_that_would_trust_something_else_is_refused_at_the_start(file, tmp_path, monkeypatch, written: str):
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    monkeypatch.setenv(NAME, written.format(file=file, empty=empty))
    with pytest.raises(ImproperlyConfigured, match=NAME):
        authorities(NAME)
