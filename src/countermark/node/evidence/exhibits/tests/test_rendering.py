"""The renderer reads what it is given and nothing else; it sets every letter in our own font."""

import base64
import builtins
from ctypes import c_int, create_string_buffer
from pathlib import Path

import pypdfium2
import pypdfium2.raw
import pytest
from PIL import ImageFile

from countermark.node.evidence.exhibits.facts import LANGUAGES, words
from countermark.node.evidence.exhibits.fonts import drawable
from countermark.node.evidence.exhibits.rendering import page_of, pdf_of
from countermark.node.kernel.errors import Conflict

try:
    from countermark.node.evidence.exhibits.drawing import Forbidden, GivenOnly
except OSError:
    pytest.skip("Pango is not installed on this machine", allow_module_level=True)

REACHING = [
    "http://127.0.0.1:9/x.png",
    "https://shop.example/x.png",
    "file:///etc/passwd",
    "ftp://shop.example/x",
    "data:text/plain;base64," + base64.b64encode(b"x" * 100_000).decode(),
    "exhibit:not-given",
    "exhibit:../given",
]


@pytest.mark.parametrize("address", REACHING)
def test_nothing_but_what_was_given_is_read(address: str) -> None:
    with pytest.raises(Forbidden):
        GivenOnly({"given": b"x"}).fetch(address)


@pytest.mark.parametrize(
    "page",
    [
        "<img src='{}'>",
        "<link rel=attachment href='{}'>",
        "<link rel=stylesheet href='{}'>",
        "<style>body {{ background: url('{}') }}</style>",
        "<style>@import '{}';</style>",
        "<object data='{}'></object>",
    ],
)
def test_a_page_that_asks_for_more_becomes_no_paper(page: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not to be seen")
    with pytest.raises(Forbidden):
        pdf_of(f"<html><body>{page.format(secret.as_uri())}<p>x</p></body></html>", {}, "fr")


def test_too_many_bytes_are_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("countermark.node.evidence.exhibits.drawing.MOST_BYTES", 10)
    with pytest.raises(Forbidden):
        GivenOnly({"given": b"x" * 11})


def test_what_a_stranger_wrote_stays_text() -> None:
    hostile = "<img src='file:///etc/passwd'><script>alert(1)</script>"
    page = page_of("exhibit.html", {"w": words("en"), "facts": {"page_title": hostile}, "language": "en"})
    assert hostile not in page
    assert "&lt;img" in page


def fonts_of(pdf: bytes) -> set[str]:
    found, raw = set(), pypdfium2.raw
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for place in range(text.count_chars()):
                name = create_string_buffer(100)
                raw.FPDFText_GetFontInfo(text.raw, place, name, 100, c_int())
                found.add(name.value.decode().rpartition("+")[2])
    return found - {""}


def test_every_letter_is_of_the_font_that_we_ship_and_none_vanishes() -> None:
    said = "Maison Aurelle, œuvre : 证据 漢字 かばん, <code>0af9</code> 🔥"
    pdf = pdf_of(f"<html><body>{said}</body></html>", {}, "fr")
    assert all(name.startswith("cm-") for name in fonts_of(pdf)), fonts_of(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage().get_text_bounded()
    for one in ("œuvre", "证据", "漢字", "かばん", "0af9", "[U+1F525]"):
        assert one in text
    assert drawable("ไ") == "[U+0E44]"


def test_the_languages_say_the_same_things() -> None:
    def shape(language: str) -> dict[str, object]:
        return {
            name: sorted(one) if isinstance(one, dict) else len(one) if isinstance(one, list) else ""
            for name, one in words(language).items()
        }

    assert shape("en") == shape("fr") == shape("zh")
    assert set(LANGUAGES) == {"en", "fr", "zh"}
    for language in LANGUAGES:
        assert drawable(str(words(language))) == str(words(language))


def test_drawing_a_paper_lets_no_half_picture_pass_for_a_whole_one() -> None:
    assert pdf_of("<p>x</p>", {}, "fr").startswith(b"%PDF")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_machine_without_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.__import__", refuse_weasyprint(builtins.__import__))
    with pytest.raises(Conflict, match="apt-get install libpango"):
        pdf_of("<p>x</p>", {}, "fr")


def refuse_weasyprint(ordinary):
    def load(name, *more, **keys):
        if name.startswith("weasyprint") or "drawing" in (more[2:3] or ((),))[0]:
            raise OSError("cannot load library 'libpango-1.0-0'")
        return ordinary(name, *more, **keys)

    return load
