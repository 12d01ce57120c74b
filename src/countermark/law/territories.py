"""Countries, and what covers them."""

#: Member States of the European Union, ISO 3166-1 alpha-2.
_CODES = "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISK"
MEMBER_STATES = frozenset(_CODES[place : place + 2] for place in range(0, len(_CODES), 2))


def reaches(territories: tuple[str, ...], country: str) -> bool:
    """Whether a right held in these territories covers a country.

    `EU` covers the Member States. `WO` alone covers nothing: an international registration protects only in the
    countries that it designates.
    """
    return country in territories or ("EU" in territories and country in MEMBER_STATES)
