"""Every signal speaks every language, with the same facts, in that language's typography."""

import re

import msgspec
import pytest

from countermark.judge import Depth, Language, explain, load_policy, parse_policy, render_text
from countermark.judge.sentences import template_of
from countermark.judge.tests.material import REPLICA, found, low_price, mark
from countermark.judge.wording import Phrases, wording
from countermark.signals import image, price, seller, text
from countermark.signals.text import pieces
from countermark.signals.text.piece_finder import IS_EVERYDAY, IS_RARE

SPECS = (*text.SPECS, *image.SPECS, *price.SPECS, *seller.SPECS)
OTHERS = (Language.FR, Language.ZH)
PLACE = re.compile(r"\{\w*\}")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_signal_is_translated_with_the_places_of_its_spec(spec, language: Language) -> None:
    said = wording(language)
    advice = f"add {spec.name} to judge/translations/{language}.yaml (names and signals) and to en.yaml (names)"
    assert spec.name in said.signals, advice
    assert spec.name in said.names, advice
    assert spec.name in wording().names, advice
    assert template_of(said.signals[spec.name].sentence).places == template_of(spec.sentence).places
    assert not PLACE.search(said.signals[spec.name].wrong_when)


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_about_a_piece_of_a_name_is_known(language: Language) -> None:
    how = (pieces.WORD, pieces.CUT, pieces.CHARACTERS, pieces.SOUND, pieces.SHAPE, pieces.SIGNS)
    assert {*how, pieces.MASKED, pieces.NEAR, pieces.PEOPLE, IS_RARE, IS_EVERYDAY} <= wording(language).facts.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_the_judges_own_words_have_the_places_of_the_english_ones(language: Language) -> None:
    here, english = msgspec.structs.asdict(wording(language).judge), msgspec.structs.asdict(wording().judge)
    assert len(here) == len(Phrases.__struct_fields__)
    assert {k: set(PLACE.findall(v)) for k, v in here.items()} == {k: set(PLACE.findall(v)) for k, v in english.items()}
    assert wording(language).levels.keys() == wording().levels.keys()
    assert wording(language).kinds.keys() == wording().kinds.keys()


def phrases(language: Language) -> list[str]:
    said = wording(language)
    own = [*msgspec.structs.asdict(said.judge).values(), *said.names.values(), *said.facts.values()]
    return [*own, *(words for spoken in said.signals.values() for words in (spoken.sentence, spoken.wrong_when))]


def test_french_keeps_its_signs_with_their_words() -> None:
    assert [p for p in phrases(Language.FR) if re.search(r"« |[^\u00a0]»| [:;?!%]|\w[;?!%]|'", p)] == []


def test_chinese_uses_full_width_signs() -> None:
    han = r"[\u4e00-\u9fff]"
    assert [p for p in phrases(Language.ZH) if re.search(rf"{han}[,.:;!?()]|[,:;!?()]{han}", p)] == []


def test_the_fact_words_are_the_same_in_both() -> None:
    assert wording(Language.FR).facts.keys() == wording(Language.ZH).facts.keys()


def finding():
    told = msgspec.structs.replace(mark(), facts={"found": "a mark", "field": "title", "what": "a mark"})
    said = msgspec.structs.replace(
        REPLICA, facts={"found": "« x »", "field": "brand field", "meaning": "offers used goods"}
    )
    return found([told, said])


def test_facts_of_a_listing_are_never_translated_and_cannot_speak_in_our_voice() -> None:
    lines = {line.signal: line.sentence for line in explain(finding(), Language.FR).reasons}
    assert lines["text.mark"] == "Le champ «\u00a0titre\u00a0» nomme «\u00a0a mark\u00a0», une marque de Corvane."
    assert lines["text.replica_word"].startswith('Le champ «\u00a0marque\u00a0» dit «\u00a0" x "\u00a0»\u00a0: ')


def test_chinese_reads_as_approved() -> None:
    explanation = explain(finding(), Language.ZH)
    assert explanation.headline == "该商品链接侵犯Corvane权利的风险为“高”（94%）：涉嫌明显假冒。"
    assert "标题中写有“a mark”，即Corvane的商标。" in [line.sentence for line in explanation.reasons]


@pytest.mark.parametrize("language", OTHERS)
def test_an_unknown_signal_or_an_older_record_stays_in_english_and_says_so(language: Language) -> None:
    old = found([mark(), msgspec.structs.replace(low_price(), facts={"price": "24"})])
    odd = msgspec.structs.replace(
        old, reasons=(msgspec.structs.replace(old.reasons[0], signal="text.odd"), *old.reasons[1:])
    )
    for record in (old, odd):
        sentences = [line.sentence for line in explain(record, language).reasons]
        assert any(s.startswith(("(en anglais) ", "（英文）")) for s in sentences)


LEARNED = (
    load_policy().source
    + b"""
learned:
  method: lines 1
  decisions: 1500
  infringing: 600
  first: "2026-01-01T00:00:00+00:00"
  last: "2026-03-04T00:00:00+00:00"
  trained_on: 900
  calibrated_on: 300
  started_from: ab
  before: {decisions: 300, infringing: 120, log_loss: 0.5, brier: 0.2, calibration_error: 0.1}
  after: {decisions: 300, infringing: 120, log_loss: 0.4, brier: 0.1, calibration_error: 0.0214}
"""
)


@pytest.mark.parametrize(
    ("language", "by_hand", "learned"),
    [
        (Language.EN, "set by hand", "1500 decisions of people, 2026-01-01 to 2026-03-04"),
        (Language.FR, "fixés à la main", "s’écartait de 0,021 en moyenne"),
        (Language.ZH, "由人工设定", "最新300项"),
    ],
)
def test_the_policy_says_whence_its_numbers_come(language: Language, by_hand: str, learned: str) -> None:
    shipped, trained = load_policy(), parse_policy(LEARNED)
    assert by_hand in render_text(explain(finding(), language, shipped))
    record = msgspec.structs.replace(finding(), policy_hash=trained.digest)
    said = render_text(explain(record, language, trained)).replace("\n", " " * (language is not Language.ZH))
    assert learned in said
    assert by_hand not in said
    assert explain(record, language).policy_origin == ""


@pytest.mark.parametrize("language", Language)
def test_each_depth_holds_the_one_before(language: Language) -> None:
    explanation = explain(finding(), language, load_policy())
    shallow, bars, values = (render_text(explanation, depth=depth) for depth in Depth)
    assert bars.startswith(shallow)
    assert values.startswith(bars)
    assert "+++" in bars
    assert "+++" not in shallow
    assert explanation.changes
    assert explanation.changes[0][:20] in bars
    assert finding().policy_hash in values
    assert finding().policy_hash not in bars
