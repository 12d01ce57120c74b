"""`node file-notices`, as a person runs it: read, then sign; once, however often; a report by row."""

import csv
import json

import pytest

from countermark.node.exchange.signing import set_keys
from countermark.node.notices import factories
from countermark.node.notices.models import Notice


@pytest.fixture
def team(db):
    yield factories.make_agreed_team()
    set_keys(None)


def test_a_file_is_filed_once_it_is_signed_and_a_bad_row_is_reported(team, run, tmp_path):
    member = team.brand.analyst
    finding = factories.make_ground_for_notice(member)
    file, report = tmp_path / "notices.csv", tmp_path / "report.csv"
    file.write_text(f"finding,country\n{finding.core_id},FR\n=cmd,FR\n")
    command = ("node", "file-notices", file, "--as", member.email, "--words", factories.EXPLANATION, "--json")
    looked = run(*command)
    assert looked.exit_code == 0, looked.stderr
    assert "good faith" in json.loads(looked.stdout)["to_sign"][0]
    assert not Notice.objects.exists()
    for _ in range(2):
        done = run(*command, "--signer", "Ada Quill", "--sign", "--report", report)
        assert done.exit_code == 3
        counts = json.loads(done.stdout)
        assert (counts["filed"], counts["draft"], Notice.objects.count()) == (1, 1, 1)
    good, bad = csv.DictReader(report.read_text().splitlines())
    assert good["notice"] == Notice.objects.get().public_id
    assert bad["finding"] == "'=cmd"
    assert "no such finding" in bad["reasons"]


def test_a_file_that_is_none_is_refused_by_its_place(team, run, tmp_path):
    file = tmp_path / "notices.csv"
    file.write_text("listing\nlst_1\n")
    done = run("node", "file-notices", file, "--as", team.brand.analyst.email)
    assert done.exit_code == 3
    assert "names no column" in done.stderr
    assert run("node", "file-notices", tmp_path / "none.csv").exit_code == 3
