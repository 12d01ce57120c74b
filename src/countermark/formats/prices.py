"""Prices as shops write them: one unambiguous reading, or none. A currency is never guessed."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import cast

from countermark.formats.problems import Unfit
from countermark.model.money import LARGEST_AMOUNT, is_currency

#: Signs and names of money -> every currency that is written so. Longer ones are looked for first.
SIGNS: dict[str, tuple[str, ...]] = {
    "US$": ("USD",), "HK$": ("HKD",), "NT$": ("TWD",), "AU$": ("AUD",), "A$": ("AUD",), "CA$": ("CAD",),
    "C$": ("CAD", "NIO"), "NZ$": ("NZD",), "S$": ("SGD",), "R$": ("BRL",), "MX$": ("MXN",), "CN¥": ("CNY",),
    "JP¥": ("JPY",), "RMB": ("CNY",), "人民币": ("CNY",), "€": ("EUR",), "₹": ("INR",), "₽": ("RUB",), "₺": ("TRY",),
    "₫": ("VND",), "฿": ("THB",), "₴": ("UAH",), "₦": ("NGN",), "₱": ("PHP",), "₪": ("ILS",), "₸": ("KZT",),
    "zł": ("PLN",), "円": ("JPY",), "¥": ("JPY", "CNY"), "元": ("CNY", "TWD", "HKD"), "₩": ("KRW", "KPW"),
    "£": ("GBP", "EGP", "GIP", "FKP", "SHP"),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "CLP", "COP", "ARS"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}  # fmt: skip

_LONGEST = 64
_MACHINE = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?")
_GROUP = r"[.,'’ ]"
_PLAIN = re.compile(r"\d{1,16}")
_DECIMAL = re.compile(r"(\d{1,16})[.,](\d{1,2}|\d{4,12})|(0)[.,](\d{3})")
_GROUPED = re.compile(
    rf"\d{{1,3}}(?P<group>{_GROUP})\d{{3}}(?:(?P=group)\d{{3}})*(?:(?P<point>[.,])(?P<cents>\d{{1,2}}))?"
)
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.(?P<cents>\d{1,2}))?")
_NO_CENTS = re.compile(r"[.,]\s?[-–—]{1,2}$")
_CODE_FIRST = re.compile(r"([A-Za-z]{3})\s*(?=[\d+\-−.,])")
_CODE_LAST = re.compile(r"(?<=[\d.,\-–—])\s*([A-Za-z]{3})$")
_BY_LENGTH = sorted(SIGNS, key=len, reverse=True)


def read_plain_amount(text: str) -> Decimal:
    """Read an amount written for machines: a point for decimals, no separators, an exponent allowed.

    Raises:
        Unfit: price-not-a-number, price-negative or price-absurd.
    """
    if len(text) > _LONGEST or not _MACHINE.fullmatch(text.strip()):
        raise Unfit("price-not-a-number", text)
    return _bounded(Decimal(text.strip()), text)


@lru_cache(maxsize=8192)
def read_price(text: str, currency: str | None) -> tuple[Decimal, str]:
    """Read a price written for people: `1,299.00`, `1.299,00 €`, `129 EUR`, `1 299,90`, `¥199`.

    Args:
        text: the price, with or without its currency.
        currency: what the currency column says, None when there is none.

    Returns:
        The exact amount and its ISO 4217 code.

    Raises:
        Unfit: with one of the `price-…` or `currency-…` codes; `1,299` alone is ambiguous, and so is `¥`.
    """
    if len(text) > _LONGEST:
        raise Unfit("price-not-a-number", text)
    number, candidates, sign = _take_currency(unicodedata.normalize("NFKC", text).strip())
    amount = _read_number(number, text)
    return amount, _decide_currency(candidates, sign, currency, text)


@lru_cache(maxsize=1024)
def read_currency(text: str) -> tuple[str, ...]:
    """Every currency a currency column's value can mean: one for a code, several for `$`; raises Unfit."""
    cleaned = unicodedata.normalize("NFKC", text).strip()
    if cleaned in SIGNS:
        return SIGNS[cleaned]
    if is_currency(cleaned.upper()):
        return (cleaned.upper(),)
    raise Unfit("currency-unknown", text)


