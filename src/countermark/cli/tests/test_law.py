"""`countermark law` says rules with their sources, counts, and checks files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import countermark.law
from countermark.cli.main import app
from countermark.law import shipped_lawbook
from countermark.law.statement.tests.published_rules import GOOD, changed


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["law", *arguments])


def test_the_regimes_are_listed_with_version_and_how_well_they_are_known() -> None:
    rows = {row["id"]: row for row in json.loads(run("list", "--json").output)}
    assert rows["cn-goods"]["version"] == shipped_lawbook().regime("cn-goods").version
    assert 0 < rows["eu-dsa"]["confirmed"] < rows["eu-dsa"]["rules"]
    assert "European Union: Digital Services Act" in run("list").output


def test_a_rule_is_shown_with_source_tag_and_what_it_may_do() -> None:
    shown = run("show", "us-dmca/restore-window").output
    assert "17 U.S.C. 512(g)(2)(C) [Q: read in a verbatim quotation" in shown
    assert "not before 10 working days and not after 14 working days, counted by US-BD" in shown
    unconfirmed = run("show", "udrp/notify").output
    assert "Not confirmed" in unconfirmed
    assert json.loads(run("show", "udrp/notify", "--json").output)["tag"] == "M"
    assert "State Council" in run("show", "CN-WD").output
    assert "us-dmca/suit" in run("show", "us-dmca").output


def test_a_rule_is_shown_as_it_is_in_force_on_a_day() -> None:
    assert "250 000 CNY" in run("show", "cn-goods/trademark-fine", "--on", "2026-12-31").output
    assert "have not been read" in run("show", "cn-goods/trademark-fine", "--on", "2027-01-01").output


def test_a_deadline_is_counted_and_explained() -> None:
    said = run("count", "cn-goods/wait", "--from", "2026-09-17").output
    assert "legal deadline: 2026-10-08, until 24:00 in Asia/Shanghai" in said
    assert "2026-10-02  National Day" in said
    assert "E-Commerce Law (PRC) art. 43 [P" in said
    assert "Not confirmed: CN-CIV." in said
    told = json.loads(run("count", "cn-goods/wait", "--from", "2026-09-17", "--json").output)
    assert told["due"]["counted"]["last"] == "2026-10-08"
    assert told["called"] == "legal deadline"


def test_a_window_a_second_reading_and_a_target_are_told_apart() -> None:
    assert "2026-12-01 to 2026-12-07" in run("count", "us-dmca/restore-window", "--from", "2026-11-16").output
    readings = run("count", "cn-goods/wait-extended", "--from", "2026-09-22").output
    assert "read another way; nothing acts on this one" in readings
    assert "It runs from the start of wait" in readings
    target = run("count", "eu-dsa/decide", "--from", "2026-11-27", "--place", "FR").output
    assert "No legal deadline." in target
    assert "service target: 2026-12-04" in target


def test_a_way_of_counting_takes_any_period_and_place() -> None:
    said = run("count", "EU-WD", "--period", "10 working days", "--from", "2026-04-01", "--place", "DE").output
    assert "2026-04-17, firm" in said
    unknown = run("count", "CN-CIV", "--period", "15 days", "--from", "2031-01-20")
    assert "provisional" in unknown.output
    assert "Alert: Provisional" in unknown.output
    assert unknown.exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("count", "cn-goods/wait", "--from", "tomorrow"),
        ("count", "cn-goods/never", "--from", "2026-01-01"),
        ("count", "cn-goods/notice", "--from", "2026-01-01"),
        ("count", "cn-goods/wait", "--from", "2026-01-01", "--period", "3 days"),
        ("count", "EU-WD", "--from", "2026-01-01"),
        ("count", "MOON", "--from", "2026-01-01", "--period", "3 days"),
        ("count", "EU-WD", "--from", "2026-01-01", "--period", "3 working days", "--place", "ZZ"),
        ("show", "atlantis"),
        ("check", "no-such-file.yaml"),
    ],
)
def test_what_cannot_be_answered_ends_in_a_sentence(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 3
    assert "Error:" in result.output
    assert "Traceback" not in result.output


def test_files_are_checked_before_they_are_used(tmp_path: Path) -> None:
    law = Path(countermark.law.__file__).parent
    good = [law / "counting.yaml", law / "targets.yaml", *(law / "regimes").glob("*.yaml")]
    assert run("check", *map(str, good)).exit_code == 0
    broken = tmp_path / "mine.yaml"
    broken.write_bytes((law / "regimes" / "us-dmca.yaml").read_bytes().replace(b"tag: Q", b"tag: Z", 1))
    result = run("check", str(broken), str(good[0]))
    assert result.exit_code == 1
    assert "FAULT  mine.yaml" in result.output
    assert "good   counting.yaml" in result.output


def test_statements_are_checked_one_by_one_and_personal_data_are_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "batch.json"
    bad = changed({"puid": "p2", "decision_facts": "Ask jean.dupont@mail.example."})
    file.write_text(json.dumps({"statements": [GOOD, bad, {**GOOD, "puid": "p3", "decision_fact": "x"}]}))
    result = run("check", str(file))
    assert result.exit_code == 1
    assert "statement 2, decision_facts" in result.output
    assert "look   batch.json: statement 3, decision_fact" in result.output
    assert "dupont" not in result.output
    file.write_text(json.dumps(GOOD))
    assert run("check", str(file)).output == "good   batch.json\n"
    file.write_text("[[[")
    assert "It is not JSON" in run("check", str(file)).output
