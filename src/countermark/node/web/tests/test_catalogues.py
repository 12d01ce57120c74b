"""What sellers read stands whole in every language; the compiled catalogues are those that lie beside them."""

import re

import polib
import pytest

from countermark.node.web.tests import catalogues
from countermark.node.web.tests.catalogues import CATALOGUES, Message

_PLACES = re.compile(r"%\((\w+)\)[sd]")
#: Share of the pages for officers that is translated; a new sentence may wait a little, a new page may not.
_OFFICE = 0.9


@pytest.fixture(scope="module")
def held():
    return {folder: catalogues.translations(folder) for folder in CATALOGUES}


@pytest.mark.parametrize("folder", CATALOGUES)
def test_every_message_that_a_seller_can_be_shown_is_translated(folder, held):
    wanted = catalogues.sellers()
    assert len(wanted) > 120
    assert not [f"{where}: {one.words}" for one, where in wanted.items() if one not in held[folder]]


@pytest.mark.parametrize("folder", CATALOGUES)
def test_an_officer_can_decide_a_notice_in_each_language(folder, held):
    wanted = catalogues.office()
    missing = [f"{where}: {one.words}" for one, where in wanted.items() if one not in held[folder]]
    assert len(missing) <= len(wanted) * (1 - _OFFICE), missing


@pytest.mark.parametrize("folder", CATALOGUES)
def test_a_translation_keeps_what_is_filled_in(folder, held):
    wrong = [
        one.words
        for one, entry in held[folder].items()
        for text in (entry.msgstr_plural.values() if one.many else [entry.msgstr])
        if set(_PLACES.findall(text)) not in (set(_PLACES.findall(one.words)), set(_PLACES.findall(one.many)))
    ]
    assert not wrong


@pytest.mark.parametrize("folder", CATALOGUES)
def test_what_is_compiled_is_what_is_written(folder):
    written = polib.pofile(str(catalogues.file_of(folder)))
    assert catalogues.file_of(folder, "mo").read_bytes() == written.to_binary(), (
        "run: python -m countermark.node.web.tests.catalogues"
    )


def test_the_gatherer_finds_what_a_template_and_a_module_say(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% if a %}{% translate "One" %}{% endif %}'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    module = tmp_path / "module.py"
    module.write_text('from x import gettext as _\nsaid = _("Two")\nother = print("Three")\n')
    assert list(catalogues.in_template(page)) == [Message("", "One"), Message("", "%(n)s day", "%(n)s days")]
    assert list(catalogues.in_source(module)) == [Message("", "Two")]


@pytest.mark.parametrize("folder", CATALOGUES)
@pytest.mark.parametrize("room", ["purchases/", "proceedings/", "conduct/_about_us", "conduct/tell", "reauthenticate"])
def test_what_the_desk_records_is_whole_in_each_language(folder, room, held):
    wanted = {one: where for one, where in catalogues.office().items() if room in where}
    assert len(wanted) >= 5
    assert not [f"{where}: {one.words}" for one, where in wanted.items() if one not in held[folder]]
