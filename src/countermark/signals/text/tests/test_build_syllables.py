"""The shipped table is what the script makes of the package's readings."""

from pathlib import Path

from countermark.signals.text.build_syllables import TARGET, build
from countermark.signals.text.homophones import syllables


def test_the_shipped_table_is_made_from_the_packages_readings(tmp_path: Path):
    assert build(tmp_path / "syllables.tsv") > 400
    assert (tmp_path / "syllables.tsv").read_bytes() == TARGET.read_bytes()


def test_the_shipped_table_has_its_notice_and_one_plain_reading_a_character():
    assert "mozillazg" in TARGET.with_name("SYLLABLES-LICENSE.txt").read_text(encoding="utf-8")
    assert len(syllables()) > 20_000
    assert {len(letter) for letter in syllables()} == {1}
    assert syllables()["珂"] == "ke"
