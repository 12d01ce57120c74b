"""A regime that does not hold together does not load, and a matter finds the one it falls under."""

from datetime import date

import pytest

from countermark.law.lawbook import SHIPPED as FOLDER
from countermark.law.lawbook import read_lawbook
from countermark.law.regime import read_regime
from countermark.law.regime_file import Channel, Subject
from countermark.law.rule import Role
from countermark.law.tags import Review, Source, Tag, is_signed, weakest
from countermark.law.targets import read_targets, shipped_targets
from countermark.law.territories import MEMBER_STATES
from countermark.law.tests.stories import BOOK
from countermark.model import InvalidRecord, RightKind

SMALL = b"""format: countermark-regime/1
id: xx
title: A law
summary: For tests.
applies: {subjects: [goods], channel: statutory, countries: [FR]}
zone: Europe/Paris
valid_from: 2020-01-01
sources: [{norm: Act art. 9, tag: P}]
actors: {platform: the platform}
facts: {reason: the reason}
procedure:
  states: [{id: draft, says: Nothing.}, {id: done, says: All., closed: true}]
  moves:
    - {event: go, by: [platform], leaving: [draft], to: done, rule: wait, needs: [reason], starts: [wait]}
  barred:
    - {event: stay, leaving: [draft], rule: wait, says: No.}
rules:
  - {id: wait, title: Wait, who: platform, role: wait, says: W., time: {period: 5 days, count: CAL},
     sources: [{norm: Act art. 1, tag: P}]}
asked:
  evidence: {capture: a page}
  grounds:
    - {id: fake, title: Fake, kinds: [trademark], evidence: [[capture]], sources: [{norm: Act art. 2, tag: P}]}
  fields:
    - {id: facts, title: Facts, mend: Write., of: [notice], reasons: [fake], sources: [{norm: Act art. 3, tag: P}]}
"""


