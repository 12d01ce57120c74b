"""Whether a text speaks of a person: identifiers folded so that spelling does not hide anyone. Pure."""

import re
from dataclasses import dataclass

from countermark.node.kernel.errors import FieldProblem, Invalid
from countermark.node.kernel.folding import fold, is_storable

#: Fewer would find half of the database, and tell about people who were not meant.
_LEAST_NAME, _LEAST_DIGITS, _LONGEST = 4, 7, 254
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
#: A telephone number in running text, with what people put between its digits.
_NUMBER = re.compile(r"\+?[0-9][0-9 ().\-/]{5,30}[0-9]")


@dataclass(frozen=True, slots=True)
class Person:
    """Identifiers of one person; any of them is enough.

    Attributes:
        email: compared without capitals, as a whole address.
        phone: compared by digits; a country code may stand on one side and not on the other.
        name: whole words of it, in this order, capitals and widths apart.
        seller: (marketplace, id of the shop there).
    """

    email: str = ""
    phone: str = ""
    name: str = ""
    seller: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, *, email: str = "", phone: str = "", name: str = "", marketplace: str = "", shop: str = "") -> "Person":
        """Identifiers as they were typed.

        Raises:
            Invalid: none was given, or one that would find everybody.
        """
        digits = _digits(phone)
        problems = [
            *_problem("email", email, bad=bool(email) and not _EMAIL.fullmatch(email.strip())),
            *_problem("phone", phone, bad=bool(phone) and len(digits) < _LEAST_DIGITS),
            *_problem("name", name, bad=bool(name) and len(fold(name)) < _LEAST_NAME),
            *_problem("seller", shop, bad=bool(shop) != bool(marketplace)),
        ]
        if not any((email, phone, name, shop)):
            problems.append(FieldProblem("", "nothing", "Nothing to look for.", "Give an e-mail, phone, name or shop."))
        if problems:
            raise Invalid(problems)
        return cls(fold(email), digits, fold(name), (marketplace.strip(), shop.strip()))

    def found_in(self, text: str) -> str:
        """By which identifier a text speaks of the person: email, phone or name; empty when it does not."""
        folded = fold(text)
        if self.email and re.search(rf"(?<![\w.+-]){re.escape(self.email)}(?![\w-])", folded):
            return "email"
        if self.phone and any(_same_number(self.phone, _digits(one)) for one in _NUMBER.findall(folded)):
            return "phone"
        if self.name and re.search(rf"(?<!\w){re.escape(self.name)}(?!\w)", folded):
            return "name"
        return ""


def _digits(text: str) -> str:
    return "".join(one for one in fold(text) if one in "0123456789")


def _same_number(wanted: str, found: str) -> bool:
    """Equal, or equal after the prefix of a country (at most three digits) or a leading zero on one side."""
    short, long = sorted((wanted.lstrip("0"), found.lstrip("0")), key=len)
    return len(short) >= _LEAST_DIGITS and long.endswith(short) and len(long) - len(short) <= 3


def _problem(field: str, text: str, *, bad: bool) -> list[FieldProblem]:
    if len(text) > _LONGEST or not is_storable(text):
        return [FieldProblem(field, "unreadable", "It is too long, or no text.", "Write it as people do.")]
    if bad:
        return [FieldProblem(field, "too-little", "It would find others too, or nobody.", "Write it whole.")]
    return []
