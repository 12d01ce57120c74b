"""Settings: each documented, production starts only when it is safe, the demo keeps its secret to itself."""

import os
import re
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from countermark.node.config import environment
from countermark.node.config.databases import database

ROOT = Path(__file__).parents[5]
CONFIG = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "settings.md"
SECRET = "kJ8-2fQ0zX7vB5nM1wE9rT4yU6iO3pAsDfGhJkLqWe7+mC2bXtY5"


def ours() -> set[str]:
    source = "".join(path.read_text() for path in CONFIG.rglob("*.py") if "tests" not in path.parts)
    return set(re.findall(r"\b(COUNTERMARK_[A-Z_]*[A-Z])\b", source)) | {"DATABASE_URL"}


def headings() -> set[str]:
    return {line[4:].strip() for line in PAGE.read_text().splitlines() if line.startswith("### ")}


def test_each_setting_has_a_heading_and_each_heading_a_setting():
    assert ours() == headings()


def run(command: list[str], home: Path, profile: str = "production", **variables: str):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTERMARK_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", *command],
        env=kept
        | {"DJANGO_SETTINGS_MODULE": f"countermark.node.config.settings.{profile}", "COUNTERMARK_HOME": str(home)}
        | variables,
        check=False,
        capture_output=True,
        text=True,
        cwd=home,
    )


def safe(**more: str) -> dict[str, str]:
    return {"COUNTERMARK_SECRET_KEY": SECRET, "COUNTERMARK_HOSTS": "node.aurelle.example"} | more


def test_a_node_that_is_set_up_passes_every_deployment_check(tmp_path):
    checked = run(["check", "--deploy", "--fail-level", "WARNING"], tmp_path, **safe())
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"COUNTERMARK_SECRET_KEY": ""}, "COUNTERMARK_SECRET_KEY is not set"),
        ({"COUNTERMARK_SECRET_KEY": "x" * 60}, "too easy to guess"),
        ({"COUNTERMARK_SECRET_KEY": "short"}, "too easy to guess"),
        ({"COUNTERMARK_SECRET_KEY_FILE": "/nowhere"}, "cannot be read"),
        ({"COUNTERMARK_HOSTS": ""}, "COUNTERMARK_HOSTS"),
        ({"COUNTERMARK_HOSTS": "*"}, "* is not one"),
        ({"COUNTERMARK_HOME": ""}, "COUNTERMARK_HOME is not set"),
        ({"COUNTERMARK_PROXIES": "lots"}, "whole number"),
        ({"DATABASE_URL": "mysql://x@y/z"}, "PostgreSQL 15"),
        ({"COUNTERMARK_SIGNER": "signer.sock"}, "write a whole path"),
        ({"COUNTERMARK_NODE_NAME": "https://node.aurelle.example"}, "without https://"),
        ({"COUNTERMARK_NODE_NAME": "node+log"}, "without https://"),
        ({"COUNTERMARK_EMAIL_HOST": "m.example", "COUNTERMARK_EMAIL_USER": "u"}, "COUNTERMARK_EMAIL_PASSWORD"),
    ],
)
def test_a_node_that_is_not_safe_does_not_start_and_says_why(production, variables, words):
    with pytest.raises(ImproperlyConfigured) as refused:
        production(**variables)
    assert words in str(refused.value)