def test_the_small_regime_of_these_tests_loads() -> None:
    assert read_regime(SMALL).rule("wait", date(2026, 1, 1)).role is Role.WAIT


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"sources: [{norm: Act art. 1, tag: P}]", b"sources: []", "wait has no source"),
        (b",\n     sources: [{norm: Act art. 1, tag: P}]", b"", "sources"),
        (b"sources: [{norm: Act art. 2, tag: P}]", b"sources: []", "fake has no source"),
        (b"sources: [{norm: Act art. 3, tag: P}]", b"sources: []", "facts has no source"),
        (b"sources: [{norm: Act art. 9, tag: P}]", b"sources: []", "no source for being in force"),
        (b"tag: P}]}\nasked", b"tag: Z}]}\nasked", "tag"),
        (b"tag: P}]}\nasked", b"tag: O}]}\nasked", "mixes up policy and norm"),
        (b"who: platform, role", b"who: nobody, role", "no actor"),
        (b"count: CAL", b"count: MOON", "no way of counting"),
        (b"5 days", b"5 working days", "does not count"),
        (b"5 days", b"five days", "not a number of days"),
        (b"count: CAL}", b"count: CAL, runs_from: end of never}", "end of never"),
        (b", time: {period: 5 days, count: CAL}", b"", "without a time"),
        (b"leaving: [draft], to: done", b"leaving: [drafty], to: done", "no state"),
        (b"to: done", b"to: nowhere", "no state"),
        (b"to: done", b"to: draft", "nothing leads to the state done"),
        (b"by: [platform]", b"by: [cat]", "no actor"),
        (b"rule: wait, needs", b"rule: none, needs", "does not exist"),
        (b"starts: [wait]", b"starts: [bait]", "does not exist"),
        (b"needs: [reason]", b"needs: [rhyme]", "glossary lacks"),
        (b"leaving: [draft], rule: wait, says: No.", b"leaving: [draft], rule: bait, says: No.", "barred"),
        (b"evidence: [[capture]]", b"evidence: [[cup]]", "cup"),
        (b"reasons: [fake]", b"reasons: [fade]", "fade"),
        (b"zone: Europe/Paris", b"zone: Europe/Nowhere", "time zone"),
        (b"countermark-regime/1", b"countermark-regime/7", "format"),
        (b"summary: For tests.", b"summary: For tests.\ncolour: red", "colour"),
        (b"title: A law", b"title: &a A law", "summary"),
        (b"title: A law", b"title: A law\ntitle: B", "second time"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_with_the_fault(old: bytes, new: bytes, reason: str) -> None:
    broken = SMALL.replace(old, new)
    assert broken != SMALL
    if b"&a" in new:
        broken = broken.replace(b"summary: For tests.", b"summary: *a")
        reason = "alias"
    with pytest.raises(InvalidRecord, match=reason):
        read_regime(broken, "xx.yaml")


def test_one_event_cannot_lead_two_ways() -> None:
    line = b"    - {event: go, by: [platform], leaving: [draft], to: done, rule: wait}\n"
    with pytest.raises(InvalidRecord, match="two ways"):
        read_regime(SMALL.replace(b"  barred:\n", line + b"  barred:\n"))


def test_one_rule_can_change_on_a_day_but_not_stand_twice_for_the_same_days() -> None:
    fine = BOOK.regime("cn-goods")
    assert "250 000" in fine.rule("trademark-fine", date(2026, 12, 31)).says
    assert "2026" in fine.rule("trademark-fine", date(2027, 1, 1)).sources[0].norm
    with pytest.raises(InvalidRecord, match="stands twice for the same days"):
        read_regime(fine.source.replace(b"valid_to: 2026-12-31", b"valid_to: 2027-01-31"))
    with pytest.raises(InvalidRecord, match="not in force on 2020-01-01"):
        BOOK.regime("eu-dsa").rule("database-schema", date(2020, 1, 1))


def test_a_rule_is_as_well_known_as_its_worst_source() -> None:
    assert weakest([Source("a", Tag.PRIMARY), Source("b", Tag.MEMORY), Source("c", Tag.QUOTED)]) is Tag.MEMORY
    assert not Tag.MEMORY.is_confirmed
    assert not Tag.WEAK.is_confirmed
    assert not Tag.OWN.is_confirmed
    assert Tag.QUOTED.is_confirmed


def test_a_signature_is_for_one_version_of_one_rule() -> None:
    review = Review(rule="a/b", version="1", reviewer="C. Vidal", day=date(2026, 1, 1))
    assert is_signed("a/b", "1", [review])
    assert not is_signed("a/b", "2", [review])
    assert not is_signed("a/c", "1", [review])
    with pytest.raises(InvalidRecord):
        Review(rule="a/b", version="1", reviewer=" ", day=date(2026, 1, 1))


TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("country", "kind", "subject", "expected"),
    [
        ("DE", RightKind.TRADEMARK, Subject.GOODS, "eu-dsa"),
        ("FR", RightKind.COPYRIGHT, Subject.CONTENT, "eu-dsa"),
        ("CN", RightKind.TRADEMARK, Subject.GOODS, "cn-goods"),
        ("CN", RightKind.COPYRIGHT, Subject.GOODS, "cn-goods"),
        ("CN", RightKind.COPYRIGHT, Subject.CONTENT, "cn-copyright"),
        ("US", RightKind.COPYRIGHT, Subject.CONTENT, "us-dmca"),
    ],
)
def test_country_right_and_subject_decide_the_regime(
    country: str, kind: RightKind, subject: Subject, expected: str
) -> None:
    assert BOOK.resolve(country=country, kind=kind, subject=subject, day=TODAY).id == expected


def test_there_is_no_statutory_notice_for_trademarks_in_the_united_states() -> None:
    with pytest.raises(InvalidRecord, match="Use the platform channel"):
        BOOK.resolve(country="US", kind=RightKind.TRADEMARK, subject=Subject.GOODS, day=TODAY)


def test_a_law_does_not_apply_before_its_day() -> None:
    with pytest.raises(InvalidRecord):
        BOOK.resolve(country="DE", kind=RightKind.TRADEMARK, subject=Subject.GOODS, day=date(2024, 2, 16))


def test_the_union_has_twenty_seven_member_states() -> None:
    assert len(MEMBER_STATES) == 27
    assert {"FR", "GR", "SI"} <= MEMBER_STATES
    assert Channel.STATUTORY in {one.file.applies.channel for one in BOOK.regimes.values()}


def test_every_shipped_file_carries_the_name_of_its_regime() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(BOOK.regimes)
    with pytest.raises(InvalidRecord, match="stands twice"):
        read_lawbook([FOLDER / "us-dmca.yaml", FOLDER / "us-dmca.yaml"])


def test_every_rule_without_a_number_has_a_service_target_and_no_other_rule_has() -> None:
    wanted = {
        f"{regime.id}/{rule.id}"
        for regime in BOOK.regimes.values()
        for rule in regime.file.rules
        if rule.time and rule.time.is_qualitative
    }
    assert set(shipped_targets()) == wanted


@pytest.mark.parametrize("target", ["BD: 2 days", "MOON: 2 days", "soon", "QUAL: 2 days", "BD: many working days"])
def test_a_target_that_cannot_be_counted_is_refused(target: str) -> None:
    with pytest.raises(InvalidRecord):
        read_targets(f"format: countermark-targets/1\ntargets: {{a/b: '{target}'}}".encode())
