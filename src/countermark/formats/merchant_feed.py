"""Google Merchant product feeds in XML: RSS 2.0 and Atom with the `g:` names, read as a stream."""

from collections.abc import Iterator
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from countermark.formats.columns import field_of
from countermark.formats.limits import Limits
from countermark.formats.listing_row import Place
from countermark.formats.problems import Unfit, UnreadableSource, problem
from countermark.formats.raw import LIST_FIELDS, RawChunk
from countermark.formats.streams import CHUNK, ByteStream
from countermark.model import RowProblem

_ITEMS = ("item", "entry")


class MerchantFeed:
    """Listings in a Merchant feed; an item is a listing."""

    def __init__(self, stream: ByteStream, place: Place, limits: Limits) -> None:
        self._stream = stream
        self._place = place
        self._limits = limits

    def chunks(self) -> Iterator[RawChunk]:
        """See `RawReader.chunks`."""
        handler = _FeedHandler(self._limits)
        parser = create_parser(forbid_dtd=True)
        parser.setContentHandler(handler)
        trouble = None
        while trouble is None and (data := self._stream.read(CHUNK)):
            trouble = self._feed(parser.feed, data, handler)
            while len(handler.items) >= self._limits.batch_rows:
                yield self._take(handler)
        if trouble is None:
            trouble = self._feed(parser.close, None, handler)
        # A feed that breaks off because it is still being written is told as that, not as broken XML.
        if trouble is not None and not handler.items and handler.count == 0 and self._stream.whole():
            raise UnreadableSource(trouble)
        while handler.items:
            yield self._take(handler)
        if trouble is not None:
            yield RawChunk(self._place, problems=[trouble])

    def _feed(self, action: object, data: bytes | None, handler: "_FeedHandler") -> RowProblem | None:
        before = handler.events
        try:
            action(data) if data is not None else action()  # type: ignore[operator]
        except SAXParseException as error:
            return self._say("broken-xml", line=str(error.getLineNumber()), reason=error.getMessage())
        except DefusedXmlException:
            return self._say("forbidden-xml")
        except Unfit as unfit:
            return self._say(unfit.code, **unfit.words)
        except SAXException as error:
            return self._say("broken-xml", line="?", reason=error.getMessage())
        handler.silent = 0 if handler.events != before else handler.silent + len(data or b"")
        if handler.silent > 4 * self._limits.record_bytes:
            # Nothing but the inside of one tag or comment went by: the parser is holding all of it.
            return self._say("broken-xml", line="?", reason="a tag or comment does not end")
        return None

    def _say(self, code: str, **words: str) -> RowProblem:
        return problem(code, source=self._place.source, words=words)

    def _take(self, handler: "_FeedHandler") -> RawChunk:
        items, handler.items = handler.items[: self._limits.batch_rows], handler.items[self._limits.batch_rows :]
        chunk, rows = RawChunk(self._place), []
        for number, item in items:
            if item is None:
                words = {"limit": f"{self._limits.record_bytes:,}"}
                chunk.problems.append(problem("row-too-long", source=self._place.source, row=number, words=words))
            else:
                chunk.numbers.append(number)
                rows.append(item)
        return chunk.fill(rows)


class _FeedHandler(ContentHandler):
    """Collects the direct children of every item; what is nested deeper (shipping, tax) has its own prices."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.items: list[tuple[int, dict[str, object] | None]] = []
        self.count = 0
        self.events = 0
        self.silent = 0
        self._limits = limits
        self._depth = 0
        self._item_depth = 0
        self._size = 0
        self._name = ""
        self._text: list[str] = []
        self._fields: dict[str, object] = {}
        self._language = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX names it
        """A tag opens."""
        self.events += 1
        self._depth += 1
        if self._depth > self._limits.depth:
            raise Unfit("xml-too-deep", limit=str(self._limits.depth))
        local = name.rpartition(":")[2].lower()
        if self._item_depth == 0:
            if local in _ITEMS:
                self._item_depth, self._size, self._fields = self._depth, 0, {}
            elif self._depth == 1:
                self._language = str(attrs.get("xml:lang", ""))[:40]
            self._name = local if local == "language" else ""
        elif self._depth == self._item_depth + 1:
            self._name = name.lower()
            if local == "link" and "href" in attrs and attrs.get("rel", "alternate") == "alternate":
                self._keep("link", str(attrs["href"]))
        self._text = []

    def characters(self, content: str) -> None:
        """Text goes by, in pieces."""
        self.events += 1
        self._size += len(content)
        inside = self._item_depth and self._depth == self._item_depth + 1
        if (inside or self._name == "language") and self._size <= self._limits.record_bytes:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        """A tag closes."""
        self.events += 1
        if self._item_depth == 0:
            if self._name == "language":
                self._language = "".join(self._text).strip()[:40]
            self._name, self._size = "", 0
        elif self._depth == self._item_depth:
            self._finish()
        elif self._depth == self._item_depth + 1:
            self._keep(self._name, "".join(self._text))
        self._depth -= 1
        self._text = []

    def _keep(self, name: str, text: str) -> None:
        """Under one field, a `g:` name wins over a plain one, and the first over later ones."""
        field = field_of(name)
        if field is None or not text.strip():
            return
        if field in LIST_FIELDS:
            names = self._fields.setdefault(field, [])
            if isinstance(names, list) and len(names) <= self._limits.images:
                names.append(text.strip())
        elif name.startswith("g:") or field not in self._fields:
            self._fields[field] = text if field in ("title", "description") else text.strip()

    def _finish(self) -> None:
        self.count += 1
        if self._language:
            self._fields.setdefault("language", self._language)
        whole = self._size <= self._limits.record_bytes
        self.items.append((self.count, self._fields if whole else None))
        self._item_depth, self._name, self._fields, self._size = 0, "", {}, 0
