"""Which timestamp authorities are asked is said once, whole, and without a mistake that would show years later."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.timestamping import timestampers
from countermark.proof.tests.authority import Authority


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Authority.made(tmp_path_factory.mktemp("authority")).folder / "root.pem"


def read(monkeypatch: pytest.MonkeyPatch, urls: str, files: str) -> tuple[tuple[str, bytes], ...]:
    monkeypatch.setenv("URLS", urls)
    monkeypatch.setenv("FILES", files)
    return timestampers("URLS", "FILES")


def test_two_authorities_are_believed_each_by_its_own_certificates(monkeypatch, pem: Path) -> None:
    found = read(monkeypatch, "https://one.example/tsa, http://two.example/", f"{pem},{pem}")
    assert found == (("https://one.example/tsa", pem.read_bytes()), ("http://two.example/", pem.read_bytes()))
    assert read(monkeypatch, "", "") == ()


@pytest.mark.parametrize(
    ("urls", "files", "said"),
    [
        ("https://one.example/", "", "name the same authorities"),
        ("https://one.example/,https://two.example/", "PEM", "name the same authorities"),
        ("https://a.example/,https://b.example/,https://c.example/", "PEM,PEM,PEM", "2 at most"),
        ("https://one.example/,https://one.example/", "PEM,PEM", "twice"),
        ("one.example", "PEM", "begin with https://"),
        ("https://one.example/", "/no/such/file.pem", "cannot be read"),
        ("https://one.example/", __file__, "test_timestamping.py"),
    ],
)
def test_a_mistake_is_named_with_its_setting_when_the_node_starts(monkeypatch, pem: Path, urls, files, said) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        read(monkeypatch, urls, files.replace("PEM", str(pem)))
