"""Every worked example measures as it says, and stands in the reference."""

from pathlib import Path
from string import Formatter

import pytest

from countermark.model import Signal, SignalExample, SignalSpec
from countermark.signals.text import SPECS
from countermark.signals.text.tests.houses import HOUSES
from countermark.signals.text.wording import WordingSignals

DOCS = Path(__file__).parents[5] / "docs" / "reference" / "signals" / "text.md"
WALK = [(spec, example) for spec in SPECS for example in spec.examples]


def fields_of(given: str) -> dict[str, str]:
    title, *more = given.split(" | ")
    named = dict(part.split(": ", 1) for part in more)
    return {
        "title": title,
        "brand_text": named.get("brand field", ""),
        "description": named.get("description", ""),
    }


def measured(given: str) -> list[Signal]:
    fields = fields_of(given)
    wording = WordingSignals().measure_text(fields["title"], description=fields["description"])
    return [*HOUSES.measure_text(**fields), *filter(None, [wording])]


@pytest.mark.parametrize(("spec", "example"), WALK, ids=lambda part: getattr(part, "given", getattr(part, "name", "")))
def test_an_example_measures_as_it_says(spec: SignalSpec, example: SignalExample):
    values = [s.value for s in measured(example.given) if s.name == spec.name]
    assert example.low <= max(values, default=0.0) <= example.high


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_signal_shows_examples_that_fire_and_hard_ones_that_do_not(spec: SignalSpec):
    assert sum(example.low > 0 for example in spec.examples) >= 3
    assert sum(example.high == 0 for example in spec.examples) >= 3


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_facts_of_a_signal_fill_its_sentence(spec: SignalSpec):
    places = {name for _, name, _, _ in Formatter().parse(spec.sentence) if name}
    for example in spec.examples:
        for signal in measured(example.given):
            if signal.name == spec.name:
                assert places <= {*signal.facts, "brand"}
                assert all(signal.facts.get(place, "x") for place in places)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_reference_says_what_the_program_says(spec: SignalSpec):
    text = DOCS.read_text(encoding="utf-8")
    assert f"\n## `{spec.name}`\n" in text
    for said in (spec.meaning, spec.unit, spec.wrong_when, spec.sentence):
        assert said in text
    for example in spec.examples:
        assert f"| {shown(example.given)} | {bounds(example)} | {example.note} |" in text


def shown(given: str) -> str:
    visible = (c if c.isprintable() else f"[U+{ord(c):04X}]" for c in given)
    return "".join(visible).replace("|", "\\|")


def bounds(example: SignalExample) -> str:
    return f"{example.low:g}" if example.low == example.high else f"{example.low:g} to {example.high:g}"
