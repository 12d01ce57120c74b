"""The renderer itself: WeasyPrint, which reads only the bytes it is given. Loaded when the first paper is drawn."""

import logging
from collections.abc import Mapping
from io import BytesIO

import weasyprint
from PIL import ImageFile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from countermark.node.evidence.exhibits.fonts import Face, drawable, faces_for

#: Scheme of what lies in memory; no program knows it.
SCHEME = "exhibit:"
#: Bytes of everything that one paper may hold.
MOST_BYTES = 64 * 1024 * 1024
# WeasyPrint lets Pillow take half a picture for a whole one, everywhere in the process: it would pass for undamaged.
ImageFile.LOAD_TRUNCATED_IMAGES = False
# It tells of every style that it does not know.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.CRITICAL)


class Forbidden(FatalURLFetchingError):  # type: ignore[misc]
    """A paper asked for something that it was not given; no paper is made of it."""


class GivenOnly(URLFetcher):  # type: ignore[misc]
    """Fetches what was given under `exhibit:`, and nothing else: no network, no file, no `data:`.

    WeasyPrint's own fetcher embeds any file of the machine that a page names.
    """

    def __init__(self, given: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        if sum(map(len, given.values())) > MOST_BYTES:
            raise Forbidden("more bytes than a paper may hold")
        self._given = given

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes that were given; raises Forbidden."""
        if not url.startswith(SCHEME) or url.removeprefix(SCHEME) not in self._given:
            raise Forbidden("a paper reads nothing but what it was given")
        return URLFetcherResponse(url, BytesIO(self._given[url.removeprefix(SCHEME)]))


def draw(page: str, pictures: Mapping[str, bytes], language: str) -> bytes:
    """As `rendering.pdf_of`. Raises Forbidden."""
    text = drawable(page)
    faces = faces_for(text, language)
    given = {**pictures, **{one.family: one.data for one in faces}}
    document = weasyprint.HTML(string=text, base_url=SCHEME, url_fetcher=GivenOnly(given))
    letters = FontConfiguration()
    style = weasyprint.CSS(string=_letters(faces), url_fetcher=GivenOnly(given), base_url=SCHEME, font_config=letters)
    made: bytes = document.write_pdf(stylesheets=[style], font_config=letters, pdf_variant="pdf/a-3u")
    return made


def _letters(faces: list[Face]) -> str:
    rules = [f'@font-face {{ font-family: "{one.family}"; src: url("{SCHEME}{one.family}") }}' for one in faces]
    text = ", ".join(f'"{one.family}"' for one in faces[:-1])
    rules.append(f"html {{ font-family: {text} }}")
    rules.append(f'code {{ font-family: "{faces[-1].family}", {text} }}')
    return "\n".join(rules)
