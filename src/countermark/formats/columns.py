"""Which names a column may have: data, not code. The reference page prints this table."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: What a reader can hand on, and every name it may have in a file, best first. Names are compared after
#: `normalise_name`: case, spaces, hyphens, dots and a `g:` prefix make no difference.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "marketplace": ("marketplace", "platform", "site", "place_de_marche", "平台"),
    "external_id": (
        "external_id", "listing_id", "item_id", "offer_id", "product_id", "id", "sku", "identifiant", "商品id",
    ),
    "title": ("title", "name", "product_name", "item_name", "listing_title", "titre", "nom", "标题", "商品名称"),
    "title_language": ("title_language",),
    "description": ("description", "desc", "body", "details", "description_text", "描述", "商品描述"),
    "description_language": ("description_language",),
    "language": ("language", "lang", "locale", "content_language", "langue", "语言"),
    "brand_text": ("brand_text", "brand", "brand_name", "manufacturer", "marque", "品牌"),
    "category": ("category", "category_path", "product_type", "google_product_category", "categorie", "分类", "类目"),
    "condition": ("condition", "item_condition", "etat", "成色"),
    "price_amount": ("price_amount", "amount"),
    "price_text": ("price", "offer_price", "unit_price", "list_price", "prix", "价格"),
    "sale_price": ("sale_price",),
    "sale_price_dates": ("sale_price_effective_date",),
    "price_currency": ("price_currency", "currency", "currency_code", "devise", "币种", "货币"),
    "seller_external_id": (
        "seller_external_id", "seller_id", "shop_id", "store_id", "merchant_id", "external_seller_id", "卖家id",
    ),
    "seller_name": (
        "seller_name", "seller", "shop", "shop_name", "store", "store_name", "merchant", "vendor", "vendeur", "卖家",
        "店铺",
    ),
    "seller_country": ("seller_country", "shop_country", "store_country", "pays_du_vendeur"),
    "seller_since": ("seller_since", "shop_since", "shop_opened", "seller_registered", "member_since"),
    "seller_sales": ("seller_sales", "shop_sales", "sales", "sold_count"),
    "images": (
        "images", "image", "image_link", "image_url", "image_urls", "image_links", "photos", "photo", "pictures",
        "图片",
    ),
    "more_images": ("additional_image_link", "additional_image_links", "additional_images"),
    "image_hashes": ("image_hashes",),
    "stock": ("stock", "quantity", "inventory", "units", "quantite", "库存"),
    "availability": ("availability",),
    "ships_from": ("ships_from", "ships_from_country", "ship_from", "shipping_from", "item_location", "发货地"),
    "product_code": ("product_code", "gtin", "gtin8", "gtin12", "gtin13", "gtin14", "ean", "ean13", "upc", "isbn"),
    "url": ("url", "link", "product_url", "listing_url", "permalink", "lien", "链接"),
    "captured_at": (
        "captured_at", "captured", "first_seen", "seen_at", "crawled_at", "scraped_at", "timestamp", "date", "抓取时间",
    ),
    "captured_at_utc": (
        "captured_at_utc", "captured_utc", "first_seen_utc", "seen_at_utc", "crawled_at_utc", "scraped_at_utc",
        "timestamp_utc", "date_utc",
    ),
}  # fmt: skip

#: Fields without which there is no listing.
REQUIRED = ("external_id", "title")

_BY_NAME = {name: (field, rank) for field, names in SYNONYMS.items() for rank, name in enumerate(names)}
_SEPARATORS = re.compile(r"[\s\-./]+")


@lru_cache(maxsize=4096)
def normalise_name(name: str) -> str:
    """`Image Link` -> `image_link`, `g:price` -> `price`, `Catégorie` -> `categorie`."""
    folded = unicodedata.normalize("NFKD", name.strip().strip("\ufeff").casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c)).strip().removeprefix("g:")
    return _SEPARATORS.sub("_", plain)


@lru_cache(maxsize=4096)
def field_of(name: str) -> str | None:
    """The field a column name stands for, or None when it is not one of ours."""
    found = _BY_NAME.get(normalise_name(name)) if len(name) <= 100 else None
    return found[0] if found else None


def rank_of(field: str, name: str) -> int:
    """How good a name is for a field: 0 for the best, a high number when it is not in the table."""
    found = _BY_NAME.get(normalise_name(name))
    return found[1] if found and found[0] == field else len(_BY_NAME)


def map_columns(names: Iterable[str]) -> dict[str, int]:
    """Say which column holds which field.

    Args:
        names: the header, in order.

    Returns:
        field -> index of its column. When two columns could hold a field, the name that stands first in SYNONYMS
        wins, then the column further left.
    """
    best: dict[str, tuple[int, int]] = {}
    for index, name in enumerate(names):
        found = _BY_NAME.get(normalise_name(name)) if len(name) <= 100 else None
        if found is None:
            continue
        field, rank = found
        if field not in best or rank < best[field][0]:
            best[field] = (rank, index)
    return {field: index for field, (_, index) in best.items()}