def settle_currency(text: str | None) -> str:
    """The one currency that a currency column means; raises Unfit when it is missing, unknown or several."""
    if text is None:
        raise Unfit("currency-missing")
    return _only(read_currency(text), text)


def _take_currency(text: str) -> tuple[str, tuple[str, ...] | None, str]:
    """Split text into its number and the currencies that are written before or after it."""
    candidates: tuple[str, ...] | None = None
    seen = ""
    for _ in range(2):  # at most one before and one after
        rest, found, sign = _strip_one(text)
        if found is None:
            break
        both = found if candidates is None else tuple(c for c in candidates if c in found)
        if not both:
            raise Unfit("currency-contradiction", text, one=seen, other=sign)
        text, candidates, seen = rest, both, sign
    return text, candidates, seen


def _strip_one(text: str) -> tuple[str, tuple[str, ...] | None, str]:
    first, last = _CODE_FIRST.match(text), _CODE_LAST.search(text)
    if first and is_currency(first[1].upper()):
        return text[first.end() :], (first[1].upper(),), first[1]
    if last and is_currency(last[1].upper()):
        return text[: last.start()], (last[1].upper(),), last[1]
    for sign in _BY_LENGTH:
        if text.startswith(sign):
            return text[len(sign) :].strip(), SIGNS[sign], sign
        if text.endswith(sign):
            return text[: -len(sign)].strip(), SIGNS[sign], sign
    if first or last:
        raise Unfit("currency-unknown", text)
    return text, None, ""


def _read_number(number: str, original: str) -> Decimal:
    number = _NO_CENTS.sub("", number.replace("−", "-"))
    if number.startswith("-") and number[1:2].isdigit():
        raise Unfit("price-negative", original)
    if _PLAIN.fullmatch(number):
        return _bounded(Decimal(number), original)
    if _DECIMAL.fullmatch(number):
        return _bounded(Decimal(number.replace(",", ".")), original)
    grouped = _GROUPED.fullmatch(number)
    if grouped:
        return _bounded(_read_grouped(number, grouped, original), original)
    indian = _INDIAN.fullmatch(number)
    if indian:
        return _bounded(Decimal(number.replace(",", "")), original)
    raise Unfit("price-not-a-number", original)


def _read_grouped(number: str, match: "re.Match[str]", original: str) -> Decimal:
    group, point, cents = match["group"], match["point"], match["cents"]
    whole = (number[: match.start("point")] if point else number).replace(group, "")
    if point == group:  # 1.299.00: neither a group of three nor the first point
        raise Unfit("price-not-a-number", original)
    if point is None and group in ".," and number.count(group) == 1:
        fraction = number.replace(group, ".")
        raise Unfit(
            "price-ambiguous",
            original,
            first=whole,
            second=fraction,
            first_mend=f"{whole}.00",
            second_mend=f"{fraction}0",
        )
    return Decimal(f"{whole}.{cents}") if cents else Decimal(whole)


def _bounded(amount: Decimal, original: str) -> Decimal:
    if amount < 0:
        raise Unfit("price-negative", original)
    if amount > LARGEST_AMOUNT:
        raise Unfit("price-absurd", original)
    if amount == 0:  # without the sign of -0 and the thousand noughts of 0e-999
        return amount.copy_abs() if cast("int", amount.as_tuple().exponent) >= -12 else Decimal(0)
    if amount.adjusted() < -12:
        raise Unfit("price-absurd", original)
    return amount


def _decide_currency(candidates: tuple[str, ...] | None, sign: str, column: str | None, original: str) -> str:
    if candidates is None:
        return settle_currency(column)
    if column is None:
        return _only(candidates, sign)
    said = read_currency(column)
    both = tuple(code for code in candidates if code in said)
    if not both:
        raise Unfit("currency-contradiction", original, one=sign, other=column)
    return _only(both, sign)


def _only(candidates: tuple[str, ...], sign: str) -> str:
    if len(candidates) > 1:
        raise Unfit("currency-ambiguous", sign, sign=sign, codes=" or ".join(candidates))
    return candidates[0]
