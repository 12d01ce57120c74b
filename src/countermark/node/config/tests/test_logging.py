"""Logs: JSON, with the request's id, without personal data."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.node.config.logging import MASK, clean_text, mask_personal_data


def masked(**event: object) -> dict[str, object]:
    return dict(mask_personal_data(None, "info", dict(event)))


@pytest.mark.parametrize("key", ["email", "Name", "phone", "seller_name", "password", "reporter_email", "remote_addr"])
def test_values_of_personal_keys_are_masked(key):
    assert masked(**{key: "Mira Vale"}) == {key: MASK}
    assert masked(facts={key: "Mira Vale", "n": [1, {key: "x"}]})["facts"] == {key: MASK, "n": [1, {key: MASK}]}


@pytest.mark.parametrize(
    "text",
    [
        "no account for mira.vale+shop@bazaar.example today",
        "called +33 6 12 34 56 78 twice",
        "paid from FR76 3000 6000 0112 3456 7890 189",
        "GET /findings/?q=mira+vale",
        "duplicate key\nDETAIL:  Key (email)=(mira) already exists.\nmore",
    ],
)
def test_personal_data_inside_a_text_is_masked(text):
    cleaned = clean_text(text)
    assert MASK in cleaned
    assert not any(word in cleaned.lower() for word in ("mira", "34 56", "3000"))


@pytest.mark.parametrize(
    "text",
    [
        "lst_01JD8Z6Q0W5T3V7R9K2M4N6P8S scanned in 1.25 s",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "2026-11-24T11:29:16Z 4000 rows, 3.5 % bad",
    ],
)
def test_what_is_not_personal_stays(text):
    assert clean_text(text) == text


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_is_logged_becomes_json(value):
    json.dumps(masked(value=value), default=str)


def test_a_deep_or_long_value_is_cut():
    deep: list[object] = []
    for _ in range(50):
        deep = [deep]
    assert "too deep" in str(masked(value=deep))
    assert len(clean_text("x" * 10**6)) < 10**5


LINES = """
import logging, structlog
from countermark.node.config.logging import configure
configure("INFO")
structlog.get_logger("ours").info("import.done", rows=3, email="mira@x.example")
logging.getLogger("theirs").warning("failed for %s", "mira@x.example")
try:
    raise ValueError("bad address mira@x.example")
except ValueError:
    structlog.get_logger("ours").exception("broke")
logging.getLogger("uvicorn.access").info("GET /?q=mira")
logging.getLogger("django.request").error("Internal Server Error: %s", "/seller/mira-secret-of-sixteen/answer/")
logging.getLogger("django.security.csrf").warning("Forbidden (…): /seller/mira-secret/")
"""


def test_our_lines_and_those_of_libraries_come_out_alike():
    ran = subprocess.run([sys.executable, "-c", LINES], check=True, capture_output=True, text=True)
    assert ran.stdout == ""
    assert "mira" not in ran.stderr
    ours, theirs, broke, failed = (json.loads(line) for line in ran.stderr.splitlines())
    assert (ours["event"], ours["rows"], ours["level"], ours["logger"]) == ("import.done", 3, "info", "ours")
    assert theirs["level"] == "warning"
    assert "ValueError" in broke["exception"]
    assert failed["event"] == "Internal Server Error: /seller/[masked]/answer/"
