"""schema.org Product data (JSON-LD) as raw rows: one listing for every product and shop on a page."""

from collections.abc import Iterator
from typing import TypeAlias

from countermark.formats.codes import SOLD_OUT, without_schema_org
from countermark.formats.strict_json import JsonValue, NumberText

Node: TypeAlias = dict[str, JsonValue]

#: Products under these keys are other products than the one the page offers.
_ELSEWHERE = frozenset(
    {
        "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor", "review", "reviews",
        "itemReviewed", "isVariantOf", "recommendation",
    }
)  # fmt: skip
_PRODUCTS = frozenset({"Product", "IndividualProduct", "ProductModel", "SomeProducts", "Vehicle"})
_OFFERS = frozenset({"Offer", "AggregateOffer", "OfferForPurchase", "Demand"})
_CODES = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "isbn")
#: Objects looked at on one page, products taken from it.
NODES = 50_000
PRODUCTS = 2_000


class ProductReader:
    """Collects the products of one page.

    Args:
        language: of the page, empty when it does not say.
        page_url: canonical address of the page, empty when it does not say.
        depth: how deep objects are looked into.
    """

    def __init__(self, *, language: str, page_url: str, depth: int) -> None:
        self._language = language
        self._page_url = page_url
        self._depth = depth
        self._products: list[Node] = []
        self._by_id: dict[str, Node] = {}
        self._nodes = 0

    def add(self, value: JsonValue) -> None:
        """Look through one JSON-LD document: an object, a list, or a `@graph`."""
        for node, offered in self._walk(value):
            name = node.get("@id")
            if isinstance(name, str) and len(node) > 1:
                self._by_id.setdefault(name, node)
            if _types(node) & _PRODUCTS and len(self._products) < PRODUCTS:
                if offered is not None and "offers" not in node:
                    node = {**node, "offers": offered}  # noqa: PLW2901
                self._products.append(node)

    def rows(self) -> list[dict[str, object]]:
        """One raw row for every product and seller, in page order."""
        return [row for product in self._products for row in self._rows_of(product)]

    def _walk(self, value: JsonValue) -> Iterator[tuple[Node, Node | None]]:
        stack: list[tuple[JsonValue, int, Node | None]] = [(value, 0, None)]
        while stack and self._nodes < NODES:
            item, depth, offer = stack.pop()
            if depth > self._depth:
                continue
            if isinstance(item, list):
                stack.extend((each, depth + 1, offer) for each in reversed(item))
            elif isinstance(item, dict):
                self._nodes += 1
                yield item, offer
                own = item if _types(item) & _OFFERS else None
                inner = [(each, depth + 1, own if key == "itemOffered" else None) for key, each in item.items()
                         if key not in _ELSEWHERE]  # fmt: skip
                stack.extend(reversed(inner))

    def _resolve(self, value: JsonValue) -> JsonValue:
        """What a bare `{"@id": …}` points to, on this page."""
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str):
            return self._by_id.get(str(value["@id"]), value)
        return value

    def _rows_of(self, product: Node) -> Iterator[dict[str, object]]:
        base = self._describe(product)
        offers = list(self._offers(product))
        sellers: dict[str, list[Node]] = {}
        for offer in offers:
            sellers.setdefault(_name(self._resolve(offer.get("seller"))), []).append(offer)
        if not sellers:
            yield base
        for place, (seller, own) in enumerate(sellers.items()):
            row = base | self._terms(_cheapest(own))
            if place and "external_id" in row:  # several shops offer one product: each is a listing
                row["external_id"] = f"{row['external_id']}#{seller}"
            yield row

    def _offers(self, product: Node) -> Iterator[Node]:
        for offer in _as_list(product.get("offers")):
            node = self._resolve(offer)
            if isinstance(node, dict):
                inner = [each for each in map(self._resolve, _as_list(node.get("offers"))) if isinstance(each, dict)]
                yield from inner or [node]

    def _describe(self, product: Node) -> dict[str, object]:
        own_id = _first(product, "sku", "productID", "@id", "url")
        row: dict[str, object] = {
            "external_id": own_id or self._page_url or None,
            "title": _text(product.get("name")),
            "description": _text(product.get("description")),
            "brand_text": _name(self._resolve(product.get("brand"))) or None,
            "category": _category(product.get("category")),
            "language": _text(product.get("inLanguage")) or self._language or None,
            "images": list(self._images(product.get("image"))) or None,
            "condition": _word(product.get("itemCondition")),
            "product_code": _first(product, *_CODES),
            "url": _absolute(_text(product.get("url")) or self._page_url),
        }
        return {key: value for key, value in row.items() if value is not None}

    def _images(self, value: JsonValue) -> Iterator[str]:
        for item in _as_list(value):
            image = self._resolve(item)
            if isinstance(image, dict):
                image = image.get("contentUrl") or image.get("url") or image.get("@id")
            yield from (_text(each) or "" for each in _as_list(image))

    def _terms(self, offer: Node) -> dict[str, object]:
        seller = self._resolve(offer.get("seller") or offer.get("offeredBy"))
        row: dict[str, object] = {
            **_price(offer),
            "condition": _word(offer.get("itemCondition")),
            "seller_name": _name(seller) or None,
            "seller_external_id": _identifier(seller),
            "seller_country": _country(seller),
            "stock": _stock(offer),
            "url": _absolute(_text(offer.get("url"))),
        }
        return {key: value for key, value in row.items() if value is not None}