@pytest.fixture
def production(tmp_path, monkeypatch):
    """The settings of a node as this process would read them, with some variables other than safe."""
    monkeypatch.setattr("countermark.node.config.logging.configure", lambda _level: None)
    for name in [name for name in os.environ if name.startswith(("COUNTERMARK_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)

    def read(**variables: str) -> dict[str, object]:
        for name, value in (safe(COUNTERMARK_HOME=str(tmp_path)) | variables).items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("countermark.node.config.settings.production")

    return read


def test_a_secret_may_come_from_a_file(production, tmp_path):
    file = tmp_path / "key"
    file.write_text(SECRET + "\n")
    read = production(COUNTERMARK_SECRET_KEY="", COUNTERMARK_SECRET_KEY_FILE=str(file))
    assert read["SECRET_KEY"] == SECRET


def test_without_a_proxy_no_header_of_a_caller_is_believed(production):
    assert production()["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert production(COUNTERMARK_PROXIES="0")["SECURE_PROXY_SSL_HEADER"] is None


def test_cookies_of_a_node_stay_on_https_and_on_its_host(production):
    read = production()
    assert read["SESSION_COOKIE_SECURE"] is read["CSRF_COOKIE_SECURE"] is True
    assert str(read["SESSION_COOKIE_NAME"]).startswith("__Host-")
    assert not read["DEBUG"]


def test_the_node_is_named_after_its_first_host_or_as_it_is_told(production):
    assert production()["COUNTERMARK_NODE_NAME"] == "node.aurelle.example"
    assert production(COUNTERMARK_NODE_NAME="log.aurelle.example")["COUNTERMARK_NODE_NAME"] == "log.aurelle.example"


def test_the_passphrase_of_the_keys_stands_in_no_setting(production, monkeypatch, tmp_path):
    words = "seven-invented-words-of-a-test"
    read = production(COUNTERMARK_KEY_PASSPHRASE=words)
    assert words not in repr(read)
    opens = read["COUNTERMARK_KEY_PASSPHRASE"]
    assert callable(opens)
    assert opens() == words
    (tmp_path / "words").write_text(f"{words}, newer\n")
    monkeypatch.setenv("COUNTERMARK_KEY_PASSPHRASE_FILE", str(tmp_path / "words"))
    assert opens() == f"{words}, newer"


def test_a_node_in_earnest_makes_no_key_by_itself_and_starts_without_any(production):
    read = production()
    assert read["COUNTERMARK_KEYS_ON_FIRST_USE"] is False
    assert read["COUNTERMARK_SIGNER"] == ""
    opens = read["COUNTERMARK_KEY_PASSPHRASE"]
    assert callable(opens)
    with pytest.raises(ImproperlyConfigured, match="COUNTERMARK_KEY_PASSPHRASE is not set"):
        opens()


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """The settings of the demo as this process would read them."""
    monkeypatch.setattr("countermark.node.config.logging.configure", lambda _level: None)
    monkeypatch.setenv("COUNTERMARK_HOME", str(tmp_path))
    return lambda: runpy.run_module("countermark.node.config.settings.demo")


def test_the_demo_makes_its_secret_once_and_keeps_it_to_its_owner(demo, tmp_path):
    first, second = demo()["SECRET_KEY"], demo()["SECRET_KEY"]
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_the_demo_keeps_the_passphrase_of_its_keys_beside_its_secret(demo, tmp_path):
    first, second = demo()["COUNTERMARK_KEY_PASSPHRASE"](), demo()["COUNTERMARK_KEY_PASSPHRASE"]()
    assert first == second != demo()["SECRET_KEY"]
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "key-passphrase").stat().st_mode) == 0o600


def test_the_demo_answers_loopback_names_only(demo):
    assert demo()["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


def test_passwords_are_hashed_with_argon2_on_a_node():
    from countermark.node.config.settings import shared

    assert shared.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_the_migrations_are_what_the_models_say(tmp_path):
    address = f"sqlite:///{tmp_path}/x.sqlite3"
    checked = run(["makemigrations", "--check", "--dry-run"], tmp_path, "test", DATABASE_URL=address)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.django_db
def test_sqlite_runs_as_a_node_needs_it():
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    with connection.cursor() as cursor:

        def pragma(name: str) -> object:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        assert (pragma("journal_mode"), pragma("foreign_keys"), pragma("recursive_triggers")) == ("wal", 1, 1)
    assert database(Path("x"))["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_values_of_the_environment_are_checked(monkeypatch):
    monkeypatch.setenv("COUNTERMARK_X", "maybe")
    with pytest.raises(ImproperlyConfigured, match="yes or no"):
        environment.flag("COUNTERMARK_X")
    monkeypatch.setenv("COUNTERMARK_X", "٣")
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        environment.number("COUNTERMARK_X", 1)
    monkeypatch.setenv("COUNTERMARK_X", " a, b ,,")
    assert environment.items("COUNTERMARK_X") == ["a", "b"]
    monkeypatch.delenv("COUNTERMARK_X")
    assert environment.flag("COUNTERMARK_X", default=True)


def test_the_languages_are_english_french_and_chinese():
    assert [code for code, _ in settings.LANGUAGES] == ["en", "fr", "zh-hans"]
    assert settings.TIME_ZONE == "UTC"
