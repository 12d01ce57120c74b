"""Keys, charts, marks, cells, filters, moments: the small parts by themselves."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from countermark.model import Level, Price, Span, Text
from countermark.node.findings.states import FindingState
from countermark.node.kernel.cells import harmless
from countermark.node.web import charts, keys, narrowing, preferences, shapes, words
from countermark.node.web.charts import Step
from countermark.node.web.highlight import highlighted
from countermark.node.web.templatetags import countermark as tags


def test_the_default_keys_collide_nowhere():
    assert keys.collisions(keys.chosen({})) == {}
    assert len({key.action for key in keys.KEYS}) == len(keys.KEYS)


def test_the_reference_of_the_keys_names_each_of_them():
    from pathlib import Path

    written = (Path(__file__).parents[5] / "docs/reference/keys.md").read_text()
    for key in keys.KEYS:
        assert f"`{keys.printed(key.default)}`" in written, key.default
        assert str(key.meaning) in written, key.meaning


@pytest.mark.parametrize(
    ("changed", "lost"), [({"undo": "i"}, {"undo"}), ({"undo": "g"}, {"go-review"}), ({"undo": "g x"}, set())]
)
def test_a_key_that_another_action_has_or_begins_with_is_found(changed, lost):
    assert lost <= set(keys.collisions(keys.chosen(changed)))


def test_kept_preferences_that_are_no_longer_a_choice_fall_back():
    read = preferences.read("tlh", {"zone": "Mars", "density": 7, "key_mode": None, "key.undo": "too long"})
    assert read == preferences.PagePreferences()


@given(st.floats(-20, 20), st.floats(0, 20))
def test_a_bar_stays_inside_its_box(weight, largest):
    bar = str(charts.signed_bar(weight, largest))
    start = float(bar.split(' x="')[1].split('"', maxsplit=1)[0])
    width = float(bar.split(' width="')[1].split('"', maxsplit=1)[0])
    assert 0 <= start <= start + width <= 200
    assert (start >= 100) == (weight >= 0)


@given(st.lists(st.floats(-9, 9), max_size=12), st.floats(-6, 2))
def test_a_waterfall_draws_every_step_inside_its_box(weights, base):
    steps, at = [Step("<Base>", base, base, "total")], base
    for weight in weights:
        steps.append(Step("signal", at, at + weight, "for"))
        at += weight
    drawn = str(charts.waterfall(steps, "summary"))
    assert drawn.count("<rect") == len(steps)
    assert "<Base>" not in drawn
    for rect in drawn.split("<rect")[1:]:
        start = float(rect.split(' x="')[1].split('"')[0])
        assert 220 <= start <= 728


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_marking_text_loses_no_letter_and_lets_no_markup_through(text, spans):
    marks = [(number, Span("title", *span)) for number, span in enumerate(spans, start=1)]
    drawn = str(highlighted(Text(text), "title", marks))
    plain = drawn
    for number in range(len(spans) + 1):
        plain = plain.replace(f"<sup>{number}</sup>", "")
    for tag in ("<mark>", "</mark>", "<bdi>", "</bdi>"):
        plain = plain.replace(tag, "")
    import html

    assert html.unescape(plain) == text
    assert "<" not in plain


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(text):
    cell = harmless(text)
    assert not cell.strip().startswith(tuple("=+-@%|＝＋－＠％｜"))
    assert cell.endswith(text)


@pytest.mark.parametrize("cell", ["=1", " =1", "\t=1", "+1", "-1", "@x", "%x", "|x", "\r", "＝1"])
def test_a_cell_that_would_calculate_is_quoted(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "row", "1", "a=b", "'x"])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_filters_are_read_from_an_address_and_written_back():
    read = narrowing.read({"level": "high", "queue": "second_look", "q": " bag ", "kind": "nonsense", "x": "y"})
    assert read.filters.level is Level.HIGH
    assert read.filters.states == {FindingState.SECOND_LOOK}
    assert read.filters.words == "bag"
    assert read.address("/p/") == "/p/?level=high&q=bag&queue=second_look"
    assert read.address("/p/", level="", queue="", q="") == "/p/"
    assert [chip.address for chip in read.chips("/p/")] == [
        "/p/?q=bag&queue=second_look",
        "/p/?level=high&queue=second_look",
    ]


@given(st.dictionaries(st.sampled_from(["level", "queue", "q", "brand", "state", "kind"]), st.text(max_size=300)))
def test_no_address_breaks_the_filters(given):
    read = narrowing.read(given)
    assert narrowing.read(read.given).filters == read.filters
    assert all(len(value) <= narrowing.LONGEST for value in read.given.values())


def test_a_queue_cannot_be_a_state_that_waits_for_nobody():
    assert narrowing.read({"queue": "decided"}).filters.states == frozenset()


@pytest.mark.parametrize(
    ("price", "language", "written"),
    [
        (Price(Decimal("1234.50"), "EUR"), "en", "1,234.50\u00a0EUR"),
        (Price(Decimal("1234.50"), "EUR"), "fr", "1\u202f234,50\u00a0EUR"),
        (Price(Decimal(129), "JPY"), "en", "129\u00a0JPY"),
        (Price(Decimal("0.125"), "USD"), "en", "0.125\u00a0USD"),
        (Price(Decimal("1E+3"), "USD"), "en", "1,000\u00a0USD"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(price, language, written):
    with translation.override(language):
        assert tags.written_price(price) in {written, written.replace("\u202f", "\u00a0")}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "just now"), (180, "3 min ago"), (7200, "2 h ago"), (86400, "1 day ago"), (3 * 86400, "3 days ago")],
)
def test_how_long_ago_is_said_in_one_unit(clock, seconds, said):
    clock.forward(seconds=seconds)
    assert tags.ago(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) == said


def test_a_moment_is_shown_in_the_zone_of_the_reader(clock):
    with timezone.override("Asia/Shanghai"):
        assert tags.full_moment(datetime(2026, 3, 2, 17, 0, tzinfo=UTC)) == "3 Mar 2026, 01:00 CST"
    assert "2 Mar" in str(tags.when(datetime(2025, 3, 2, tzinfo=UTC)))
    assert str(tags.when(date(2026, 3, 2))).startswith('<time datetime="2026-03-02">')
    assert "never" in str(tags.when(None))


@pytest.mark.parametrize("language", ["fr", "zh-Hans"])
def test_foreign_text_says_its_language(language):
    assert f'lang="{language}"' in str(tags.foreign("x", language))


@pytest.mark.parametrize("language", ["", None, "not a tag", '"><script>', "x" * 40])
def test_what_is_no_language_is_not_said(language):
    assert str(tags.foreign("x", language)) == "<bdi>x</bdi>"


def test_a_content_address_in_a_sentence_is_cut_and_the_rest_escaped():
    digest = "a" * 64
    said = str(tags.sentence(f"<b> photo sha256:{digest} of"))
    assert "&lt;b&gt; photo" in said
    assert f"{'a' * 8}…" in said
    assert said.count(digest) == 1


@pytest.mark.parametrize(("family", "code"), sorted(shapes.SHAPES))
def test_every_mark_has_a_shape_and_a_word(family, code):
    drawn = str(shapes.mark(family, code))
    assert "<svg" in drawn
    if family in words.FAMILIES:
        assert code in words.FAMILIES[family]
        assert str(words.FAMILIES[family][code]) in drawn


def test_a_code_that_is_newer_than_the_pages_is_readable():
    assert words.word("kind", "new_kind") == "new kind"
    assert "new state" in str(shapes.mark("finding_state", "new_state"))


def test_every_code_of_the_trade_has_a_word():
    from countermark.model import Condition, ImageRole, Kind, RightKind, RightStatus
    from countermark.node.findings.states import ScanState
    from countermark.node.listings.states import ImportState
    from countermark.node.parties.kinds import OrganisationKind
    from countermark.node.parties.permissions import Role
    from countermark.node.review.shown import Comparison
    from countermark.node.review.verdicts import Verdict

    families = {
        "verdict": Verdict,
        "level": Level,
        "kind": Kind,
        "finding_state": FindingState,
        "comparison": Comparison,
        "condition": Condition,
        "right_kind": RightKind,
        "right_status": RightStatus,
        "image_role": ImageRole,
        "role": Role,
        "party": OrganisationKind,
    }
    for family, codes in families.items():
        assert set(words.FAMILIES[family]) >= {code.value for code in codes}, family
    assert set(words.WORK_STATE) >= {state.value for state in (*ScanState, *ImportState)}


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "less than 1\u00a0%"),
        (0.005, "1\u00a0%"),
        (0.42, "42\u00a0%"),
        (0.994, "99\u00a0%"),
        (1.0, "more than 99\u00a0%"),
    ],
)
def test_no_risk_is_called_certain(probability, said):
    assert tags.risk(probability) == said


def test_a_page_without_a_person_has_a_frame():
    from countermark.node.web.shell import shell_of

    assert shell_of(None).rooms == ()
    assert shell_of(RequestFactory().get("/review/")).member is None
