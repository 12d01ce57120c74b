"""Saved web pages: the schema.org data inside them. Scripts are found as text and never run."""

import codecs
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from countermark.formats.limits import MIB, Limits
from countermark.formats.listing_row import Place
from countermark.formats.problems import UnreadableSource, problem
from countermark.formats.product_data import ProductReader
from countermark.formats.raw import RawChunk
from countermark.formats.streams import CHUNK, ByteStream
from countermark.formats.strict_json import JsonValue, NotJson, read_json
from countermark.model import RowProblem

#: Of one page.
SCRIPTS = 200
SCRIPT_CHARACTERS = 2 * MIB
LINKS = 200

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,30})", re.IGNORECASE)
#: Encodings a page may declare; others are not worth their risks.
_ENCODING_NAMES = (
    "utf-8 utf-16 ascii iso8859-1 iso8859-2 iso8859-15 cp1250 cp1251 cp1252 gb2312 gbk gb18030 big5 shift_jis euc_jp "
    "euc_kr koi8-r"
)
_ENCODINGS = frozenset(_ENCODING_NAMES.split())
_CONTROL = re.compile(r"[\x00-\x1f]")


class SavedPage:
    """Listings in one saved page: every schema.org Product in its JSON-LD."""

    def __init__(self, stream: ByteStream, place: Place, limits: Limits) -> None:
        self._stream = stream
        self._place = place
        self._limits = limits

    def chunks(self) -> Iterator[RawChunk]:
        """See `RawReader.chunks`."""
        page = self._decode(self._read())
        scripts, language, link = find_data(page)
        chunk = RawChunk(self._place)
        reader = ProductReader(language=language, page_url=link, depth=self._limits.depth)
        for script in scripts:
            value = self._parse(script, chunk.problems)
            if value is not None:
                reader.add(value)
        rows = reader.rows()
        if not rows:
            found = chunk.problems or [self._say("no-product")]
            raise UnreadableSource(found[0])
        chunk.odd = list(enumerate(rows, start=1))
        yield chunk

    def _say(self, code: str, **words: str) -> RowProblem:
        return problem(code, source=self._place.source, words=words)

    def _read(self) -> bytes:
        data = bytearray()
        while more := self._stream.read(CHUNK):
            data += more
            if len(data) > self._limits.page_bytes:
                raise UnreadableSource(self._say("page-too-large", limit=f"{self._limits.page_bytes:,} bytes"))
        return bytes(data)

    def _decode(self, data: bytes) -> str:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self._strictly(data, "utf-16")
        try:
            return data.decode()
        except UnicodeDecodeError:
            declared = _CHARSET.search(data[:4096])
            return self._strictly(data, declared[1].decode() if declared else "utf-8")

    def _strictly(self, data: bytes, encoding: str) -> str:
        try:
            name = codecs.lookup(encoding).name
            return data.decode(name if name in _ENCODINGS else "ascii")
        except (LookupError, UnicodeDecodeError) as error:
            raise UnreadableSource(self._say("bad-encoding")) from error

    def _parse(self, script: str, problems: list[RowProblem]) -> JsonValue:
        try:
            return read_script(script, self._limits.depth)
        except NotJson as error:
            problems.append(problem(error.code, source=self._place.source, value=script.strip(), words=error.words))
            return None


def read_script(script: str, depth: int) -> JsonValue:
    """Read the text of one JSON-LD script; shops leave comment marks around it and raw line ends inside its strings.

    Raises:
        NotJson: as `read_json`.
    """
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").removeprefix("<![CDATA[").removesuffix("]]>").strip()
    if len(text) > SCRIPT_CHARACTERS:
        raise NotJson("row-too-long", limit=f"{SCRIPT_CHARACTERS:,}")
    try:
        return read_json(text, depth=depth)
    except NotJson as error:
        if "control character" not in error.words.get("reason", ""):
            raise
    return read_json(_CONTROL.sub(" ", text), depth=depth)


def find_data(page: str) -> tuple[list[str], str, str]:
    """Find what a page says about itself for machines.

    Args:
        page: HTML of any shape and any hostility; takes time in proportion to its length.

    Returns:
        The texts of its JSON-LD scripts, the `lang` of its `html` element, and its canonical address.
    """
    # A tree of a hostile page (a million open tags) takes hours to build. Only the parts that matter become one.
    parser = LexborHTMLParser("".join(_parts_that_matter(page)))
    scripts = [
        node.text(deep=True)
        for node in parser.css("script")
        if (node.attributes.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"
    ]
    root = parser.css_first("html")
    language = (root.attributes.get("lang") if root else None) or ""
    links = [
        node.attributes for node in parser.css("link") if (node.attributes.get("rel") or "").lower() == "canonical"
    ]
    return scripts, language.strip()[:40], (links[0].get("href") or "").strip() if links else ""


def _parts_that_matter(page: str) -> Iterator[str]:
    """The html tag, link tags and whole scripts, in order, without what is commented out."""
    lower = page.lower()
    if len(lower) != len(page):  # İ and its like grow when lowered; positions would no longer agree
        lower = "".join(c.lower() if c.isascii() else c for c in page)
    at, scripts, links = 0, 0, 0
    while (tag := _next_tag(lower, at)) is not None:
        name, start = tag
        if name == "<!--":
            end = lower.find("-->", start + 4)
            at = len(page) if end < 0 else end + 3
            continue
        end = lower.find(">", start) + 1
        if end == 0:
            return
        at = end
        if name == "<script":
            scripts += 1
            close = lower.find("</script", end)
            if close < 0 or scripts > SCRIPTS:
                return
            at = close
            yield page[start:close] + "</script>"
        elif name == "<html" or links < LINKS:
            links += name == "<link"
            yield page[start:end]


_TAGS = re.compile(r"<!--|<script(?=[\s>/])|<link(?=[\s>/])|<html(?=[\s>/])")


def _next_tag(lower: str, at: int) -> tuple[str, int] | None:
    found = _TAGS.search(lower, at)
    return (found[0], found.start()) if found else None
