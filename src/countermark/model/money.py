"""Money: an exact amount in a currency that exists."""

from decimal import Decimal
from functools import cache

import iso4217
import msgspec

from countermark.model.problem import InvalidRecord

#: Above this an amount is a slip of the keyboard or an attack, in any currency (10^15).
LARGEST_AMOUNT = Decimal(10) ** 15


class UnknownCurrency(InvalidRecord):
    """A currency code that ISO 4217 does not list."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "currency",
            f"{code!r} is not a currency of ISO 4217.",
            "Write its three-letter code, for example EUR, USD or CNY.",
        )


@cache
def _currencies() -> frozenset[str]:
    # X-codes (gold, test codes, "no currency") are in the standard but are not money that a shop can ask.
    return frozenset(c.code for c in iso4217.Currency if not c.code.startswith("X") or c.code in _SPENT_X)


#: The X-codes that are money people pay with: Central and West African, East Caribbean, Pacific, Caribbean guilder.
_SPENT_X = frozenset({"XAF", "XOF", "XCD", "XPF", "XCG"})


def is_currency(code: str) -> bool:
    """Whether ISO 4217 lists the code as money (gold, test and empty codes are not)."""
    return code in _currencies()


class Price(msgspec.Struct, frozen=True):
    """What is asked for one unit of a listing, taxes as shown to the buyer.

    Attributes:
        amount: exact, not negative, at most 10^15; in units of the currency, not cents.
        currency: ISO 4217 code in capitals. We never guess one.

    Raises:
        InvalidRecord: when the amount is negative, not finite or absurd; UnknownCurrency when the code is unknown.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise InvalidRecord("price", "the amount is not a number.", "Write a plain amount, for example 129.00.")
        if self.amount < 0:
            raise InvalidRecord("price", "the amount is negative.", "Write what the buyer pays.")
        if self.amount > LARGEST_AMOUNT:
            raise InvalidRecord("price", "the amount is beyond any real price.", "Check for a missing comma.")
        if not is_currency(self.currency):
            raise UnknownCurrency(self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"
