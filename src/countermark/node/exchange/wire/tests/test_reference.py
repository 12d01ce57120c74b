"""The reference says what the code does, and its program signs what the code accepts."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from countermark.node.exchange.wire import backoff, headers, partner_problems, signature_input, signed_requests
from countermark.node.exchange.wire.client import Bounds
from countermark.node.exchange.wire.refusals import REASONS
from countermark.node.exchange.wire.tests.wire_cases import KEY, PARTY, Receiver, Request
from countermark.node.kernel import addresses

PAGE = (Path(__file__).parents[6] / "docs" / "reference" / "exchange.md").read_text()


def _rows(heading: str) -> set[tuple[str, ...]]:
    """Cells of the table under a heading whose first cell is a code."""
    _, _, part = PAGE.partition(f"### {heading}\n")
    part = part.partition("\n### ")[0].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", part, re.MULTILINE)
    return {(code, *rest.split(" | ")) for code, rest in rows}


def test_each_refusal_of_a_request_is_listed_with_its_status():
    assert _rows("Why a request is refused") == {
        (code, str(int(reason.status)), reason.sentence) for code, reason in REASONS.items()
    }


def test_each_problem_with_a_partner_is_listed():
    assert _rows("What our client does") == set(partner_problems.REASONS.items())


def test_each_reason_not_to_ask_an_address_is_listed():
    assert _rows("Where a node reaches") == set(addresses.REASONS.items())


def test_the_limits_are_those_of_the_code():
    seconds = signature_input.MOST_AHEAD.total_seconds()
    for words in (
        f"| age of a signature | {signature_input.LONGEST_AGE.total_seconds() / 60:.0f} minutes |",
        f"| a clock that is ahead | {seconds:.0f} seconds |",
        f"for each key | {signed_requests.NONCE_KEPT.total_seconds() / 60:.0f} minutes |",
        f"| headers | {headers.MOST_HEADERS} lines; {headers.LONGEST_VALUE} characters a value",
        f" a value, {headers.LONGEST_ALL} in all",
        f"; {signature_input.LONGEST} for each of the signature's two",
        f"| URL | {signed_requests.LONGEST_URL} characters |",
        f"| parts that a signature names | {signature_input.MOST_COMPONENTS} |",
        f"`{signature_input.TAG}`",
        f"default {Bounds().total:.0f} seconds, {Bounds().step:.0f} for each step",
        f"each step, {Bounds().most_bytes >> 20} MiB an answer",
        f"min({backoff.LONGEST.total_seconds() / 60:.0f} minutes, 2ⁿ seconds)",
    ):
        assert words in PAGE.replace("\n", " "), words


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b'{"seq":7}')])
def test_the_program_of_the_reference_signs_what_a_node_accepts(tmp_path, method, body):
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "sign.py").write_text(program)
    (tmp_path / "key.pem").write_bytes(KEY.to_pem(b"open"))
    (tmp_path / "body").write_bytes(body)
    url = "https://node.bazaar.example/exchange/v1/agreements/aurelle-bazaar/entries?after=7"
    asked = [sys.executable, "sign.py", "key.pem", method, url, *(["body"] if body else [])]
    environment = os.environ | {"PASSPHRASE": "open"}
    done = subprocess.run(asked, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    lines = tuple((name, value) for name, _, value in (line.partition(": ") for line in done.stdout.splitlines()))
    assert Receiver().take(Request(method, url, lines, body), now=datetime.now(UTC)).party == PARTY
