"""A day in a form is written as browsers read it, in every language: else it is empty, and lost when it is sent."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.utils import translation

from countermark.node.web.proceedings.views import OpenForm
from countermark.node.web.rights.forms import RightForm

WEB = Path(__file__).parents[1]


@pytest.mark.parametrize("language", ["en", "fr", "zh-hans"])
@pytest.mark.parametrize(("form", "field"), [(OpenForm, "since"), (RightForm, "valid_from"), (RightForm, "valid_to")])
def test_a_day_is_shown_as_a_browser_reads_it(language, form, field):
    with translation.override(language):
        assert 'value="2026-03-02"' in str(form(initial={field: date(2026, 3, 2)})[field])


def test_no_form_leaves_the_writing_of_its_days_to_the_language():
    left = [
        f"{path.relative_to(WEB)}:{node.lineno}"
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith((forms.DateInput.__name__, forms.DateTimeInput.__name__))
        and "format" not in {one.arg for one in node.keywords}
    ]
    assert not left