def _as_list(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _types(node: Node) -> set[str]:
    names = {_text(name) or "" for name in _as_list(node.get("@type"))}
    return {without_schema_org(name) for name in names}


def _text(value: JsonValue) -> str | None:
    """Text of a plain or typed value (`{"@value": …, "@language": …}`), the first of several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return str(value) if isinstance(value, str) and value.strip() else None


def _first(node: Node, *keys: str) -> str | None:
    for key in keys:
        found = _text(node.get(key))
        if found:
            return found
    return None


def _name(value: JsonValue) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return (_text(value) or "").strip()


def _word(value: JsonValue) -> str | None:
    word = _text(value) or (_text(value.get("@id")) if isinstance(value, dict) else None)
    return without_schema_org(word) if word else None


def _category(value: JsonValue) -> str | None:
    names = [_name(item) for item in _as_list(value)]
    return " > ".join(name for name in names if name) or None


def _absolute(url: str | None) -> str | None:
    """An address that works outside its page; others say nothing to us."""
    return url if url and url.strip().lower().startswith(("http://", "https://")) else None


def _identifier(seller: JsonValue) -> str | None:
    if not isinstance(seller, dict):
        return None
    identifier = seller.get("identifier")
    if isinstance(identifier, dict):
        identifier = identifier.get("value")
    return _text(identifier) or _first(seller, "@id", "url")


def _country(seller: JsonValue) -> str | None:
    if not isinstance(seller, dict):
        return None
    address = seller.get("address")
    country = address.get("addressCountry") if isinstance(address, dict) else None
    return (_name(country) or None) if isinstance(country, dict) else _text(country)


def _stock(offer: Node) -> str | None:
    level = offer.get("inventoryLevel")
    count = _text(level.get("value")) if isinstance(level, dict) else _text(level)
    if count:
        return count
    word = _word(offer.get("availability"))
    return "0" if word and word.casefold() in SOLD_OUT else None


def _price(offer: Node) -> dict[str, object]:
    """Price and currency of an offer; a number of JSON is exact, a text is read as people write it."""
    for node in (offer, *_as_list(offer.get("priceSpecification"))):
        if not isinstance(node, dict):
            continue
        value = node.get("price", node.get("lowPrice"))
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str):
            field = "price_amount" if isinstance(value, NumberText) else "price_text"
            currency = _text(node.get("priceCurrency")) or _text(offer.get("priceCurrency"))
            return {field: str(value), **({"price_currency": currency} if currency else {})}
    return {}


def _cheapest(offers: list[Node]) -> Node:
    """The offer with the lowest plain price: what the shop asks at least; the first one when prices are not plain."""

    def amount(offer: Node) -> float:
        text = str(_price(offer).get("price_amount") or _price(offer).get("price_text") or "")
        try:
            value = float(text)
        except ValueError:
            return float("inf")
        return value if value >= 0 else float("inf")

    return min(offers, key=amount)
